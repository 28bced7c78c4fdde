"""One commitment as queried, against the bundled copies."""

from __future__ import annotations

import csv
import json
from typing import Any

from data.database import ReleaseHandle
from data.queries.commitment import (
    also_called,
    board_actions,
    board_was_compared,
    deadline_changes,
    national_commitment,
    participants,
    ratings,
    register_ids,
    warnings_about,
)
from settings import ROOT

SNAPSHOTS = ROOT / "data" / "snapshots"


def test_only_national_commitments_have_a_file(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        assert national_commitment(connection, "MX0075") is not None
        assert national_commitment(connection, "MXJL0001") is None
        assert national_commitment(connection, "") is None


def test_the_actions_are_those_of_the_board(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        [uuid] = [entry.register_id for entry in register_ids(connection, "MX0075") if entry.register == "board4"]
        found = board_actions(connection, "MX0075")
    board: Any = json.loads((SNAPSHOTS / "national_board" / "2019-11-22" / "board.json").read_text(encoding="utf-8"))
    [own] = [c for plan in board["data"]["plan"] for c in plan["compromisos"] if c["id"] == uuid]
    assert {action.action_id for action in found} == {action["id"] for action in own["acciones"]}
    assert sum(len(action.activities) + action.placeholders for action in found) == sum(
        len(action["actividades"]) for action in own["acciones"]
    )
    # 12 real ones, as the curated list of the plans has them by hand.
    with (SNAPSHOTS / "national_plans" / "2026-11-23" / "activities.csv").open(encoding="utf-8", newline="") as file:
        curated = {row["activity_id"] for row in csv.DictReader(file) if row["commitment_id"] == "MX0075"}
    assert curated <= {activity.activity_id for action in found for activity in action.activities}


def test_an_inferred_id_leads_to_its_commitment_and_says_that_it_is_inferred(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = also_called(connection, "MX0007")
    assert [(entry.commitment_id, entry.basis) for entry in found] == [("MX-P1-07", "inferred_order")]


def test_ratings_keep_the_text_of_the_source_and_why_there_is_no_value(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = ratings(connection, "MX0042")
    by_report = {
        (rating.criterion, rating.report): (rating.value_code, rating.value_raw, rating.no_value_reason, rating.read_on)
        for rating in found
        if rating.edition == "explorer_2017"
    }
    assert by_report["completion", "progress_report"] == ("limited", "b. Limited", None, "2017-03-30")
    assert by_report["completion", "end_of_term"] == (None, "ND", "ND", "2017-03-30")


def test_participants_are_the_organisations_of_the_curated_list(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = participants(connection, "MX-P2-01")
    assert [(person.actor_id, person.role) for person in found] == [("secretaria-de-la-funcion-publica", "lead")]


def test_one_copy_of_the_board_has_no_history(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        assert not board_was_compared(connection)
        assert deadline_changes(connection, "MX0075") == []


def test_the_text_of_another_commitment_is_a_warning(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = warnings_about(connection, "MX0077")
    assert any("MX0079" in es and "MX0079" in en for _severity, es, en in found)
