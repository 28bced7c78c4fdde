"""The SMART reading of a commitment: five marks, each with the field that decided it. Structured fields only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from data.indicators.slippage import certainly_before

Criterion = Literal["specific", "measurable", "feasible", "relevant", "time_bound"]
CRITERIA: tuple[Criterion, ...] = ("specific", "measurable", "feasible", "relevant", "time_bound")

# What each value of the reviewer says of the mark; any other value says nothing.
_SPECIFICITY = {"high": True, "medium": True, "low": False, "none": False}
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Fields:
    """What is known of a commitment. `ratings` are the coded values by criterion; None or absent is no data.

    `activities` are the real ones (placeholders apart), `with_deadline` those with an end or a deadline in the text,
    `with_evidence` those with a means of verification. `starts_on` and `ends_on` are the promised ones of the commitment.
    """

    responsible: str | None
    ends_on: str | None
    ratings: Mapping[str, str | None]
    activities: int = 0
    with_deadline: int = 0
    with_evidence: int = 0
    starts_on: str | None = None


@dataclass(frozen=True)
class Mark:
    """One mark: met, not met, or None for no data. `field` is ``table.column`` or ``criterion``; `value` what it held."""

    criterion: Criterion
    met: bool | None
    field: str | None = None
    value: str | None = None


def smart_marks(fields: Fields) -> Sequence[Mark]:
    """The five marks of a commitment, in the order of the word.

    - specific: the IRM's specificity (high or medium: met; low or none: not); without it, whether a responsible is named;
    - measurable: the IRM's "verifiable"; without it, met where an activity has a means of verification;
    - feasible: no source says anything of it, so it is always without data;
    - relevant: the IRM's relevance to OGP values;
    - time_bound: a promised end of the commitment, unless it is before its start, which is impossible and counts as
      none; without it, whether every real activity has a deadline.

    A field that is empty everywhere decides nothing: only what a source says can fail a mark. There is no single score.
    Source: the method page, "SMART reading of a commitment".
    """
    return (
        _specific(fields),
        _measurable(fields),
        Mark("feasible", None),
        _rated(fields, "relevant", "relevant", _YES_NO) or Mark("relevant", None),
        _time_bound(fields),
    )


def _specific(fields: Fields) -> Mark:
    rated = _rated(fields, "specific", "specificity", _SPECIFICITY)
    if rated is not None:
        return rated
    if fields.responsible:
        return Mark("specific", True, "commitments.lead_institution", fields.responsible)
    return Mark("specific", None)


def _measurable(fields: Fields) -> Mark:
    rated = _rated(fields, "measurable", "verifiable", _YES_NO)
    if rated is not None:
        return rated
    if fields.with_evidence:
        return Mark("measurable", True, "activities.evidence_url", f"{fields.with_evidence}/{fields.activities}")
    return Mark("measurable", None)


def _time_bound(fields: Fields) -> Mark:
    if fields.ends_on and not certainly_before(fields.ends_on, fields.starts_on):
        return Mark("time_bound", True, "commitments.ends_on", fields.ends_on)
    if fields.with_deadline:
        dated = f"{fields.with_deadline}/{fields.activities}"
        return Mark("time_bound", fields.with_deadline == fields.activities, "activities.ends_on", dated)
    return Mark("time_bound", None)


def _rated(fields: Fields, criterion: Criterion, rating: str, meaning: Mapping[str, bool]) -> Mark | None:
    value = fields.ratings.get(rating)
    if value is None or value not in meaning:
        return None
    return Mark(criterion, meaning[value], rating, value)
