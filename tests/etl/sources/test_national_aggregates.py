"""The published national figures: each kept as printed, with what makes it a minimum, a maximum or an aggregate."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from etl.sources.reading import Source
from tests.etl.sources.any_bytes import bundled, parse_with

FILE = "national_aggregates.csv"
HEADER = b"indicator,value,unit,numerator,denominator,as_of,scope,source_ref,source_url,note\n"


def test_every_figure_is_kept_as_published(parsed: Callable[[str], Source]) -> None:
    raw = list(csv.DictReader(io.StringIO(bundled("national_aggregates", FILE).decode(), newline="")))
    figures = parsed("national_aggregates").tables["indicators"]
    assert len(figures) == len(raw) == 59
    for row, figure in zip(raw, figures, strict=True):
        assert (figure["indicator"], figure["value"], figure["unit"]) == (
            row["indicator"], float(row["value"]), row["unit"],
        )  # fmt: skip
        assert (figure["as_of"], figure["reference"]) == (row["as_of"], row["source_ref"])
    assert len({(f["indicator"], f["as_of"], f["scope"], f["reference"]) for f in figures}) == 59


def test_the_same_count_of_several_dates_stays_apart(parsed: Callable[[str], Source]) -> None:
    figures = parsed("national_aggregates").tables["indicators"]
    assert [f["value"] for f in figures if f["indicator"] == "states_with_stl"] == [22, 13, 16, 18]
    assert [f["value"] for f in figures if f["indicator"] == "states_participating"] == [23, 25, 26, 27]


def test_minima_maxima_and_what_was_not_printed_are_said(parsed: Callable[[str], Source]) -> None:
    qualified = {
        (f["indicator"], f["qualifier"]) for f in parsed("national_aggregates").tables["indicators"] if f["qualifier"]
    }
    assert qualified == {
        ("csos_participating", "more_than"),
        ("ogp_local_places_new_call", "up_to"),
        ("ogl_responding", "derived"),
    }


def test_figures_of_the_2021_survey_are_aggregates_only(parsed: Callable[[str], Source]) -> None:
    figures = parsed("national_aggregates").tables["indicators"]
    assert {f["indicator"] for f in figures if f["warning"] == "published_aggregate_only"} == {
        "exercises_mapped", "ogl_responding", "ogl_latest_exercise_active", "exercises_ogl_convener",
        "exercises_cso_promoter", "exercises_with_judiciary", "exercises_with_legislature",
        "exercises_with_municipal_authorities", "exercises_with_action_plan",
    }  # fmt: skip
    assert [f["value"] for f in figures if f["warning"] == "unlabelled"] == [31]
    active = next(f for f in figures if f["indicator"] == "ogl_latest_exercise_active")
    assert (active["value"], active["numerator"], active["denominator"]) == (40, 10, 25)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (b"plans,,plans,,,2020,national,press,,\n", "column value"),
        (b"plans,many,plans,,,2020,national,press,,\n", "'many'"),
        (b"plans,3,plans,,,2020,Atlantis,press,,\n", "'Atlantis'"),
        (b",3,plans,,,2020,national,press,,\n", "column indicator"),
    ],
)
def test_a_figure_that_cannot_be_read_is_rejected(cells: bytes, reason: str) -> None:
    (rejected,) = parse_with("national_aggregates", FILE, HEADER + cells).rejected
    assert reason in rejected.reason
