"""The order of a dataset's rows, the same on both engines and every time, and the place in it where a page ended."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Table, and_, false, literal, or_

from data.queries.dataset_filters import INTEGERS, Message, QueryError, binary
from data.schema import key_columns

Place = tuple[Any, ...]
LONGEST_CURSOR = 2_000


@dataclass(frozen=True)
class Order:
    """A column to sort by. "Sin dato" comes last either way."""

    column: Column[Any]
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.column.name}" if self.descending else self.column.name

    def clause(self) -> ColumnElement[Any]:
        """The order as SQL."""
        compared = binary(self.column)
        directed = compared.desc() if self.descending else compared.asc()
        return directed.nulls_last() if self.column.nullable else directed

    def beyond(self, value: Any) -> ColumnElement[bool]:
        """Whether a row comes after those with ``value`` in this column."""
        if value is None:
            return false()
        compared, limit = binary(self.column), binary_value(self.column, value)
        passed = compared < limit if self.descending else compared > limit
        return or_(passed, self.column.is_(None)) if self.column.nullable else passed

    def level(self, value: Any) -> ColumnElement[bool]:
        """Whether a row has ``value`` in this column."""
        if value is None:
            return self.column.is_(None)
        same: ColumnElement[bool] = binary(self.column) == binary_value(self.column, value)
        return same


def binary_value(column: Column[Any], value: Any) -> Any:
    """A value as ``binary`` makes its column comparable."""
    return literal(int(value)) if isinstance(column.type, Boolean) else value


def orders(table: Table, texts: Sequence[str]) -> tuple[Order, ...]:
    """The order that ``sort`` asks for (``-population_2020,name``); raises QueryError."""
    found: dict[str, Order] = {}
    for name in (part.strip() for text in texts for part in text.split(",")):
        column = table.columns.get(name.removeprefix("-"))
        if column is None:
            said = Message(
                f"«{name[:60]}» no es una columna de {table.name}", f"“{name[:60]}” is no column of {table.name}"
            )
            raise QueryError("sort", said, tuple(table.columns.keys()))
        found.setdefault(column.name, Order(column, name.startswith("-")))
    return tuple(found.values())


def total_order(table: Table, sort: Sequence[Order]) -> tuple[Order, ...]:
    """The order asked for, made total by the key."""
    named = {order.column.name for order in sort}
    return (*sort, *(Order(table.c[name]) for name in key_columns(table) if name not in named))


def after(order: Sequence[Order], place: Place) -> ColumnElement[bool]:
    """The rows that come after the one at ``place`` (its values in the columns of ``order``)."""
    beyond = []
    for position, (column, value) in enumerate(zip(order, place, strict=True)):
        level = [earlier.level(given) for earlier, given in zip(order[:position], place[:position], strict=True)]
        beyond.append(and_(*level, column.beyond(value)))
    return or_(*beyond)


def cursor(order: Sequence[Order], place: Place) -> str:
    """The place as ``after`` takes it: opaque to clients, bound to the order it was given in."""
    said = json.dumps([",".join(map(str, order)), *place], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def place_of(order: Sequence[Order], text: str) -> Place:
    """The place that ``after`` names; raises QueryError for what we did not give for this order."""
    wrong = QueryError(
        "after",
        Message("solo admite el valor de next de la página anterior", "takes only what next of the page before gave"),
    )
    if len(text) > LONGEST_CURSOR or not text.isascii():
        raise wrong
    try:
        said = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise wrong from None
    if not isinstance(said, list) or len(said) != len(order) + 1 or said[0] != ",".join(map(str, order)):
        raise wrong
    if not all(_fits(column.column, value) for column, value in zip(order, said[1:], strict=True)):
        raise wrong
    return tuple(said[1:])


def _fits(column: Column[Any], value: Any) -> bool:
    if value is None:
        return bool(column.nullable)
    kind = column.type.python_type
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")
    if kind is int:
        return type(value) is int and INTEGERS[0] <= value <= INTEGERS[1]
    if kind is str:
        return isinstance(value, str) and "\0" not in value and _encodable(value)
    return type(value) is kind


def _encodable(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
