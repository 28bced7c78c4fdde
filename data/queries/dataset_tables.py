"""The datasets of one release. An older release may lack tables and columns that were declared since it was built."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import Column, ForeignKey, MetaData, Table

from data.database import ReleaseHandle
from data.dialect import held_columns
from data.queries.datasets import UnknownDataset, dataset, datasets
from data.schema import schema_version

_known: weakref.WeakKeyDictionary[ReleaseHandle, Mapping[str, Table]] = weakref.WeakKeyDictionary()


def tables_of(handle: ReleaseHandle) -> Mapping[str, Table]:
    """The public datasets that the release has, in order of name, each with the columns that it has there."""
    found = _known.get(handle)
    if found is None:
        found = _known[handle] = _tables(handle)
    return found


def dataset_of(handle: ReleaseHandle, name: str) -> Table:
    """A dataset as the release has it; raises UnknownDataset."""
    try:
        return tables_of(handle)[name]
    except KeyError:
        raise UnknownDataset(name) from None


def _tables(handle: ReleaseHandle) -> Mapping[str, Table]:
    declared = {name: dataset(name) for name in datasets()}
    if handle.info.schema_version == _current_version():
        return declared
    with handle.connect() as connection:
        held = held_columns(connection)
    metadata = MetaData()
    return {name: _as_held(table, held[name], held, metadata) for name, table in declared.items() if name in held}


@lru_cache(maxsize=1)
def _current_version() -> str:
    return schema_version()


def _as_held(table: Table, columns: set[str], held: Mapping[str, set[str]], metadata: MetaData) -> Table:
    if columns >= {column.name for column in table.columns}:
        return table
    kept = [_copy(column, held) for column in table.columns if column.name in columns]
    return Table(table.name, metadata, *kept, info=table.info)


def _copy(column: Column[object], held: Mapping[str, set[str]]) -> Column[object]:
    """The column with its meaning; keys to what the release lacks are left out."""
    keys = [
        ForeignKey(key.column)
        for key in column.foreign_keys
        if key.column.name in held.get(str(key.column.table.name), ())
    ]
    return Column(
        column.name, column.type, *keys, primary_key=column.primary_key, nullable=column.nullable, info=column.info
    )
