"""The filters of a page: read from the address, checked, written back in one canonical way, and shown as a form.

A page states each filter once, where it reads it::

    layer = visit.query.choice("capa", _("Capa"), [("stl", _("Secretariado")), ...], default="stl")
    ...
    PageView(..., filters=visit.query.form())

The address is the only state. Canonical means: in the order in which the page reads, defaults left out, parameters that
the page does not know dropped (a mail program's ``utm_source`` is no error); a value that is not offered is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from dash.development.base_component import Component

from layouts.components.controls import Control, form
from layouts.i18n import CUTOFF, Locale

Options = Sequence[tuple[str, str]]
LONGEST_SEARCH = 80


class BadFilter(Exception):
    """A filter in the address has a value that the page does not offer; the message is for the reader."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass
class _Read:
    """One filter as read: its values as the address writes them (empty: the default) and how to show it."""

    name: str
    values: tuple[str, ...]
    control: Control | None


class Query:
    """The query of one visit. Reading a filter also declares it, so read them in the order of the form."""

    def __init__(self, action: str, given: Mapping[str, Sequence[str]], locale: Locale) -> None:
        """`action` is the page's address as the reader sees it, `given` the values by parameter."""
        self._action = action
        self._given = given
        self._locale = locale
        self._reads: list[_Read] = []
        if locale.cutoff:
            self._read(CUTOFF, locale.cutoff, None, Control("hidden", CUTOFF, "", locale.cutoff, ""))

    def choice(
        self, name: str, label: str, options: Options, default: str | None = None, every: str = ""
    ) -> str | None:
        """One of `options` (value, label), as a select. Without `default`, `every` ("Todos") is offered and gives None.

        Raises BadFilter for a value that is not among them.
        """
        value = self._first(name) or default
        if value is not None:
            self._refuse_unless(value in dict(options), label, value, options)
        offered = list(options) if default is not None else [("", every or self._locale.text("Todos")), *options]
        self._read(name, value, default, Control("select", name, label, value or "", default or "", offered))
        return value

    def several(self, name: str, label: str, options: Options, most: int) -> tuple[str, ...]:
        """Up to `most` of `options`, as checkboxes, in the order of `options`. Raises BadFilter."""
        chosen = [value for value in self._given.get(name, ()) if value]
        for value in chosen:
            self._refuse_unless(value in dict(options), label, value, options)
        values = tuple(value for value, _ in options if value in chosen)
        if len(values) > most:
            raise BadFilter(self._locale.text("«{name}» admite hasta {most} valores.", name=label, most=most))
        self._reads.append(_Read(name, values, Control("several", name, label, values, (), options, last=most)))
        return values

    def flag(self, name: str, label: str) -> bool:
        """Yes or no, as a checkbox; no unless the address says ``name=1``. Raises BadFilter for anything else."""
        value = self._first(name)
        self._refuse_unless(value in (None, "1"), label, value or "", [("1", label)])
        self._read(name, value, None, Control("flag", name, label, value or "", ""))
        return value == "1"

    def search(self, name: str, label: str, longest: int = LONGEST_SEARCH) -> str | None:
        """What the reader looks for, spaces tidied, or None. Raises BadFilter beyond `longest` characters."""
        value = " ".join((self._first(name) or "").split()) or None
        if value and len(value) > longest:
            raise BadFilter(self._locale.text("La búsqueda admite hasta {n} caracteres.", n=longest))
        self._read(name, value, None, Control("search", name, label, value or "", ""))
        return value

    def year(self, name: str, label: str, first: int, last: int, default: int | None = None) -> int:
        """A year between `first` and `last`, as a slider; the default is the last one. Raises BadFilter."""
        usual = default or last
        value = self._whole(name, usual, first, last)
        control = Control("range", name, label, str(value), str(usual), first=first, last=last)
        self._read(name, str(value), str(usual), control)
        return value

    def number(self, name: str, first: int = 1, last: int = 10_000, default: int = 1) -> int:
        """A number that links set, such as the page of a list; applying the form drops it. Raises BadFilter."""
        value = self._whole(name, default, first, last)
        self._read(name, str(value), str(default), None)
        return value

    def order(self, name: str, options: Sequence[str], default: str) -> str:
        """One of `options` that links set and the form carries along unseen, such as a sort. Raises BadFilter."""
        value = self._first(name) or default
        self._refuse_unless(value in options, name, value, [(option, option) for option in options])
        self._read(name, value, default, Control("hidden", name, "", value, default))
        return value

    def bare(self) -> Query:
        """The query of the same page without filters."""
        return Query(self._action, {}, self._locale)

    def canonical(self, **changes: str | int | None) -> str:
        """The query as this site writes it, with ``?`` or empty; `changes` replace values, None puts the default."""
        pairs = [
            (read.name, value)
            for read in self._reads
            for value in (self._changed(changes[read.name]) if read.name in changes else read.values)
        ]
        return f"?{urlencode(pairs)}" if pairs else ""

    def link(self, **changes: str | int | None) -> str:
        """The address of this page with these filters and `changes`; what other links of the page should lead to."""
        return f"{self._action}{self.canonical(**changes)}"

    def values(self) -> dict[str, str]:
        """The filters that are set, by name, as ``locale.link`` and download addresses take them."""
        return {read.name: read.values[0] for read in self._reads if read.values and read.name != CUTOFF}

    def form(self) -> Component:
        """The form of every filter read so far."""
        return form(self._action, [read.control for read in self._reads if read.control], self._locale)

    def _first(self, name: str) -> str | None:
        return next((value for value in self._given.get(name, ()) if value), None)

    def _read(self, name: str, value: str | None, default: str | None, control: Control | None) -> None:
        self._reads.append(_Read(name, () if value in (None, default) else (str(value),), control))

    def _whole(self, name: str, default: int, first: int, last: int) -> int:
        written = self._first(name)
        if written is None:
            return default
        offered = [(str(first), str(first)), (str(last), str(last))]
        self._refuse_unless(written.isascii() and written.isdigit() and len(written) < 9, name, written, offered)
        self._refuse_unless(first <= int(written) <= last, name, written, offered)
        return int(written)

    def _refuse_unless(self, fits: bool, name: str, value: str, options: Options) -> None:
        if not fits:
            offered = ", ".join(option for option, _ in options[:12])
            raise BadFilter(
                self._locale.text(
                    "El filtro «{name}» no admite «{value}». Valores: {offered}.",
                    name=name,
                    value=value[:60],
                    offered=offered,
                )
            )

    @staticmethod
    def _changed(value: str | int | None) -> tuple[str, ...]:
        return () if value in (None, "") else (str(value),)
