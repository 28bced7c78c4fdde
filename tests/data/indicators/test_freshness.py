"""Ages against cadences: by hand."""

from __future__ import annotations

import pytest

from data.indicators.freshness import freshness


@pytest.mark.parametrize(
    ("cadence", "current_on", "days", "standing"),
    [
        ("monthly", "2026-10-23", 31, "on_time"),
        ("monthly", "2026-10-22", 32, "overdue"),
        ("quarterly", "2026-08-23T10:00:00Z", 92, "on_time"),
        ("yearly", "2025-11-21", 367, "overdue"),
        ("irregular", "2019-11-22", 2558, "no_deadline"),
        ("per_round", "2019-11-22", 2558, "no_deadline"),
        ("discontinued", "2019-11-22", 2558, "ended"),
        ("once", "2026-11-23", 0, "ended"),
        ("monthly", "2026-12-01", 0, "on_time"),
    ],
)
def test_only_a_source_with_a_rhythm_can_be_overdue(cadence: str, current_on: str, days: int, standing: str) -> None:
    found = freshness(cadence, current_on, "2026-11-23T20:00:00+00:00")
    assert (found.days, found.standing) == (days, standing)


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="2026"):
        freshness("monthly", "2026", "2026-11-23")
