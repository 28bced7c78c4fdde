"""The balance of a technical secretariat."""

from __future__ import annotations

import pytest

from data.indicators.balance import balance


@pytest.mark.parametrize(
    ("government", "civil_society", "value", "balanced"),
    [
        (2, 2, 0.0, True),
        (2, 1, 1 / 3, True),
        (3, 6, 1 / 3, True),
        (6, 3, 1 / 3, True),
        (3, 1, 0.5, False),
        (0, 4, 1.0, False),
    ],
)
def test_one_side_may_have_twice_the_other(government: int, civil_society: int, value: float, balanced: bool) -> None:
    found = balance(government, civil_society)
    assert found is not None
    assert found.value == pytest.approx(value)
    assert found.is_balanced is balanced


@pytest.mark.parametrize(("government", "civil_society"), [(None, None), (None, 3), (3, None), (0, 0)])
def test_seats_that_nobody_counts_give_no_value(government: int | None, civil_society: int | None) -> None:
    assert balance(government, civil_society) is None
