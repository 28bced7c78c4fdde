"""The meaning of filters said a second time, in plain Python, and values to try them with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column

from data.queries.dataset_filters import written


@cache
def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()


def _composed(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _passes(operator: str, wanted: Any) -> Callable[[Any], bool]:
    """The meaning of an operator for one value, said a second time: texts compare as far as ``wanted`` goes."""

    def beginning(value: Any) -> Any:
        return value[: len(wanted)] if isinstance(value, str) else value

    checks: dict[str, Callable[[Any], bool]] = {
        "eq": lambda value: _composed(value) == _composed(wanted),
        "ne": lambda value: _composed(value) != _composed(wanted),
        "contains": lambda value: value is not None and _plain(wanted) in _plain(value),
        "gte": lambda value: value is not None and value >= wanted,
        "gt": lambda value: value is not None and value > wanted and beginning(value) != wanted,
        # A text that is only the beginning of the limit ("2018" of "2018-05") may mean something later.
        "lte": lambda value: value is not None and _certainly_before(value, wanted, or_level=True),
        "lt": lambda value: value is not None and _certainly_before(value, wanted, or_level=False),
    }
    return checks[operator]


def _certainly_before(value: Any, wanted: Any, *, or_level: bool) -> bool:
    if not isinstance(value, str):
        return bool(value < wanted or (or_level and value == wanted))
    if value[: len(wanted)] == wanted:
        return or_level
    return bool(value < wanted and not wanted.startswith(value))


TRAITS: Sequence[Callable[[str], bool]] = (
    lambda text: "," in text,
    lambda text: '"' in text,
    lambda text: "\n" in text,
    lambda text: not text.isascii(),
    lambda text: re.fullmatch(r"0\d+", text) is not None,
    lambda text: re.fullmatch(r"\d{4}(-\d{2})?", text) is not None,
    lambda text: any(sign in text for sign in "%_&+=\\"),
)


def samples(rows: Sequence[dict[str, Any]], name: str, most: int = 3) -> list[Any]:
    """Values of a column that a parameter can carry: those that go wrong most easily, and one from the middle."""
    values = sorted({row[name] for row in rows if row[name] not in (None, "") and len(str(row[name])) <= 300}, key=str)
    odd = [next((value for value in values if trait(str(value))), None) for trait in TRAITS]
    picked = [*values[len(values) // 2 :][:1], *(value for value in odd if value is not None)]
    return list(dict.fromkeys(picked))[:most]


def asked_of(column: Column[Any], operator: str, value: Any) -> tuple[str, str]:
    """The parameter that asks for an operator and a value of a column."""
    return (column.name if operator == "eq" else f"{column.name}.{operator}"), written(value)


def kept_by(rows: list[dict[str, Any]], column: str, operator: str, value: Any) -> list[dict[str, Any]]:
    """The rows that a filter should keep, by the plain reading of this file."""
    if operator == "is":
        return [row for row in rows if (row[column] is None) == (value == "null")]
    passes = _passes(operator, value)
    return [row for row in rows if passes(row[column])]
