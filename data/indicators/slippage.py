"""Slippage: how far a deadline moved from one copy of a source to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_WHOLE_DATE = len("2019-11-22")


@dataclass(frozen=True)
class Slippage:
    """The first deadline known, the current one (partial dates), and the days between; negative when it came nearer.

    `days` is None where one of the two is not known to the day.
    """

    first: str
    current: str
    days: int | None


def slippage(deadlines: Sequence[str | None], starts_on: str | None = None) -> Slippage | None:
    """What became of a deadline, from its values in the order of the copies; None where it did not move.

    Days moved = current deadline - first deadline. Copies without a deadline are passed over. A deadline before
    `starts_on` is impossible and counts as none. Source: the method page, "Slippage of deadlines".
    """
    possible = [deadline for deadline in deadlines if deadline and not certainly_before(deadline, starts_on)]
    if len(possible) < 2 or possible[0] == possible[-1]:
        return None
    first, current = possible[0], possible[-1]
    exact = len(first) == len(current) == _WHOLE_DATE
    return Slippage(first, current, (date.fromisoformat(current) - date.fromisoformat(first)).days if exact else None)


def certainly_before(deadline: str, starts_on: str | None) -> bool:
    """Whether a deadline is before a start for certain: partial dates are compared as far as both are known."""
    known = min(len(deadline), len(starts_on or ""))
    return bool(starts_on) and deadline[:known] < (starts_on or "")[:known]
