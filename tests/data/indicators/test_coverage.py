"""The four facts of a state, what stood at the end of a year, and the classes of the map."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from data.indicators.coverage import CLASSES, Coverage, Occurrence, class_limits, class_of, first_known, standing


def test_the_level_counts_documented_facts() -> None:
    assert Coverage(declaration=False, exercise=False, secretariat=False, plan=False).level == 0
    assert Coverage(declaration=True, exercise=False, secretariat=True, plan=False).level == 2
    assert Coverage(declaration=True, exercise=True, secretariat=True, plan=True).level == 4


@pytest.mark.parametrize(
    ("occurrences", "year", "expected"),
    [
        ([], 2020, "none"),
        ([Occurrence("2016-06-20")], 2016, "yes"),
        ([Occurrence("2016-06-20")], 2015, "later"),
        ([Occurrence("2016")], 2016, "yes"),
        ([Occurrence(None)], 2023, "undated"),
        ([Occurrence(None, "2017-12")], 2017, "yes"),
        ([Occurrence(None, "2017-12")], 2016, "undated"),
        ([Occurrence("2019"), Occurrence(None, "2017-12")], 2016, "undated"),
        ([Occurrence("2019"), Occurrence("2021")], 2020, "yes"),
    ],
)
def test_the_end_of_a_year_tells_dated_undated_and_later_apart(
    occurrences: list[Occurrence], year: int, expected: str
) -> None:
    assert standing(occurrences, year) == expected


@pytest.mark.parametrize(
    ("occurrences", "expected"),
    [
        ([], (None, False)),
        ([Occurrence(None)], (None, False)),
        ([Occurrence("2019"), Occurrence("2017-03")], ("2017-03", False)),
        ([Occurrence("2016-05-19", "2018-02-21")], ("2016-05-19", False)),
        # A second plan with a date is not the first one.
        ([Occurrence("2019", "2019-12-16"), Occurrence(None, "2017-12")], ("2017-12", True)),
    ],
)
def test_what_was_seen_done_before_the_first_date_is_earlier(
    occurrences: list[Occurrence], expected: tuple[str | None, bool]
) -> None:
    assert first_known(occurrences) == expected


def test_eight_values_make_four_classes_of_two() -> None:
    values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    limits = class_limits(values)
    assert [class_of(value, limits) for value in values] == [1, 1, 2, 2, 3, 3, 4, 4]


def test_no_values_make_no_classes() -> None:
    with pytest.raises(ValueError, match="no value"):
        class_limits([])


@given(some.lists(some.floats(0, 1), min_size=1, max_size=40))
def test_classes_keep_the_order_and_hold_every_value(values: list[float]) -> None:
    limits = class_limits(values)
    classes = [class_of(value, limits) for value in sorted(values)]
    assert classes == sorted(classes)
    assert 1 <= classes[0] <= classes[-1] <= CLASSES
