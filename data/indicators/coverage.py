"""Coverage of the states: four facts that are never mixed, and which of them stood at the end of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Standing = Literal["yes", "undated", "later", "none"]
CLASSES = 4


@dataclass(frozen=True)
class Coverage:
    """The four facts of a state, each documented or not found. Not found is "no data", never a no."""

    declaration: bool
    exercise: bool
    secretariat: bool
    plan: bool

    @property
    def level(self) -> int:
        """How many of the four are documented, 0 to 4. A count of what was found, not a mark."""
        return self.declaration + self.exercise + self.secretariat + self.plan


@dataclass(frozen=True)
class Occurrence:
    """When something happened (partial date, None where no source says), and by when a source already saw it done."""

    happened_on: str | None
    seen_by: str | None = None


def standing(occurrences: Sequence[Occurrence], year: int) -> Standing:
    """Whether something had happened by the end of `year`.

    ``yes``: it happened, or was seen done, that year or before. ``undated``: it happened, nobody says when. ``later``:
    every time it happened was after that year. ``none``: there is no record of it. Source: the method page,
    "Coverage of the states".
    """
    if not occurrences:
        return "none"
    dates = [date for occurrence in occurrences for date in (occurrence.happened_on, occurrence.seen_by) if date]
    if any(int(date[:4]) <= year for date in dates):
        return "yes"
    return "undated" if any(occurrence.happened_on is None for occurrence in occurrences) else "later"


def first_known(occurrences: Sequence[Occurrence]) -> tuple[str | None, bool]:
    """The earliest date of something, and whether it is only the latest that it can have been: a source saw it done by then.

    A dated plan is not the first one where an undated one was seen before it. None where no source says any date.
    """
    happened = min((one.happened_on for one in occurrences if one.happened_on), default=None)
    seen = min((one.seen_by for one in occurrences if one.seen_by), default=None)
    if seen is not None and (happened is None or seen < happened):
        return seen, True
    return happened, False


def class_limits(values: Sequence[float]) -> tuple[float, ...]:
    """The upper limits of four classes with as many values each as can be, from the lowest class to the highest.

    Equal values always fall into one class, the lower one. Raises ValueError when there is no value.
    """
    if not values:
        raise ValueError("no value, no classes")
    ordered = sorted(values)
    return tuple(ordered[max(0, round(len(ordered) * part / CLASSES) - 1)] for part in range(1, CLASSES + 1))


def class_of(value: float, limits: Sequence[float]) -> int:
    """The class of a value, from 1; `limits` as of `class_limits`, which must reach the value."""
    return next(number for number, limit in enumerate(limits, 1) if value <= limit)
