"""One query language for every dataset, shared by downloads, API and pages.

    query = parse(table("states"), [("capital.contains", "leon"), ("sort", "-population_2020"), ("limit", "10")])
    with release.connect() as connection:
        for row in stream(connection, query): ...

Parameters: filters (``data.queries.dataset_filters``), ``select``, ``sort``, ``limit``, ``after``. Whatever a dataset does
not take is a QueryError that names the parameter. Values reach the engine as parameters, never as SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, Row, Select, Table, func, select

from data.dialect import in_key_order, time_limit
from data.queries.dataset_filters import Condition, Message, QueryError, Value, condition
from data.queries.dataset_order import Order, Place, after, cursor, orders, place_of, total_order
from data.schema import TABLES, public_tables

__all__ = [
    "RESERVED",
    "Condition",
    "DatasetQuery",
    "Message",
    "QueryError",
    "Table",
    "UnknownDataset",
    "Value",
    "count",
    "dataset",
    "datasets",
    "in_batches",
    "page",
    "parse",
    "stream",
]

RESERVED = ("select", "sort", "limit", "after")
MOST_CONDITIONS = 40
MOST_ROWS = 100_000_000
ROWS_AT_A_TIME = 1_000
# Below this, sorting is cheaper than looking whether it is needed.
SORTED_WITHOUT_THOUGHT = 300


class UnknownDataset(LookupError):
    """There is no public dataset of that name."""


@dataclass(frozen=True)
class DatasetQuery:
    """What is asked of one dataset: which rows, which columns, in which order, and how many."""

    table: Table
    conditions: tuple[Condition, ...] = ()
    selected: tuple[str, ...] = ()
    sort: tuple[Order, ...] = ()
    limit: int | None = None
    place: Place | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of each row, in order."""
        # Plain str: the keys of a table are a kind of their own, which JSON writers refuse.
        return self.selected or tuple(map(str, self.table.columns.keys()))

    @property
    def order(self) -> tuple[Order, ...]:
        """The order of the rows, which is total."""
        return total_order(self.table, self.sort)

    def pairs(self) -> list[tuple[str, str]]:
        """The query as an address writes it, always in the same way."""
        pairs = [pair for one in self.conditions for pair in one.pairs()]
        if self.selected:
            pairs.append(("select", ",".join(self.selected)))
        if self.sort:
            pairs.append(("sort", ",".join(map(str, self.sort))))
        if self.limit is not None:
            pairs.append(("limit", str(self.limit)))
        if self.place is not None:
            pairs.append(("after", cursor(self.order, self.place)))
        return pairs

    def canonical(self) -> str:
        """The query string, without ``?``: equal for queries that ask for the same."""
        return urlencode(self.pairs())

    def whole(self) -> DatasetQuery:
        """The same rows without limit or place."""
        return replace(self, limit=None, place=None)

    def filtered(self, *columns: Any) -> Select[Any]:
        """``columns`` of the rows that pass the filters, in no order."""
        statement = select(*columns).where(*(one.clause() for one in self.conditions))
        return statement if self.place is None else statement.where(after(self.order, self.place))

    def statement(self, *, further: Sequence[str] = (), ordered: bool = True) -> Select[Any]:
        """The query as SQLAlchemy Core; ``further`` columns stand after those asked for."""
        statement = self.filtered(*(self.table.c[name] for name in (*self.columns, *further)))
        if ordered:
            statement = statement.order_by(*(order.clause() for order in self.order))
        return statement.limit(self.limit)


def datasets() -> tuple[str, ...]:
    """The names of the public datasets, in order of name."""
    return _public()


def dataset(name: str) -> Table:
    """The public dataset of that name; raises UnknownDataset."""
    if name not in _public():
        raise UnknownDataset(name)
    return TABLES[name]


@lru_cache(maxsize=1)
def _public() -> tuple[str, ...]:
    return tuple(sorted(str(table.name) for table in public_tables()))


