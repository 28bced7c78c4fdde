"""A file as read: sheets of rows of texts, with what had to be told about single cells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Flag = Literal["formula", "formula_without_value", "cell_error"]


@dataclass
class SheetRow:
    """A row that is not empty: its number in the sheet, from 1, and its cells from column A on."""

    number: int
    cells: Sequence[str | None]


@dataclass
class Sheet:
    """A sheet: its rows, the cells with a flag by place (``B7``), its merged ranges (``A2:A5``), and the numbers of its
    hidden rows (from 1) and columns (from 0)."""

    name: str
    rows: list[SheetRow]
    flags: Mapping[str, Flag] = field(default_factory=dict)
    merged: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()


@dataclass
class Book:
    """All sheets of a file. ``notes`` are codes of what the reader chose by itself, such as ``windows_1252``."""

    kind: str
    sheets: list[Sheet]
    notes: Sequence[str] = ()

    def as_json(self) -> str:
        """The book as one line of JSON, for the way between two processes."""
        return json.dumps(self, default=vars, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Book:
        """The book that ``as_json`` wrote."""
        raw = json.loads(text)
        sheets = [Sheet(**{**s, "rows": [SheetRow(**row) for row in s["rows"]]}) for s in raw["sheets"]]
        return cls(raw["kind"], sheets, raw["notes"])


def letters(column: int) -> str:
    """The letters of a column counted from 0: A, B, ..., Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_of(name: str) -> int:
    """The number of a column from its letters, counted from 0: the inverse of ``letters``."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number - 1
