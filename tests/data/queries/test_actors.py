"""Who takes part, against the bundled files read plainly."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from data.database import ReleaseHandle
from data.queries.actor import actor_file, involvements, partners, things
from data.queries.actors import (
    CIVIL,
    PUBLIC,
    Participation,
    all_actors,
    exercise_participation,
    followed_models,
    participations_in_mexico,
    published_counts,
    published_power_shares,
    subjects_abroad,
    without_participation,
)
from data.queries.locality import local_actors, local_commitments, local_plans, locality
from data.queries.ogp_local import member_commitments, members, published_totals
from data.queries.plan_titles import plan_titles
from data.schema.vocabularies import codes
from tests.data.queries.copies import rows
from tests.data.test_datasets import on_postgres

__all__ = ["on_postgres"]

FUNDAR = "fundar-centro-de-analisis-e-investigacion"


def _plan(local_id: str) -> str:
    """The plan of an id such as ``MX-P4`` or ``MX-P4-01``."""
    found = "-".join(local_id.split("-")[:2])
    return "MX-P1E" if found == "MX-P1" else found


@pytest.fixture(scope="module")
def participations(release: ReleaseHandle) -> list[Participation]:
    with release.connect() as connection:
        return participations_in_mexico(connection, followed_models(connection))


def test_every_named_actor_of_the_national_plans_is_there_once_a_role(participations: list[Participation]) -> None:
    named = rows("national_plans", "actors.csv")
    national = [one for one in participations if one.level == "national" and one.subject_kind in ("plan", "commitment")]
    assert len(national) == len(named)
    # The file names a plan, or a commitment of it by its number there.
    assert {one.plan_id for one in national} == {_plan(row["local_id"]) for row in named}


def test_seats_of_the_secretariats_are_members_of_their_state(participations: list[Participation]) -> None:
    columns = ("government_members", "civil_society_members", "guarantor_members", "autonomous_members")
    expected = Counter(
        row["state_code"]
        for row in rows("state_exercises", "stl.csv")
        for column in columns
        for name in row[column].split(";")
        # Private persons and empty seats, in brackets in the file, are nobody here.
        if name.strip() and not name.strip().startswith("(")
    )
    seated = [one for one in participations if one.subject_kind == "technical_secretariat"]
    assert Counter(one.state_code for one in seated) == expected
    assert {(one.role, one.level) for one in seated} == {("member", "state")}


def test_what_happens_in_other_countries_is_left_out_and_can_be_named(
    release: ReleaseHandle, participations: list[Participation]
) -> None:
    abroad = [row for row in rows("ogp_local", "action_plans.csv") if row["country"] != "Mexico"]
    with_actors = [row for row in abroad if row["lead_institutions"] or row["forum_members"]]
    with release.connect() as connection:
        assert len(subjects_abroad(connection)) == len(with_actors)
        assert not {one.subject_id for one in participations} & set(subjects_abroad(connection))


def test_no_plan_is_named_by_a_second_record(release: ReleaseHandle, participations: list[Participation]) -> None:
    with release.connect() as connection:
        titles = plan_titles(connection)
    mexico_state = {one.plan_id for one in participations if one.state_code == "15" and one.plan_id}
    assert "MX-15-PAL1" not in mexico_state
    assert "mx-mexico-state-P1" in mexico_state
    assert titles["MX-15-PAL1"] is titles["mx-mexico-state-P1"]
    assert all(titles[one.plan_id].plan_id == one.plan_id for one in participations if one.plan_id)


def test_models_come_from_the_plan_the_exercise_or_the_challenge(participations: list[Participation]) -> None:
    exercises = {row["exercise_id"]: row["model"] for row in rows("state_exercises", "exercises.csv")}
    for one in participations:
        if one.subject_kind == "exercise":
            assert set(one.models) == {name.strip() for name in exercises[one.subject_id].split(";") if name.strip()}
        elif one.subject_kind == "challenge":
            assert one.models == ("multi_city_challenge",)
        elif one.level == "national":
            assert one.models == ()


def test_organisations_are_in_something_or_in_nothing(
    release: ReleaseHandle, participations: list[Participation]
) -> None:
    with release.connect() as connection:
        nowhere, actors = without_participation(connection), all_actors(connection)
    taking_part = {one.actor_id for one in participations}
    assert not nowhere & taking_part
    assert nowhere | taking_part <= set(actors)
    assert {actors[actor_id].kind for actor_id in nowhere} == {"guarantor"}
    assert {*PUBLIC, *CIVIL} < set(codes("actor_kind"))


def test_published_totals_are_those_of_the_file(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = {(one.indicator, one.as_of): one.value for one in published_counts(connection)}
    # The method page, "Participation".
    assert found["public_institutions_participating", "2022-05-17"] == 235
    assert found["csos_participating", "2022-05-17"] == 218
    names = {name for name, _ in found}
    listed = [row for row in rows("national_aggregates", "national_aggregates.csv") if row["indicator"] in names]
    assert len(found) == len(listed)


def test_powers_of_the_exercises_are_yes_no_or_unknown(release: ReleaseHandle) -> None:
    columns = {
        "executive": "power_executive",
        "legislative": "power_legislative",
        "judicial": "power_judicial",
        "municipal": "municipal_authorities",
    }
    exercises = rows("state_exercises", "exercises.csv")
    expected = Counter((power, row[column] or "unknown") for row in exercises for power, column in columns.items())
    with release.connect() as connection:
        found = exercise_participation(connection, followed_models(connection))
        shares = published_power_shares(connection)
    assert Counter((one.power, one.took_part) for one in found) == expected
    # As published of 2021: the judiciary took part in 11 of 49, the legislature in 1 of 4, municipalities in 53 %.
    assert (shares["judicial"].numerator, shares["judicial"].denominator) == (11, 49)
    assert (shares["legislative"].percent, shares["municipal"].percent) == (25, 53)


def test_one_organisation_has_all_its_rows_and_partners(release: ReleaseHandle) -> None:
    named = rows("national_plans", "actors.csv")
    own = [row for row in named if row["name"].startswith("Fundar")]
    with release.connect() as connection:
        actor, found = actor_file(connection, FUNDAR), involvements(connection, FUNDAR)
        others = partners(connection, FUNDAR)
    assert actor is not None
    assert (actor.acronym, actor.kind) == ("Fundar", "civil_society")
    national = [one for one in found if one.source_id == "national_plans"]
    assert Counter(one.role_in_source for one in national) == Counter(row["role"] for row in own)
    assert {one.plan_id for one in national} == {_plan(row["local_id"]) for row in own}
    shown = {(one.subject_kind, one.subject_id) for one in things(found)}
    assert all(set(one.shared) <= shown and one.actor_id != FUNDAR for one in others)
    assert [len(one.shared) for one in others] == sorted((len(one.shared) for one in others), reverse=True)
    core = {row["name"] for row in named if row["local_id"] == "MX-P2"}
    assert len([one for one in others if ("plan", "MX-P2") in one.shared]) == len(core) - 1


def test_an_organisation_that_is_not_there_is_none(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        assert actor_file(connection, "nadie") is None
        assert involvements(connection, "nadie") == []
        assert partners(connection, "nadie") == []


@pytest.mark.postgres
def test_both_engines_say_the_same(release: ReleaseHandle, on_postgres: ReleaseHandle) -> None:
    said = []
    for handle in (release, on_postgres):
        with handle.connect() as connection:
            jalisco = locality(connection, "mx-jalisco")
            assert jalisco is not None
            answers: list[list[Any]] = [
                participations_in_mexico(connection, followed_models(connection)),
                exercise_participation(connection, followed_models(connection)),
                published_counts(connection),
                involvements(connection, FUNDAR),
                partners(connection, FUNDAR),
                members(connection),
                member_commitments(connection),
                published_totals(connection),
                local_plans(connection, "mx-jalisco"),
                local_actors(connection, "mx-jalisco"),
                local_commitments(connection, jalisco),
            ]
            said.append([sorted(repr(one) for one in found) for found in answers])
    assert said[0] == said[1]
