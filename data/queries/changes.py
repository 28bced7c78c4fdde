"""What each release changed against the one before it, and the list of the releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from data.queries.dataset_changes import BOOKKEEPING, concerning
from data.schema.changes import changes
from data.schema.provenance import release_tables, releases

# A kind of ``change_subject`` and an id: ``("state", "14")``.
Subject = tuple[str, str]


@dataclass(frozen=True)
class Release:
    """A published release: hashes in hex, `built_at` an ISO moment in UTC, `rows` in all its tables together.

    `rows_changed` counts the rows that were added, removed or changed against `previous_release_id`.
    """

    release_id: str
    built_at: str
    input_hash: str
    content_hash: str
    schema_version: str
    git_commit: str | None
    previous_release_id: str | None
    rows: int
    rows_changed: int


@dataclass(frozen=True)
class TableChanges:
    """How many rows of a table a release added, removed and changed, and in how many cells."""

    table_name: str
    added: int
    removed: int
    changed: int
    cells: int

    @property
    def rows(self) -> int:
        """Rows touched in any way."""
        return self.added + self.removed + self.changed

    @property
    def is_bookkeeping(self) -> bool:
        """Whether the table tells how the data came to be, and not what they say."""
        return self.table_name in BOOKKEEPING

    def __add__(self, other: TableChanges) -> TableChanges:
        return TableChanges(
            "",
            self.added + other.added,
            self.removed + other.removed,
            self.changed + other.changed,
            self.cells + other.cells,
        )


NO_CHANGES = TableChanges("", 0, 0, 0, 0)


@dataclass(frozen=True)
class Change:
    """A row added or removed, or a cell changed (`column_name`, `old` and `new` as text, None for no value)."""

    table_name: str
    row_key: str
    kind: str
    column_name: str | None
    old: str | None
    new: str | None


def release_list(connection: Connection) -> list[Release]:
    """The releases that this one knows of, itself first."""
    rows = (
        select(release_tables.c.release_id, func.sum(release_tables.c.row_count).label("rows"))
        .group_by(release_tables.c.release_id)
        .subquery()
    )
    touched = _touched(connection)
    query = (
        select(
            releases.c.release_id,
            releases.c.built_at,
            releases.c.input_hash,
            releases.c.content_hash,
            releases.c.schema_version,
            releases.c.git_commit,
            releases.c.previous_release_id,
            rows.c.rows,
        )
        .outerjoin(rows, rows.c.release_id == releases.c.release_id)
        .order_by(releases.c.release_id.desc())
    )
    return [
        Release(*row[:7], rows=int(row[7] or 0), rows_changed=touched.get(row[0], 0))
        for row in connection.execute(query)
    ]


def table_changes(
    connection: Connection, release_id: str, table_name: str | None = None, about: Sequence[Subject] = ()
) -> list[TableChanges]:
    """What a release changed, by table: those with most rows touched first, bookkeeping last.

    Tables without a change are left out; ``about`` keeps what concerns all of these.
    """
    columns = changes.c
    query = (
        select(columns.table_name, columns.kind, func.count(columns.row_key.distinct()), func.count())
        .where(_of(release_id, table_name, None, about))
        .group_by(columns.table_name, columns.kind)
    )
    counted: dict[str, dict[str, tuple[int, int]]] = {}
    for table, kind, rows, cells in connection.execute(query):
        counted.setdefault(table, {})[kind] = (rows, cells)
    none = (0, 0)
    found = [
        TableChanges(
            table,
            added=kinds.get("added", none)[0],
            removed=kinds.get("removed", none)[0],
            changed=kinds.get("changed", none)[0],
            cells=kinds.get("changed", none)[1],
        )
        for table, kinds in counted.items()
    ]
    return sorted(found, key=lambda one: (one.is_bookkeeping, -one.rows, one.table_name))


def change_count(
    connection: Connection, release_id: str, table_name: str | None, kind: str | None, about: Sequence[Subject] = ()
) -> int:
    """How many changes there are with these filters."""
    wanted = _of(release_id, table_name, kind, about)
    return connection.scalar(select(func.count()).select_from(changes).where(wanted)) or 0


def change_page(
    connection: Connection,
    release_id: str,
    table_name: str | None,
    kind: str | None,
    first: int,
    last: int,
    about: Sequence[Subject] = (),
) -> Sequence[Change]:
    """The changes with these filters, from the first to the last asked for (counted from 1, both included).

    They come in order of table and row, bookkeeping last.
    """
    columns, wanted = changes.c, _of(release_id, table_name, kind, about)
    query = (
        select(columns.table_name, columns.row_key, columns.kind, columns.column_name, columns.old, columns.new)
        .where(wanted)
        .order_by(case((columns.table_name.in_(sorted(BOOKKEEPING)), 1), else_=0), columns.change_id)
        .limit(last - first + 1)
        .offset(first - 1)
    )
    return [Change(*row) for row in connection.execute(query)]


def _touched(connection: Connection) -> dict[str, int]:
    """Rows touched by release: a row of which several cells changed counts once."""
    columns = changes.c
    rows = select(columns.release_id, columns.table_name, columns.row_key).distinct().subquery()
    query = select(rows.c.release_id, func.count()).group_by(rows.c.release_id)
    return dict(map(tuple, connection.execute(query)))


def _of(
    release_id: str, table_name: str | None, kind: str | None, about: Sequence[Subject] = ()
) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [changes.c.release_id == release_id]
    conditions += [concerning(*subject) for subject in about]
    if table_name is not None:
        conditions.append(changes.c.table_name == table_name)
    if kind is not None:
        conditions.append(changes.c.kind == kind)
    return and_(*conditions)
