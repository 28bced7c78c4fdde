"""One id for a commitment and one row where several sources describe the same thing."""

from __future__ import annotations

from typing import Any

from etl.resolve import canonical_ids, combine, merge
from etl.table_rows import TableRows


def crosswalk(commitment: str, register_id: str, basis: str = "given") -> dict[str, Any]:
    return {"commitment_id": commitment, "register": "national_plans", "register_id": register_id, "basis": basis}


def test_a_provisional_id_becomes_the_one_that_was_read_in_every_table() -> None:
    explorer = {
        "commitments": TableRows([{"commitment_id": "MX-P2-05", "title_en": "Missing persons", "title_es": None}]),
        "commitment_ratings": TableRows([{"commitment_id": "MX-P2-05", "criterion": "completion"}]),
        "participations": TableRows(
            [{"subject_kind": kind, "subject_id": "MX-P2-05"} for kind in ("commitment", "exercise")]
        ),
    }
    curated = {
        "commitments": TableRows([{"commitment_id": "MX0042", "title_en": None, "title_es": "Personas desaparecidas"}]),
        "commitment_ids": TableRows([crosswalk("MX0042", "MX-P2-05")]),
    }
    tables = combine([(50, explorer), (80, curated)])
    assert tables["commitments"] == [
        {"commitment_id": "MX0042", "title_en": "Missing persons", "title_es": "Personas desaparecidas"}
    ]
    assert tables["commitment_ratings"][0]["commitment_id"] == "MX0042"
    assert [row["subject_id"] for row in tables["participations"]] == ["MX0042", "MX-P2-05"]


def test_an_id_inferred_from_an_order_never_renames_anything() -> None:
    assert canonical_ids([crosswalk("MX-P1-01", "MX0001", basis="inferred_order")]) == {}


def test_chains_are_followed_and_circles_end() -> None:
    assert canonical_ids([crosswalk("B", "A"), crosswalk("C", "B")])["A"] == "C"
    assert canonical_ids([crosswalk("B", "A"), crosswalk("A", "B")])["A"] in ("A", "B")


def test_the_weightier_source_gives_the_row_and_others_fill_only_what_is_open() -> None:
    rows: list[dict[str, Any]] = [
        {"plan_id": "MX-P2", "name_es": "Plan 2013-2015", "name_en": None, "source_id": "national_plans"},
        {"plan_id": "MX-P2", "name_es": "Plan de acción 2", "name_en": "Action plan 2", "source_id": "ogp_commitments"},
    ]
    assert merge("plans", rows) == [
        {"plan_id": "MX-P2", "name_es": "Plan 2013-2015", "name_en": "Action plan 2", "source_id": "national_plans"}
    ]
