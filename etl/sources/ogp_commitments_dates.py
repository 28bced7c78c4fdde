"""Dates as OGP's files write them, kept only as far as they can be read without guessing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

DayOrder = Literal["month_first", "unknown"]
Doubt = Literal["ambiguous_date", "impossible_date"]

# The 2017 file writes 31/12/2014 and 09/30/2013 side by side, so 07/01/2012 may be either day: its year alone is kept.
_NUMERIC = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})")
_MONTH = re.compile(r"([A-Z][a-z]+) ([0-9]{4})")
_SERIAL = re.compile(r"[34][0-9]{4}")
_SERIAL_EPOCH = date(1899, 12, 30)
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class ReadDate(NamedTuple):
    """A date as far as known (``2012``, ``2012-07`` or ``2012-07-31``), its precision, and what was wrong with it."""

    text: str | None
    precision: str | None
    doubt: Doubt | None = None


def proves_day_first(text: str | None) -> bool:
    """Whether a date such as 31/12/2016 shows that its writer put the day first."""
    match = _NUMERIC.fullmatch(text or "")
    return match is not None and int(match[1]) > 12


def read_date(text: str | None, order: DayOrder) -> ReadDate:
    """The date in a cell; all fields None when the cell gives none (``Not Specified``, ``Ongoing``, ``2012-2013``).

    Five digits are a spreadsheet's day number, which only the newer shape has (``order="month_first"``).
    """
    if text is None:
        return ReadDate(None, None)
    if match := _NUMERIC.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        return _numeric(first, second, year + 2000 if year < 100 else year, order)
    if order == "month_first" and _SERIAL.fullmatch(text):
        return ReadDate((_SERIAL_EPOCH + timedelta(days=int(text))).isoformat(), "day")
    if (match := _MONTH.fullmatch(text)) and match[1] in _MONTHS:
        return ReadDate(f"{match[2]}-{_MONTHS.index(match[1]) + 1:02}", "month")
    years = _YEAR.findall(text)
    return ReadDate(years[0], "year") if len(years) == 1 else ReadDate(None, None)


def _numeric(first: int, second: int, year: int, order: DayOrder) -> ReadDate:
    if not 1900 <= year <= 2100:
        return ReadDate(None, None, "impossible_date")
    readings = {(first, second)} if order == "month_first" and first <= 12 else {(first, second), (second, first)}
    possible = {(month, day) for month, day in readings if 1 <= month <= 12 and 1 <= day <= 31}
    if len(possible) != 1:
        return ReadDate(str(year), "year", "ambiguous_date" if possible else "impossible_date")
    month, day = possible.pop()
    try:
        return ReadDate(date(year, month, day).isoformat(), "day")
    except ValueError:  # 31 September: the month was meant, the day is wrong
        return ReadDate(f"{year}-{month:02}", "month", "impossible_date")
