"""The file of one state against the files it comes from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from data.database import ReleaseHandle
from data.queries.state import local_plans
from data.queries.state_file import StateFile, state_file
from data.schema import VOCABULARIES
from tests.data.queries.copies import rows


@pytest.fixture(scope="module")
def connection(release: ReleaseHandle) -> Iterator[Connection]:
    with release.connect() as opened:
        yield opened


def _file(connection: Connection, code: str) -> StateFile:
    found = state_file(connection, code)
    assert found is not None
    return found


@pytest.mark.parametrize("code", ["33", "00", "1", "MX", ""])
def test_a_code_that_no_state_has_gives_nothing(connection: Connection, code: str) -> None:
    assert state_file(connection, code) is None


def test_the_thirteen_steps_come_in_their_order(connection: Connection) -> None:
    steps = _file(connection, "14").steps
    assert [step.step for step in steps] == list(VOCABULARIES["cocreation_step"])
    plain = [
        row["plain_label_es"]
        for row in rows("reference", "method_catalogs.csv")
        if row["catalog"] == "cocreation_steps"
    ]
    assert [step.plain_name for step in steps] == plain


def test_seats_and_balance_are_those_of_the_file(connection: Connection) -> None:
    for row in rows("state_exercises", "stl.csv"):
        secretariat = _file(connection, row["state_code"]).secretariat
        assert secretariat is not None
        counted = [row["n_government"], row["n_civil_society"], row["n_guarantor"], row["n_autonomous"]]
        expected = [int(seats) if seats else None for seats in counted]
        assert [
            secretariat.government,
            secretariat.civil_society,
            secretariat.guarantor,
            secretariat.autonomous,
        ] == expected
        assert (secretariat.balance is None) == (not row["n_government"])


def test_sinaloa_is_balanced_at_the_limit(connection: Connection) -> None:
    secretariat = _file(connection, "25").secretariat
    assert secretariat is not None
    assert secretariat.balance is not None
    # 3 seats of government and 6 of civil society: (6 - 3) / 9.
    assert secretariat.balance.value == pytest.approx(1 / 3)
    assert secretariat.balance.is_balanced


def test_a_plan_on_two_records_has_the_commitments_of_both(release: ReleaseHandle) -> None:
    of_ogp = [row for row in rows("ogp_local", "commitments.csv") if row["locality"] == "Mexico State"]
    of_state = [row for row in rows("state_exercises", "local_commitments.csv") if row["state_code"] == "15"]
    assert (len(of_ogp), len(of_state)) == (4, 3)
    with release.connect() as connection:
        own = [plan for plan in local_plans(connection, "15") if plan.scope == "state"]
    assert len(own) == 1
    titles = {one.title_es or one.title_en for one in own[0].commitments}
    assert {row["label"] for row in of_state} <= titles
    assert len(own[0].commitments) == len(of_ogp) + len(of_state)


def test_two_records_of_a_plan_are_one_with_the_name_of_either(connection: Connection) -> None:
    found = _file(connection, "14")
    assert [plan.other_ids for plan in found.own_plans] == [("MX-14-PAL1",), ("MX-14-PAL2",), ("MX-14-PAL3",)]
    spanish = {row["title"] for row in rows("state_exercises", "local_plans.csv") if row["state_code"] == "14"}
    assert {plan.name_es for plan in found.own_plans if plan.name_es} <= spanish
    listed = [row for row in rows("ogp_local", "commitments.csv") if row["locality"] == "Jalisco"]
    assert found.listed_commitments == len(listed)


def test_a_shared_plan_of_municipalities_stands_in_the_file_of_their_state(connection: Connection) -> None:
    scopes = {plan.scope for plan in _file(connection, "19").plans}
    assert scopes == {"state", "municipal"}
    assert all(plan.scope == "state" for plan in _file(connection, "19").own_plans)


def test_exercises_tell_who_took_part(connection: Connection) -> None:
    listed = {row["exercise_id"]: row for row in rows("state_exercises", "exercises.csv") if row["state_code"] == "14"}
    found = {exercise.exercise_id: exercise for exercise in _file(connection, "14").exercises}
    assert found.keys() == listed.keys()
    for exercise_id, row in listed.items():
        assert found[exercise_id].powers["executive"] == (row["power_executive"] or "unknown")
        assert bool(found[exercise_id].named("convener")) == bool(row["conveners"])


def test_the_metric_stands_beside_the_country(connection: Connection) -> None:
    institutions = rows("metrica", "metrica_institutions_2017.csv")
    mean = sum(float(row["GA"]) for row in institutions) / len(institutions)
    published = next(
        float(row["value"])
        for row in rows("metrica", "metrica.csv")
        if (row["edition"], row["state_code"], row["indicator"]) == ("2017", "MX", "GA")
    )
    index = _file(connection, "14").index("GA")
    assert index is not None
    assert index.mean == pytest.approx(mean)
    assert index.national == published
    assert next(one for one in _file(connection, "14").indices if one.index == "TG").national is None


def test_what_became_of_the_guarantor_is_told(connection: Connection) -> None:
    for row in rows("reference", "ogl_transition.csv"):
        if row["state_code"] != "MX":
            guarantor = _file(connection, row["state_code"]).guarantor
            assert guarantor is not None
            assert row["event"] in {event.event for event in guarantor.events}


def test_contradictions_quote_both_sides(connection: Connection) -> None:
    found = _file(connection, "14").contradictions
    assert len(found) == 1
    assert [side.says_es.split(" ")[0] for side in found[0].sides] == ["2016", "2017"]


def test_a_state_of_which_nothing_is_known_has_a_file_all_the_same(connection: Connection) -> None:
    found = _file(connection, "18")
    assert (found.done, found.own_plans, found.exercises, found.secretariat) == (0, [], [], None)
    assert found.index("GA") is not None
