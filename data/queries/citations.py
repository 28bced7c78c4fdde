"""Who said it and when it was read: the sources of a view, for the line under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, Connection, case, func, select

from data.schema.provenance import snapshots, sources


@dataclass(frozen=True)
class Citation:
    """A source: its title in both languages and the date (``YYYY-MM-DD``) of its newest copy that is meant."""

    source_id: str
    title_es: str
    title_en: str
    as_of: str | None


def citations(
    connection: Connection, source_ids: Sequence[str], used: CompoundSelect[str] | None = None
) -> list[Citation]:
    """The named sources, in the order named; a source that the release does not have is left out.

    A source can have several files of different dates. Where rows shown come from only some of them, `used` are the ids
    of those copies, and of a source that has one among them only they give the date.
    """
    newest: ColumnElement[str] = func.max(snapshots.c.fetched_at)
    if used is not None:
        newest = func.coalesce(func.max(case((snapshots.c.snapshot_id.in_(used), snapshots.c.fetched_at))), newest)
    query = (
        select(sources.c.source_id, sources.c.title_es, sources.c.title_en, newest)
        .outerjoin(snapshots, snapshots.c.source_id == sources.c.source_id)
        .where(sources.c.source_id.in_(source_ids))
        .group_by(sources.c.source_id, sources.c.title_es, sources.c.title_en)
    )
    found = {
        row[0]: Citation(row[0], row[1], row[2], row[3][:10] if row[3] else None) for row in connection.execute(query)
    }
    return [found[source_id] for source_id in source_ids if source_id in found]
