"""Completion by the IRM, against the rule of the method page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.indicators.completion import GRADES, Coding, completion, final_coding


def test_the_share_is_complete_over_the_four_grades() -> None:
    counted = completion(
        ["complete", "complete", "substantial", "limited", "not_started", "withdrawn", "unclear", None]
    )
    assert (counted.rated, counted.apart, counted.no_value, counted.listed) == (5, 2, 1, 8)
    assert counted.share == pytest.approx(2 / 5)


def test_without_a_grade_there_is_no_share_which_is_not_zero() -> None:
    assert completion([None, "withdrawn"]).share is None
    assert completion(["limited"]).share == 0


def test_the_end_of_term_wins_over_the_progress_report() -> None:
    progress, end = (
        Coding("progress_report", "explorer_2017", "limited"),
        Coding("end_of_term", "explorer_2017", "complete"),
    )
    assert final_coding([progress, end]) is end


def test_an_end_of_term_without_a_value_does_not_win() -> None:
    progress = Coding("progress_report", "explorer_2017", "limited")
    assert final_coding([Coding("end_of_term", "explorer_2017", None), progress]) is progress


def test_the_newer_edition_wins_within_a_report() -> None:
    old, new = Coding("end_of_term", "explorer_2017", "limited"), Coding("end_of_term", "ogp_database", "complete")
    assert final_coding([old, new]) is new


def test_other_reports_say_nothing_of_completion() -> None:
    assert final_coding([Coding("commitment_page", "x", "complete")]) is None
    assert final_coding([]) is None


@given(st.lists(st.sampled_from([*GRADES, "withdrawn", "unclear", None])))
def test_no_commitment_is_lost_or_counted_twice(grades: list[str | None]) -> None:
    counted = completion(grades)
    assert counted.listed == len(grades)
    assert sum(counted.of(grade) for grade in GRADES) == counted.rated
