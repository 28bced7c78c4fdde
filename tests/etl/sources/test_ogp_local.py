"""OGP Local: members, plans, commitments under three kinds of id, judgements by report, organisations, the city challenge."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.reading import Source
from tests.etl.sources.any_bytes import bundled, damaged, end_cleanly, parse_with, tables

LOCAL = "ogp_local"
FILES = ("localities.csv", "action_plans.csv", "commitments.csv", "multicity.csv")
CONTENT = {file: bundled(LOCAL, file) for file in FILES}


def raw(file: str) -> list[dict[str, str]]:
    """A file as the csv module reads it, nothing else."""
    return list(csv.DictReader(io.StringIO(CONTENT[file].decode(), newline="")))


def with_rows(file: str, rows: list[dict[str, str]]) -> bytes:
    """A file of the given rows under its own header."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(raw(file)[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def only(source: Source, table: str, **where: Any) -> list[dict[str, Any]]:
    return [row for row in source.tables[table] if all(row.get(column) == value for column, value in where.items())]


def test_every_row_is_loaded_and_every_column_read(parsed: Callable[[str], Source]) -> None:
    source = parsed(LOCAL)
    counts = {file: (c.read, c.loaded) for file, c in source.counts.items()}
    assert counts == dict(zip(FILES, [(79, 79), (19, 19), (46, 46), (30, 30)], strict=True))
    assert [found for found in source.findings if found.check_id == "unread_column"] == []
    tables_and_keys = {
        "localities": "locality_id",
        "plans": "plan_id",
        "commitments": "commitment_id",
        "multicity_facts": "fact_id",
        "participations": "participation_id",
    }
    for table, key in tables_and_keys.items():
        keys = [row[key] for row in source.tables[table]]
        assert len(keys) == len(set(keys)), table


def test_mexican_members_know_their_state_or_municipality(parsed: Callable[[str], Source]) -> None:
    members = {row["locality_id"]: row for row in only(parsed(LOCAL), "localities", country_code="MX")}
    assert len(members) == 10
    codes = {identity: (row["state_code"], row["municipality_code"]) for identity, row in members.items()}
    assert codes["mx-nuevo-leon-state"] == ("19", None)
    assert codes["mx-tlalnepantla-de-baz"] == ("15", "15104")
    assert codes["mx-chihuahua-municipality"] == ("08", "08019")
    assert all(state is not None for state, _ in codes.values())
    municipalities = csv.DictReader(io.StringIO(bundled("reference", "mx_municipalities.csv").decode(), newline=""))
    known = {value for row in municipalities for value in row.values()}
    assert {code for _, code in codes.values() if code} <= known
    assert members["mx-mexico-city"]["status"] == "withdrawn"
    assert (members["mx-jalisco"]["joined_year"], members["mx-jalisco"]["population"]) == (2016, 7_800_000)


def test_a_member_that_is_only_mentioned_is_not_an_explicit_one(parsed: Callable[[str], Source]) -> None:
    stated = Counter(row["membership_explicit_in_source"] == "yes" for row in raw("localities.csv"))
    assert Counter(row["membership_explicit"] for row in parsed(LOCAL).tables["localities"]) == stated


def test_plans_go_by_ogp_id_else_number_else_first_year(parsed: Callable[[str], Source]) -> None:
    plans = {row["plan_id"]: row for row in parsed(LOCAL).tables["plans"]}
    assert {"AP_MXJL02", "mx-jalisco-P1", "mx-jalisco-P3", "mx-monterrey-P2022", "tn-el-kef-P2024"} <= set(plans)
    assert (plans["mx-monterrey-P2022"]["scope"], plans["mx-monterrey-P2022"]["number"]) == ("municipal", None)
    third = plans["mx-jalisco-P3"]
    assert (third["published_on"], third["published_precision"], third["ends_on"]) == ("2023-02-07", "day", "2024-10")
    assert "Duration: 2024-12" in third["note"]
    places = {
        (row["place_kind"], row["place_id"]) for row in only(parsed(LOCAL), "plan_jurisdictions", plan_id="AP_MXJL02")
    }
    assert places == {("locality", "mx-jalisco"), ("state", "14")}
    (found,) = [found for found in parsed(LOCAL).findings if found.check_id == "plan_with_two_ends"]
    assert "tn-el-kef-P2024 (2027-06 / 2030-06)" in found.message_en


