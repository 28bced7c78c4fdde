"""From the rows of all sources to one row per thing: one id for a commitment, one row where several sources describe it.

A parser gives a commitment the id its own source allows (``MX-P2-05``); the crosswalk ``commitment_ids`` says which other
id it goes by. Here every provisional id becomes the canonical one in all tables, and the tables that several sources
feed are merged: the source with the highest priority gives the row, the others fill only what it leaves open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from data.schema import TABLES, key_columns, table_info

TableRow = dict[str, Any]
Tables = dict[str, list[TableRow]]
TablesRead = Mapping[str, Sequence[TableRow]]

# A register in which ids of this form are inferred from an order says nothing about who is who.
_TRUSTED = {"read", "given", "matched_by_number", "matched_by_topic"}


def combine(parsed: Sequence[tuple[int, Mapping[str, Sequence[TableRow]]]]) -> Tables:
    """The tables of all sources as one: ids resolved, shared rows merged.

    ``parsed`` gives ``(priority of the source, its tables)``; among equal priorities the first counts as higher.
    """
    ordered = [tables for _, tables in sorted(parsed, key=lambda pair: -pair[0])]
    combined: Tables = {}
    for tables in ordered:
        for name, rows in tables.items():
            combined.setdefault(name, []).extend(rows)
    canonical = canonical_ids(combined.get("commitment_ids", []))
    if canonical:
        rename_commitments(combined, canonical)
    return {name: merge(name, rows) if table_info(TABLES[name])["merge"] else rows for name, rows in combined.items()}


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


def rename_commitments(tables: Tables, canonical: Mapping[str, str]) -> None:
    """Write the canonical id in every column that refers to a commitment, in place."""
    for name, rows in tables.items():
        columns = _commitment_columns(name)
        for row in rows:
            for column in columns:
                value = row.get(column)
                if isinstance(value, str):
                    row[column] = canonical.get(value, value)
            if name == "participations" and row["subject_kind"] == "commitment":
                row["subject_id"] = canonical.get(row["subject_id"], row["subject_id"])


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
