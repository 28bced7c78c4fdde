"""Countries beside each other against the file of 2017."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from data.database import ReleaseHandle
from data.queries.compare import (
    COMPLETION,
    IMPACT,
    SPECIFICITY,
    CountryProfile,
    all_together,
    country_profiles,
    edition_date,
)
from settings import ROOT

FILE = ROOT / "data" / "snapshots" / "ogp_commitments" / "2017-03-30" / "ogpirm_live_data.csv"


@pytest.fixture(scope="module")
def profiles(release: ReleaseHandle) -> dict[str, CountryProfile]:
    with release.connect() as connection:
        return country_profiles(connection)


@pytest.fixture(scope="module")
def published() -> list[dict[str, str]]:
    """The rows of the file, under the header that stands in its second line."""
    with FILE.open(encoding="utf-8", errors="replace", newline="") as opened:
        next(opened)
        return list(csv.DictReader(opened))


def test_the_countries_are_those_of_the_file(
    profiles: dict[str, CountryProfile], published: list[dict[str, str]]
) -> None:
    assert len(profiles) == len({row["Country"] for row in published}) == 61


def test_mexico_is_coded_as_the_review_published(profiles: dict[str, CountryProfile]) -> None:
    # Method page: plan 1 has 16 complete, 9 substantial, 8 limited, 3 not started, 1 without value; plan 2: 5, 13, 8, 0.
    values = ("complete", "substantial", "limited", "not_started", None)
    counted = {
        number: [plan.graded[COMPLETION].counts[value] for value in values]
        for number, plan in profiles["MX"].plans.items()
    }
    assert counted == {1: [16, 9, 8, 3, 1], 2: [5, 13, 8, 0, 0]}


def test_the_year_of_a_plan_is_that_of_its_submission(
    profiles: dict[str, CountryProfile], published: list[dict[str, str]]
) -> None:
    # The first plan of Mexico was expanded in 2012, and submitted in 2011 as that of others was.
    written = {row["Action Plan Number"]: row["Year of submission"] for row in published if row["Country"] == "Mexico"}
    assert {str(number): plan.year for number, plan in profiles["MX"].plans.items()} == written


def test_nothing_rated_is_no_share(profiles: dict[str, CountryProfile]) -> None:
    first = profiles["MX"].plans[1].graded[IMPACT]
    assert (first.rated, first.share("moderate", "transformative")) == (0, None)


def test_all_countries_together_hold_every_commitment_once(
    profiles: dict[str, CountryProfile], published: list[dict[str, str]]
) -> None:
    together = all_together(list(profiles.values()))
    for criterion in (COMPLETION, IMPACT, SPECIFICITY):
        total = together.total(criterion)
        assert total.rated + total.apart == len(published)


def test_commitments_by_country_are_those_of_the_file(
    profiles: dict[str, CountryProfile], published: list[dict[str, str]]
) -> None:
    expected = Counter(row["Country"] for row in published)
    found = {profile.name_en: profile.total(COMPLETION) for profile in profiles.values()}
    for country in ("Mexico", "Brazil", "Chile", "Georgia"):
        assert found[country].rated + found[country].apart == expected[country]


def test_the_edition_has_the_date_of_its_copy(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        assert edition_date(connection) == FILE.parent.name
