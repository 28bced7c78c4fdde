"""The SMART marks: each from the field that the method page names, and none from nothing."""

from __future__ import annotations

import pytest

from data.indicators.smart import CRITERIA, Fields, smart_marks


def _marks(fields: Fields) -> dict[str, tuple[bool | None, str | None]]:
    return {mark.criterion: (mark.met, mark.field) for mark in smart_marks(fields)}


def test_nothing_known_is_five_marks_without_data() -> None:
    assert _marks(Fields(None, None, {})) == dict.fromkeys(CRITERIA, (None, None))


@pytest.mark.parametrize(("value", "met"), [("high", True), ("medium", True), ("low", False), ("none", False)])
def test_the_reviewers_specificity_decides_before_a_named_responsible(value: str, met: bool) -> None:
    marks = _marks(Fields("Secretaría de Salud", None, {"specificity": value}))
    assert marks["specific"] == (met, "specificity")


def test_a_named_responsible_is_specific_where_nobody_rated_it() -> None:
    assert _marks(Fields("Secretaría de Salud", None, {}))["specific"] == (True, "commitments.lead_institution")


def test_what_the_reviewer_cannot_verify_is_not_measurable_whatever_the_evidence() -> None:
    marks = _marks(Fields(None, None, {"verifiable": "no"}, activities=2, with_evidence=2))
    assert marks["measurable"] == (False, "verifiable")


def test_a_means_of_verification_makes_it_measurable() -> None:
    marks = _marks(Fields(None, None, {}, activities=3, with_evidence=1))
    assert marks["measurable"] == (True, "activities.evidence_url")


def test_feasible_has_no_source() -> None:
    assert _marks(Fields("a", "2020", {"specificity": "high", "verifiable": "yes", "relevant": "yes"}))["feasible"] == (
        None,
        None,
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (Fields(None, "2015", {}), (True, "commitments.ends_on")),
        (Fields(None, None, {}, activities=2, with_deadline=2), (True, "activities.ends_on")),
        (Fields(None, None, {}, activities=2, with_deadline=1), (False, "activities.ends_on")),
        (Fields(None, None, {}, activities=2), (None, None)),
        # An end before the start is no end.
        (Fields(None, "2021-05", {}, starts_on="2021-09"), (None, None)),
        (Fields(None, "2021-10", {}, starts_on="2021"), (True, "commitments.ends_on")),
    ],
)
def test_time_bound_follows_from_deadlines(fields: Fields, expected: tuple[bool | None, str | None]) -> None:
    assert _marks(fields)["time_bound"] == expected


def test_a_value_outside_the_scale_decides_nothing() -> None:
    assert _marks(Fields(None, None, {"verifiable": "pending_review"}))["measurable"] == (None, None)
