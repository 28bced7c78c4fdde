"""The last check before a release is published: is what stands in the database what was meant to stand there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Select, Table, and_, exists, func, select

from data.published import ReleaseError
from data.schema import TABLES

EXAMPLES = 3


def verify(connection: Connection, expected_rows: Mapping[str, int]) -> None:
    """Compare rows by table with what was written, and see that required values, keys and foreign keys hold.

    Raises ReleaseError with everything that is wrong, not only the first.
    """
    problems: list[str] = []
    for table in TABLES.values():
        rows, *filled = connection.execute(_counts(table)).one()
        expected = expected_rows.get(table.name, rows)
        if rows != expected:
            problems.append(f"  {table.name}: {rows} rows, but {expected} were written")
        if rows:
            problems += _empty_where_required(table, rows, filled)
            problems += _repeated_keys(connection, table)
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
                problems += _dangling(connection, key)
    if problems:
        raise ReleaseError("The release does not hold together and was not published:\n" + "\n".join(problems))


def _required(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if not column.nullable]


def _counts(table: Table) -> Select[*tuple[Any, ...]]:
    """All rows, then the rows with a value in each required column."""
    return select(func.count(), *map(func.count, _required(table))).select_from(table)


def _empty_where_required(table: Table, rows: int, filled: list[int]) -> Iterator[str]:
    for column, count in zip(_required(table), filled, strict=True):
        if count != rows:
            yield f"  {table.name}.{column.name}: required, but empty in {rows - count} rows"


def _repeated_keys(connection: Connection, table: Table) -> Iterator[str]:
    keys = list(table.primary_key.columns)
    repeated = select(*keys).group_by(*keys).having(func.count() > 1).order_by(*keys)
    if found := connection.execute(repeated.limit(EXAMPLES)).all():
        yield f"  {table.name}: more than one row with key {_listed(tuple(row) for row in found)}"


def _dangling(connection: Connection, key: ForeignKey) -> Iterator[str]:
    column, target = key.parent, key.column
    referred = target.table.alias("referred")
    missing = and_(column.is_not(None), ~exists().where(referred.c[target.name] == column))
    found = connection.scalars(select(column).where(missing).distinct().order_by(column).limit(EXAMPLES)).all()
    if found:
        yield f"  {column.table.name}.{column.name}: not in {target.table.name}.{target.name}: {_listed(found)}"


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(map(repr, values))
