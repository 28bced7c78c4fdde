"""What the diagnosis reads, against the files it comes from."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from data.database import ReleaseHandle
from data.indicators.authenticity import marks_from_documents
from data.indicators.smart import Mark
from data.queries.diagnosis import (
    exercise_documents,
    guarantor_list,
    local_commitments,
    secretariat_seats,
    state_steps,
)
from settings import ROOT

SNAPSHOTS = ROOT / "data" / "snapshots"


def _rows(source_id: str, file: str) -> list[dict[str, str]]:
    (path,) = SNAPSHOTS.glob(f"{source_id}/*/{file}")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def connection(release: ReleaseHandle) -> Iterator[Connection]:
    with release.connect() as connection:
        yield connection


def test_the_steps_are_those_of_the_lists(connection: Connection) -> None:
    found = {state.state_code: state for state in state_steps(connection)}
    assert len(found) == 32
    secretariats = {row["state_code"] for row in _rows("state_exercises", "stl.csv")}
    assert {code for code, state in found.items() if "stl_act" in state.evidence} == secretariats
    facilitated = {row["state_code"] for row in _rows("state_exercises", "stl.csv") if row["facilitator"] == "yes"}
    assert {code for code, state in found.items() if "call_facilitator" in state.evidence} == facilitated
    assert found["04"].evidence["stl_act"].happened_on == "2016-08-31"
    assert found["01"].evidence == {}


def test_seats_and_balance_are_those_of_the_list(connection: Connection) -> None:
    listed = {row["state_code"]: row for row in _rows("state_exercises", "stl.csv")}
    found = {one.state_code: one for one in secretariat_seats(connection)}
    assert set(found) == set(listed)
    for code, one in found.items():
        assert one.government == (int(listed[code]["n_government"]) if listed[code]["n_government"] else None)
        assert (one.balance is None) == (not listed[code]["n_government"] or not listed[code]["n_civil_society"])
    sinaloa = found["25"].balance
    assert sinaloa is not None
    assert sinaloa.value == pytest.approx(abs(3 - 6) / 9)


def test_a_municipality_is_not_credited_with_what_its_state_signed(connection: Connection) -> None:
    found = exercise_documents(connection)
    assert len(found) == len(_rows("state_exercises", "exercises.csv")) == 52
    assert {one.documents.declaration for one in found if one.level != "state"} == {None}
    assert all(one.documents.declaration for one in found if one.level == "state" and one.state_code == "04")
    durango = [one for one in found if one.state_code == "10" and one.level == "state"]
    assert all(marks_from_documents(one.documents)[4].met for one in durango)


def test_an_evaluation_is_not_called_a_final_report(connection: Connection) -> None:
    told = {row["plan_id"]: row for row in _rows("state_exercises", "local_plans.csv")}
    assert (told["MX-14-PAL1"]["final_report"], told["MX-14-PAL1"]["independent_evaluation"]) == ("", "yes")
    marks = {one.exercise_id: marks_from_documents(one.documents)[4] for one in exercise_documents(connection)}
    assert marks["COC-14"].decided_by == "plans.has_independent_evaluation"
    assert marks["COC-10"].decided_by == "plans.has_final_report"


def test_local_commitments_are_listed_once_and_nothing_says_they_are_feasible(connection: Connection) -> None:
    found = local_commitments(connection)
    ids = Counter(one.commitment_id for one in found)
    assert set(ids.values()) == {1}
    assert {mark.met for one in found for mark in one.marks if mark.criterion == "feasible"} == {None}
    assert all(len(one.marks) == 5 for one in found)


def test_a_commitment_that_ends_before_it_starts_is_not_bound_in_time(connection: Connection) -> None:
    written = [row for row in _rows("ogp_local", "commitments.csv") if row["country"] == "Mexico" and row["end"]]
    impossible = {row["commitment_id"] for row in written if row["end"] < row["start"]}
    assert impossible == {"MXJL0001", "MXJL0003"}
    bound = {one.commitment_id for one in local_commitments(connection) for mark in one.marks if _is_bound(mark)}
    assert bound == {row["commitment_id"] for row in written} - impossible


def _is_bound(mark: Mark) -> bool:
    return mark.criterion == "time_bound" and mark.met is True


def test_the_bodies_are_those_of_the_register_with_their_events(connection: Connection) -> None:
    found = guarantor_list(connection)
    assert len(found) == 1 + len(_rows("reference", "states.csv"))
    assert found[0].state_code is None
    assert sum(len(one.events) for one in found) == len(_rows("reference", "ogl_transition.csv"))
