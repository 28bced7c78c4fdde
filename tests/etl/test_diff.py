"""What changed between two releases, the same on both engines and for what is not yet published."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, Text

from data import schema
from data.schema import TABLES
from etl import release
from etl.changes import changes_of
from etl.diff import Change, ReadParts, cell_text, changes_between, diff, row_key
from etl.release import ReleaseError, Store
from etl.stores.rows import arrow_table, slices
from tests.both_engines import Contents, contents, info_for, publish


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


def read(tables: Contents) -> ReadParts:
    """Tables that no store has, read as one part each."""
    return lambda table: iter([arrow_table(table, tables.get(table.name, []))])


def published(store: Store, release_id: str) -> ReadParts:
    return lambda table: store.read_parts(release_id, table)


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
    assert list(changes_between(published(store, first.release_id), read(after()))) == EXPECTED


def test_changes_are_rows_of_their_table(store: Store) -> None:
    first = publish(store, before(), 1)
    tables = after()
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    parts = changes_of(published(store, first.release_id), read(tables), "20261123T120000Z-00000000", at)
    rows = [row for changes, _ in parts for row in changes.to_pylist()]
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
    changes = changes_between(published(store, first.release_id), read(rows))
    found = [change for change in changes if change.table != "indicators"]
    assert found == [
        Change("commitments", "MX0001", "changed", "title_en", None, "One"),
        Change("commitments", "MX0003", "removed"),
        Change("commitments", "MX0004", "added"),
        Change("novelties", "n1", "added"),
    ]


def test_a_table_of_many_parts_is_compared_row_by_row_wherever_the_parts_end() -> None:
    states = [{"state_code": f"{number:05}", "name": "Como era"} for number in range(1, 25_001)]
    now = [dict(row) for row in states if row["state_code"] not in {"00001", "10000", "25000"}]
    now += [{"state_code": f"{number:05}a", "name": "Nueva"} for number in range(9_000, 20_500)]
    for row in now:
        if row["state_code"] in {"00002", "10001", "20000", "24999"}:
            row["name"] = "Otro nombre"

    def parts(rows: list[dict[str, Any]]) -> ReadParts:
        ordered = sorted(rows, key=lambda row: row["state_code"])
        return lambda table: slices(arrow_table(table, ordered if table.name == "states" else []))

    expected = [Change("states", f"{number:05}a", "added") for number in range(9_000, 20_500)]
    expected += [Change("states", key, "removed") for key in ("00001", "10000", "25000")]
    expected += [
        Change("states", key, "changed", "name", "Como era", "Otro nombre")
        for key in ("00002", "10001", "20000", "24999")
    ]
    assert list(changes_between(parts(states), parts(now))) == sorted(expected, key=lambda change: change.key)
    assert list(changes_between(parts(now), parts(now))) == []


def test_a_table_is_read_in_the_order_of_its_key_however_it_lies(store: Store) -> None:
    tables = contents(n01="Uno", n02="Dos")
    with store.run_lock(), store.begin(info_for(tables, 1, None).release_id) as draft:
        for row in reversed(tables["commitments"]):
            draft.write("commitments", [row])
        draft.settle()
        (rows,) = draft.read_parts(TABLES["commitments"])
    assert rows["commitment_id"].to_pylist() == ["MX0001", "MX0002"]


def test_a_release_that_is_not_there_is_told(store: Store) -> None:
    first = publish(store, before(), 1)
    with pytest.raises(ReleaseError, match=r"no release 20200101T000000Z-00000000 in .*etl releases"):
        list(diff(store, first.release_id, "20200101T000000Z-00000000"))


def test_values_and_keys_as_text() -> None:
    values = [None, True, False, 3, 3.0, 0.1, 1e300, "Ñ|"]
    assert [cell_text(value) for value in values] == [None, "true", "false", "3", "3", "0.1", "1e+300", "Ñ|"]
    assert row_key(["MX0001", 2]) == "MX0001|2"
