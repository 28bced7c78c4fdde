"""The state exercises: every row loaded, organisations told apart by state, and no person named."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from etl.sources.reading import Source
from tests.etl.sources.any_bytes import bundled, parse_with

STATE_EXERCISES = "state_exercises"


def rows(file: str, source_id: str = STATE_EXERCISES) -> list[dict[str, str]]:
    """The rows of a bundled file, read without the parser."""
    return list(csv.DictReader(io.StringIO(bundled(source_id, file).decode(), newline="")))


def by(source: Source, table: str, key: str) -> dict[str, dict[str, Any]]:
    """The rows of a table by their key."""
    return {row[key]: row for row in source.tables[table]}


def test_every_row_is_loaded(parsed: Callable[[str], Source]) -> None:
    source = parsed(STATE_EXERCISES)
    assert {file: (count.read, count.loaded) for file, count in source.counts.items()} == {
        "declaratorias.csv": (32, 32),
        "stl.csv": (19, 19),
        "local_plans.csv": (27, 27),
        "local_commitments.csv": (70, 70),
        "exercises.csv": (52, 52),
    }
    assert not source.findings


def test_all_states_have_a_declaration_row_and_21_evidence_of_it(parsed: Callable[[str], Source]) -> None:
    declarations = parsed(STATE_EXERCISES).tables["declarations"]
    assert {row["state_code"] for row in declarations} == {f"{code:02}" for code in range(1, 33)}
    dated = {row["state_code"] for row in rows("declaratorias.csv") if row["declaratoria_date"]}
    assert len(dated) == 21
    assert {row["state_code"] for row in declarations if row["has_evidence"]} == dated
    assert Counter(row["signed_precision"] for row in declarations) == {"day": 16, "month": 1, "year": 4, None: 11}


def test_signatories_are_kept_one_by_one(parsed: Callable[[str], Source]) -> None:
    signatories = [
        (row["position"], row["signatory"])
        for row in parsed(STATE_EXERCISES).tables["declaration_signatories"]
        if row["state_code"] == "30"
    ]
    assert signatories == [
        (1, "2 state government"), (2, "1 municipal government"), (3, "1 civil society"), (4, "OGL"),
    ]  # fmt: skip


def test_seats_are_counted_and_organisations_named(parsed: Callable[[str], Source]) -> None:
    source = parsed(STATE_EXERCISES)
    sinaloa = by(source, "technical_secretariats", "state_code")["25"]
    assert [sinaloa[f"seats_{who}"] for who in ("government", "civil_society", "guarantor", "autonomous")] == [
        3, 6, 2, 4,
    ]  # fmt: skip
    members = [
        row
        for row in source.tables["participations"]
        if row["subject_kind"] == "technical_secretariat" and row["subject_id"] == "25"
    ]
    assert Counter(row["role_in_source"] for row in members) == {
        "gobierno": 3, "sociedad civil": 6, "organismo garante": 1, "órgano autónomo": 4,
    }  # fmt: skip
    assert {row["role"] for row in members} == {"member"}
    assert all(row["as_of_on"] == "2018-02-21" for row in members)
    kinds = {row["actor_id"]: row["kind"] for row in source.tables["actors"]}
    assert kinds["supremo-tribunal-de-justicia-sinaloa"] == "judicial"
    assert kinds["congreso-del-estado-sinaloa"] == "legislative"
    assert kinds["coparmex-sinaloa"] == "private_sector"


def test_a_seat_held_by_a_person_is_counted_and_not_named(parsed: Callable[[str], Source]) -> None:
    source = parsed(STATE_EXERCISES)
    coahuila = by(source, "technical_secretariats", "state_code")["05"]
    assert coahuila["seats_civil_society"] == 1
    assert "held by an individual" in coahuila["note"]
    members = [row["role_in_source"] for row in source.tables["participations"] if row["subject_id"] == "05"]
    assert sorted(members) == ["gobierno", "organismo garante"]
    assert not [row for row in source.tables["actors"] if "individual" in row["name"] or "seat" in row["name"]]


def test_bodies_of_the_same_name_are_told_apart_by_state(parsed: Callable[[str], Source]) -> None:
    source = parsed(STATE_EXERCISES)
    of = {(row["subject_id"], row["actor_id"]) for row in source.tables["participations"]}
    assert {("19", "congreso-del-estado-nuevo-leon"), ("25", "congreso-del-estado-sinaloa")} <= of
    assert ("25", "comision-estatal-para-el-acceso-a-la-informacion-publica") in of
    assert ("32", "comision-estatal-para-el-acceso-a-la-informacion-publica-de-zacatecas") in of
    kinds: dict[str, set[str]] = {}
    for actor in source.tables["actors"]:
        kinds.setdefault(actor["actor_id"], set()).add(actor["kind"])
    assert not {name: kind for name, kind in kinds.items() if len(kind) > 1}


def test_guarantors_are_the_bodies_of_the_reference_list(parsed: Callable[[str], Source]) -> None:
    known = {(actor["actor_id"], actor["state_code"]) for actor in parsed("reference").tables["actors"]}
    guarantors = {
        (actor["actor_id"], actor["state_code"])
        for actor in parsed(STATE_EXERCISES).tables["actors"]
        if actor["kind"] == "guarantor" and actor["state_code"]
    }
    assert len(guarantors) == 20
    assert guarantors <= known


def test_plans_name_their_places_and_their_twin(parsed: Callable[[str], Source]) -> None:
    source = parsed(STATE_EXERCISES)
    plans = by(source, "plans", "plan_id")
    assert Counter(plan["scope"] for plan in plans.values()) == {"state": 25, "municipal": 2}
    places = {(row["plan_id"], row["place_kind"], row["place_id"]) for row in source.tables["plan_jurisdictions"]}
    assert {("MX-08019-OGP1", "state", "08"), ("MX-08019-OGP1", "municipality", "08019")} <= places
    assert ("MX-19-PAL-OGP1", "municipality", "19019") in places
    assert {row["model"] for row in source.tables["plan_models"] if row["plan_id"] == "MX-14-PAL1"} == {
        "cocreacion_snt", "ogp_local",
    }  # fmt: skip
    assert plans["MX-14-PAL3"]["name_en"].startswith("Action plan")
    assert plans["MX-08019-OGP2"]["warning"] == "article_date"
    assert [plan_id for plan_id, plan in plans.items() if plan["warning"]] == ["MX-08019-OGP2"]


def test_twins_are_plans_of_ogp_local_in_the_same_place(parsed: Callable[[str], Source]) -> None:
    local = by(parsed("ogp_local"), "plans", "plan_id")
    states = by(parsed("ogp_local"), "localities", "locality_id")
    jurisdictions = {
        row["plan_id"]: row["place_id"]
        for row in parsed(STATE_EXERCISES).tables["plan_jurisdictions"]
        if row["place_kind"] == "state"
    }
    twins = {
        plan["plan_id"]: plan["same_as_plan_id"]
        for plan in parsed(STATE_EXERCISES).tables["plans"]
        if plan["same_as_plan_id"]
    }
    assert len(twins) == len(set(twins.values())) == 8
    plans = by(parsed(STATE_EXERCISES), "plans", "plan_id")
    for plan_id, twin in twins.items():
        assert states[local[twin]["locality_id"]]["state_code"] == jurisdictions[plan_id]
        assert local[twin]["number"] == plans[plan_id]["number"]
        assert (local[twin]["ends_on"] or "")[:4] == plans[plan_id]["ends_on"]
    with_model = {row["plan_id"] for row in rows("local_plans.csv") if "ogp_local" in row["model"]}
    assert set(twins) == with_model - {"MX-08019-OGP2"}


def test_commitments_say_whether_their_title_is_official(parsed: Callable[[str], Source]) -> None:
    source = parsed(STATE_EXERCISES)
    commitments = by(source, "commitments", "commitment_id")
    short = {row["commitment_id"] for row in rows("local_commitments.csv") if row["label_kind"] == "short_label"}
    assert {name for name, row in commitments.items() if row["warning"] == "short_label"} == short
    assert {row["register"] for row in source.tables["commitment_ids"]} == {"cocreation"}
    assert commitments["MX-10-PAL2-C01"]["scope"] == "state"
    assert commitments["MX-10-PAL3-C01"]["scope"] == "municipal"
    assert commitments["MX-17-PAL1-C07"]["is_proactive"] is True


def test_responsible_organisations_take_part(parsed: Callable[[str], Source]) -> None:
    source = parsed(STATE_EXERCISES)
    responsible = {
        row["subject_id"]: row["actor_id"] for row in source.tables["participations"] if row["role"] == "responsible"
    }
    assert len(responsible) == sum(bool(row["responsible"]) for row in rows("local_commitments.csv"))
    assert responsible["MX-10-PAL2-C04"] == "poder-legislativo-durango"
    assert responsible["MX-10-PAL3-C02"] == "ayuntamiento-de-gomez-palacio"


def test_exercises_are_52_in_28_states_and_one_national(parsed: Callable[[str], Source]) -> None:
    exercises = parsed(STATE_EXERCISES).tables["exercises"]
    assert len(exercises) == 52
    assert len({row["state_code"] for row in exercises if row["state_code"]}) == 28
    assert [row["exercise_id"] for row in exercises if row["level"] == "national"] == ["COV-MX"]


def test_a_power_the_source_is_silent_on_is_unknown(parsed: Callable[[str], Source]) -> None:
    powers = parsed(STATE_EXERCISES).tables["exercise_powers"]
    columns = {
        "executive": "power_executive", "legislative": "power_legislative", "judicial": "power_judicial",
        "municipal": "municipal_authorities",
    }  # fmt: skip
    raw = {row["exercise_id"]: row for row in rows("exercises.csv")}
    assert len(powers) == 52 * 4
    for row in powers:
        assert row["took_part"] == (raw[row["exercise_id"]][columns[row["power"]]] or "unknown")


def test_municipalities_have_the_code_of_the_census(parsed: Callable[[str], Source]) -> None:
    codes: dict[str, list[str]] = {}
    for row in rows("mx_municipalities.csv", "reference"):
        codes.setdefault(f"{row['state_code']} {row['name'].lower()}", []).append(row["municipality_code"])
    source = parsed(STATE_EXERCISES)
    states = {row["exercise_id"]: row["state_code"] for row in source.tables["exercises"]}
    places = source.tables["exercise_municipalities"]
    assert len(places) == 14
    for row in places:
        assert codes[f"{states[row['exercise_id']]} {row['municipality'].lower()}"] == [row["municipality_code"]]
    for name, code in source.spec.lookups["municipalities"].items():
        assert codes[name] == [code]


def test_phrases_are_no_organisations_and_stay_in_the_note(parsed: Callable[[str], Source]) -> None:
    source = parsed(STATE_EXERCISES)
    exercises = by(source, "exercises", "exercise_id")
    assert "promoters: more than 30 organisations" in exercises["MUN-10"]["note"]
    assert "promoters: civil society organisations of Cancún" in exercises["OBS-23"]["note"]
    assert not [row["name"] for row in source.tables["actors"] if "organisations" in row["name"]]
    parts = [(row["role"], row["actor_id"]) for row in source.tables["participations"] if row["subject_id"] == "OGP-19"]
    assert parts == [
        ("promoter", "accountability-lab-mexico"),
        ("promoter", "como-vamos-nuevo-leon"),
        ("promoter", "consejo-nuevo-leon-para-la-planeacion-estrategica"),
    ]


def test_ids_are_unique(parsed: Callable[[str], Source]) -> None:
    source = parsed(STATE_EXERCISES)
    for table, key in (("participations", "participation_id"), ("plans", "plan_id"), ("exercises", "exercise_id")):
        assert len(by(source, table, key)) == len(source.tables[table])


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("exercises.csv", "Info CDMX,IMCO; Controla tu Gobierno", "Info CDMX,Quién Sabe A.C.", "lookups.kinds"),
        ("exercises.csv", ",Pedro Escobedo,Gob", ",Pedro Escobar,Gob", "lookups.municipalities"),
        ("exercises.csv", "cocreacion_snt,2017,", "cocreacion,2017,", "one or more of cocreacion_snt"),
        ("exercises.csv", "second_plan_signed", "second_plan_sung", "'second_plan_sung'"),
        ("stl.csv", "02,Baja California,", "99,Baja California,", "'99'"),
        ("local_commitments.csv", "C01,MX-04-PAL1,04", "C01,MX-04-PAL9,04", "'MX-04-PAL9'"),
        ("local_commitments.csv", "C01,MX-04-PAL1,04", "C01,MX-04-PAL1,05", "04, as of its plan"),
        ("declaratorias.csv", "01,Aguascalientes,,,,no", "01,Aguascalientes,,,,maybe", "'maybe'"),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_whole(file: str, old: str, new: str, reason: str) -> None:
    original = bundled(STATE_EXERCISES, file).decode()
    assert original.count(old) == 1
    source = parse_with(STATE_EXERCISES, file, original.replace(old, new).encode())
    (rejected,) = source.rejected
    assert reason in rejected.reason
    positions = {
        row["source_position"] for table in source.tables.values() for row in table if row["snapshot_id"].endswith(file)
    }
    assert rejected.position not in positions
