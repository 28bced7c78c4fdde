"""What changed between two releases: rows added, rows removed, cells changed, by table.

Compared is what the rows say; where they came from is not, nor are the tables of ``UNCOMPARED``. Where a table was
declared differently, its common columns are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import pyarrow as pa
from sqlalchemy import Connection, Engine, Table, and_, column, create_engine, func, or_, select, table

from data.schema import content_columns, key_columns
from etl.release import Store, compared_tables
from etl.stores.rows import Rows, arrow_table

ReadTable = Callable[[Table], pa.Table]
_KEY_SEPARATOR = "|"


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
    return _changes(lambda t: store.read_table(before, t.name), lambda t: store.read_table(after, t.name))


def diff_with_tables(store: Store, before: str, tables: Mapping[str, Rows]) -> Iterator[Change]:
    """The changes that lead from a release to tables not yet published. Raises ReleaseError."""
    return _changes(lambda t: store.read_table(before, t.name), lambda t: arrow_table(t, tables.get(t.name, [])))


def change_rows(changes: Iterable[Change], release_id: str, changed_at: datetime) -> Iterator[dict[str, Any]]:
    """The changes as rows of the table ``changes``, numbered in their order."""
    at = changed_at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    for number, change in enumerate(changes, start=1):
        yield {
            "change_id": f"{release_id}-{number:07d}",
            "release_id": release_id,
            "changed_at": at,
            "table_name": change.table,
            "row_key": change.key,
            "kind": change.kind,
            "column_name": change.column,
            "old": change.old,
            "new": change.new,
        }


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


def _changes(read_before: ReadTable, read_after: ReadTable) -> Iterator[Change]:
    # An empty database in memory, only for its join: it takes Arrow columns as they are and gives back what differs.
    engine = create_engine("duckdb:///:memory:")
    try:
        for declared in compared_tables():
            yield from _table_changes(engine, declared, read_before(declared), read_after(declared))
    finally:
        engine.dispose()


def _table_changes(engine: Engine, declared: Table, before: pa.Table, after: pa.Table) -> Iterator[Change]:
    keys = key_columns(declared)
    # Rows that cannot be told apart by today's key cannot be compared: that side counts as empty.
    before, after = (
        side if set(keys) <= set(side.column_names) else arrow_table(declared, []) for side in (before, after)
    )
    common = [n for n in content_columns(declared) if n in before.column_names and n in after.column_names]
    values = [name for name in common if name not in keys]
    with engine.connect() as connection:
        rows = _differing_rows(connection, keys, values, before.select(common), after.select(common))
        for was, is_now, *cells in rows:
            key, cells = row_key(cells[: len(keys)]), cells[len(keys) :]
            if not (was and is_now):
                yield Change(declared.name, key, "removed" if was else "added")
                continue
            for name, old, new in zip(values, cells[: len(values)], cells[len(values) :], strict=True):
                if old != new:
                    yield Change(declared.name, key, "changed", name, cell_text(old), cell_text(new))


def _differing_rows(
    connection: Connection, keys: list[str], values: list[str], before: pa.Table, after: pa.Table
) -> Iterable[Any]:
    """Rows ``(was there, is there, *key, *old values, *new values)`` for all keys whose rows differ, in order of key."""
    old, new = (table(name, *map(column, keys + values)) for name in ("rows_before", "rows_after"))
    driver: Any = connection.connection.driver_connection
    driver.register("rows_before", before)
    driver.register("rows_after", after)
    was, is_now = old.c[keys[0]].is_not(None), new.c[keys[0]].is_not(None)
    key = [func.coalesce(new.c[name], old.c[name]) for name in keys]
    differs = [old.c[name].is_distinct_from(new.c[name]) for name in values]
    query = (
        select(was, is_now, *key, *(old.c[name] for name in values), *(new.c[name] for name in values))
        .select_from(old.outerjoin(new, and_(*(old.c[name] == new.c[name] for name in keys)), full=True))
        .where(or_(~was, ~is_now, *differs))
        .order_by(*key)
    )
    return connection.execute(query)
