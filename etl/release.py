"""Releases: where they are written, what they are called, and the hash of what they say.

store = open_store(settings())
with store.run_lock(), store.begin(new_release_id(now, input_hash)) as draft:
    draft.write("states", rows)
    draft.publish(ReleaseInfo(...))
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table

from data.published import ReleaseError, ReleaseInfo, new_release_id
from data.schema import TABLES, content_columns, key_columns
from etl.stores.publication import Draft, OnStep, RunInProgressError, Store
from etl.stores.rows import Rows, arrow_table
from settings import Settings

__all__ = [
    "UNCOMPARED",
    "Draft",
    "ReleaseError",
    "ReleaseInfo",
    "RunInProgressError",
    "Store",
    "compared_tables",
    "content_hash",
    "new_release_id",
    "open_store",
    "table_hash",
]

# What says when and how a release was built, and not what it says: neither hashed nor compared.
UNCOMPARED = frozenset({"releases", "release_tables", "changes", "change_subjects", "fetch_attempts"})


def _no_step(name: str) -> None:
    """Nobody observes the steps."""


def open_store(settings: Settings, on_step: OnStep = _no_step) -> Store:
    """The store that the settings name: PostgreSQL where ``database_url`` is set, else DuckDB files in ``releases_dir``.

    ``on_step`` is called with the name of each step of a publication. Nothing is opened yet.
    """
    if settings.database_url:
        from etl.stores.postgres_schemas import PostgresStore

        return PostgresStore(settings, on_step)
    from etl.stores.duckdb_files import DuckdbStore

    return DuckdbStore(settings, on_step)


def compared_tables() -> list[Table]:
    """The tables that say something of the world, in the order in which they can be loaded."""
    return [table for name, table in TABLES.items() if name not in UNCOMPARED]


def content_hash(tables: Mapping[str, Rows]) -> str:
    """Hex SHA-256 of what the tables say, whatever the order of their rows and whatever engine they were read from.

    Hashed, one after another, are the tables of ``data.schema`` but those of ``UNCOMPARED``, in order of name; a table
    that is not given has no rows. Of each:

    1. a line of JSON, ``[table, number of rows, [columns]]``, ended by a newline. The columns are all but those that
       say where a row came from (``provenance``), in order of name;
    2. column by column, over the rows sorted by key (text by its UTF-8 bytes): one byte for each row, 1 where there is
       a value and 0 where there is none; then the values of all rows, with zero or the empty text where there is none:
       integers as int64, numbers as float64 (-0.0 as 0.0), booleans as one byte, texts as the int64 lengths of all,
       then the UTF-8 bytes of all. Numbers are little-endian.

    Time grows with cells, and with rows times their logarithm for sorting. Raises ReleaseError for rows that
    ``arrow_table`` refuses.
    """
    digest = hashlib.sha256()
    for table in sorted(compared_tables(), key=lambda table: table.name):
        for part in _table_parts(table, tables.get(table.name, [])):
            digest.update(part)
    return digest.hexdigest()


def table_hash(table: Table, rows: Rows) -> str:
    """Hex SHA-256 of what one table says: its part of ``content_hash`` alone. Raises ReleaseError as that does."""
    digest = hashlib.sha256()
    for part in _table_parts(table, rows):
        digest.update(part)
    return digest.hexdigest()


def _table_parts(table: Table, given: Rows) -> Iterator[bytes | memoryview]:
    columns = sorted(content_columns(table))
    rows = arrow_table(table, given)
    yield json.dumps([table.name, rows.num_rows, columns]).encode() + b"\n"
    order = pc.sort_indices(rows, sort_keys=[(key, "ascending") for key in key_columns(table)])
    for name in columns:
        yield from _hashed_parts(rows[name], order)


def _hashed_parts(column: pa.ChunkedArray, order: pa.Array) -> Iterator[bytes | memoryview]:
    wide = column.cast(pa.large_string()) if pa.types.is_string(column.type) else column
    values = wide.take(order).combine_chunks()
    yield values.is_valid().cast(pa.uint8()).to_numpy().tobytes()
    if pa.types.is_large_string(values.type):
        filled = values.fill_null("")
        yield pc.binary_length(filled).cast(pa.int64()).to_numpy().astype("<i8").tobytes()
        yield _text_bytes(filled)
    elif pa.types.is_boolean(values.type):
        yield values.fill_null(False).cast(pa.uint8()).to_numpy().tobytes()
    elif pa.types.is_floating(values.type):
        yield (values.fill_null(0.0).to_numpy() + 0.0).astype("<f8").tobytes()
    else:
        yield values.fill_null(0).to_numpy().astype("<i8").tobytes()


def _text_bytes(texts: pa.LargeStringArray) -> memoryview:
    _, offsets, data = texts.buffers()
    if data is None:
        return memoryview(b"")
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(data)[bounds[0] : bounds[-1]]
