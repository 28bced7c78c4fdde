"""How large the datasets of a release are as raw CSV, and how recent the copies that they were read from."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add

from sqlalchemy import Connection, Text, cast, func, select

from data.database import ReleaseHandle
from data.dialect import time_limit
from data.queries.dataset_tables import tables_of
from data.queries.datasets import Table
from data.schema.provenance import snapshots


@dataclass(frozen=True)
class Size:
    """About how many bytes a dataset is as raw CSV, and the date (``YYYY-MM-DD``) of its newest copy; None: it has none."""

    bytes: int
    as_of: str | None


_known: weakref.WeakKeyDictionary[ReleaseHandle, Mapping[str, Size]] = weakref.WeakKeyDictionary()


def sizes(handle: ReleaseHandle) -> Mapping[str, Size]:
    """The sizes of all datasets of a release, by name; looked at once. Raises QueryTimeout."""
    found = _known.get(handle)
    if found is None:
        found = _known[handle] = _sizes(handle, tables_of(handle))
    return found


def _sizes(handle: ReleaseHandle, tables: Mapping[str, Table]) -> Mapping[str, Size]:
    with handle.connect() as connection, time_limit(connection):
        fetched = dict(map(tuple, connection.execute(select(snapshots.c.snapshot_id, snapshots.c.fetched_at))))
        # One by one: all at once would hold every table in memory.
        return {name: _size(connection, table, fetched) for name, table in tables.items()}


def _size(connection: Connection, table: Table, fetched: Mapping[str, str]) -> Size:
    # Near enough to bytes: the letters of all cells, with a separator each; quotes and accents aside.
    cells = reduce(add, (func.coalesce(func.length(cast(column, Text)), 0) for column in table.columns))
    letters = connection.scalar(select(func.sum(cells + len(table.columns)))) or 0
    used: Iterable[str] = ()
    if "snapshot_id" in table.columns:
        used = connection.scalars(select(table.c.snapshot_id).distinct())
    dates = [fetched[each] for each in used if each in fetched]
    return Size(int(letters), max(dates)[:10] if dates else None)
