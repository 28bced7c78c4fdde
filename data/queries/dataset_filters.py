"""Filters on any column of any dataset: read from text, checked against what the column declares, turned into SQL.

``state_code=09`` keeps the rows with that value (repeated: any of them); ``as_of.gte=2018`` and the like compare;
``title_es.contains=datos`` looks inside texts whatever their accents and case; ``note.is=null`` asks for "sin dato".
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Column, ColumnElement, Integer, String, and_, cast, collate, literal, or_

from data.dialect import contains
from data.schema import VOCABULARIES, column_info
from data.schema.columns import PARTIAL_DATE

Value = str | int | float | bool

LONGEST_VALUE = 300
MOST_VALUES = 100
INTEGERS = (-(2**31), 2**31 - 1)
COMPARISONS = ("gte", "lte", "gt", "lt")
TEXT_KINDS = frozenset({"text", "url", "json", "partial_date", "timestamp"})
ORDERED_KINDS = TEXT_KINDS | {"integer", "number"}
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
NULLNESS = ("null", "notnull")
# Comes after every character that dates, numbers and codes are made of.
AFTER_ALL = "~"

_WHOLE = re.compile(r"[+-]?\d{1,10}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


class Message(NamedTuple):
    """A message for people, in both languages of the site."""

    es: str
    en: str

    def said(self, language: str) -> str:
        """The message in ``es`` or ``en``."""
        return self.es if language == "es" else self.en


class QueryError(Exception):
    """A parameter that a dataset does not take: which, why, and what it would take (``allowed``, possibly empty)."""

    def __init__(self, parameter: str, message: Message, allowed: Sequence[str] = ()) -> None:
        super().__init__(f"{parameter}: {message.en}")
        self.parameter = parameter
        self.message = message
        self.allowed = tuple(allowed)


@dataclass(frozen=True)
class Condition:
    """One filter: rows whose ``column`` stands in the relation ``operator`` to any of ``values``."""

    column: Column[Any]
    operator: str
    values: tuple[Value, ...]

    @property
    def parameter(self) -> str:
        """How the filter is called in an address: ``as_of`` or ``as_of.gte``."""
        return self.column.name if self.operator == "eq" else f"{self.column.name}.{self.operator}"

    def pairs(self) -> list[tuple[str, str]]:
        """The filter as an address writes it: one pair for each value."""
        return [(self.parameter, written(value)) for value in self.values]

    def clause(self) -> ColumnElement[bool]:
        """The filter as SQL that both engines speak."""
        if self.operator == "is":
            return self.column.is_(None) if self.values == ("null",) else self.column.is_not(None)
        if self.operator == "contains":
            return or_(*(contains(self.column, str(value)) for value in self.values))
        if self.operator == "eq":
            return _any_of(self.column, _forms(self.values))
        if self.operator == "ne":
            # "Sin dato" is a value, and another one than those given.
            others = (literal(value, self.column.type) for value in _forms(self.values))
            return and_(*(self.column.is_distinct_from(value) for value in others))
        return _compared(self.column, self.operator, self.values[0])


def condition(column: Column[Any], parameter: str, operator: str, texts: Sequence[str]) -> Condition:
    """The filter that ``parameter`` asks for with ``texts``; raises QueryError naming ``parameter``."""
    offered = operators(column)
    if operator not in offered:
        allowed = [column.name if name == "eq" else f"{column.name}.{name}" for name in offered]
        kind = column_info(column)["kind"]
        raise QueryError(
            parameter,
            Message(f"una columna de clase {kind} no admite .{operator}", f"a {kind} column does not take .{operator}"),
            allowed,
        )
    if operator in (*COMPARISONS, "is") and len(texts) > 1:
        raise QueryError(parameter, Message("admite un solo valor", "takes one value only"))
    if len(texts) > MOST_VALUES:
        raise QueryError(parameter, Message(f"admite hasta {MOST_VALUES} valores", f"takes up to {MOST_VALUES} values"))
    values = {value: None for text in texts for value in [_value(column, parameter, operator, text)]}
    return Condition(column, operator, tuple(sorted(values, key=written)))


def operators(column: Column[Any]) -> tuple[str, ...]:
    """What may follow the column's name in a parameter; ``eq`` is the name alone."""
    kind = column_info(column)["kind"]
    compared = COMPARISONS if kind in ORDERED_KINDS else ()
    contains = ("contains",) if kind in TEXT_KINDS else ()
    return ("eq", "ne", *compared, *contains, "is")


