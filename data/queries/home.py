"""What the front page says: published figures, where sources contradict each other, and what changed lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from data.queries.changes import Change, TableChanges, change_page, table_changes
from data.queries.dataset_changes import BOOKKEEPING
from data.queries.findings import said
from data.schema.changes import changes
from data.schema.figures import indicators
from data.schema.findings import finding_sides, findings
from data.schema.provenance import releases


@dataclass(frozen=True)
class Figure:
    """A published figure: `value` in `unit`, out of `denominator` where one was published.

    `as_of` is a partial date, None where the source gives none; `qualifier` is ``more_than``, ``up_to`` or None.
    """

    indicator: str
    value: float
    unit: str
    denominator: float | None
    as_of: str | None
    qualifier: str | None
    reference: str
    source_url: str | None


@dataclass(frozen=True)
class Side:
    """What one source says in a contradiction; `as_of` is a partial date."""

    says_es: str
    says_en: str
    source_id: str | None
    as_of: str | None
    source_url: str | None


@dataclass(frozen=True)
class Contradiction:
    """Two or more sources that do not say the same of one fact."""

    check_id: str
    message_es: str
    message_en: str
    sides: Sequence[Side]


@dataclass(frozen=True)
class News:
    """What the newest release that changed a fact brought: when, how much in which tables, and its first changes."""

    release_id: str
    changed_at: str
    tables: Sequence[TableChanges]
    first: Sequence[Change]


def newest_figures(connection: Connection, names: Sequence[str]) -> dict[str, Figure]:
    """The newest dated national figure of each name, by name; an undated one only where none is dated."""
    columns = indicators.c
    query = select(
        columns.indicator,
        columns.value,
        columns.unit,
        columns.denominator,
        columns.as_of,
        columns.qualifier,
        columns.reference,
        columns.source_url,
    ).where(columns.indicator.in_(names), columns.scope == "national")
    rows = sorted(connection.execute(query), key=lambda row: (row.as_of, row.reference))
    return {row.indicator: Figure(*row[:4], row.as_of or None, *row[5:]) for row in rows}


def contradictions(connection: Connection, check_ids: Sequence[str]) -> list[Contradiction]:
    """The contradictions found by the named checks, in the order named, each with its sides."""
    sides: dict[str, list[Side]] = defaultdict(list)
    found = (
        select(findings.c.finding_id, findings.c.check_id, findings.c.message_es, findings.c.message_en)
        .where(findings.c.check_id.in_(check_ids))
        .subquery()
    )
    columns = finding_sides.c
    query = (
        select(found, *said(), columns.source_id, columns.as_of, columns.source_url)
        .join(finding_sides, columns.finding_id == found.c.finding_id)
        .order_by(found.c.finding_id, columns.position)
    )
    messages: dict[str, tuple[str, str, str]] = {}
    for row in connection.execute(query):
        messages[row.finding_id] = (row.check_id, row.message_es, row.message_en)
        sides[row.finding_id].append(Side(row.says_es, row.says_en, row.source_id, row.as_of or None, row.source_url))
    listed = [Contradiction(*said, sides[finding_id]) for finding_id, said in messages.items()]
    return sorted(listed, key=lambda item: check_ids.index(item.check_id))


def news(connection: Connection, most: int) -> News | None:
    """The newest release that changed a fact, with up to `most` of its changes; None where none did.

    Copies, findings and conditions are no facts: they tell how the data came to be.
    """
    columns = changes.c
    query = (
        select(columns.release_id, columns.changed_at)
        .where(columns.table_name.not_in(sorted(BOOKKEEPING)))
        .order_by(columns.changed_at.desc(), columns.release_id.desc())
        .limit(1)
    )
    newest = connection.execute(query).first()
    if newest is None:
        return None
    tables = [found for found in table_changes(connection, newest.release_id) if not found.is_bookkeeping]
    first = change_page(connection, newest.release_id, None, None, 1, most)
    told = [change for change in first if change.table_name not in BOOKKEEPING]
    return News(newest.release_id, newest.changed_at, tables, told)


def release_count(connection: Connection) -> int:
    """How many releases this installation has published, this one included."""
    return int(connection.execute(select(func.count()).select_from(releases)).scalar_one())
