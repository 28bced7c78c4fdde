"""How old what we show of a source is, against how often the source is renewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Standing = Literal["on_time", "overdue", "no_deadline", "ended"]

# The days after which a copy is overdue; cadences without a rhythm have no deadline.
LIMITS = {"monthly": 31, "quarterly": 92, "yearly": 366}
ENDED = ("discontinued", "once")


@dataclass(frozen=True)
class Freshness:
    """The age in days, the days it may have (None: no deadline), and what follows from the two."""

    days: int
    limit: int | None
    standing: Standing


def freshness(cadence: str, current_on: str, measured_on: str) -> Freshness:
    """The age of a source's newest copy at the moment of a release; both dates begin with ``YYYY-MM-DD``.

    Age = day of the release - day on which the content was current, never below 0. Overdue: older than a month, a
    quarter or a year, for sources of that cadence. A source that ended, or that was published once, cannot be overdue;
    one without a rhythm has no deadline. Source: the method page, "Age of a source". Raises ValueError for other dates.
    """
    days = max(0, (date.fromisoformat(measured_on[:10]) - date.fromisoformat(current_on[:10])).days)
    limit = LIMITS.get(cadence)
    if cadence in ENDED:
        return Freshness(days, None, "ended")
    if limit is None:
        return Freshness(days, None, "no_deadline")
    return Freshness(days, limit, "overdue" if days > limit else "on_time")