def written(value: Value) -> str:
    """A value as addresses and raw files write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def binary(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column in an order that does not depend on the engine or its locale: texts by code point, false before true."""
    if isinstance(column.type, Boolean):
        return cast(column, Integer)
    return collate(column, "C") if isinstance(column.type, String) else column


def require_clean(parameter: str, text: str) -> str:
    """The text, unless no database keeps it (U+0000, half a surrogate pair) or it is too long; raises QueryError."""
    if len(text) > LONGEST_VALUE:
        limit = Message(f"admite hasta {LONGEST_VALUE} caracteres", f"takes up to {LONGEST_VALUE} characters")
        raise QueryError(parameter, limit)
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise QueryError(parameter, Message("tiene un carácter que no es texto", "has a character that is no text"))
    return text


_RELATIONS = {"gte": ge, "lte": le, "gt": gt, "lt": lt}


def _forms(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """The values, and texts as Unicode composes and decomposes them: some systems write ``á`` as one sign, some as two."""
    found: dict[Value, None] = {}
    for value in values:
        found[value] = None
        if isinstance(value, str):
            found |= {unicodedata.normalize("NFC", value): None, unicodedata.normalize("NFD", value): None}
    return tuple(found)


def _any_of(column: Column[Any], values: tuple[Value, ...]) -> ColumnElement[bool]:
    if isinstance(column.type, Boolean):
        return or_(*(column.is_(value) for value in values))
    return column == values[0] if len(values) == 1 else column.in_(values)


def _compared(column: Column[Any], operator: str, value: Value) -> ColumnElement[bool]:
    """Texts compare as what they begin: ``lte=2018`` keeps all of 2018, ``gt=2018`` none of it.

    That is also the honest reading of partial dates: a row passes only if all of what it may mean does.
    """
    if not isinstance(value, str):
        compared: ColumnElement[bool] = _RELATIONS[operator](column, value)
        return compared
    start, end = binary(column), binary(column.concat(AFTER_ALL))
    if operator == "gte":
        return start >= value
    if operator == "gt":
        return start > value + AFTER_ALL
    return end <= value + AFTER_ALL if operator == "lte" else end < value


def _value(column: Column[Any], parameter: str, operator: str, text: str) -> Value:
    require_clean(parameter, text)
    if operator == "is":
        if text not in NULLNESS:
            raise QueryError(parameter, Message("solo puede ser null o notnull", "is null or notnull"), NULLNESS)
        return text
    kind = column_info(column)["kind"]
    if kind == "boolean":
        if text.lower() not in BOOLEANS:
            raise QueryError(parameter, Message("solo puede ser true o false", "is true or false"), ("true", "false"))
        return BOOLEANS[text.lower()]
    if kind == "integer":
        return _whole(parameter, text)
    if kind == "number":
        return _number(parameter, text)
    return _text(column, parameter, operator, text)


def _whole(parameter: str, text: str) -> int:
    first, last = INTEGERS
    if not (_WHOLE.fullmatch(text) and text.isascii() and first <= int(text) <= last):
        said = f"{first} - {last}"
        raise QueryError(parameter, Message(f"es un número entero ({said})", f"is a whole number ({said})"))
    return int(text)


def _number(parameter: str, text: str) -> float:
    if not (_NUMBER.fullmatch(text) and text.isascii() and math.isfinite(float(text))):
        raise QueryError(parameter, Message("es un número, con punto decimal", "is a number, with a decimal point"))
    return float(text)


def _text(column: Column[Any], parameter: str, operator: str, text: str) -> str:
    info = column_info(column)
    if operator == "contains":
        if not text:
            raise QueryError(parameter, Message("no dice qué buscar", "does not say what to look for"))
        return text
    vocabulary, pattern = info["enum"], info["pattern"]
    if vocabulary is not None and operator in ("eq", "ne") and text not in VOCABULARIES[vocabulary]:
        listed = Message("no es un valor de esta columna", "is no value of this column")
        raise QueryError(parameter, listed, tuple(VOCABULARIES[vocabulary]))
    if info["kind"] == "partial_date":
        _require_form(
            parameter, text, PARTIAL_DATE, Message("AAAA, AAAA-MM o AAAA-MM-DD", "YYYY, YYYY-MM or YYYY-MM-DD")
        )
    elif pattern is not None and operator in ("eq", "ne"):
        _require_form(parameter, text, pattern, Message(pattern, pattern))
    return text


def _require_form(parameter: str, text: str, pattern: str, form: Message) -> None:
    if not text.isascii() or not re.fullmatch(pattern, text):
        raise QueryError(parameter, Message(f"tiene la forma {form.es}", f"has the form {form.en}"))
