"""From the rows of all sources to one row per thing: one id for a commitment, one row where several sources describe it.

A parser gives a commitment the id its own source allows (``MX-P2-05``); the crosswalk ``commitment_ids`` says which other
id it goes by. Here every provisional id becomes the canonical one in all tables, and the tables that several sources
feed are merged: the source with the highest priority gives the row, the others fill only what it leaves open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from data.schema import TABLES, key_columns, table_info
from etl.table_rows import TableRow, TableRows

Tables = dict[str, Sequence[TableRow]]
TablesRead = Mapping[str, Sequence[TableRow]]

# A register in which ids of this form are inferred from an order says nothing about who is who.
_TRUSTED = {"read", "given", "matched_by_number", "matched_by_topic"}


def combine(parsed: Sequence[tuple[int, Mapping[str, TableRows]]]) -> Tables:
    """The tables of all sources as one: ids resolved, shared rows merged.

    ``parsed`` gives ``(priority of the source, its tables)``; among equal priorities the first counts as higher. Ids are
    resolved in these tables themselves.
    """
    ordered = [tables for _, tables in sorted(parsed, key=lambda pair: -pair[0])]
    canonical = canonical_ids(row for tables in ordered for row in tables.get("commitment_ids", []))
    parts: dict[str, list[TableRows]] = {}
    for tables in ordered:
        if canonical:
            rename_commitments(tables, canonical)
        for name, rows in tables.items():
            parts.setdefault(name, []).append(rows)
    return {name: _together(name, given) for name, given in parts.items()}


def _together(name: str, given: Sequence[TableRows]) -> Sequence[TableRow]:
    if table_info(TABLES[name])["merge"]:
        return merge(name, chain.from_iterable(given))
    return given[0] if len(given) == 1 else TableRows(chain.from_iterable(given))


def canonical_ids(crosswalk: Iterable[TableRow]) -> dict[str, str]:
    """Provisional id -> canonical id, from the crosswalk rows that were read or given, not inferred from an order.

    Chains are followed to their end: ``MX-P2-05`` -> ``MX0042``.
    """
    direct = {
        row["register_id"]: row["commitment_id"]
        for row in crosswalk
        if row["basis"] in _TRUSTED and row["register_id"] != row["commitment_id"]
    }
    return {provisional: _last(direct, provisional) for provisional in direct}


def rename_commitments(tables: Mapping[str, TableRows], canonical: Mapping[str, str]) -> None:
    """Write the canonical id in every column that refers to a commitment, in place."""
    for name, rows in tables.items():
        for column in _commitment_columns(name):
            rows.replace(column, canonical)
        if name == "participations":
            rows.replace("subject_id", canonical, where=("subject_kind", "commitment"))


def merge(name: str, rows: Iterable[TableRow]) -> list[TableRow]:
    """One row per key of a table that several sources describe; rows come with the weightiest source first."""
    keys = key_columns(TABLES[name])
    merged: dict[tuple[Any, ...], TableRow] = {}
    for row in rows:
        key = tuple(row.get(column) for column in keys)
        first = merged.setdefault(key, row)
        if first is not row:
            for column, value in row.items():
                if first.get(column) is None and value is not None:
                    first[column] = value
    return list(merged.values())


def _commitment_columns(name: str) -> list[str]:
    if name == "commitments":
        return ["commitment_id"]
    columns = TABLES[name].columns
    return [
        column.name
        for column in columns
        if any(key.target_fullname == "commitments.commitment_id" for key in column.foreign_keys)
    ]


def _last(direct: Mapping[str, str], start: str) -> str:
    seen = {start}
    current = direct[start]
    while current in direct and current not in seen:
        seen.add(current)
        current = direct[current]
    return current
