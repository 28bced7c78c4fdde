"""Policy areas: every tag of the bundled sources has a Spanish name, however it is spelt."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from data.database import ReleaseHandle
from data.schema.commitments import commitment_policy_areas
from data.schema.policy_areas import GOALS, area_in_spanish, area_key


def test_every_tag_of_the_release_has_a_name_in_spanish(release: ReleaseHandle) -> None:
    columns = commitment_policy_areas.c
    with release.connect() as connection:
        tags = connection.execute(select(columns.vocabulary, columns.policy_area).distinct()).all()
    assert tags
    assert [tag for vocabulary, tag in tags if vocabulary != "sdg" and area_in_spanish(tag) is None] == []
    assert [tag for vocabulary, tag in tags if vocabulary == "sdg" and tag not in GOALS] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("E-Government", "E-government"),
        ("Sub-national", "Subnational"),
        ("Water & Sanitation", "Water and Sanitation"),
        ("Right To Information", "Right to Information"),
    ],
)
def test_spellings_of_an_area_are_one(one: str, other: str) -> None:
    assert area_key(one) == area_key(other)


def test_different_areas_stay_apart() -> None:
    assert area_key("Justice") != area_key("Open Justice")
    assert area_in_spanish("Beekeeping") is None
