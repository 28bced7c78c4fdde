"""Checks of each table against its declaration: types, required values, vocabularies, patterns, ranges, keys.

All rules come from ``data/schema``; the column rules are run by pandera. A row that fails is not mended: it is refused
with the column, the value read and what would be right, and with it everything else the same source row gave, so that a
source row is in the release whole or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pandera.pandas as pa
from sqlalchemy import Column, Table

from data.schema import TABLES, VOCABULARIES, column_info, key_columns
from etl.resolve import TableRow, Tables

Origin = tuple[str, str, str]
DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


def check_tables(tables: Tables) -> tuple[Tables, dict[Origin, str]]:
    """The tables without the rows that fail, and why: ``(source_id, snapshot_id, position) -> reason``.

    Repeated until nothing fails, because a refused row leaves others without what they refer to.
    """
    refused: dict[Origin, str] = {}
    clean = tables
    for _ in range(len(TABLES)):
        found = {
            origin: reason
            for table in TABLES.values()
            if table.name in clean
            for origin, reason in _failures(table, clean).items()
        }
        if not found:
            return clean, refused
        refused |= found
        clean = {name: [row for row in rows if origin_of(row) not in found] for name, rows in clean.items()}
    raise AssertionError("rows kept failing after every table had been checked")


def origin_of(row: TableRow) -> Origin:
    """Where a table row came from: source, copy and position."""
    return row["source_id"], row["snapshot_id"], row["source_position"]


def frame_of(table: Table, rows: Iterable[TableRow]) -> pd.DataFrame:
    """Rows as a frame with every column of the table, in its order, typed as declared."""
    frame = pd.DataFrame.from_records(list(rows), columns=[column.name for column in table.columns])
    return frame.astype({c.name: DTYPES.get(column_info(c)["kind"], "object") for c in table.columns})


def _failures(table: Table, tables: Tables) -> dict[Origin, str]:
    rows = tables[table.name]
    failures: dict[int, str] = {}
    unknown = set().union(*(row.keys() for row in rows)) - {column.name for column in table.columns} if rows else set()
    if unknown:
        raise ValueError(
            f"table {table.name} has no column {', '.join(sorted(unknown))}: the parser or the schema is wrong"
        )
    try:
        frame = frame_of(table, rows)
    except (TypeError, ValueError) as error:
        raise ValueError(f"table {table.name}: a parser gave a value of the wrong type ({error})") from error
    failures |= _column_failures(table, frame)
    failures |= _repeated_keys(table, rows)
    failures |= _dangling(table, tables)
    return {origin_of(rows[index]): reason for index, reason in failures.items()}


def _column_failures(table: Table, frame: pd.DataFrame) -> dict[int, str]:
    checked = {c.name: _rules(c) for c in table.columns if not column_info(c)["provenance"]}
    try:
        pa.DataFrameSchema(checked).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        return {
            int(case.index): f"{table.name}.{case.column}: read {case.failure_case!r}; {case.check}"
            for case in cases.itertuples(index=False, name="Case")
            if pd.notna(case.index)
        }
    return {}


def _rules(column: Column[Any]) -> pa.Column:
    info = column_info(column)
    rules = []
    if info["enum"]:
        codes = list(VOCABULARIES[info["enum"]])
        rules.append(pa.Check.isin(codes, error=f"one of {', '.join(codes)} would be right"))
    if info["pattern"]:
        rules.append(pa.Check.str_matches(info["pattern"], error=f"the form {info['pattern']} would be right"))
    if info["kind"] == "url":
        rules.append(pa.Check.str_matches(r"^https?://", error="an http(s) address would be right"))
    if info["minimum"] is not None:
        rules.append(pa.Check.ge(info["minimum"], error=f"at least {info['minimum']} would be right"))
    if info["maximum"] is not None:
        rules.append(pa.Check.le(info["maximum"], error=f"at most {info['maximum']} would be right"))
    return pa.Column(checks=rules, nullable=bool(column.nullable))


def _repeated_keys(table: Table, rows: list[TableRow]) -> dict[int, str]:
    keys = key_columns(table)
    seen: dict[tuple[Any, ...], int] = {}
    repeated = {}
    for index, row in enumerate(rows):
        key = tuple(row.get(column) for column in keys)
        first = seen.setdefault(key, index)
        if first != index:
            where = " ".join(origin_of(rows[first])[1:])
            repeated[index] = f"{table.name}: key {' '.join(map(str, key))} stands already at {where}"
    return repeated


def _dangling(table: Table, tables: Tables) -> dict[int, str]:
    dangling: dict[int, str] = defaultdict(str)
    for column in table.columns:
        if column_info(column)["provenance"]:
            continue
        for reference in column.foreign_keys:
            target, target_column = reference.target_fullname.split(".")
            known = {row.get(target_column) for row in tables.get(target, [])}
            for index, row in enumerate(tables[table.name]):
                value = row.get(column.name)
                if value is not None and value not in known:
                    dangling[index] = f"{table.name}.{column.name}: read {value!r}, which {target} does not have"
    return dict(dangling)
