"""Completion of commitments as the independent review (IRM) coded it: one grade a commitment, counted with its denominator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

REVIEWER = "explorer_coding"
# From the last word on a commitment to the first.
REPORTS = ("end_of_term", "progress_report")
GRADES = ("complete", "substantial", "limited", "not_started")


@dataclass(frozen=True)
class Coding:
    """One coding of one commitment: the report, the edition of the file it was read from, the grade or None.

    `read_on` is the date (``YYYY-MM-DD``) of the copy of that file and `report_year` the year in which the report was
    published, each where known.
    """

    report: str
    edition: str
    value_code: str | None
    read_on: str | None = None
    report_year: int | None = None


@dataclass(frozen=True)
class Completion:
    """Commitments by grade. `apart` are the values outside the scale (withdrawn, unclear); `no_value` have none at all."""

    complete: int
    substantial: int
    limited: int
    not_started: int
    apart: int
    no_value: int

    @property
    def rated(self) -> int:
        """The denominator: commitments with one of the four grades."""
        return self.complete + self.substantial + self.limited + self.not_started

    @property
    def listed(self) -> int:
        """Every commitment that was looked at."""
        return self.rated + self.apart + self.no_value

    @property
    def share(self) -> float | None:
        """Completed share, 0 to 1; None where nothing was rated, which is not 0."""
        return self.complete / self.rated if self.rated else None

    def of(self, grade: str) -> int:
        """The commitments with a grade of `GRADES`."""
        return {
            "complete": self.complete,
            "substantial": self.substantial,
            "limited": self.limited,
            "not_started": self.not_started,
        }[grade]


def final_coding(codings: Iterable[Coding]) -> Coding | None:
    """The coding that counts for a commitment: end of term before progress report, the newer edition before the older.

    Codings without a value (ND, NR, NA) never win; None where no coding has one. Source: the method page,
    "Completion according to the independent review": the end-of-term value wins over the progress report.
    """
    coded = [coding for coding in codings if coding.value_code is not None and coding.report in REPORTS]
    # The names of editions begin alike and sort by no rule of ours: the database (2024) is newer than the explorer.
    return min(coded, key=lambda coding: (REPORTS.index(coding.report), coding.edition != "ogp_database"), default=None)


def completion(grades: Iterable[str | None]) -> Completion:
    """Count the grades of commitments, one a commitment, None for no value.

    Completed share = complete / (not started + limited + substantial + complete). Source: the method page,
    "Completion according to the independent review".
    """
    counted = Counter(grades)
    no_value = counted.pop(None, 0)
    four = {grade: counted.pop(grade, 0) for grade in GRADES}
    return Completion(**four, apart=sum(counted.values()), no_value=no_value)
