"""Search: accents and case aside, every word somewhere, every kind with its place, on both engines."""

from __future__ import annotations

import csv
import unicodedata

import pytest

from data.database import ReleaseHandle, published_releases
from data.queries.search import KINDS, search
from etl.release import Store
from settings import ROOT, Settings
from tests.both_engines import contents, publish


def plain(text: str) -> str:
    """A text without accents and in small letters, by Unicode and not by a database."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()


@pytest.mark.parametrize("text", ["michoacan", "MICHOACÁN", "Michoacán", "  michoacán  "])
def test_accents_and_case_do_not_matter(release: ReleaseHandle, text: str) -> None:
    with release.connect() as connection:
        found = search(connection, "state", text, 10)
    assert [hit.key for hit in found.hits] == ["16"]


@pytest.mark.parametrize("text", ["mexico", "san", "a"])
def test_the_states_found_are_those_of_the_list(release: ReleaseHandle, text: str) -> None:
    path = ROOT / "data" / "snapshots" / "reference" / "2026-11-23" / "states.csv"
    with path.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    with release.connect() as connection:
        found = search(connection, "state", text, 40)
    assert found.total == len(found.hits)
    named = {hit.name_es for hit in found.hits}
    assert {row["common_name"] for row in listed if text in plain(row["common_name"])} <= named
    assert len(named) <= len(listed) == 32


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["%", "_", "\\", "'; drop table states; --", "ñ" * 80, "\u0301"])
def test_no_text_is_taken_for_a_pattern_or_for_sql(release: ReleaseHandle, kind: str, text: str) -> None:
    with release.connect() as connection:
        found = search(connection, kind, text, 5)
    assert len(found.hits) <= 5


def test_nothing_asked_finds_nothing(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        assert search(connection, "actor", "   ", 5).total == 0


def test_every_word_must_be_there(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        one, two = (search(connection, "commitment", text, 100) for text in ("agua", "agua limpia"))
    assert 0 < two.total <= one.total
    assert all("limpia" in plain(hit.name_es or "") for hit in two.hits)


def test_a_commitment_is_found_by_the_id_of_any_register(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = search(connection, "commitment", "MX-P2-05", 5)
    assert [(hit.key, hit.place) for hit in found.hits] == [("MX0042", "national")]


def test_local_commitments_lead_to_their_place(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = search(connection, "commitment", "a", 500)
    kinds = {(hit.place or "").partition(":")[0] for hit in found.hits}
    assert kinds == {"national", "locality", "state"}


def test_pages_go_on_where_the_last_one_ended(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        whole = search(connection, "actor", "de", 30)
        parts = [search(connection, "actor", "de", 10, offset).hits for offset in (0, 10, 20)]
        beyond = search(connection, "actor", "de", 10, 10_000)
    assert [hit for part in parts for hit in part] == list(whole.hits)
    assert (beyond.total, list(beyond.hits)) == (whole.total, [])


def test_both_engines_find_the_same(store: Store, installation: Settings) -> None:
    publish(store, contents(_1="Ríos Limpios", _2="Presupuesto 100 % abierto", _3="Años de agua"))
    releases = published_releases(installation)
    opened = releases.open(releases.pointer() or "")
    asked = {"rios": ["MX001"], "ANOS": ["MX003"], "100 %": ["MX002"], "a": ["MX003", "MX002", "MX001"], "zz": []}
    with opened.engine.connect() as connection:
        found = {text: [hit.key for hit in search(connection, "commitment", text, 9).hits] for text in asked}
    opened.close()
    releases.close()
    assert found == {**asked, "a": found["a"]}
    # "a" begins one title only; the others hold it in the middle, or not at all.
    assert found["a"][0] == "MX003"
