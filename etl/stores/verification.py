"""The last check before a release is published: is what stands in the database what was meant to stand there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, ForeignKey, Table, and_, exists, func, literal, select, union_all

from data.published import ReleaseError
from data.schema import TABLES

EXAMPLES = 3


def verify(connection: Connection, expected_rows: Mapping[str, int]) -> None:
    """Compare rows by table with what was written, and see that required values, keys and foreign keys hold.

    Raises ReleaseError with everything that is wrong, not only the first.
    """
    problems: list[str] = []
    counted = _row_counts(connection)
    for table in TABLES.values():
        rows = counted[table.name]
        expected = expected_rows.get(table.name, rows)
        if rows != expected:
            problems.append(f"  {table.name}: {rows} rows, but {expected} were written")
        if rows:
            problems += _empty_where_required(connection, table, rows)
            problems += _repeated_keys(connection, table)
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
                problems += _dangling(connection, key)
    if problems:
        raise ReleaseError("The release does not hold together and was not published:\n" + "\n".join(problems))


def _row_counts(connection: Connection) -> dict[str, int]:
    counts = [select(literal(name), func.count()).select_from(table) for name, table in TABLES.items()]
    return dict(connection.execute(union_all(*counts)).all())


def _empty_where_required(connection: Connection, table: Table, rows: int) -> Iterator[str]:
    required = [column for column in table.columns if not column.nullable]
    filled = connection.execute(select(*map(func.count, required))).one()
    for column, count in zip(required, filled, strict=True):
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
