"""The reader's language, handed to whoever writes for readers: texts, numbers, dates and links in it.

Messages are written in Spanish in the code; ``locales/<language>/*.po`` hold the other languages, one file per module
so that a page brings its own texts. They are read once, at start. There is no global "current language": a `Locale`
is passed along, so a page can be made in two languages in one process without either noticing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from urllib.parse import quote, urlencode

from babel import Locale as Rules
from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).resolve().parent.parent / "locales"
SOURCE_LANGUAGE = "es"
# Code, tag, name, prefix of addresses, and Babel's locale for numbers and dates; the source language first.
LANGUAGES = (("es", "es-MX", "Español", "", "es_MX"), ("en", "en", "English", "/en", "en_US"))
# What labels of the data, vocabularies and files are written in.
DATA_LANGUAGES = ("es", "en")
# The parameter that names a release, or the date on which it was current (``data.cutoff``).
CUTOFF = "corte"

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def N_(message: str) -> str:
    """Mark a text for the catalogues where no `Locale` is at hand yet; ``locale.text`` translates it later."""
    return message


@dataclass(frozen=True)
class Locale:
    """One language of the site.

    `code` names the catalogue and the prefix of addresses, `tag` is the BCP 47 tag of ``lang`` and ``hreflang``, `name`
    is what its own speakers call it, `prefix` stands before every address (empty for the source language). `cutoff` is
    the ``corte`` of a visit to an older release, which every link of its pages then carries on; empty for the current one.
    """

    code: str
    tag: str
    name: str
    prefix: str
    rules: Rules = field(repr=False, compare=False)
    translations: NullTranslations = field(repr=False, compare=False)
    cutoff: str = ""

    @property
    def data(self) -> Locale:
        """The language in which its readers get what the data say of themselves, and files: its own, or English."""
        if self.code in DATA_LANGUAGES:
            return self
        return replace(next(other for other in locales() if other.code == "en"), cutoff=self.cutoff)

    def text(self, message: str, **values: object) -> str:
        """The message in this language, with its ``{places}`` filled in. Raises KeyError for a place left empty."""
        translated = self.translations.gettext(message)
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """`one` or `many` as this language wants it for `count`, which fills the place ``{n}`` as a number."""
        translated = self.translations.ngettext(one, many, count)
        return translated.format(n=self.number(count), **values)

    def pick(self, es: str | None, en: str | None) -> str | None:
        """The side of a bilingual value for this language; the other side where this one is missing."""
        first, second = (es, en) if self.code == "es" else (en, es)
        return first or second

    def number(self, value: float | Decimal, decimals: int | None = None) -> str:
        """``1,234.5``: grouped by thousands; with `decimals`, exactly that many places, halves rounded up as readers do."""
        if decimals is None:
            return str(numbers.format_decimal(value, locale=self.rules))
        pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
        return str(numbers.format_decimal(_rounded(value, decimals), pattern, locale=self.rules))

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share between 0 and 1 as a percentage: ``0.444`` is ``44%``, ``0.125`` is ``13%``."""
        return f"{self.number(Decimal(str(share)) * 100, decimals)}%"

    def date(self, written: str | date | datetime | None) -> str:
        """A date in words, as exact as it is known: ``2017``, ``agosto de 2017``, ``20 de junio de 2016``.

        Takes what the tables hold (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, or a date); None gives "sin dato".
        Raises ValueError for anything else.
        """
        if written is None:
            return self.text("sin dato")
        match = _PARTIAL_DATE.match(str(written)[:10])
        if match is None:
            raise ValueError(f"{written!r} is not a date: YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = (int(part) if part else None for part in match.groups())
        if month is None:
            return str(year)
        exact = date(year or 1, month, day or 1)
        if day is None:
            return str(dates.format_skeleton("yMMMM", exact, locale=self.rules))
        return str(dates.format_date(exact, "long", locale=self.rules))

    def link(self, path: str, /, **query: str | int | Sequence[str] | None) -> str:
        """An address of this site in this language: ``link("/estados", capa="stl")``; empty values are left out.

        `path` is plain text and gets encoded.
        """
        return f"{self.prefix}{self.plain_link(path, **query)}"

    def plain_link(self, path: str, /, **query: str | int | Sequence[str] | None) -> str:
        """The same for an address that has no languages, such as ``/datapackage.json``."""
        given = {name: value for name, value in query.items() if value not in (None, "", [])}
        if self.cutoff:
            given.setdefault(CUTOFF, self.cutoff)
        address = quote(path)
        return f"{address}?{urlencode(given, doseq=True)}" if given else address


@lru_cache(maxsize=1)
def locales() -> tuple[Locale, ...]:
    """The languages of the site, the source language first; their catalogues are read at the first call."""
    return tuple(
        Locale(code, tag, name, prefix, Rules.parse(rules), _translations(code))
        for code, tag, name, prefix, rules in LANGUAGES
    )


def split_language(path: str) -> tuple[Locale, str]:
    """The language that a path asks for, and the path without its prefix: ``/en/estados`` is en, ``/estados``.

    What is left has one slash in front and none behind: of ``//host/`` no link to another host may be made.
    """
    for locale in locales():
        if locale.prefix and f"{path}/".startswith(f"{locale.prefix}/"):
            return locale, f"/{path.removeprefix(locale.prefix).strip('/')}"
    return locales()[0], f"/{path.strip('/')}"


def _rounded(value: float | Decimal, decimals: int) -> Decimal:
    """As written out in decimals, halves away from zero: ``round`` takes them to the even digit, which no reader expects."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _translations(code: str) -> NullTranslations:
    """Every ``.po`` of a language as one catalogue; messages without a translation stay as they are in the code."""
    merged: NullTranslations = NullTranslations()
    for path in sorted((CATALOGUES / code).glob("*.po")):
        compiled = io.BytesIO()
        with path.open("rb") as source:
            write_mo(compiled, read_po(source, locale=code, abort_invalid=True))
        compiled.seek(0)
        catalogue = GNUTranslations(compiled)
        catalogue.add_fallback(merged)
        merged = catalogue
    return merged
