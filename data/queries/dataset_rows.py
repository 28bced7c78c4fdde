"""One row of a dataset by its key, and the rows of other datasets that speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, Text, cast, func, select

from data.dialect import time_limit
from data.queries.dataset_filters import Condition
from data.queries.datasets import DatasetQuery, count, stream
from data.schema import TABLES, VOCABULARIES, column_info, key_columns, public_tables

# What separates the values of a key of several columns, as in `row_key` of changes and findings.
SEPARATOR = "|"
RELATED_ROWS = 25
KINDS = {
    "plans": "plan",
    "commitments": "commitment",
    "exercises": "exercise",
    "technical_secretariats": "technical_secretariat",
    "countries": "country",
    "states": "state",
    "municipalities": "municipality",
    "localities": "locality",
}
# Tables that refer to rows of several others, by kind and id.
BY_KIND = (
    ("participations", "subject_kind", "subject_id"),
    ("plan_jurisdictions", "place_kind", "place_id"),
    ("change_subjects", "subject_kind", "subject_id"),
)
Filters = tuple[tuple[str, str | None], ...]
BY_NAME = ("findings", "changes")


@dataclass(frozen=True)
class Related:
    """Rows of another dataset that refer to a row: the query that gives all, the first of them, and how many there are."""

    query: DatasetQuery
    rows: list[dict[str, Any]]
    total: int


def key_text(table: Table, row: Mapping[str, Any]) -> str:
    """The key of a row as one text: its values joined by ``|``."""
    return SEPARATOR.join(str(row[name]) for name in key_columns(table))


def one(connection: Connection, table: Table, key: str) -> dict[str, Any] | None:
    """The row with that key (as ``key_text`` writes it); None when there is none."""
    columns = [table.c[name] for name in key_columns(table)]
    if "\0" in key or any("\ud800" <= letter <= "\udfff" for letter in key):
        return None
    # Joined as the key is written: a value may itself have a bar.
    said = cast(columns[0], Text) if len(columns) == 1 else func.concat_ws(SEPARATOR, *columns)
    with time_limit(connection):
        found = connection.execute(select(table).where(said == key)).mappings().first()
    return None if found is None else {str(name): value for name, value in found.items()}


def query_of(table: Table, row: Mapping[str, Any]) -> DatasetQuery:
    """The query that gives a row and no other."""
    return DatasetQuery(table, tuple(Condition(table.c[name], "eq", (row[name],)) for name in key_columns(table)))


def related(
    connection: Connection, tables: Mapping[str, Table], table: Table, row: Mapping[str, Any]
) -> Iterator[Related]:
    """What the other datasets of a release (``tables``) say of the row, by name; those that say nothing are left out."""
    key = row[key_columns(table)[0]]
    for name, filters in sorted(_references(table.name)):
        other = tables.get(name)
        if other is None or any(column not in other.columns for column, _ in filters):
            continue
        values = [key if said is None else said or key_text(table, row) for _, said in filters]
        conditions = [
            Condition(other.c[column], "eq", (value,)) for (column, _), value in zip(filters, values, strict=True)
        ]
        query = DatasetQuery(other, tuple(conditions))
        total = count(connection, query)
        if total:
            first = stream(connection, replace(query, limit=RELATED_ROWS))
            yield Related(query, [dict(zip(query.columns, found, strict=True)) for found in first], total)


@lru_cache(maxsize=128)
def _references(name: str) -> tuple[tuple[str, Filters], ...]:
    """The (dataset, filters) that refer to rows of a table; in a filter None stands for the row's key, "" for it as text."""
    table = TABLES[name]
    found: list[tuple[str, Filters]] = []
    if len(key_columns(table)) == 1:
        target = f"{name}.{key_columns(table)[0]}"
        for other in public_tables():
            found += [(other.name, ((column, None),)) for column in _pointing(other, target)]
    for other_name, kind, identifier in BY_KIND:
        if name in KINDS and KINDS[name] in _kinds(other_name, kind):
            found.append((other_name, ((kind, KINDS[name]), (identifier, None))))
    found += [(other_name, (("table_name", name), ("row_key", ""))) for other_name in BY_NAME if other_name != name]
    return tuple(found)


def _pointing(table: Table, target: str) -> list[str]:
    return [
        key.parent.name
        for key in table.foreign_keys
        if key.target_fullname == target and not column_info(key.parent)["provenance"]
    ]


def _kinds(table_name: str, column: str) -> set[str]:
    return set(VOCABULARIES[column_info(TABLES[table_name].c[column])["enum"] or ""])
