"""Slippage: first deadline, current one, days between; nothing from one copy or from impossible dates."""

from __future__ import annotations

from data.indicators.slippage import Slippage, slippage


def test_days_are_counted_from_the_first_deadline_to_the_current_one() -> None:
    assert slippage(["2020-01-20", "2020-03-01", "2020-02-20"]) == Slippage("2020-01-20", "2020-02-20", 31)


def test_a_deadline_that_came_nearer_moved_by_negative_days() -> None:
    assert slippage(["2020-01-20", "2020-01-10"]) == Slippage("2020-01-20", "2020-01-10", -10)


def test_one_copy_or_the_same_deadline_is_no_slippage() -> None:
    assert slippage(["2020-01-20"]) is None
    assert slippage(["2020-01-20", None]) is None
    assert slippage(["2020-01-20", "2020-01-20"]) is None


def test_dates_known_less_than_to_the_day_give_no_days() -> None:
    assert slippage(["2020", "2021-05"]) == Slippage("2020", "2021-05", None)


def test_an_end_before_the_start_counts_as_none() -> None:
    assert slippage(["2020-01-20", "2020-12-31"], starts_on="2020-09-07") is None
    assert slippage(["2020", "2021"], starts_on="2020-09-07") == Slippage("2020", "2021", None)
