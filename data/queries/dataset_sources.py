"""Where the rows of an answer come from: the sources, and the copies with their hashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from data.queries.datasets import DatasetQuery
from data.schema.provenance import snapshots, sources

# Named one by one: a release of an older schema may lack columns added since.
_BILINGUAL = [f"{name}_{language}" for name in ("title", "publisher", "license") for language in ("es", "en")]
SOURCE_COLUMNS = ["source_id", *_BILINGUAL, "license_url", "address"]
COPY_COLUMNS = ["snapshot_id", "file", "url", "via", "fetched_at", "sha256"]


@dataclass(frozen=True)
class Copy:
    """One fetched copy of a source: ``fetched_at`` as ISO text, ``sha256`` in hex, ``rows`` of the answer that it gave."""

    snapshot_id: str
    file: str
    url: str | None
    via: str
    fetched_at: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class SourceUsed:
    """A source of an answer, with the texts of its entry in both languages and the copies that were read."""

    source_id: str
    title: dict[str, str]
    publisher: dict[str, str]
    license: dict[str, str]
    license_url: str | None
    address: str | None
    rows: int
    copies: tuple[Copy, ...]


def sources_of(connection: Connection, query: DatasetQuery) -> list[SourceUsed]:
    """The sources of the rows that pass the filters of ``query``, in order of name.

    Tables about the release itself (``releases``, ``changes``...) have none.
    """
    columns = query.table.columns
    if "source_id" not in columns:
        return []
    counted = _counted(connection, query)
    if not counted:
        return []
    known = _known_copies(connection, [snapshot_id for _, snapshot_id, _ in counted if snapshot_id])
    entries = connection.execute(
        select(*(sources.c[name] for name in SOURCE_COLUMNS))
        .where(sources.c.source_id.in_({row[0] for row in counted}))
        .order_by(sources.c.source_id)
    ).mappings()
    return [_source(dict(entry), counted, known) for entry in entries]


def _counted(connection: Connection, query: DatasetQuery) -> list[tuple[str, str | None, int]]:
    """(source, copy, rows of the answer) for each copy that the answer comes from."""
    columns = query.table.columns
    names = [name for name in ("source_id", "snapshot_id") if name in columns]
    keys = [columns[name] for name in names]
    found = connection.execute(query.whole().filtered(*keys, func.count()).group_by(*keys).order_by(*keys))
    return [(row[0], row[1] if len(names) == 2 else None, row[-1]) for row in found if row[0] is not None]


def _known_copies(connection: Connection, snapshot_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not snapshot_ids:
        return {}
    found = connection.execute(
        select(*(snapshots.c[name] for name in COPY_COLUMNS)).where(snapshots.c.snapshot_id.in_(snapshot_ids))
    ).mappings()
    return {row["snapshot_id"]: dict(row) for row in found}


def _source(
    entry: dict[str, Any], counted: Sequence[tuple[str, str | None, int]], known: dict[str, dict[str, Any]]
) -> SourceUsed:
    mine = [row for row in counted if row[0] == entry["source_id"]]
    copies = [
        Copy(snapshot_id, copy["file"], copy["url"], copy["via"], copy["fetched_at"], copy["sha256"], rows)
        for _, snapshot_id, rows in mine
        if snapshot_id and (copy := known.get(snapshot_id))
    ]
    both = {
        name: {lang: entry[f"{name}_{lang}"] for lang in ("es", "en")} for name in ("title", "publisher", "license")
    }
    return SourceUsed(
        source_id=entry["source_id"],
        **both,
        license_url=entry["license_url"],
        address=entry["address"],
        rows=sum(row[2] for row in mine),
        copies=tuple(copies),
    )