def parse(table: Table, parameters: Iterable[tuple[str, str]], *, most: int = MOST_ROWS) -> DatasetQuery:
    """The query that ``parameters`` (name, text) ask of ``table``; ``most`` is the largest ``limit``. Raises QueryError."""
    given: dict[str, list[str]] = {}
    for name, text in parameters:
        given.setdefault(name, []).append(text)
    reserved = {name: given.pop(name, []) for name in RESERVED}
    if len(given) > MOST_CONDITIONS:
        limit = Message(f"admite hasta {MOST_CONDITIONS} filtros", f"takes up to {MOST_CONDITIONS} filters")
        raise QueryError(list(given)[MOST_CONDITIONS], limit)
    conditions = [_condition(table, name, texts) for name, texts in given.items()]
    query = DatasetQuery(
        table,
        tuple(sorted(conditions, key=lambda one: one.parameter)),
        _selected(table, reserved["select"]),
        orders(table, reserved["sort"]),
        _limit(reserved["limit"], most),
    )
    texts = _once("after", reserved["after"])
    return replace(query, place=place_of(query.order, texts)) if texts is not None else query


def stream(connection: Connection, query: DatasetQuery) -> Iterator[Row[Any]]:
    """The rows one by one, never all in memory. Raises SQLAlchemyError, and QueryTooMuch of ``data.dialect``."""
    for rows in in_batches(connection, query):
        yield from rows


def in_batches(connection: Connection, query: DatasetQuery, size: int = ROWS_AT_A_TIME) -> Iterator[Sequence[Row[Any]]]:
    """The rows in lists of ``size``: what fast writers take. Raises as ``stream``."""
    ordered = bool(query.sort) or not in_key_order(connection, query.table, SORTED_WITHOUT_THOUGHT)
    # The engine would gather the rows up to a limit before it gives the first one, which a batch of them may cost.
    asked = query if ordered or (query.limit or 0) <= size else replace(query, limit=None)
    statement = asked.statement(ordered=ordered).execution_options(yield_per=size)
    with time_limit(connection):
        result = connection.execute(statement)
    with result:
        batches = iter(result.partitions())
        left = query.limit
        while left is None or left > 0:
            # The limit is on the engine's time, not on that of a reader with a slow line.
            with time_limit(connection):
                rows = next(batches, None)
            if rows is None:
                return
            yield rows[:left]
            left = None if left is None else left - len(rows)


def page(connection: Connection, query: DatasetQuery) -> tuple[list[Sequence[Any]], str | None]:
    """The rows of one page (``query.limit`` of them at most) and the ``after`` of the next page; None on the last.

    Raises ValueError for a query without limit.
    """
    if query.limit is None:
        raise ValueError("a page has a limit")
    names = query.columns
    further = [order.column.name for order in query.order if order.column.name not in names]
    asked = replace(query, limit=query.limit + 1)
    # Where the rows stand in order, the engine reads no further than the page; to sort, it would look at every row.
    ordered = bool(query.sort) or not in_key_order(connection, query.table, SORTED_WITHOUT_THOUGHT)
    with time_limit(connection), connection.execute(asked.statement(further=further, ordered=ordered)) as result:
        found = [tuple(row) for row in result.all()]
    rows = found[: query.limit]
    following = None
    if len(found) > query.limit:
        last = dict(zip((*names, *further), rows[-1], strict=True))
        following = cursor(query.order, tuple(last[order.column.name] for order in query.order))
    return [row[: len(names)] for row in rows], following


def count(connection: Connection, query: DatasetQuery) -> int:
    """How many rows pass the filters, whatever limit and place say."""
    with time_limit(connection):
        return connection.scalar(query.whole().filtered(func.count()).select_from(query.table)) or 0


def _condition(table: Table, parameter: str, texts: Sequence[str]) -> Condition:
    name, dot, operator = parameter.partition(".")
    column = table.columns.get(name)
    if column is None:
        said = Message(f"no es una columna de {table.name}", f"is no column of {table.name}")
        raise QueryError(parameter[:80], said, (*table.columns.keys(), *RESERVED))
    return condition(column, parameter[:80], operator if dot else "eq", texts)


def _selected(table: Table, texts: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for text in texts for part in text.split(",")))
    for name in names:
        if name not in table.columns:
            said = Message(
                f"«{name[:60]}» no es una columna de {table.name}", f"“{name[:60]}” is no column of {table.name}"
            )
            raise QueryError("select", said, tuple(table.columns.keys()))
    return names


def _limit(texts: Sequence[str], most: int) -> int | None:
    text = _once("limit", texts)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise QueryError("limit", Message(f"es un número entre 1 y {most}", f"is a number between 1 and {most}"))
    return int(text)


def _once(parameter: str, texts: Sequence[str]) -> str | None:
    if len(texts) > 1:
        raise QueryError(parameter, Message("admite un solo valor", "takes one value only"))
    return texts[0] if texts else None
