"""The Metric: every value as published, and the states of 2017 as the plain means of their institutions."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable
from statistics import fmean

import pytest

from data.schema import VOCABULARIES
from etl.sources.reading import Source
from tests.etl.sources.any_bytes import bundled, parse_with

HEADER = b"edition,state_code,state_name,indicator,indicator_name,value,scale,rank,n_institutions,source_url,note\n"
INDICES = ("GA", "T", "P", "TG", "TC", "PG", "PC")


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a bundled file, read without the parser."""
    return list(csv.DictReader(io.StringIO(bundled("metrica", file).decode(), newline="")))


def test_every_row_is_loaded(parsed: Callable[[str], Source]) -> None:
    source = parsed("metrica")
    assert {file: (count.read, count.loaded) for file, count in source.counts.items()} == {
        "metrica.csv": (264, 264),
        "metrica_institutions_2017.csv": (908, 908),
    }
    assert not source.findings


def test_2017_by_state_is_the_mean_of_its_institutions(parsed: Callable[[str], Source]) -> None:
    by_place: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows("metrica_institutions_2017.csv"):
        for index in INDICES:
            by_place[row["state_code"], index].append(float(row[index]))
    scores = [
        row for row in parsed("metrica").tables["metric_scores"] if row["edition"] == "2017" and row["place"] != "MX"
    ]
    assert len(scores) == 33 * 7
    for score in scores:
        institutions = by_place[score["place"], score["indicator"]]
        assert score["value"] == pytest.approx(fmean(institutions), abs=1e-4), score
        assert score["institution_count"] == len(institutions)


def test_institutions_keep_their_seven_indices(parsed: Callable[[str], Source]) -> None:
    by_name = {row["institution"]: row for row in parsed("metrica").tables["metric_institutions"]}
    assert len(by_name) == 908
    for raw in rows("metrica_institutions_2017.csv"):
        row = by_name[raw["institution"]]
        assert row["open_government"] == float(raw["GA"])
        assert row["participation_citizen"] == float(raw["PC"])
        assert row["place"] == raw["state_code"]
        assert row["state_code"] == (None if raw["state_code"] == "00" else raw["state_code"])
    assert Counter(row["kind"] for row in by_name.values())["municipal"] == 160
    assert {row["kind"] for row in by_name.values()} <= set(VOCABULARIES["actor_kind"])


def test_places_beyond_the_states_have_no_state(parsed: Callable[[str], Source]) -> None:
    scores = parsed("metrica").tables["metric_scores"]
    assert {(row["scope"], row["place"]) for row in scores if row["state_code"] is None} == {
        ("federal", "00"),
        ("national", "MX"),
    }
    assert {row["place"] for row in scores if row["scope"] == "state"} == {f"{code:02}" for code in range(1, 33)}


def test_a_place_without_value_stays_without(parsed: Callable[[str], Source]) -> None:
    (score,) = [row for row in parsed("metrica").tables["metric_scores"] if row["value"] is None]
    assert (score["edition"], score["place"], score["rank"]) == ("2021", "23", 9)
    assert "only the place was published" in score["note"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (b"2017,Federal,F,GA,g,0.5,0-1,,,https://a.mx/,\n", "'Federal'"),
        (b"2017,33,X,GA,g,0.5,0-1,,,https://a.mx/,\n", "'33'"),
        (b"2017,01,A,XX,g,0.5,0-1,,,https://a.mx/,\n", "'XX'"),
        (b"2017,01,A,GA,g,50,0-100,,,https://a.mx/,\n", "0-1 would be right"),
        (b"2017,01,A,GA,g,1.5,0-1,,,https://a.mx/,\n", "from 0 to 1"),
        (b"2017,01,A,GA,g,0.5,0-1,,,,\n", "source_url"),
        (b"2017,01,A,GA,g,0.5,0-1,,,javascript:alert(1),\n", "http"),
    ],
)
def test_a_row_that_says_something_else_is_rejected(cells: bytes, reason: str) -> None:
    source = parse_with("metrica", "metrica.csv", HEADER + cells)
    (rejected,) = source.rejected
    assert reason in rejected.reason
    assert "metric_scores" not in source.tables
