"""What every view of every page gives to take away: the very rows that it shows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from data.database import Database
from etl.run import RunResult
from settings import Settings
from tests.addresses import ADDRESSES, FILTERS
from tests.shown import differences, records
from web.site import create_site

MORE = [
    "/actores?tipo=civil_society&orden=nombre",
    "/actores?papel=member",
    "/comparar?pais=CL&pais=BR&pais=US",
    "/comparar?que=estados&estado=14&estado=19&estado=01&estado=25",
    "/diagnostico/calidad?gravedad=notice",
    "/diagnostico/cobertura?falta=plan",
    "/estados/01",
    "/fuentes/state_exercises",
    "/ogp-local?generacion=2020",
    "/ogp-local/mx-merida",
    "/plan-nacional/MX-P1-01",
]
EVERY = [*ADDRESSES.values(), *(f"{address}?{query}" for address, (_, _, query) in FILTERS.items()), *MORE]
# What stands for one row where a view is no table.
ENTRIES = ".figure :is(.findings, .steps, .disputed, .documents) > li, .figure .contradiction"
DISTINCT = ("completo", "sustancial", "limitado", "sin iniciar")


@pytest.fixture(scope="module")
def client(built: tuple[Settings, RunResult]) -> FlaskClient:
    """A client of the whole site."""
    return create_site(built[0], Database(built[0])).test_client()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", EVERY)
def test_every_number_shown_is_in_the_file_of_its_view(client: FlaskClient, prefix: str, address: str) -> None:
    soup = _soup(client, f"{prefix}{address}")
    for view in soup.select("main section.view"):
        link = view.select_one(".get a[href*='forma=csv']")
        if link is not None:
            answer = client.get(str(link["href"]))
            assert answer.status_code == 200, link["href"]
            rows = [_words(row) for page in _pages(client, soup, view) for row in _rows(page)]
            assert differences(rows, answer.get_data(as_text=True)) == [], link["href"]


@pytest.mark.parametrize("address", EVERY)
def test_a_view_that_lists_a_dataset_gives_as_many_rows_as_it_lists(client: FlaskClient, address: str) -> None:
    soup = _soup(client, address)
    for view in soup.select("main section.view"):
        link = view.select_one(".get a[href*='.csv']")
        if link is not None:
            taken = records(client.get(str(link["href"])).get_data(as_text=True))
            shown = [row for page in _pages(client, soup, view) for row in _rows(page) or page.select(ENTRIES)]
            assert len(shown) == len(taken), f"{view['id']}: {link['href']}"


@pytest.mark.parametrize("address", EVERY)
def test_every_view_with_rows_gives_them_and_every_proof_opens(client: FlaskClient, address: str) -> None:
    for view in _soup(client, address).select("main section.view:has(> .shown)"):
        given = {link.get_text() for link in view.select(".get a")}
        assert given >= {"CSV", "Excel", "JSON"} or not view.select(".figure table, .twin table, .record"), view["id"]
        for proof in view.select(".get a[href*='/verificar']"):
            words = _soup(client, str(proof["href"])).select_one("h1")
            assert words is not None
            assert "no se puede" not in words.get_text(), proof["href"]


def test_the_three_forms_hold_the_same_rows_and_say_what_they_are(client: FlaskClient) -> None:
    address = "/tabla/comparar?pais=CL&vista=cumplimiento&forma="
    given = client.get(f"{address}json").get_json()
    assert given["page"].endswith("/comparar?pais=CL#cumplimiento")
    assert given["row_count"] == len(given["rows"])
    # 16 of 36 and 5 of 26, as coded in the first two reports.
    mexico = [row for row in given["rows"] if row["País"] == "México"]
    assert [[row[name] for name in DISTINCT] for row in mexico] == [[16, 9, 8, 3], [5, 13, 8, 0]]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}xlsx").data))
    data, about = book
    assert [list(row) for row in data.values] == [given["columns"], *(list(row.values()) for row in given["rows"])]
    assert given["release"] in [value for _, value in about.values]
    text = client.get(f"{address}csv").get_data(as_text=True)
    assert [list(row.values()) for row in records(text)] == [
        ["" if value is None else str(value) for value in row.values()] for row in given["rows"]
    ]


def test_the_file_is_not_sent_again_until_it_changes(client: FlaskClient) -> None:
    first = client.get("/tabla/comparar?vista=cumplimiento&forma=csv")
    again = client.get("/tabla/comparar?vista=cumplimiento&forma=csv", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/tabla/comparar?vista=cumplimiento&forma=pdf", 404),
        ("/tabla/comparar?vista=cumplimiento", 404),
        ("/tabla/comparar?vista=nada&forma=csv", 404),
        ("/tabla/comparar?pais=XX&vista=cumplimiento&forma=csv", 400),
        ("/tabla/metodologia?vista=glosario&forma=csv", 404),
        ("/tabla/estados/99?vista=pasos&forma=csv", 404),
        ("/en/tabla/nada?vista=nada&forma=csv", 404),
    ],
)
def test_a_file_that_there_is_not_gets_a_page_that_says_so(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert BeautifulSoup(answer.data, "html.parser").select("main a[href]")


def _soup(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def _pages(client: FlaskClient, soup: BeautifulSoup, view: Tag) -> Iterator[Tag]:
    """A view and, where its list has pages, what the following ones show of it."""
    yield view
    while onward := view.select_one("a[rel='next']"):
        found = _soup(client, str(onward["href"])).find(id=str(view["id"]))
        assert isinstance(found, Tag)
        view = found
        yield view


def _rows(view: Tag) -> list[Tag]:
    """The rows of the twin or else of the figure; those of a record are its names."""
    for part in (".twin", ".figure"):
        rows = view.select(f"{part} tbody tr, {part} .record > div")
        if rows:
            return rows
    return []


def _words(row: Tag) -> str:
    """What a row says: its text, and the labels of what has none."""
    marks = [str(mark.get("aria-label", "")) for mark in row.select("[aria-label]") if not mark.get_text(strip=True)]
    return re.sub(
        r"\s+", " ", " | ".join([*(cell.get_text(" ") for cell in row.find_all(True, recursive=False)), *marks])
    )
