"""What changed between two releases: rows added, rows removed, cells changed, by table.

Compared is what the rows say; where they came from is not, nor are the tables of ``UNCOMPARED``. Where a table was
declared differently, its common columns are compared. Everything is done over whole columns: a round of the survey
alone brings a hundred thousand rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import duckdb_sqlalchemy
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Engine, Select, Table, and_, column, create_engine, not_, or_, select, table
from sqlalchemy.sql.expression import TableClause

from data.schema import TABLES, content_columns, key_columns
from etl.release import Store, compared_tables
from etl.stores.rows import Rows, arrow_table

ReadTable = Callable[[Table], pa.Table]
ROWS_AT_ONCE = 20_000
_KEY_SEPARATOR = "|"
_DIALECT = duckdb_sqlalchemy.Dialect()
_SIDES = ("rows_before", "rows_after")


class Change(NamedTuple):
    """One row added or removed (``column``, ``old`` and ``new`` are None), or one cell changed, with values as text."""

    table: str
    key: str
    kind: Literal["added", "removed", "changed"]
    column: str | None = None
    old: str | None = None
    new: str | None = None


def diff(store: Store, before: str, after: str) -> Iterator[Change]:
    """The changes that lead from one release to another, table by table and by key. Raises ReleaseError."""
    return _one_by_one(_parts(lambda t: store.read_table(before, t.name), lambda t: store.read_table(after, t.name)))


def diff_with_tables(store: Store, before: str, tables: Mapping[str, Rows]) -> Iterator[Change]:
    """The changes that lead from a release to tables not yet published. Raises ReleaseError."""
    return _one_by_one(_parts_with(store, before, tables))


def changes_table(
    store: Store, before: str, tables: Mapping[str, Rows], release_id: str, changed_at: datetime
) -> pa.Table:
    """The same changes as rows of the table ``changes``, numbered in their order. Raises ReleaseError."""
    at = changed_at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    found = pa.concat_tables([_no_change(), *_parts_with(store, before, tables)])
    numbers = pc.utf8_lpad(pa.array(range(1, found.num_rows + 1)).cast(pa.string()), 7, "0")
    columns = {
        "change_id": pc.binary_join_element_wise(release_id, numbers, "-"),
        "release_id": pa.repeat(release_id, found.num_rows),
        "changed_at": pa.repeat(at, found.num_rows),
        "table_name": found["table"],
        "row_key": found["key"],
        "kind": found["kind"],
        "column_name": found["column"],
        "old": found["old"],
        "new": found["new"],
    }
    return arrow_table(TABLES["changes"], pa.table(columns))


def row_key(values: Iterable[Any]) -> str:
    """The key of a row as one text: its values, in the order of the key's columns, with ``|`` between them."""
    return _KEY_SEPARATOR.join(cell_text(value) or "" for value in values)


