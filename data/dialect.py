"""What only one engine speaks: ending a query that takes too long, and the order in which DuckDB keeps rows."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table, func, literal_column, select, tuple_

from data.schema import key_columns

QUERY_SECONDS = 10.0
CANCELLED = "57014"

_in_order: weakref.WeakKeyDictionary[Engine, dict[str, bool]] = weakref.WeakKeyDictionary()


class QueryTimeout(Exception):
    """A query took longer than readers may ask for."""


@contextmanager
def time_limit(connection: Connection, seconds: float = QUERY_SECONDS) -> Iterator[None]:
    """Raise QueryTimeout when what is asked of ``connection`` inside takes longer than ``seconds``.

    PostgreSQL ends a query itself (``statement_timeout`` of the reader's login); DuckDB has to be interrupted.
    """
    expired = threading.Event()
    timer: threading.Timer | None = None
    if connection.dialect.name == "duckdb":
        timer = threading.Timer(seconds, _interrupt, [connection.connection.driver_connection, expired])
        timer.daemon = True
        timer.start()
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)
        if expired.is_set() or getattr(cause, "sqlstate", None) == CANCELLED:
            raise QueryTimeout(f"the query took longer than {seconds:g} s") from error
        raise
    finally:
        if timer is not None:
            timer.cancel()


def in_key_order(connection: Connection, table: Table, small: int) -> bool:
    """Whether reading ``table`` without a sort gives its rows in the order of their key.

    DuckDB hands rows out as they were loaded; sorting a large table would take memory in proportion to it. Tables up to
    ``small`` rows are not looked at (False), nor are those of PostgreSQL, which promises no order and sorts elsewhere.
    """
    if connection.dialect.name != "duckdb":
        return False
    known = _in_order.setdefault(connection.engine, {})
    if table.name not in known:
        known[table.name] = _looks_ordered(connection, table, small)
    return known[table.name]


def _looks_ordered(connection: Connection, table: Table, small: int) -> bool:
    if (connection.scalar(select(func.count()).select_from(table)) or 0) <= small:
        return False
    keys = [table.c[name] for name in key_columns(table)]
    # A window without order looks at one row after another as they stand, and keeps none of them.
    before = [func.lag(key).over().label(f"before_{key.name}") for key in keys]
    pairs = select(*keys, *before).subquery()
    row = tuple_(*(pairs.c[key.name] for key in keys))
    previous = tuple_(*(pairs.c[f"before_{key.name}"] for key in keys))
    first = pairs.c[f"before_{keys[0].name}"]
    return connection.scalar(select(literal_column("1")).where(first.is_not(None), row <= previous).limit(1)) is None


def _interrupt(driver: object, expired: threading.Event) -> None:
    expired.set()
    driver.interrupt()  # type: ignore[attr-defined]
