"""What a release knows of its datasets: how many rows, from which sources, with which warnings, how full each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, literal, select, union_all

from data.database import ReleaseHandle
from data.queries.dataset_sources import SOURCE_COLUMNS, SourceUsed, sources_of
from data.queries.dataset_tables import tables_of
from data.queries.datasets import DatasetQuery, Table, parse, stream
from data.schema.provenance import source_warnings, sources

PREVIEW_ROWS = 8
SUMMARY = ("summary_es", "summary_en")


@dataclass(frozen=True)
class Entry:
    """A dataset in a catalogue: ``rows`` it has, ids of its sources, codes of their warnings (``usage_warning``)."""

    name: str
    table: Table
    rows: int
    source_ids: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class SourceEntry:
    """A source as the release describes it; texts by language."""

    source_id: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    publisher: Mapping[str, str]
    license: Mapping[str, str]
    license_url: str | None
    address: str | None


@dataclass(frozen=True)
class Profile:
    """A dataset looked at closely: the filled cells of each column, the first rows, and the copies it was read from."""

    rows: int
    filled: Mapping[str, int]
    preview: Sequence[Sequence[Any]]
    sources: Sequence[SourceUsed]


def catalogue(handle: ReleaseHandle) -> list[Entry]:
    """Every public dataset of the release, in order of name."""
    tables = tables_of(handle)
    with handle.connect() as connection:
        by_dataset = _sources_by_dataset(connection, tables)
        warned = connection.execute(select(source_warnings.c.source_id, source_warnings.c.warning)).all()
        counts = {name: handle.info.rows.get(name) for name in tables}
        missing = [name for name, rows in counts.items() if rows is None]
        counts |= {name: connection.scalar(select(func.count()).select_from(tables[name])) for name in missing}
    return [
        Entry(
            name,
            table,
            counts[name] or 0,
            tuple(by_dataset.get(name, ())),
            tuple(sorted({code for source_id, code in warned if source_id in by_dataset.get(name, ())})),
        )
        for name, table in tables.items()
    ]


def source_entries(handle: ReleaseHandle) -> dict[str, SourceEntry]:
    """The sources of the release, by id."""
    with handle.connect() as connection:
        found = [
            dict(row)
            for row in connection.execute(
                select(*(sources.c[name] for name in (*SOURCE_COLUMNS, *SUMMARY))).order_by(sources.c.source_id)
            ).mappings()
        ]
    return {row["source_id"]: _source_entry(row) for row in found}


def profile(handle: ReleaseHandle, table: Table) -> Profile:
    """A dataset looked at closely. One pass over its columns, which takes time in proportion to its cells."""
    query = DatasetQuery(table)
    first = parse(table, [("limit", str(PREVIEW_ROWS))])
    with handle.connect() as connection:
        counted = connection.execute(select(func.count(), *(func.count(column) for column in table.columns))).one()
        names = [str(column.name) for column in table.columns]
        return Profile(
            counted[0],
            dict(zip(names, counted[1:], strict=True)),
            [tuple(row) for row in stream(connection, first)],
            sources_of(connection, query),
        )


def _source_entry(row: Mapping[str, Any]) -> SourceEntry:
    def both(name: str) -> dict[str, str]:
        return {language: row[f"{name}_{language}"] for language in ("es", "en")}

    return SourceEntry(
        row["source_id"],
        both("title"),
        both("summary"),
        both("publisher"),
        both("license"),
        row["license_url"],
        row["address"],
    )


def _sources_by_dataset(connection: Connection, tables: Mapping[str, Table]) -> dict[str, list[str]]:
    """The sources of each dataset whose rows name one, in one query."""
    parts = [
        select(literal(name).label("name"), table.c.source_id).distinct()
        for name, table in tables.items()
        if "source_id" in table.columns
    ]
    found: dict[str, list[str]] = {}
    for name, source_id in sorted(row for row in connection.execute(union_all(*parts)) if row[1] is not None):
        found.setdefault(name, []).append(source_id)
    return found
