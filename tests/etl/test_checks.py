"""Rows that fail the checks of their table are refused with a reason, whole source rows at a time; sources are quoted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from data.database import ReleaseHandle
from data.schema.findings import findings
from etl.checks.contradictions import Contradiction, contradictions, declared
from etl.checks.doubtful_matches import CHECK, DoubtfulMatch, doubtful_matches
from etl.checks.doubtful_matches import declared as declared_doubts
from etl.checks.findings import finding_rows, impossible_dates
from etl.checks.tables import check_tables
from etl.sources.spec import Text


def row(position: str, **columns: Any) -> dict[str, Any]:
    return {**columns, "source_id": "s", "snapshot_id": "s/1/f", "source_position": position}


def state(position: str, code: str, **more: Any) -> dict[str, Any]:
    columns = {
        "state_code": code, "iso_code": "MX-AGU", "name": "A", "official_name": "A", "abbreviation": "A", "capital": "A",
        "population_2020": 5, "municipality_count": 1,
    }  # fmt: skip
    return row(position, **{**columns, **more})


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"state_code": "33"}, ["state_code", "'33'"]),
        ({"iso_code": "MXA"}, ["iso_code", "'MXA'"]),
        ({"population_2020": 0}, ["population_2020", "at least 1"]),
        ({"name": None}, ["name"]),
    ],
)
def test_a_value_that_does_not_fit_refuses_the_row_and_says_what_would_be_right(
    wrong: dict[str, Any], says: list[str]
) -> None:
    good = state("line 2", "01")
    bad = {**state("line 3", "02"), **wrong}
    clean, refused = check_tables({"states": [good, bad]})
    assert [row["source_position"] for row in clean["states"].to_pylist()] == [good["source_position"]]
    assert list(refused) == [("s", "s/1/f", "line 3")]
    for part in says:
        assert part in refused["s", "s/1/f", "line 3"]


def test_a_repeated_key_refuses_the_later_row_and_names_the_first() -> None:
    _, refused = check_tables({"states": [state("line 2", "01"), state("line 9", "01")]})
    assert "line 2" in refused["s", "s/1/f", "line 9"]


def test_a_refused_row_takes_along_what_its_source_row_gave_and_what_refers_to_it() -> None:
    tables = {
        "states": [state("line 2", "01"), state("line 3", "02", population_2020=-1)],
        "declarations": [row("line 3", state_code="01", has_evidence=True)],
        "technical_secretariats": [row("line 7", state_code="02")],
    }
    clean, refused = check_tables(tables)
    assert clean["declarations"].num_rows == 0
    assert clean["technical_secretariats"].num_rows == 0
    assert "states does not have" in refused["s", "s/1/f", "line 7"]


def test_a_column_nobody_declared_stops_the_run() -> None:
    with pytest.raises(ValueError, match="no column colour"):
        check_tables({"states": [state("line 2", "01", colour="red")]})


def test_an_end_before_its_start_is_found_as_far_as_both_are_known() -> None:
    def plan(start: str, end: str) -> list[Any]:
        return list(impossible_dates({"plans": [row("1", plan_id="P", starts_on=start, ends_on=end)]}))

    assert len(plan("2021-09", "2021-05")) == 1
    assert plan("2021-09", "2021") == []
    assert plan("2021", "2021-05") == []


def test_sides_that_agree_or_are_silent_make_no_contradiction() -> None:
    rule = Contradiction.model_validate(
        {
            "severity": "warning",
            "message": {"es": "{a} y {b}", "en": "{a} and {b}"},
            "sides": [
                {"table": "plans", "where": {"plan_id": "P"}, "column": "declared_commitments", "about": {"es": "a", "en": "a"}},
                {"says": "36", "source": "s", "about": Text(es="b", en="b")},
            ],
        }
    )  # fmt: skip

    def found(value: int | None) -> list[str]:
        tables = {"plans": [{"plan_id": "P", "declared_commitments": value, "source_id": "s"}]}
        return [finding.message_es for finding in contradictions(tables, {"rule": rule})]

    assert found(37) == ["37 y 36"]
    assert found(36) == []
    assert found(None) == []


def test_every_declared_contradiction_fills_its_message_in_both_languages() -> None:
    for rule in declared().values():
        words = dict(zip("abcdefgh", map(str, range(len(rule.sides))), strict=False))
        for text in (rule.message.es, rule.message.en):
            assert all(word in text.format(**words) for word in words.values())


def test_the_id_of_a_finding_stays_as_long_as_it_says_the_same() -> None:
    (first,) = impossible_dates({"plans": [row("1", plan_id="P", starts_on="2022", ends_on="2021")]})
    (again,) = impossible_dates({"plans": [row("9", plan_id="P", starts_on="2022", ends_on="2021")]})
    (other,) = impossible_dates({"plans": [row("1", plan_id="P", starts_on="2023", ends_on="2021")]})
    ids = [finding_rows([finding])["findings"][0]["finding_id"] for finding in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]


PAIR = DoubtfulMatch(
    table="actors", keys=("a", "b"), columns=["acronym", "name"], why=Text(es="se parecen", en="they are alike")
)


def test_rows_that_may_be_one_are_told_and_both_are_quoted() -> None:
    actors: list[dict[str, Any]] = [
        {"actor_id": "a", "acronym": None, "name": "Bios Politics", "source_id": "one"},
        {"actor_id": "b", "acronym": "BIOS", "name": "Bios A.C.", "source_id": "two"},
    ]
    (told,) = doubtful_matches({"actors": actors}, {"pair": PAIR})
    assert (told.severity, told.table_name, told.row_key) == ("notice", "actors", "a")
    assert "«Bios Politics» (a, one)" in told.message_es
    assert "«BIOS» (b, two)" in told.message_es
    assert "they are alike" in told.message_en
    # Merged, or gone from its source: nothing is in doubt any more.
    assert list(doubtful_matches({"actors": actors[:1]}, {"pair": PAIR})) == []


def test_the_declared_doubts_are_about_rows_that_are_there(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        told = connection.execute(select(findings.c.row_key).where(findings.c.check_id == CHECK)).scalars().all()
    assert sorted(told) == sorted(match.keys[0] for match in declared_doubts().values())
