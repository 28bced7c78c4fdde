"""Since when something stands, in words: the day or year it happened, or by when a source already saw it done."""

from __future__ import annotations

from collections.abc import Sequence

from data.indicators.coverage import Occurrence, first_known
from layouts.i18n import Locale


def since_year(occurrences: Sequence[Occurrence], locale: Locale) -> str | None:
    """``2017``, ``2017 o antes`` or "sí, sin fecha"; None where there is no record of it."""
    if not occurrences:
        return None
    date, is_latest = first_known(occurrences)
    if date is None:
        return locale.text("sí, sin fecha")
    return locale.text("{date} o antes", date=date[:4]) if is_latest else date[:4]


def since_date(occurrences: Sequence[Occurrence], locale: Locale) -> str | None:
    """The same as exactly as it is known; None where nobody says a date."""
    date, is_latest = first_known(occurrences)
    if date is None:
        return None
    return locale.text("{date} o antes", date=locale.date(date)) if is_latest else locale.date(date)
