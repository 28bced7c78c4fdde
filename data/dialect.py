"""What only one engine speaks: text without accents, the end of a query that takes too long, the order rows are kept in."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    Text,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from data.schema import key_columns
from data.time_limits import WATCH, Running

QUERY_SECONDS = 10.0
CANCELLED = "57014"
OUT_OF_MEMORY = "OutOfMemoryException"

_in_order: weakref.WeakKeyDictionary[Engine, dict[tuple[str, int], bool]] = weakref.WeakKeyDictionary()


class QueryTooMuch(Exception):
    """A query takes more time or memory than readers may ask for."""


class QueryTimeout(QueryTooMuch):
    """A query took longer than readers may ask for."""


class QueryTooLarge(QueryTooMuch):
    """A query needs more memory than readers may ask for: the sort of a table that is large and wide."""


class folded(FunctionElement[str]):
    """A text without accents and in small letters (``Michoacán`` and ``MICHOACAN`` are ``michoacan``).

    Sorting by it gives the same order on both engines, whatever the server's collation.
    """

    name = "folded"
    type = Text()
    inherit_cache = True


@compiles(folded, "duckdb")
def _folded_duckdb(element: folded, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower(strip_accents({compiler.process(element.clauses, **options)}))"


@compiles(folded, "postgresql")
def _folded_postgresql(element: folded, compiler: SQLCompiler, **options: Any) -> str:
    # Not the extension `unaccent`, which not every server lets us install.
    decomposed = f"normalize({compiler.process(element.clauses, **options)}, NFD)"
    return f"""(lower(regexp_replace({decomposed}, '[\\u0300-\\u036f]', '', 'g')) COLLATE "C")"""


def contains(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Whether the column has the words somewhere, whatever their accents and capitals; ``%`` and ``_`` are plain."""
    return func.strpos(folded(column), folded(literal(words, Text))) > 0


@contextmanager
def time_limit(connection: Connection, seconds: float = QUERY_SECONDS) -> Iterator[None]:
    """Raise QueryTimeout when what is asked of ``connection`` inside takes longer than ``seconds``, and QueryTooLarge
    when it takes more memory than the engine has.

    PostgreSQL ends a query itself (``statement_timeout`` of the reader's login); DuckDB has to be interrupted.
    """
    running: Running | None = None
    if connection.dialect.name == "duckdb":
        running = WATCH.begin(seconds, connection.connection.driver_connection.interrupt)  # type: ignore[union-attr]
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)
        if (running and running.ended) or getattr(cause, "sqlstate", None) == CANCELLED:
            raise QueryTimeout(f"the query took longer than {seconds:g} s") from error
        # By name: DuckDB is imported with the first connection and not before.
        if type(cause).__name__ == OUT_OF_MEMORY:
            raise QueryTooLarge("the query takes more memory than there is") from error
        raise
    finally:
        if running is not None:
            WATCH.finish(running)


def in_key_order(connection: Connection, table: Table, small: int) -> bool:
    """Whether reading ``table`` without a sort gives its rows in the order of their key.

    DuckDB hands rows out as they were loaded; sorting a large table would take memory in proportion to it. Tables up to
    ``small`` rows are not looked at (False), nor are those of PostgreSQL, which promises no order and sorts elsewhere.
    """
    if connection.dialect.name != "duckdb":
        return False
    known = _in_order.setdefault(connection.engine, {})
    asked = (table.name, small)
    if asked not in known:
        known[asked] = _looks_ordered(connection, table, small)
    return known[asked]


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


def held_columns(connection: Connection) -> dict[str, set[str]]:
    """The tables of the release behind the connection and their columns: those of its time, not of this code."""
    columns = table(
        "columns", column("table_schema"), column("table_name"), column("column_name"), schema="information_schema"
    )
    translated = connection.get_execution_options().get("schema_translate_map") or {}
    schema = literal(translated[None]) if None in translated else func.current_schema()
    held: dict[str, set[str]] = {}
    names = select(columns.c.table_name, columns.c.column_name).where(columns.c.table_schema == schema)
    for table_name, column_name in connection.execute(names):
        held.setdefault(table_name, set()).add(column_name)
    return held
