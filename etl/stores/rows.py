"""Rows of a declared table as Arrow columns: the one form in which both stores take, keep and give back data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Boolean, Column, Float, Integer, Table

from data.published import ReleaseError
from data.schema import key_columns
from etl.table_rows import TableRows

if TYPE_CHECKING:
    from pandas import DataFrame

Rows: TypeAlias = "Sequence[Mapping[str, Any]] | pa.Table | DataFrame"

ROWS_AT_ONCE = 10_000
"""Of what is read in parts: a round of the survey has a hundred thousand rows."""

_ARROW_TYPES = [(Boolean, pa.bool_()), (Float, pa.float64()), (Integer, pa.int32())]


def arrow_type(column: Column[Any]) -> pa.DataType:
    """The Arrow type of a declared column: bool, float64, int32 or string."""
    return next((arrow for declared, arrow in _ARROW_TYPES if isinstance(column.type, declared)), pa.string())


def arrow_table(table: Table, rows: Rows) -> pa.Table:
    """The rows with the declared columns, in their order and types; what a row does not give is null.

    Raises ReleaseError naming table and column for a column that is not declared, a value of another type, and what no
    engine keeps faithfully: not-a-number, infinity, U+0000. In a DataFrame, NaN is pandas's way to say null.
    """
    _refuse_undeclared(table, rows)
    columns = [_column(column, rows) for column in table.columns]
    return pa.table(columns, names=[column.name for column in table.columns])


def in_order_of_key(table: Table, columns: pa.Table) -> pa.Table:
    """The rows in the order of the table's key, as they lie in a release."""
    return in_order(key_columns(table), columns)


def in_order(keys: Sequence[str], columns: pa.Table) -> pa.Table:
    """The rows in the order of some columns; the same object where they are in it."""
    return columns if is_in_order(keys, columns) else columns.take(_order(keys, columns))


def is_in_order(keys: Sequence[str], columns: pa.Table) -> bool:
    """Whether the rows are in the order of some columns."""
    return bool(_order(keys, columns).equals(pa.array(np.arange(columns.num_rows, dtype=np.uint64))))


def slices(columns: pa.Table) -> Iterator[pa.Table]:
    """The rows some thousand at a time; one slice where there are none."""
    for start in range(0, max(1, columns.num_rows), ROWS_AT_ONCE):
        yield columns.slice(start, ROWS_AT_ONCE)


def _order(keys: Sequence[str], columns: pa.Table) -> pa.Array:
    return pc.sort_indices(columns, sort_keys=[(name, "ascending") for name in keys])


def _refuse_undeclared(table: Table, rows: Rows) -> None:
    if isinstance(rows, TableRows):
        given = set(rows.column_names)
    elif isinstance(rows, Sequence):
        given = set().union(*rows)
    else:
        given = set(rows.column_names if isinstance(rows, pa.Table) else rows.columns)
    if undeclared := sorted(given - set(table.columns.keys())):
        raise ReleaseError(f"{table.name}: no such column in data/schema: {', '.join(undeclared)}.")


def _column(column: Column[Any], rows: Rows) -> pa.ChunkedArray:
    kind = arrow_type(column)
    try:
        values = _values(column.name, kind, rows)
    except (pa.ArrowException, UnicodeError, OverflowError) as error:
        raise ReleaseError(f"{column.table.name}.{column.name} takes {kind}: {error}") from error
    _refuse_unfaithful(column, kind, values)
    return values


def _values(name: str, kind: pa.DataType, rows: Rows) -> pa.ChunkedArray:
    if isinstance(rows, TableRows):
        return pa.chunked_array([pa.array(rows.column(name), kind)])
    if isinstance(rows, Sequence):
        return pa.chunked_array([pa.array([row.get(name) for row in rows], kind)])
    if isinstance(rows, pa.Table):
        given = rows[name].cast(kind) if name in rows.column_names else pa.nulls(rows.num_rows, kind)
    else:
        given = pa.array(rows[name], kind, from_pandas=True) if name in rows.columns else pa.nulls(len(rows), kind)
    return given if isinstance(given, pa.ChunkedArray) else pa.chunked_array([given])


def _refuse_unfaithful(column: Column[Any], kind: pa.DataType, values: pa.ChunkedArray) -> None:
    if pa.types.is_floating(kind) and not pc.all(pc.is_finite(values), min_count=0).as_py():
        raise ReleaseError(f"{column.table.name}.{column.name} has a value that is no finite number; unknown is None.")
    if pa.types.is_string(kind) and any(map(_has_zero, values.chunks)):
        raise ReleaseError(f"{column.table.name}.{column.name} has a text with U+0000, which databases do not keep.")


def _has_zero(texts: pa.StringArray) -> bool:
    """Whether any text has U+0000, the only character with a byte 0; far quicker than looking into each text."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return False
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return not np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]].all()
