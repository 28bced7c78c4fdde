"""The national plans as queried, against the bundled copies read again with the csv and json modules."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import Any

from data.database import ReleaseHandle, published_releases
from data.queries.national_plan import (
    board_progress,
    completion_by_plan,
    national_events,
    national_plans,
    number_order,
    plan_commitments,
    published_totals,
)
from etl.release import Store
from settings import ROOT, Settings
from tests.both_engines import contents, publish

SNAPSHOTS = ROOT / "data" / "snapshots"
GRADES = {"a": "not_started", "b": "limited", "c": "substantial", "d": "complete"}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV of the curated plans."""
    with (SNAPSHOTS / "national_plans" / "2026-11-23" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def irm_grades(plan_number: str) -> Counter[str | None]:
    """Mexico's commitments of a plan by IRM completion, straight from the explorer's file of 2017."""
    path = SNAPSHOTS / "ogp_commitments" / "2017-03-30" / "ogpirm_live_data.csv"
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        next(file)
        found = [
            row
            for row in csv.DictReader(file)
            if row["Country"] == "Mexico" and row["Action Plan Number"] == plan_number
        ]
    final = [
        next(
            (
                row[column]
                for column in ("Completion (end of term)", "Completion (progress report)")
                if row[column][1:2] == "."
            ),
            None,
        )
        for row in found
    ]
    return Counter(GRADES[value[0]] if value else None for value in final)


def test_the_four_plans_stand_once_each_with_their_declared_commitments(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        plans = national_plans(connection)
    assert [plan.number for plan in plans] == [1, 2, 3, 4]
    declared = {row["plan_id"]: int(row["n_commitments"]) for row in rows("plans.csv") if row["n_commitments"]}
    assert {plan.plan_id: plan.declared for plan in plans} == declared
    assert plans[0].earlier_starts_on == "2011-09-20"


def test_completion_is_what_the_explorers_file_says(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        counted = completion_by_plan(plan_commitments(connection))
    for plan_id, number in (("MX-P1E", "1"), ("MX-P2", "2")):
        expected = irm_grades(number)
        found = counted[plan_id]
        assert {grade: found.of(grade) for grade in GRADES.values()} == {
            grade: expected[grade] for grade in GRADES.values()
        }
        assert found.no_value == expected[None]
    # Counted by hand: 16, 9, 8, 3 and one without a value; 5, 13, 8, 0.
    first = counted["MX-P1E"]
    assert (first.complete, first.substantial, first.limited, first.not_started, first.no_value) == (16, 9, 8, 3, 1)
    assert counted["MX-P2"].share == 5 / 26
    assert counted["MX-P3"].share is None


def test_the_board_is_counted_without_its_placeholders(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = board_progress(connection)
    board: Any = json.loads((SNAPSHOTS / "national_board" / "2019-11-22" / "board.json").read_text(encoding="utf-8"))
    commitments = [commitment for plan in board["data"]["plan"] for commitment in plan["compromisos"]]
    activities = [a for commitment in commitments for action in commitment["acciones"] for a in action["actividades"]]
    assert len(found) == len(commitments) == 13
    assert sum(p.activities + p.copied + p.placeholders for p in found) == len(activities) == 1075
    assert sum(progress.placeholders for progress in found) == 970
    assert {progress.with_status for progress in found} == {0}
    assert {progress.commitment_id for progress in found if progress.shares is None} == {
        progress.commitment_id for progress in found if not progress.activities
    }
    assert {progress.warning for progress in found} == {"draft_export"}


def test_published_totals_and_events_are_those_of_the_files(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        totals, events = published_totals(connection), national_events(connection)
    assert {(t.plan_id, t.metric, t.value, t.as_of) for t in totals} == {
        (row["plan_id"], row["metric"], float(row["value"]), row["as_of"] or None) for row in rows("plan_metrics.csv")
    }
    assert Counter(event.happened_on for event in events) == Counter(row["date"] for row in rows("timeline.csv"))
    assert [event.happened_on[:4] for event in events] == sorted(event.happened_on[:4] for event in events)


def test_numbers_are_ordered_as_numbers() -> None:
    assert sorted(["10", "2", None, "2b", "1"], key=number_order) == ["1", "2", "2b", "10", None]


def test_both_engines_give_the_same_commitments(store: Store, installation: Settings) -> None:
    publish(store, contents(_1="Ríos limpios", _2="Presupuesto"))
    releases = published_releases(installation)
    opened = releases.open(releases.pointer() or "")
    with opened.engine.connect() as connection:
        found = plan_commitments(connection)
        assert national_plans(connection) == []
        assert board_progress(connection) == []
    opened.close()
    releases.close()
    assert [(item.commitment_id, item.title_es, item.grade) for item in found] == [
        ("MX001", "Ríos limpios", None),
        ("MX002", "Presupuesto", None),
    ]
