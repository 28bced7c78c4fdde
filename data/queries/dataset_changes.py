"""The changes that a release brought, whole or about one state, plan or commitment, for its feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from data.dialect import time_limit
from data.queries.dataset_rows import SEPARATOR
from data.queries.datasets import Table
from data.schema import key_columns
from data.schema.provenance import changes

MOST_CELLS = 2_000


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


def row_changes(
    connection: Connection, tables: Sequence[Table], about: tuple[str, str] | None, most: int
) -> list[RowChange]:
    """The newest ``most`` changed rows; ``about`` is such as ``("state_code", "14")``. Raises QueryTimeout."""
    statement = select(changes).order_by(changes.c.change_id.desc()).limit(MOST_CELLS)
    if about is not None:
        statement = statement.where(
            or_(false(), *(_concerning(table, *about) for table in tables if about[0] in table.c))
        )
    with time_limit(connection):
        found = [dict(row) for row in connection.execute(statement).mappings()]
    grouped = groupby(found, key=lambda row: (row["release_id"], row["table_name"], row["row_key"], row["kind"]))
    rows = []
    for (release_id, table_name, row_key, kind), cells in grouped:
        listed = list(cells)
        said = [CellChange(cell["column_name"] or "", cell["old"], cell["new"]) for cell in reversed(listed)]
        rows.append(RowChange(release_id, listed[0]["changed_at"], table_name, row_key, kind, said))
    return rows[:most]


def _concerning(table: Table, column: str, value: str) -> ColumnElement[bool]:
    """Whether a change is of a row of ``table`` with ``value`` in ``column``: by its key, or else as the row stands now."""
    keys = key_columns(table)
    if column in keys:
        part = func.split_part(changes.c.row_key, SEPARATOR, keys.index(column) + 1)
        return and_(changes.c.table_name == table.name, part == value)
    if len(keys) > 1:
        return false()
    there = select(table.c[keys[0]]).where(table.c[column] == value)
    return and_(changes.c.table_name == table.name, changes.c.row_key.in_(there))
