"""The changes that a release brought, whole or about one state, plan or commitment, for its feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, case, select

from data.dialect import time_limit
from data.schema import TABLES, table_info
from data.schema.changes import change_subjects, changes

MOST_CELLS = 2_000
# Tables that tell how the data came to be, not what they say: copies, findings, conditions.
BOOKKEEPING = frozenset(name for name, table in TABLES.items() if table_info(table)["subject"] == "provenance")


@dataclass(frozen=True)
class CellChange:
    """A cell before and after; None is no value, an empty ``column`` the row as a whole."""

    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class RowChange:
    """A row added, removed or changed (``kind``) by a release, at ``changed_at`` (ISO)."""

    release_id: str
    changed_at: str
    table_name: str
    row_key: str
    kind: str
    cells: Sequence[CellChange]


def row_changes(connection: Connection, about: tuple[str, str] | None, most: int) -> list[RowChange]:
    """The newest ``most`` changed rows; ``about`` is a kind of ``change_subject`` and an id, such as ``("state", "14")``.

    Of one release facts come before bookkeeping, so that no number of copies and findings pushes a fact out. Raises
    QueryTooMuch.
    """
    bookkeeping = case((changes.c.table_name.in_(sorted(BOOKKEEPING)), 1), else_=0)
    newest = (changes.c.changed_at.desc(), changes.c.release_id.desc(), bookkeeping, changes.c.change_id.desc())
    statement = select(changes).order_by(*newest).limit(MOST_CELLS)
    if about is not None:
        statement = statement.where(concerning(*about))
    with time_limit(connection):
        found = [dict(row) for row in connection.execute(statement).mappings()]
    grouped = groupby(found, key=lambda row: (row["release_id"], row["table_name"], row["row_key"], row["kind"]))
    rows = []
    for (release_id, table_name, row_key, kind), cells in grouped:
        listed = list(cells)
        said = [CellChange(cell["column_name"] or "", cell["old"], cell["new"]) for cell in reversed(listed)]
        rows.append(RowChange(release_id, listed[0]["changed_at"], table_name, row_key, kind, said))
    return rows[:most]


def concerning(kind: str, subject: str) -> ColumnElement[bool]:
    """Whether a change is about a state, a plan or a commitment."""
    about = change_subjects.c
    return changes.c.change_id.in_(
        select(about.change_id).where(about.subject_kind == kind, about.subject_id == subject)
    )
