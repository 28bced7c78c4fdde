"""What changes are about: followed from a row to its commitment, plan and states, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from data.schema import TABLES
from etl.change_subjects import ChangeSubjects
from etl.diff import ReadParts
from etl.stores.rows import arrow_table

Rows = Mapping[str, list[dict[str, Any]]]

BEFORE: Rows = {
    "commitments": [
        {"commitment_id": "MX0001", "plan_id": "MX-P1"},
        {"commitment_id": "JAL1", "plan_id": "JAL-P1", "locality_id": "mx-jalisco"},
        {"commitment_id": "SIN1", "plan_id": "SIN-P1"},
    ],
    "actions": [{"action_id": "a1", "commitment_id": "MX0001"}],
    "activities": [{"activity_id": "v1", "action_id": "a1"}],
    "exercises": [{"exercise_id": "e1", "state_code": "25"}],
    "exercise_models": [{"exercise_id": "e1", "model": "x|y"}],
    "localities": [{"locality_id": "mx-jalisco", "state_code": "14"}],
    "plan_jurisdictions": [
        {"plan_id": "SIN-P1", "place_kind": "state", "place_id": "25"},
        {"plan_id": "SIN-P1", "place_kind": "state", "place_id": "26"},
        {"plan_id": "SIN-P1", "place_kind": "municipality", "place_id": "25001"},
    ],
    "commitment_links": [{"commitment_id": "MX0001", "other_commitment_id": "SIN1"}],
    "metric_institutions": [{"edition": "2017", "institution": "Ayuntamiento", "state_code": "09"}],
    "participations": [
        {"participation_id": "p1", "subject_kind": "exercise", "subject_id": "e1"},
        {"participation_id": "p2", "subject_kind": "commitment", "subject_id": "MX0001", "state_code": "01"},
        {"participation_id": "p3", "subject_kind": "technical_secretariat", "subject_id": "14"},
    ],
}


def _subjects(table_name: str, key: str, before: Rows, after: Rows) -> set[tuple[str, str]]:
    def reader(rows: Rows) -> ReadParts:
        return lambda table: iter([arrow_table(table, rows.get(table.name, []))])

    declared = TABLES[table_name]
    changes = arrow_table(
        TABLES["changes"], [{"change_id": "c", "row_key": key}, {"change_id": "d", "row_key": "another row"}]
    )
    sides = (next(reader(rows)(declared)) for rows in (before, after))
    with closing(ChangeSubjects(reader(before), reader(after))) as subjects:
        found = subjects.of(declared, changes, *sides)
    assert found.schema.names == TABLES["change_subjects"].columns.keys()
    rows = found.to_pylist()
    assert {row["change_id"] for row in rows} <= {"c"}
    return {(row["subject_kind"], row["subject_id"]) for row in rows}


NATIONAL = {("commitment", "MX0001"), ("plan", "MX-P1")}
SINALOA = {("commitment", "SIN1"), ("plan", "SIN-P1"), ("state", "25"), ("state", "26")}


@pytest.mark.parametrize(
    ("table_name", "key", "subjects"),
    [
        ("commitments", "MX0001", NATIONAL),
        ("activities", "v1", NATIONAL),
        ("actions", "a1", NATIONAL),
        ("commitments", "SIN1", SINALOA),
        ("commitments", "JAL1", {("commitment", "JAL1"), ("plan", "JAL-P1"), ("state", "14")}),
        ("commitment_links", "MX0001|SIN1", NATIONAL | SINALOA),
        ("exercises", "e1", {("state", "25")}),
        ("exercise_models", "e1|x|y", {("state", "25")}),
        ("plan_jurisdictions", "SIN-P1|state|26", {("plan", "SIN-P1"), ("state", "25"), ("state", "26")}),
        ("metric_institutions", "2017|Ayuntamiento", {("state", "09")}),
        ("participations", "p1", {("state", "25")}),
        ("participations", "p2", NATIONAL | {("state", "01")}),
        ("participations", "p3", {("state", "14")}),
        ("countries", "MX", set()),
    ],
)
def test_a_change_is_about_what_its_row_leads_to(table_name: str, key: str, subjects: set[tuple[str, str]]) -> None:
    # Whether the row is gone, new or only different: those who follow what it is about want to know.
    assert _subjects(table_name, key, BEFORE, {}) == subjects
    assert _subjects(table_name, key, {}, BEFORE) == subjects
    assert _subjects(table_name, key, BEFORE, BEFORE) == subjects


def test_a_commitment_that_moves_to_another_plan_is_told_to_both() -> None:
    after = {"commitments": [{"commitment_id": "MX0001", "plan_id": "MX-P2"}]}
    assert _subjects("commitments", "MX0001", BEFORE, after) == NATIONAL | {("plan", "MX-P2")}
