"""Checks of each table against its declaration: types, required values, vocabularies, patterns, ranges, keys.

All rules come from ``data/schema`` and are run over whole columns. A row that fails is not mended: it is refused with
the column, the value read and what would be right, and with it everything else the same source row gave, so that a
source row is in the release whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Column, Table

from data.published import ReleaseError
from data.schema import TABLES, VOCABULARIES, column_info, key_columns
from etl.resolve import TablesRead
from etl.stores.rows import arrow_table
from etl.table_rows import TableRow, TableRows

Origin = tuple[str, str, str]
Columns = dict[str, pa.Table]
ORIGIN = ("source_id", "snapshot_id", "source_position")


def check_tables(tables: TablesRead) -> tuple[Columns, dict[Origin, str]]:
    """The tables as columns, without the rows that fail, and why: ``(source_id, snapshot_id, position) -> reason``.

    Repeated until nothing fails, because a refused row leaves others without what they refer to.
    """
    refused: dict[Origin, str] = {}
    clean = {name: _columns(TABLES[name], rows) for name, rows in tables.items()}
    for _ in range(len(TABLES)):
        found = {
            _origin(clean[table.name], index): reason
            for table in TABLES.values()
            if table.name in clean
            for index, reason in _failures(table, clean)
        }
        if not found:
            return clean, refused
        refused |= found
        clean = {name: _without(found, columns) for name, columns in clean.items()}
    raise AssertionError("rows kept failing after every table had been checked")


def origin_of(row: TableRow) -> Origin:
    """Where a table row came from: source, copy and position."""
    return row["source_id"], row["snapshot_id"], row["source_position"]


def _origin(columns: pa.Table, index: int) -> Origin:
    source_id, snapshot_id, position = (columns[name][index].as_py() for name in ORIGIN)
    return source_id, snapshot_id, position


def _without(refused: Mapping[Origin, str], columns: pa.Table) -> pa.Table:
    origins = zip(*(columns[name].to_pylist() for name in ORIGIN), strict=True)
    return columns.filter(pa.array([origin not in refused for origin in origins], pa.bool_()))


def _columns(table: Table, rows: Sequence[TableRow]) -> pa.Table:
    unknown = set(rows.column_names if isinstance(rows, TableRows) else set().union(*rows)) - set(table.columns.keys())
    if unknown:
        raise ValueError(
            f"table {table.name} has no column {', '.join(sorted(unknown))}: the parser or the schema is wrong"
        )
    try:
        return arrow_table(table, rows)
    except ReleaseError as error:
        raise ValueError(f"table {table.name}: a parser gave a value of the wrong type ({error})") from error


def _failures(table: Table, tables: Columns) -> Iterator[tuple[int, str]]:
    """The rows of a table that fail, by their place in it, and why; the reason that comes last is the one told."""
    columns = tables[table.name]
    said = [column for column in table.columns if not column_info(column)["provenance"]]
    for column in said:
        yield from _wrong_values(column, columns[column.name])
    yield from _repeated_keys(table, columns)
    for column in said:
        yield from _dangling(column, columns[column.name], tables)


def _wrong_values(column: Column[Any], values: pa.ChunkedArray) -> Iterator[tuple[int, str]]:
    for is_right, right in _rules(column, values):
        for index in pc.indices_nonzero(pc.invert(is_right)).to_pylist():
            yield index, f"{column.table.name}.{column.name}: read {values[index].as_py()!r}; {right} would be right"


def _rules(column: Column[Any], values: pa.ChunkedArray) -> Iterator[tuple[pa.ChunkedArray, str]]:
    """For each rule of a column: which values keep it (null where there is none to ask), and what would be right."""
    info = column_info(column)
    if not column.nullable:
        yield pc.is_valid(values), "a value"
    if info["enum"]:
        codes = list(VOCABULARIES[info["enum"]])
        yield _or_null(values, pc.is_in(values, pa.array(codes, values.type))), f"one of {', '.join(codes)}"
    if info["pattern"]:
        yield pc.match_substring_regex(values, info["pattern"]), f"the form {info['pattern']}"
    if info["kind"] == "url":
        yield pc.match_substring_regex(values, "^https?://"), "an http(s) address"
    if info["minimum"] is not None:
        yield pc.greater_equal(values, info["minimum"]), f"at least {info['minimum']}"
    if info["maximum"] is not None:
        yield pc.less_equal(values, info["maximum"]), f"at most {info['maximum']}"


def _or_null(values: pa.ChunkedArray, found: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.is_valid(values), found, None)


def _repeated_keys(table: Table, columns: pa.Table) -> Iterator[tuple[int, str]]:
    keys = key_columns(table)
    # Neighbours in the order of the key, column by column: grouping would take many times the memory.
    order = pc.sort_indices(columns, sort_keys=[(name, "ascending") for name in keys])
    repeated = pa.array(np.ones(max(columns.num_rows - 1, 0), bool))
    for name in keys:
        values = columns[name].take(order)
        repeated = pc.and_(repeated, pc.equal(values[:-1], values[1:]))
    if not pc.any(repeated, min_count=0).as_py():
        return
    seen: dict[tuple[Any, ...], int] = {}
    for index, key in enumerate(zip(*(columns[name].to_pylist() for name in keys), strict=True)):
        first = seen.setdefault(key, index)
        if first != index:
            where = " ".join(_origin(columns, first)[1:])
            yield index, f"{table.name}: key {' '.join(map(str, key))} stands already at {where}"


def _dangling(column: Column[Any], values: pa.ChunkedArray, tables: Columns) -> Iterator[tuple[int, str]]:
    for reference in column.foreign_keys:
        target, target_column = reference.target_fullname.split(".")
        known = pc.unique(tables[target][target_column]) if target in tables else pa.array([], values.type)
        missing = pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, known)))
        for index in pc.indices_nonzero(missing).to_pylist():
            read = values[index].as_py()
            yield index, f"{column.table.name}.{column.name}: read {read!r}, which {target} does not have"
