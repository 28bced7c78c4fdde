"""``/metodologia``: every indicator with its formula, the catalogues as published, in both languages."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from data.database import Database
from etl.run import RunResult
from layouts.i18n import locales
from layouts.method_indicators import GLOSSARY, INDICATORS
from settings import ROOT, Settings
from web.site import create_site

CATALOGS = ROOT / "data" / "snapshots" / "reference" / "2026-11-23" / "method_catalogs.csv"


@pytest.fixture(scope="module")
def site(built: tuple[Settings, RunResult]) -> Iterator[FlaskClient]:
    """A client of the whole site."""
    database = Database(built[0])
    yield create_site(built[0], database).test_client()
    database.close()


def _page(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_indicator_has_formula_and_limits_under_an_anchor_of_its_own(site: FlaskClient, prefix: str) -> None:
    soup = _page(site, f"{prefix}/metodologia")
    for indicator in INDICATORS:
        (entry,) = soup.select(f"article#{indicator.key}")
        assert len(entry.select(".record dt")) == 4
        assert all(value.get_text() for value in entry.select(".record dd"))
    ids = [tag["id"] for tag in soup.select("#results [id]")]
    assert len(ids) == len(set(ids))
    assert all(link["href"][1:] in ids for link in soup.select(".contents a"))


def test_the_catalogues_are_those_published(site: FlaskClient) -> None:
    with CATALOGS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    soup = _page(site, "/metodologia")
    plain = [row["plain_label_es"] for row in rows if row["catalog"] == "cocreation_steps"]
    assert [small.get_text() for small in soup.select("#pasos tbody th small")] == plain
    conditions = [row["label_es"] for row in rows if row["catalog"] == "authenticity_conditions"]
    assert [cell.get_text() for cell in soup.select("#condiciones tbody th")] == conditions
    assert len(soup.select("#modelos tbody tr")) == sum(row["catalog"] == "opening_models" for row in rows) == 7


def test_no_term_of_the_method_is_left_in_spanish() -> None:
    (english,) = [locale for locale in locales() if locale.code == "en"]
    with CATALOGS.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["catalog"] in ("authenticity_conditions", "smart_criteria")]
    assert rows
    assert all(english.text(row["label_es"]) != row["label_es"] for row in rows)
    assert all(english.text(meaning) != meaning for _, meaning in GLOSSARY)
