"""Progress by the board's rule, and the evidence of the 13 steps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from data.database import ReleaseHandle
from data.schema import TABLES, VOCABULARIES
from etl.derive import Action, commitment_progress, exercise_steps, progress_by_status

ORIGIN = {"source_id": "national_board", "snapshot_id": "national_board/2019-11-22/board.json", "source_position": "1"}
STATUS = st.sampled_from(list(VOCABULARIES["activity_status"]))


def test_shares_are_weighted_as_on_the_board() -> None:
    actions = [Action(75, ["verified", "started"]), Action(25, ["completed"])]
    assert progress_by_status(actions) == {"not_started": 0, "started": 37.5, "completed": 25, "verified": 37.5}


def test_without_weights_actions_count_equally_and_an_empty_one_as_not_started() -> None:
    shares = progress_by_status([Action(None, ["completed"]), Action(None, [])])
    assert shares == {"not_started": 50, "started": 0, "completed": 50, "verified": 0}


def test_no_action_is_no_progress_and_not_zero() -> None:
    with pytest.raises(ValueError, match="no action"):
        progress_by_status([])


@given(st.lists(st.builds(Action, st.none() | st.floats(0, 100), st.lists(STATUS, max_size=5)), min_size=1, max_size=6))
def test_shares_sum_to_a_hundred_and_none_is_negative(actions: list[Action]) -> None:
    shares = progress_by_status(actions)
    assert sum(shares.values()) == pytest.approx(100, abs=1e-4)
    assert min(shares.values()) >= 0


def board(*activities: dict[str, Any], is_placeholder: bool = False) -> dict[str, list[dict[str, Any]]]:
    """A board of one commitment with one action and these activities."""
    return {
        "commitment_ids": [{"commitment_id": "MX0075", "register": "board4", "register_id": "u", **ORIGIN}],
        "actions": [{"action_id": "a", "commitment_id": "MX0075", "weight": None, "is_placeholder": is_placeholder, **ORIGIN}],
        "activities": [{"action_id": "a", "status": None, "is_placeholder": False, **given} for given in activities],
    }  # fmt: skip


def shares(tables: dict[str, list[dict[str, Any]]]) -> dict[str, float | None]:
    return {row["status"]: row["share_pct"] for row in commitment_progress(tables)}


def test_placeholders_and_text_of_other_commitments_do_not_count() -> None:
    tables = board(
        {"status": "verified"},
        {"status": "started", "is_placeholder": True},
        {"status": "started", "warning": "cloned_from_template"},
    )
    assert shares(tables)["verified"] == 100


def test_a_commitment_with_nothing_real_has_no_progress_rather_than_zero() -> None:
    assert set(shares(board({"is_placeholder": True}, is_placeholder=True)).values()) == {None}


def test_an_activity_without_status_is_not_started_and_the_row_says_it_is_a_draft() -> None:
    (row,) = [row for row in commitment_progress(board({})) if row["status"] == "not_started"]
    assert (row["share_pct"], row["warning"], row["as_of"]) == (100, "draft_export", "2019-11-22")


def test_every_state_has_the_thirteen_steps_and_a_step_without_evidence_says_only_that() -> None:
    state = {"state_code": "14", "source_id": "reference", "snapshot_id": "r", "source_position": "line 15"}
    signed = {"state_code": "14", "has_evidence": True, "signed_on": "2015", "signed_precision": "year",
              "source_url": "http://example.org/", "source_id": "state_exercises", "snapshot_id": "s",
              "source_position": "line 15"}  # fmt: skip
    rows = {row["step"]: row for row in exercise_steps({"states": [state], "declarations": [signed]})}
    assert list(rows) == list(VOCABULARIES["cocreation_step"])
    assert len(rows) == 13
    assert rows["declaratoria"]["state"] == "evidence"
    assert (rows["declaratoria"]["happened_on"], rows["declaratoria"]["evidence_table"]) == ("2015", "declarations")
    assert {row["state"] for step, row in rows.items() if step != "declaratoria"} == {"no_evidence"}


def test_the_release_has_evidence_of_a_secretariat_exactly_where_one_is_documented(release: ReleaseHandle) -> None:
    steps, secretariats = TABLES["exercise_steps"], TABLES["technical_secretariats"]
    with release.connect() as connection:
        found = set(
            connection.scalars(select(steps.c.state_code).where(steps.c.step == "stl_act", steps.c.state == "evidence"))
        )
        assert found == set(connection.scalars(select(secretariats.c.state_code)))
    assert len(found) == 19
