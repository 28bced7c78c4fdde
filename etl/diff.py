"""What changed between two releases: rows added, rows removed, cells changed, by table.

Compared is what the rows say; where they came from is not, nor are the tables of ``UNCOMPARED``. Where a table was
declared differently, its common columns are compared. Everything is done over columns, some thousand rows at a time: a
round of the survey alone brings a hundred thousand rows, and replacing one changes most of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, NamedTuple

import duckdb_sqlalchemy
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Engine, Select, Table, and_, column, create_engine, func, or_, select, table

from data.schema import content_columns, key_columns
from etl.release import Store, compared_tables
from etl.stores.rows import arrow_table, arrow_type

ReadParts = Callable[[Table], Iterator[pa.Table]]
"""Reads the rows of a table, in the order of its key and some thousand at a time; at least one part."""
_KEY_SEPARATOR = "|"
_DIALECT = duckdb_sqlalchemy.Dialect()
_SIDES = ("before", "after")


class Change(NamedTuple):
    """One row added or removed (``column``, ``old`` and ``new`` are None), or one cell changed, with values as text."""

    table: str
    key: str
    kind: Literal["added", "removed", "changed"]
    column: str | None = None
    old: str | None = None
    new: str | None = None


class Differences(NamedTuple):
    """Some changes of one table, in columns named as the fields of ``Change`` and in order of key, and the rows that
    they were found in: as they were, and as they will be."""

    table: Table
    changes: pa.Table
    before: pa.Table
    after: pa.Table


def diff(store: Store, before: str, after: str) -> Iterator[Change]:
    """The changes that lead from one release to another, table by table and by key. Raises ReleaseError."""
    return changes_between(lambda t: store.read_parts(before, t), lambda t: store.read_parts(after, t))


def changes_between(read_before: ReadParts, read_after: ReadParts) -> Iterator[Change]:
    """The changes that lead from some tables to others."""
    for part in differences(read_before, read_after):
        yield from map(Change._make, zip(*(part.changes[name].to_pylist() for name in Change._fields), strict=True))


def differences(read_before: ReadParts, read_after: ReadParts) -> Iterator[Differences]:
    """The same changes, some thousand rows at a time."""
    # An empty database in memory, only to match rows: it takes Arrow columns as they are and gives back what differs.
    engine = create_engine("duckdb:///:memory:", connect_args={"config": {"threads": 1}})
    try:
        for declared in compared_tables():
            yield from _table_differences(engine, declared, read_before(declared), read_after(declared))
    finally:
        engine.dispose()


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


def _table_differences(
    engine: Engine, declared: Table, before: Iterator[pa.Table], after: Iterator[pa.Table]
) -> Iterator[Differences]:
    sides = _Side(declared, before), _Side(declared, after)
    keys, (old, new) = key_columns(declared), (side.rows.column_names for side in sides)
    values = [name for name in old if name in new and name not in keys]
    compared = [*keys, *values]
    query = ""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for pair in _side_by_side(*sides):
            if not all(some.num_rows for some in pair):
                yield _one_sided(declared, *pair)
            elif not pair[0].select(compared).equals(pair[1].select(compared)):
                for name, some in zip(_SIDES, pair, strict=True):
                    driver.register(name, some)
                query = query or _text_of(_matched(declared, old, new, values))
                found = driver.execute(query).to_arrow_table()
                if found.num_rows:
                    yield _differences(declared, values, found)


class _Side:
    """One side of a table: the rows that were read and not yet taken, and what is still to be read."""

    def __init__(self, declared: Table, parts: Iterator[pa.Table]) -> None:
        self.keys = key_columns(declared)
        first = next(parts)
        # Rows that cannot be told apart by today's key cannot be compared: that side counts as empty.
        known = all(
            name in first.column_names and first[name].type == arrow_type(declared.columns[name]) for name in self.keys
        )
        self._parts = parts if known else iter(())
        self._names = [name for name in content_columns(declared) if not known or name in first.column_names]
        self.rows = (first if known else arrow_table(declared, [])).select(self._names)

    def fill(self) -> None:
        """Read on, once all that was read is taken."""
        if not self.rows.num_rows:
            self.rows = next(self._parts, self.rows).select(self._names)

    def key(self, place: int) -> tuple[Any, ...]:
        """The key of one of the rows."""
        return tuple(self.rows[name][place].as_py() for name in self.keys)

    def up_to(self, key: tuple[Any, ...]) -> pa.Table:
        """Take the rows up to a key, that one too."""
        count = bisect_right(range(self.rows.num_rows), key, key=self.key)
        taken, self.rows = self.rows.slice(0, count), self.rows.slice(count)
        return taken


def _side_by_side(before: _Side, after: _Side) -> Iterator[tuple[pa.Table, pa.Table]]:
    """The rows of both sides, cut at the same keys."""
    while True:
        for side in (before, after):
            side.fill()
        ends = [side.key(side.rows.num_rows - 1) for side in (before, after) if side.rows.num_rows]
        if not ends:
            return
        yield before.up_to(min(ends)), after.up_to(min(ends))


def _one_sided(declared: Table, before: pa.Table, after: pa.Table) -> Differences:
    """The changes of rows that are on one side only."""
    kind, rows = ("removed", before) if before.num_rows else ("added", after)
    return Differences(
        declared, _part(declared, rows, -1, kind, None, None, None).select(Change._fields), before, after
    )


def _matched(declared: Table, before: list[str], after: list[str], values: list[str]) -> Select[Any]:
    """Rows that only one side has, and rows of both that say something else, in order of key: columns ``before <name>``
    and ``after <name>``, null where a side has no such row."""
    keys = key_columns(declared)
    old, new = (table(side, *map(column, names)) for side, names in zip(_SIDES, (before, after), strict=True))
    columns = [each.label(f"{side.name} {each.name}") for side in (old, new) for each in side.c]
    differs = [old.c[name].is_distinct_from(new.c[name]) for name in values]
    joined = old.join(new, and_(*(old.c[name] == new.c[name] for name in keys)), full=True)
    missing = [side.c[keys[0]].is_(None) for side in (old, new)]
    order = [func.coalesce(new.c[name], old.c[name]) for name in keys]
    return select(*columns).select_from(joined).where(or_(*missing, *differs)).order_by(*order)


def _text_of(query: Select[Any]) -> str:
    return str(query.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


def _differences(declared: Table, values: list[str], matched: pa.Table) -> Differences:
    """The changes of some rows of ``_matched``."""
    keys = key_columns(declared)
    there = {side: pc.is_valid(matched[f"{side} {keys[0]}"]) for side in _SIDES}
    parts = [
        _part(declared, _side(matched, here).filter(pc.invert(there[other])), -1, kind, None, None, None)
        for here, other, kind in (("before", "after", "removed"), ("after", "before", "added"))
    ]
    both = matched.filter(pc.and_(*there.values()))
    for position, name in enumerate(values):
        old, new = (both[f"{side} {name}"] for side in _SIDES)
        same = pc.fill_null(pc.equal(old, new), pc.and_(pc.is_null(old), pc.is_null(new)))
        cells = both.filter(pc.invert(same))
        if cells.num_rows:
            texts = (_text(cells[f"{side} {name}"]) for side in _SIDES)
            parts.append(_part(declared, _side(cells, "after"), position, "changed", name, *texts))
    order = [(name, "ascending") for name in (*map(_sorted_by, keys), "position")]
    changes = pa.concat_tables(parts).sort_by(order).select(Change._fields)
    return Differences(declared, changes, *(_side(matched, side).filter(there[side]) for side in _SIDES))


def _side(matched: pa.Table, side: str) -> pa.Table:
    """What the rows of ``_matched`` say of one side, under the names of its columns."""
    mark = f"{side} "
    names = [name for name in matched.column_names if name.startswith(mark)]
    return matched.select(names).rename_columns([name.removeprefix(mark) for name in names])


def _part(
    declared: Table, rows: pa.Table, position: int, kind: str, name: str | None, *sides: pa.ChunkedArray | None
) -> pa.Table:
    """Changes with what they are sorted by: the columns of the key as they are, and the place of the column."""
    count, keys = rows.num_rows, key_columns(declared)
    old, new = (pa.nulls(count, pa.string()) if side is None else side for side in sides)
    columns = {
        "table": pa.repeat(declared.name, count),
        "key": pc.binary_join_element_wise(*(pc.fill_null(_text(rows[key]), "") for key in keys), _KEY_SEPARATOR),
        "kind": pa.repeat(kind, count),
        "column": pa.array([name] * count, pa.string()),
        "old": old,
        "new": new,
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