def test_jalisco_stands_in_both_registers(parsed: Callable[[str], Source]) -> None:
    registers = Counter(
        (row["register"], row["basis"])
        for row in parsed(LOCAL).tables["commitment_ids"]
        if row["commitment_id"].startswith(("JAL", "MXJL"))
    )
    read = Counter(row["commitment_id"][:3] for row in raw("commitments.csv") if row["locality"] == "Jalisco")
    assert (
        registers
        == {("ogp_legacy_local", "read"): read["JAL"], ("ogp", "read"): read["MXJ"]}
        == {
            ("ogp_legacy_local", "read"): 13,
            ("ogp", "read"): 3,
        }
    )


def test_a_commitment_without_an_id_gets_its_number_or_a_letter(parsed: Callable[[str], Source]) -> None:
    source = parsed(LOCAL)
    given = {row["commitment_id"] for row in only(source, "commitment_ids", register="ogp_local", basis="given")}
    assert len(given) == sum(not row["commitment_id"] for row in raw("commitments.csv")) == 7
    (event,) = only(source, "commitments", commitment_id="mx-chihuahua-municipality-P1-01")
    assert event["title_es"].startswith("Instrumentar un proyecto")
    assert event["title_en"] is None
    (cut,) = only(source, "commitments", commitment_id="mx-jalisco-P1-a")
    assert cut["ogp_id"] is None
    assert "cut off" in cut["note"]


def test_warnings_travel_with_the_rows(parsed: Callable[[str], Source]) -> None:
    warned = {row["commitment_id"]: row["warning"] for row in parsed(LOCAL).tables["commitments"] if row["warning"]}
    assert warned == {
        "MXJL0001": "ends_before_start",
        "MXJL0003": "ends_before_start",
        "MXTDB0004": "not_attached_to_plan",
        "MXTDB0005": "not_attached_to_plan",
    }


def test_shared_commitments_are_linked_and_both_kept(parsed: Callable[[str], Source]) -> None:
    source = parsed(LOCAL)
    ids = {row["commitment_id"]: row["title_en"] for row in source.tables["commitments"]}
    pairs = [(row["commitment_id"], row["other_commitment_id"]) for row in source.tables["commitment_links"]]
    assert sorted(pairs) == [
        ("MXMTY0005", "mx-san-pedro-garza-garcia-P2022-a"),
        ("MXTDB0004", "mx-mexico-state-P1-a"),
    ]
    assert all("Green Corridors" in ids[one] for one in pairs[0 if pairs[0][0] == "MXMTY0005" else 1])
    assert ids["MXTDB0004"] == ids["mx-mexico-state-P1-a"] == "State legislation in the area of Everyday Justice"


def test_judgements_are_filed_under_the_report_they_were_read_in(parsed: Callable[[str], Source]) -> None:
    source = parsed(LOCAL)
    ratings = source.tables["commitment_ratings"]
    columns = ["verifiable", "relevant_to_ogp_values", "inception_novelty", "inception_ambition", "irm_specificity"]
    columns += ["irm_potential_impact", "completion", "did_it_open_government", "early_results"]
    assert len(ratings) == sum(bool(row[column]) for row in raw("commitments.csv") for column in columns)
    by_report = Counter((row["reviewer"], row["report"]) for row in ratings if row["criterion"] == "completion")
    assert by_report == {("explorer_coding", "database"): 10, ("local_monitoring", "end_of_commitment_report"): 2}
    (card,) = only(source, "commitment_ratings", commitment_id="mx-mexico-state-P1-b", criterion="completion")
    assert card["value_code"] == "complete"
    assert "/fr/documents/end-of-commitment-report-" in card["source_url"]
    (novelty,) = only(source, "commitment_ratings", commitment_id="MXROO0001", criterion="inception_novelty")
    assert (novelty["value_code"], novelty["report"]) == ("new", "inception_report")


