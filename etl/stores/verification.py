"""The last check before a release is published: is what stands in the database what was meant to stand there?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, ForeignKey, Table, and_, exists, func, select

from data.published import ReleaseError
from data.schema import TABLES

EXAMPLES = 3


def verify(connection: Connection, expected_rows: Mapping[str, int]) -> None:
    """Compare rows by table with what was written, and see that required values, keys and foreign keys hold.

    Raises ReleaseError with everything that is wrong, not only the first.
    """
    problems: list[str] = []
    for table in TABLES.values():
        problems += _rows_and_required(connection, table, expected_rows.get(table.name))
        problems += _repeated_keys(connection, table)
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            problems += _dangling(connection, key)
    if problems:
        raise ReleaseError("The release does not hold together and was not published:\n" + "\n".join(problems))


def _rows_and_required(connection: Connection, table: Table, expected: int | None) -> Iterator[str]:
    required = [column for column in table.columns if not column.nullable]
    counts = select(func.count(), *[func.count(column) for column in required]).select_from(table)
    rows, *filled = connection.execute(counts).one()
    if expected is not None and rows != expected:
        yield f"  {table.name}: {rows} rows, but {expected} were written"
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


def _listed(values: object) -> str:
    return ", ".join(repr(value) for value in values)  # type: ignore[attr-defined]
