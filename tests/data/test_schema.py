"""What is declared about tables and columns is complete, bilingual and points at what exists."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Column, create_engine, inspect

from data.schema import TABLES, VOCABULARIES, column_info, key_columns, label, metadata, schema_version, table_info

COLUMNS = [
    pytest.param(column, id=f"{table.name}.{column.name}") for table in TABLES.values() for column in table.columns
]


def test_every_table_says_what_one_row_is_in_both_languages() -> None:
    for table in TABLES.values():
        info = table_info(table)
        for text in (info["label"], info["one_row"]):
            assert text["es"].strip(), table.name
            assert text["en"].strip(), table.name
        assert key_columns(table), table.name


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_has_label_and_description_and_a_unit_where_it_is_a_quantity(column: Column[object]) -> None:
    info = column_info(column)
    for text in (info["label"], info["description"]):
        assert text["es"].strip()
        assert text["en"].strip()
    assert info["description"]["es"].endswith((".", "…"))
    if info["kind"] in ("integer", "number"):
        assert info["unit"], "a quantity without a unit"
    if info["enum"]:
        assert info["enum"] in VOCABULARIES


@pytest.mark.parametrize("column", COLUMNS)
def test_names_carry_their_nature(column: Column[object]) -> None:
    kind = column_info(column)["kind"]
    if kind == "boolean":
        assert re.match(r"(is|has)_|counted_|listed_|unsigned_|membership_|declares_", column.name)
    if column.name.endswith("_pct"):
        assert column_info(column)["unit"] == "percent"
    if column.name.endswith("_on"):
        assert kind == "partial_date"
        precision = column.name.removesuffix("_on") + "_precision"
        assert precision in column.table.columns


def test_every_code_has_a_label_in_both_languages() -> None:
    for name, codes in VOCABULARIES.items():
        for code, (es, en) in codes.items():
            assert es, f"{name}.{code}"
            assert en, f"{name}.{code}"
    assert label("activity_status", "verified", "es") == "verificada"
    assert label("activity_status", None, "es") == ""


def test_foreign_keys_point_at_keys_that_exist() -> None:
    for table in TABLES.values():
        for key in table.foreign_keys:
            target, column = key.target_fullname.split(".")
            assert key_columns(TABLES[target]) == [column]


def test_the_schema_can_be_created_and_is_what_was_declared() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    assert set(inspect(engine).get_table_names()) == set(TABLES)
    engine.dispose()


def test_the_schema_version_follows_what_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema_version()
    column = TABLES["states"].columns["name"]
    monkeypatch.setitem(column.info, "description", {"es": "Otra cosa.", "en": "Something else."})
    assert schema_version() != before
