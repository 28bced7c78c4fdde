"""What changed between two releases, the same on both engines and for what is not yet published."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, Text

from data import schema
from data.schema import TABLES
from etl import release
from etl.diff import Change, cell_text, changes_table, diff, diff_with_tables, row_key
from etl.release import ReleaseError, Store
from tests.both_engines import Contents, contents, publish


def before() -> Contents:
    tables = contents(n01="Uno", n02="Dos", n03="Tres")
    tables["indicators"] = [indicator("a", 0.5), indicator("b", 3.0)]
    return tables


def after() -> Contents:
    tables = contents(n01="Uno", n02="Dos, corregido", n04="Cuatro")
    tables["commitments"][0] |= {"source_position": "77", "title_en": "One"}
    tables["indicators"] = [indicator("a", 0.25), indicator("b", 3.0) | {"numerator": 12.0}]
    return tables


def indicator(scope: str, value: float) -> dict[str, Any]:
    key = {"indicator": "avance", "as_of": "2018", "scope": scope, "reference": ""}
    return {**key, "value": value, "unit": "share", "source_id": "prueba"}


EXPECTED = [
    Change("indicators", "avance|2018|a|", "changed", "value", "0.5", "0.25"),
    Change("indicators", "avance|2018|b|", "changed", "numerator", None, "12"),
    Change("commitments", "MX0001", "changed", "title_en", None, "One"),
    Change("commitments", "MX0002", "changed", "title_es", "Dos", "Dos, corregido"),
    Change("commitments", "MX0003", "removed"),
    Change("commitments", "MX0004", "added"),
]


def test_rows_and_cells_by_table_and_where_they_came_from_left_aside(store: Store) -> None:
    first, second = publish(store, before(), 1), publish(store, after(), 2)
    assert list(diff(store, first.release_id, second.release_id)) == EXPECTED
    assert list(diff(store, second.release_id, second.release_id)) == []
    turned = list(diff(store, second.release_id, first.release_id))
    assert Change("commitments", "MX0003", "added") in turned
    assert Change("indicators", "avance|2018|a|", "changed", "value", "0.25", "0.5") in turned


def test_a_release_is_compared_with_tables_not_yet_published(store: Store) -> None:
    first = publish(store, before(), 1)
    assert list(diff_with_tables(store, first.release_id, after())) == EXPECTED


def test_changes_are_rows_of_their_table(store: Store) -> None:
    first = publish(store, before(), 1)
    tables = after()
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    rows = changes_table(store, first.release_id, tables, "20261123T120000Z-00000000", at).to_pylist()
    assert [row["change_id"][-7:] for row in rows] == [f"{number:07}" for number in range(1, len(EXPECTED) + 1)]
    assert rows[0] == {
        "change_id": "20261123T120000Z-00000000-0000001",
        "release_id": "20261123T120000Z-00000000",
        "changed_at": "2026-11-23T12:00:00Z",
        "table_name": "indicators",
        "row_key": "avance|2018|a|",
        "kind": "changed",
        "column_name": "value",
        "old": "0.5",
        "new": "0.25",
    }
    tables["changes"] = rows
    second = publish(store, tables, 2)
    assert second.rows["changes"] == len(EXPECTED)
    assert list(diff(store, first.release_id, second.release_id)) == EXPECTED


def test_a_table_declared_differently_is_compared_on_its_common_columns(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(store, before(), 1)
    declared = TABLES["commitments"]
    kept = [
        Column(c.name, c.type, primary_key=c.primary_key, info=c.info) for c in declared.columns if c.name != "title_es"
    ]
    changed = Table("commitments", MetaData(), *kept, Column("title_fr", Text, info=declared.c.title_es.info))
    new_table = Table("novelties", MetaData(), Column("novelty_id", Text, primary_key=True, info=kept[0].info))
    tables = {**TABLES, "commitments": changed, "novelties": new_table}
    monkeypatch.setattr(release, "TABLES", tables)
    monkeypatch.setitem(schema.TABLES, "novelties", new_table)
    rows: dict[str, Any] = after()
    for row in rows["commitments"]:
        row["title_fr"] = row.pop("title_es")
    rows["novelties"] = [{"novelty_id": "n1"}]
    found = [change for change in diff_with_tables(store, first.release_id, rows) if change.table != "indicators"]
    assert found == [
        Change("commitments", "MX0001", "changed", "title_en", None, "One"),
        Change("commitments", "MX0003", "removed"),
        Change("commitments", "MX0004", "added"),
        Change("novelties", "n1", "added"),
    ]


def test_a_release_that_is_not_there_is_told(store: Store) -> None:
    first = publish(store, before(), 1)
    with pytest.raises(ReleaseError, match="20200101T000000Z-00000000"):
        list(diff(store, first.release_id, "20200101T000000Z-00000000"))


def test_values_and_keys_as_text() -> None:
    values = [None, True, False, 3, 3.0, 0.1, 1e300, "Ñ|"]
    assert [cell_text(value) for value in values] == [None, "true", "false", "3", "3", "0.1", "1e+300", "Ñ|"]
    assert row_key(["MX0001", 2]) == "MX0001|2"
