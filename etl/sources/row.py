"""One row of a source while it is read: typed, consumed column by column, and committed whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from data.schema import VOCABULARIES
from etl.identity import actor_id, aliases_of
from etl.sources.spec import SourceError

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


class PartialDate(NamedTuple):
    """A date as far as it is known: ``text`` is ``2017``, ``2017-08`` or ``2017-08-31``; both fields None when unknown."""

    text: str | None
    precision: str | None


class RowError(Exception):
    """A row that cannot be loaded; the message names the column, what was read and what would be right."""


class Lookups(Protocol):
    """What a row needs of its source."""

    @property
    def source_id(self) -> str:
        """The stem of its two files."""

    @property
    def actor_names(self) -> dict[str, str]:
        """Other names of organisations, each with the name that we use."""

    def look_up(self, lookup: str, text: str, column: str) -> str:
        """The code that a lookup of its YAML gives for a text. Raises ``RowError`` for one that it does not know."""

    def state(self, text: str, column: str) -> str:
        """The code of a state, ``01`` to ``32``, by any declared spelling. Raises ``RowError``."""


class Row:
    """One row of a source while it is read. Columns are taken out of it; those left over at the end are reported.

    What takes a column raises ``RowError`` for a value that does not fit, which rejects the row, and ``SourceError`` for
    a column that the file does not have, which stops the source.
    """

    def __init__(self, source: Lookups, file: str, position: str, values: dict[str, Any]) -> None:
        self.file = file
        self.position = position
        self.values = values
        self.tables: list[tuple[str, dict[str, Any]]] = []
        self.ignored: str | None = None
        self._source = source
        self._left = set(values)

    def value(self, column: str) -> Any:
        """The value as read (JSON sources: any type)."""
        if column not in self.values:
            raise SourceError(f"{self._where()}: no column {column!r}; the file has {', '.join(map(str, self.values))}")
        self._left.discard(column)
        return self.values[column]

    def text(self, column: str, *, required: bool = False) -> str | None:
        """The text without surrounding space, or None when empty."""
        raw = self.value(column)
        text = " ".join(str(raw).split(" ")).strip() if raw is not None else ""
        if not text and required:
            raise RowError(f"column {column}: empty; a value is needed")
        return text or None

    def need(self, column: str) -> str:
        """The text; a row without it is rejected."""
        return str(self.text(column, required=True))

    def integer(self, column: str, *, absent: Iterable[str] = ()) -> int | None:
        """A whole number; the words in ``absent`` stand for none."""
        text = self.text(column)
        if text is None or text in absent:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise RowError(f"column {column}: read {text[:40]!r}; a whole number of at most nine digits would be right")
        return int(text)

    def number(self, column: str) -> float | None:
        """A number with a decimal point."""
        text = self.text(column)
        if text is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]+)?([eE]-?[0-9]{1,2})?", text):
            raise RowError(f"column {column}: read {text!r}; a number such as 0.25 would be right")
        return float(text)

    def yes_no(self, column: str) -> bool | None:
        """``yes``/``no`` (also ``1``/``0``) as a truth value; None when empty."""
        text = self.text(column)
        truth = {"yes": True, "1": True, "no": False, "0": False, None: None}
        if text not in truth:
            raise RowError(f"column {column}: read {text!r}; yes, no or empty would be right")
        return truth[text]

    def date(self, column: str) -> PartialDate:
        """A date as far as known, ISO order: year, year-month or year-month-day."""
        text = self.text(column)
        return PartialDate(None, None) if text is None else partial_date(text, column)

    def dated(self, name: str, column: str) -> dict[str, str | None]:
        """``{<name>_on, <name>_precision}`` of a date column, as the tables keep it."""
        text, precision = self.date(column)
        return {f"{name}_on": text, f"{name}_precision": precision}

    def url(self, column: str) -> str | None:
        """An http(s) address; anything else rejects the row, because pages make links of it."""
        text = self.text(column)
        if text is None:
            return None
        try:
            parts = urlsplit(text)
        except ValueError:
            raise RowError(
                f"column {column}: read {text!r}; an address that can be taken apart would be right"
            ) from None
        if parts.scheme not in ("http", "https") or not parts.netloc or any(c in text for c in "\"'<> \n\\"):
            raise RowError(
                f"column {column}: read {text!r}; an address starting with http:// or https:// would be right"
            )
        return text

    def split(self, column: str, separator: str = ";") -> list[str]:
        """The parts of a list column, without empty ones."""
        return [part.strip() for part in (self.text(column) or "").split(separator) if part.strip()]

    def choice(self, column: str, lookup: str) -> str | None:
        """The code that the YAML lookup gives for the value; an unknown value rejects the row. None when empty."""
        text = self.text(column)
        return None if text is None else self._source.look_up(lookup, text, column)

    def code(self, column: str, vocabulary: str) -> str | None:
        """A value that already is a code of a vocabulary; None when empty."""
        text = self.text(column)
        if text is not None and text not in VOCABULARIES[vocabulary]:
            raise RowError(
                f"column {column}: read {text!r}; one of {', '.join(VOCABULARIES[vocabulary])} would be right"
            )
        return text

    def state(self, column: str) -> str | None:
        """The code of the state that the column names or gives; an unknown name rejects the row. None when empty."""
        text = self.text(column)
        return None if text is None else self._source.state(text, column)

    def skip(self, *columns: str) -> None:
        """Consume columns that are declared as not used."""
        for column in columns:
            self.value(column)

    def drop(self, *columns: str) -> None:
        """Consume columns that hold personal data: they are blanked here and appear nowhere, not even in a rejected row."""
        for column in columns:
            self.value(column)
            self.values[column] = ""

    def add(self, table: str, **columns: Any) -> None:
        """A table row that follows from this row; it is kept once the reader is done with the whole row."""
        self.tables.append((table, columns))

    def actor(
        self, name: str, *, kind: str, acronym: str | None = None, state_code: str | None = None, **more: Any
    ) -> str:
        """Add an organisation and its other names; the id it has in the whole warehouse.

        The declared aliases of ``reference.yml`` decide which name is the organisation's; ``more`` are further columns of
        ``actors``. Never call this with the name of a person.
        """
        full = self._source.actor_names.get(name.lower(), name)
        identity = actor_id(full)
        self.add("actors", actor_id=identity, name=full, acronym=acronym, kind=kind, state_code=state_code, **more)
        for alias in aliases_of(full, name, acronym):
            self.add("actor_aliases", actor_id=identity, alias=alias.text, basis=alias.basis)
        return identity

    def ignore(self, reason: str) -> None:
        """Declare that this row is not loaded, and why."""
        self.ignored = reason

    def reject(self, reason: str) -> None:
        """Refuse the row: nothing of it is loaded."""
        raise RowError(reason)

    def unread(self) -> set[str]:
        """The columns nobody took."""
        return self._left

    def raw(self) -> dict[str, Any]:
        """The row as read, without addresses of people."""
        return {
            str(key): _MAIL.sub("…", value) if isinstance(value, str) else value for key, value in self.values.items()
        }

    def _where(self) -> str:
        return f"{self._source.source_id}/{self.file}, {self.position}"


def partial_date(text: str, column: str) -> PartialDate:
    """``2017``, ``2017-08`` or ``2017-08-31`` with its precision; ``RowError`` for anything else or an impossible day."""
    if re.fullmatch(r"\d{4}", text):
        return PartialDate(text, "year")
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        return PartialDate(text, "month")
    try:
        return PartialDate(date.fromisoformat(text).isoformat(), "day")
    except ValueError:
        raise RowError(f"column {column}: read {text!r}; 2017, 2017-08 or 2017-08-31 would be right") from None
