"""``/fuentes`` and the page of each source, as HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from data.database import Database, ReleaseHandle
from data.queries.sources import NO_ROWS, source_file, sources_at_a_glance
from etl.run import RunResult
from settings import Settings
from tests.shown import behind
from web.site import create_site


@pytest.fixture(scope="module")
def site(built: tuple[Settings, RunResult]) -> Iterator[FlaskClient]:
    """A client of the whole site."""
    database = Database(built[0])
    yield create_site(built[0], database).test_client()
    database.close()


def _page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def test_the_sentence_has_the_counts_of_the_run(site: FlaskClient, built: tuple[Settings, RunResult]) -> None:
    fates = built[1].sources
    read, loaded = sum(one.read for one in fates), sum(one.loaded for one in fates)
    ignored = sum(one.ignored for one in fates)
    heading = _page(site, "/fuentes").select_one("h1")
    assert heading is not None
    assert heading.get_text() == (
        f"{read:,} filas leídas en 10 fuentes: {loaded:,} cargadas, {ignored:,} fuera por regla declarada, "
        "ninguna rechazada."
    )


@pytest.mark.parametrize(("prefix", "read"), [("", "filas leídas"), ("/en", "rows read")])
def test_each_source_stands_where_other_pages_lead_to(
    site: FlaskClient, release: ReleaseHandle, prefix: str, read: str
) -> None:
    soup = _page(site, f"{prefix}/fuentes")
    with release.connect() as connection:
        every = sources_at_a_glance(connection, release.built_at.isoformat())
    for source in every:
        entry = soup.select_one(f"section#{source.source_id}")
        assert entry is not None
        assert f"{source.rows.read:,} {read}" in entry.get_text()
        assert entry.select_one(f'a[href="{prefix}/fuentes/{source.source_id}"]') is not None
    assert len(soup.select("#filas tbody tr")) == len(every) == 10


def test_the_oldest_copy_is_the_oldest_file_in_use(site: FlaskClient, release: ReleaseHandle) -> None:
    # The grades of the front page are read from the file of 2017, though its source has one of 2024 too.
    years = (release.built_at.date() - date(2017, 3, 30)).days / 365.25
    fact = _page(site, "/fuentes").select(".facts > div")[-1]
    assert f"{years:.1f} años" in fact.get_text()


def test_filters_keep_the_sources_that_fit(site: FlaskClient, release: ReleaseHandle) -> None:
    soup = _page(site, "/fuentes?advertencia=discontinued_source")
    with release.connect() as connection:
        every = sources_at_a_glance(connection, release.built_at.isoformat())
    chosen = [source for source in every if "discontinued_source" in source.warnings]
    total = sum((source.rows for source in chosen), NO_ROWS)
    heading = soup.select_one("h1")
    assert heading is not None
    assert heading.get_text().startswith(f"{total.read:,} filas leídas en {len(chosen)} fuentes: todas cargadas")
    assert behind(soup.select("#filas")[0]) == "/datos/snapshots.csv?" + "&".join(
        f"source_id={source.source_id}" for source in sorted(chosen, key=lambda source: source.source_id)
    )


def test_nothing_that_fits_is_said_and_a_wrong_filter_refused(site: FlaskClient) -> None:
    assert _page(site, "/fuentes?via=upload").select_one(".empty") is not None
    assert "upload" in _page(site, "/fuentes?via=paloma", 400).get_text()
    assert "/fuentes" in str(_page(site, "/fuentes/nadie", 404).select_one("#results"))


def test_the_table_of_ages_is_sorted_as_asked(site: FlaskClient) -> None:
    soup = _page(site, "/fuentes?orden=edad")
    first = soup.select_one("#edad tbody tr th")
    assert first is not None
    assert first.get_text() == "Tablero del Cuarto Plan de Acción Nacional"
    marked = soup.select("#edad th[aria-sort]")
    assert [mark["aria-sort"] for mark in marked] == ["descending"]


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_file_of_a_source_has_all_that_is_known(site: FlaskClient, release: ReleaseHandle, language: str) -> None:
    for source_id in ("national_board", "ogp_pages", "national_plans", "state_survey"):
        soup = _page(site, f"{language}/fuentes/{source_id}")
        with release.connect() as connection:
            found = source_file(connection, source_id, release.built_at.isoformat())
        assert found is not None
        hashes = [code.get_text() for code in soup.select("#copias .hash > code")]
        assert hashes == [copy.sha256 for copy in found.source.copies]
        assert len(soup.select("#intentos tbody tr")) == len(found.attempts)
        assert len(soup.select("#condiciones tbody tr")) == len(found.assertions)
        assert len(soup.select("#hallazgos .findings > li")) == len(found.findings)
        assert len(soup.select("#hallazgos .sides li")) == sum(len(one.sides) for one in found.findings)