def test_one_body_under_many_names_is_one_actor(parsed: Callable[[str], Source]) -> None:
    source = parsed(LOCAL)
    comptroller = only(source, "participations", actor_id="secretaria-de-la-contraloria-del-estado-de-quintana-roo")
    assert {row["note"] for row in comptroller} >= {
        "SECOES",
        "Secretary of the State Comptroller",
        "State Comptroller's Office (SECOES)",
    }
    assert {row["kind"] for row in only(source, "actors", acronym="SECOES")} == {"state_executive"}
    names = {row["name"] for row in source.tables["actors"]}
    assert not {"Citizen", "Private initiative", "State Government", "Poder Ejecutivo"} & names
    (found,) = [found for found in source.findings if found.check_id == "organisations_unclassified"]
    undeclared = {row["name"] for row in source.tables["actors"] if row["kind"] == "unknown"}
    declared_unknown = {"Departamento de los Auxiliares de Administración de Justicia (Jalisco)"}
    assert found.message_en.startswith(f"{len(undeclared - declared_unknown)} organisations")


def test_every_declared_organisation_is_met_in_the_files(parsed: Callable[[str], Source]) -> None:
    declared = {one["name"] for list_ in parsed(LOCAL).spec.links["organisations"].values() for one in list_}
    assert declared <= {row["name"] for row in parsed(LOCAL).tables["actors"]}


def test_the_challenge_names_organisations_and_the_cities_their_codes(parsed: Callable[[str], Source]) -> None:
    source = parsed(LOCAL)
    facts = source.tables["multicity_facts"]
    kinds = Counter(row["record_type"] for row in raw("multicity.csv"))
    assert Counter(row["kind"] for row in facts) == kinds
    (proposals,) = [row for row in facts if row["name"] == "proposals received"]
    assert (proposals["value"], proposals["qualifier"], proposals["municipality_code"]) == (35.0, "more_than", "05035")
    roles = Counter(row["role"] for row in only(source, "participations", subject_kind="challenge"))
    assert roles == {"organizer": 1, "partner": 1 + 3, "funder": 1, "proposer": 1 + 3}


@pytest.mark.parametrize(
    ("file", "column", "value", "said"),
    [
        ("localities.csv", "country", "Atlantis", "column country: read 'Atlantis'"),
        ("localities.csv", "locality", "東京", "Latin letters"),
        ("localities.csv", "membership_explicit_in_source", "", "yes or no would be right"),
        ("action_plans.csv", "period_end", "2018-13", "column period_end: read '2018-13'"),
        ("action_plans.csv", "document_url", "javascript:alert(1)", "column document_url"),
        ("action_plans.csv", "lead_institutions", "A.C.", "Latin letters"),
        ("commitments.csv", "action_plan", "Some other plan", "has no plan 'Some other plan'"),
        ("commitments.csv", "commitment_id", "JAL1", "an id such as JAL0001"),
        ("commitments.csv", "completion", "Complete", "links.evidence does not name"),
        ("multicity.csv", "record_type", "rumour", "column record_type: read 'rumour'"),
    ],
)
def test_a_row_that_cannot_be_right_is_rejected_with_what_would_be(
    file: str, column: str, value: str, said: str
) -> None:
    rows = raw(file)
    source = parse_with(LOCAL, file, with_rows(file, [{**rows[0], column: value}, *rows[1:]]))
    first = [rejected for rejected in source.rejected if rejected.file == file and rejected.position == "line 2"]
    assert len(first) == 1
    assert said in first[0].reason


@pytest.mark.parametrize("file", FILES)
def test_a_row_that_stands_twice_is_rejected_once(file: str) -> None:
    rows = [row for row in raw(file) if row.get("commitment_id", "read")]
    source = parse_with(LOCAL, file, with_rows(file, [*rows, rows[0]]))
    assert [(r.file, "stands twice" in r.reason) for r in source.rejected] == [(file, True)]


@pytest.mark.parametrize("file", FILES)
def test_any_bytes_end_in_counted_rows_or_in_a_clear_refusal(file: str) -> None:
    @settings(max_examples=15)
    @given(content=st.one_of(st.binary(max_size=200), damaged(CONTENT[file]), tables(list(raw(file)[0]))))
    def run(content: bytes) -> None:
        end_cleanly(LOCAL, file, content)

    run()
