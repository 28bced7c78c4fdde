"""What changed between two releases: rows added, rows removed, cells changed, by table.

Compared is what the rows say; where they came from is not, nor are the tables of ``UNCOMPARED``. Where a table was
declared differently, its common columns are compared. Everything is done over columns, some thousand rows at a time: a
round of the survey alone brings a hundred thousand rows, and replacing one changes most of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table

from data.schema import content_columns, key_columns
from etl.release import Store, compared_tables
from etl.stores.rows import arrow_table, arrow_type

ReadParts = Callable[[Table], Iterator[pa.Table]]
"""Reads the rows of a table, in the order of its key and some thousand at a time; at least one part."""
_KEY_SEPARATOR = "|"
# No text of a release has it, so that keys cannot be taken for one another.
_MATCHED_BY = "\0"


class Change(NamedTuple):
    """One row added or removed (``column``, ``old`` and ``new`` are None), or one cell changed, with values as text."""

    table: str
    key: str
    kind: Literal["added", "removed", "changed"]
    column: str | None = None
    old: str | None = None
    new: str | None = None


class Differences(NamedTuple):
    """Some changes of one table, in columns named as the fields of ``Change`` and in order of key, and the rows among
    which they were found: as they were, and as they will be."""

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
    for declared in compared_tables():
        before, after = _Side(declared, read_before(declared)), _Side(declared, read_after(declared))
        common = [name for name in before.rows.column_names if name in after.rows.column_names]
        for pair in _side_by_side(before, after):
            if not pair[0].select(common).equals(pair[1].select(common)):
                changes = _changes(declared, common, *pair)
                if changes.num_rows:
                    yield Differences(declared, changes, *pair)


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


def _changes(declared: Table, common: list[str], before: pa.Table, after: pa.Table) -> pa.Table:
    """The changes between rows of both sides, of whose columns ``common`` are compared, in order of key."""
    keys = key_columns(declared)
    old_keys, new_keys = (_joined(side, keys, _MATCHED_BY).combine_chunks() for side in (before, after))
    places = pc.index_in(old_keys, value_set=new_keys)
    parts = [
        _part(declared, before.filter(pc.is_null(places)), -1, "removed"),
        _part(declared, after.filter(pc.invert(pc.is_in(new_keys, value_set=old_keys))), -1, "added"),
    ]
    old, new = before.filter(pc.is_valid(places)), after.take(places.drop_null())
    for position, name in enumerate(common):
        if name not in keys:
            cells = pc.invert(_same(old[name], new[name]))
            texts = (_text(side[name].filter(cells)) for side in (old, new))
            parts.append(_part(declared, new.filter(cells), position, "changed", name, *texts))
    order = [(name, "ascending") for name in (*map(_sorted_by, keys), "position")]
    return pa.concat_tables(parts).sort_by(order).select(Change._fields)


def _same(old: pa.ChunkedArray, new: pa.ChunkedArray) -> pa.ChunkedArray:
    if old.type != new.type:
        # The column was declared differently.
        old, new = _text(old), _text(new)
    return pc.fill_null(pc.equal(old, new), pc.and_(pc.is_null(old), pc.is_null(new)))


def _part(
    declared: Table,
    rows: pa.Table,
    position: int,
    kind: str,
    name: str | None = None,
    old: pa.ChunkedArray | None = None,
    new: pa.ChunkedArray | None = None,
) -> pa.Table:
    """Changes with what they are sorted by: the columns of the key as they are, and the place of the column."""
    count, keys = rows.num_rows, key_columns(declared)
    columns = {
        "table": pa.repeat(declared.name, count),
        "key": _joined(rows, keys, _KEY_SEPARATOR),
        "kind": pa.repeat(kind, count),
        "column": pa.array([name] * count, pa.string()),
        "old": pa.nulls(count, pa.string()) if old is None else old,
        "new": pa.nulls(count, pa.string()) if new is None else new,
        "position": pa.repeat(position, count),
    }
    return pa.table(columns | {_sorted_by(key): rows[key] for key in keys})


def _joined(rows: pa.Table, keys: list[str], separator: str) -> pa.ChunkedArray:
    """The key of each row as one text."""
    return pc.binary_join_element_wise(*(pc.fill_null(_text(rows[key]), "") for key in keys), separator)


def _sorted_by(key: str) -> str:
    """The name of a key's column beside the fields of a change, which may have the same."""
    return f"by {key}"


def _text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """``cell_text`` of a whole column."""
    if pa.types.is_floating(values.type):
        return pa.chunked_array([pa.array(map(cell_text, values.to_pylist()), pa.string())])
    return values.cast(pa.string())
