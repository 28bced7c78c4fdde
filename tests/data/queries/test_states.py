"""The 32 states at a glance against the files they come from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from data.database import ReleaseHandle
from data.queries.states import StateAtAGlance, published_figures, states_at_a_glance
from tests.data.queries.copies import rows

STATE_MODELS = {"cocreacion_snt", "ogp_local"}


@pytest.fixture(scope="module")
def connection(release: ReleaseHandle) -> Iterator[Connection]:
    with release.connect() as opened:
        yield opened


@pytest.fixture(scope="module")
def states(connection: Connection) -> dict[str, StateAtAGlance]:
    return {state.state_code: state for state in states_at_a_glance(connection)}


def test_all_states_are_there_by_code(states: dict[str, StateAtAGlance]) -> None:
    assert {code: state.name for code, state in states.items()} == {
        row["state_code"]: row["common_name"] for row in rows("reference", "states.csv")
    }


def test_a_declaration_counts_where_a_date_or_signatories_were_read(states: dict[str, StateAtAGlance]) -> None:
    expected = {
        row["state_code"]: row["declaratoria_date"] or None
        for row in rows("state_exercises", "declaratorias.csv")
        if row["declaratoria_date"] or row["signatories"]
    }
    assert {code: s.declaration.signed_on for code, s in states.items() if s.coverage.declaration} == expected


def test_secretariats_are_those_of_the_file(states: dict[str, StateAtAGlance]) -> None:
    expected = {row["state_code"]: row["installed_date"] or None for row in rows("state_exercises", "stl.csv")}
    assert {code: s.secretariat[0].happened_on for code, s in states.items() if s.secretariat} == expected


def test_exercises_of_the_state_and_of_municipalities_are_counted_apart(states: dict[str, StateAtAGlance]) -> None:
    listed = rows("state_exercises", "exercises.csv")
    for code, state in states.items():
        levels = [row["level"] for row in listed if row["state_code"] == code]
        assert (state.state_exercises, state.municipal_exercises) == (levels.count("state"), levels.count("municipal"))


def test_a_plan_counts_once_it_is_more_than_prepared(states: dict[str, StateAtAGlance]) -> None:
    listed = [row for row in rows("state_exercises", "local_plans.csv") if row["level"] == "state"]
    expected = {
        row["state_code"]
        for row in listed
        if row["status"] != "in_preparation" and STATE_MODELS & set(row["model"].split("; "))
    }
    assert {code for code, state in states.items() if state.coverage.plan} == expected


def test_a_plan_that_two_sources_record_is_one(states: dict[str, StateAtAGlance]) -> None:
    recorded = [row for row in rows("ogp_local", "action_plans.csv") if row["locality"] == "Jalisco"]
    assert len(states["14"].plans) == len(recorded)


def test_the_metric_is_that_of_2017(states: dict[str, StateAtAGlance]) -> None:
    for row in rows("metrica", "metrica.csv"):
        if row["edition"] == "2017" and row["state_code"] in states:
            assert states[row["state_code"]].metric[row["indicator"]] == pytest.approx(float(row["value"]))


def test_a_withdrawn_member_is_no_member(states: dict[str, StateAtAGlance]) -> None:
    assert states["09"].is_member is False
    assert states["14"].is_member is True
    assert states["01"].is_member is None
    assert states["19"].member_municipalities == ("Monterrey", "San Pedro Garza García")


def test_cities_of_the_challenge_stand_in_their_states(states: dict[str, StateAtAGlance]) -> None:
    cities = [row["city"] for row in rows("ogp_local", "multicity.csv") if row["record_type"] == "participating_city"]
    assert sorted(city for state in states.values() for city in state.challenge_cities) == sorted(cities)


def test_the_published_figures_are_the_newest(connection: Connection) -> None:
    found = {fact: (figure.value, figure.as_of) for fact, figure in published_figures(connection).items()}
    assert found == {
        "declaration": (31, "2022-05-17"),
        "exercise": (30, "2022-05-17"),
        "secretariat": (22, "2022-05-17"),
        "plan": (7, ""),
    }