def cell_text(value: Any) -> str | None:
    """A value as text, the same from both engines: ``true``/``false``, numbers without a needless ``.0``, None as None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _one_by_one(parts: Iterable[pa.Table]) -> Iterator[Change]:
    for part in parts:
        yield from map(Change._make, zip(*(part[name].to_pylist() for name in Change._fields), strict=True))


def _parts_with(store: Store, before: str, tables: Mapping[str, Rows]) -> Iterator[pa.Table]:
    return _parts(lambda t: store.read_table(before, t.name), lambda t: arrow_table(t, tables.get(t.name, [])))


def _parts(read_before: ReadTable, read_after: ReadTable) -> Iterator[pa.Table]:
    """The changes of each table that has any, in columns named as the fields of ``Change``."""
    # An empty database in memory, only for its joins: it takes Arrow columns as they are and gives back what differs.
    engine = create_engine("duckdb:///:memory:", connect_args={"config": {"threads": 1}})
    try:
        for declared in compared_tables():
            part = _table_changes(engine, declared, read_before(declared), read_after(declared))
            if part.num_rows:
                yield part
    finally:
        engine.dispose()


def _table_changes(engine: Engine, declared: Table, before: pa.Table, after: pa.Table) -> pa.Table:
    keys = key_columns(declared)
    # Rows that cannot be told apart by today's key cannot be compared: that side counts as empty.
    before, after = (
        side if set(keys) <= set(side.column_names) else arrow_table(declared, []) for side in (before, after)
    )
    common = [n for n in content_columns(declared) if n in before.column_names and n in after.column_names]
    before, after = before.select(common), after.select(common)
    if before.equals(after):
        return _no_change()
    values = [name for name in common if name not in keys]
    if not before.num_rows:
        return _in_order(keys, [_whole_rows(declared, keys, after, "added")])
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for name, side in zip(_SIDES, (before, after), strict=True):
            driver.register(name, side)
        old, new = (table(name, *map(column, common)) for name in _SIDES)
        whole = [
            _whole_rows(declared, keys, rows, kind)
            for kind, here, there in (("removed", old, new), ("added", new, old))
            for rows in _some_at_a_time(driver, _only_in(here, there, keys))
        ]
        cells = [
            part
            for rows in _some_at_a_time(driver, _differing(old, new, keys, values))
            for part in _changed_cells(declared, keys, values, rows)
        ]
        return _in_order(keys, [*whole, *cells] or [_whole_rows(declared, keys, before.slice(0, 0), "removed")])


def _in_order(keys: list[str], parts: list[pa.Table]) -> pa.Table:
    order = [(name, "ascending") for name in (*map(_sorted_by, keys), "position")]
    return pa.concat_tables(parts).sort_by(order).select(Change._fields)


def _only_in(here: TableClause, there: TableClause, keys: list[str]) -> Select[Any]:
    """The keys of the rows that one side has and the other has not."""
    same = and_(*(there.c[name] == here.c[name] for name in keys))
    return select(*(here.c[name] for name in keys)).where(not_(select(there).where(same).exists()))


def _differing(old: TableClause, new: TableClause, keys: list[str], values: list[str]) -> Select[Any]:
    """Key, old values and new values of the rows that both sides have and that say something else."""
    columns: list[ColumnElement[Any]] = [new.c[name] for name in keys]
    columns += [side.c[name].label(f"{mark} {name}") for mark, side in (("old", old), ("new", new)) for name in values]
    differs = [old.c[name].is_distinct_from(new.c[name]) for name in values]
    joined = old.join(new, and_(*(old.c[name] == new.c[name] for name in keys)))
    return select(*columns).select_from(joined).where(or_(False, *differs))


def _some_at_a_time(driver: Any, query: Select[Any]) -> Iterator[pa.Table]:
    compiled = query.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True})
    for batch in driver.execute(str(compiled)).to_arrow_reader(ROWS_AT_ONCE):
        yield pa.Table.from_batches([batch])


def _whole_rows(declared: Table, keys: list[str], rows: pa.Table, kind: str) -> pa.Table:
    return _part(declared, keys, rows, -1, kind, None, *(pa.nulls(rows.num_rows, pa.string()) for _ in _SIDES))


def _changed_cells(declared: Table, keys: list[str], values: list[str], rows: pa.Table) -> Iterator[pa.Table]:
    for position, name in enumerate(values):
        old, new = (rows[f"{mark} {name}"] for mark in ("old", "new"))
        same = pc.fill_null(pc.equal(old, new), pc.and_(pc.is_null(old), pc.is_null(new)))
        cells = rows.filter(pc.invert(same))
        if cells.num_rows:
            texts = (_text(cells[f"{mark} {name}"]) for mark in ("old", "new"))
            yield _part(declared, keys, cells, position, "changed", name, *texts)


def _part(
    declared: Table, keys: list[str], rows: pa.Table, position: int, kind: str, name: str | None, *sides: pa.Array
) -> pa.Table:
    """Changes with what they are sorted by: the columns of the key as they are, and the place of the column."""
    count, old_and_new = rows.num_rows, dict(zip(("old", "new"), sides, strict=True))
    columns = {
        "table": pa.repeat(declared.name, count),
        "key": pc.binary_join_element_wise(*(pc.fill_null(_text(rows[key]), "") for key in keys), _KEY_SEPARATOR),
        "kind": pa.repeat(kind, count),
        "column": pa.array([name] * count, pa.string()),
        **old_and_new,
        "position": pa.repeat(position, count),
    }
    return pa.table(columns | {_sorted_by(key): rows[key] for key in keys})


def _sorted_by(key: str) -> str:
    """The name of a key's column beside the fields of a change, which may have the same."""
    return f"by {key}"


def _text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """``cell_text`` of a whole column."""
    if pa.types.is_floating(values.type):
        return pa.chunked_array([pa.array(map(cell_text, values.to_pylist()), pa.string())])
    return values.cast(pa.string())


def _no_change() -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in Change._fields})
