"""The front page and the search: sentence, five figures, bars, map, line of time, contradictions, changes."""

from __future__ import annotations

import csv
import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from data.database import ReleaseHandle
from data.queries.search import search
from settings import ROOT
from tests.web.data_site import client

__all__ = ["client"]


def page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    """The page at an address, which must answer with `status`."""
    response = client.get(address)
    assert response.status_code == status, address
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def heading(soup: BeautifulSoup) -> str:
    """The answer of a page."""
    assert soup.h1 is not None
    return soup.h1.get_text()


def test_the_front_page_opens_with_the_independent_count_the_years_of_its_plans_and_its_reports(
    client: FlaskClient,
) -> None:
    # 16 + 5 complete of 36 + 26 rated, as counted by hand in the explorer's file.
    path = ROOT / "data" / "snapshots" / "ogp_commitments" / "2017-03-30" / "ogpirm_live_data.csv"
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        next(file)
        mexican = [row for row in csv.DictReader(file) if row["Country"] == "Mexico"]
    assert {row["Completion (end of term)"] for row in mexican} == {"ND"}
    years = ", ".join(sorted({row["Report publication year (progress report)"] for row in mexican}))
    spanish, english = page(client, "/"), page(client, "/en/")
    assert heading(spanish) == (
        "De 62 compromisos evaluados de los planes de 2011 a 2015, la revisión independiente encontró completos 21."
    )
    assert heading(english) == (
        "Of 62 reviewed commitments in the plans of 2011 to 2015, the independent review found 21 complete."
    )
    for soup, report in ((spanish, "informe de avance"), (english, "progress report")):
        assert f"{report} ({years})" in soup.select("#lead")[0].get_text()
        # Nothing of what was completed later: no end-of-term report stands in the file.
        assert f"{report} ({years})" in soup.select("#cumplimiento")[0].get_text()


def test_no_figure_is_called_disputed_by_another_source_where_it_only_does_not_add_up(client: FlaskClient) -> None:
    soup = page(client, "/")
    assert {link.get_text() for link in soup.select(".facts a")} == {"no cuadra con otro dato"}
    message = soup.select("#hallazgo-result_of_plan_2")[0].get_text()
    assert "informe de avance" in message


def test_the_five_figures_are_those_published_with_date_and_denominator(client: FlaskClient) -> None:
    path = ROOT / "data" / "snapshots" / "national_aggregates" / "2026-11-23" / "national_aggregates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        newest = {row["indicator"]: row for row in sorted(csv.DictReader(file), key=lambda row: row["as_of"])}
    names = [
        "states_signed_declaratoria",
        "states_with_exercise",
        "states_with_stl",
        "public_institutions_participating",
        "csos_participating",
    ]
    shown = [item.get_text() for item in page(client, "/").select(".facts > div .n")]
    assert shown == [
        newest[name]["value"] + (f" de {newest[name]['denominator']}" if newest[name]["denominator"] else "")
        for name in names
    ]


def test_a_disputed_figure_leads_to_what_the_other_source_says(client: FlaskClient) -> None:
    soup = page(client, "/")
    links = [link["href"] for link in soup.select(".facts a")]
    assert links
    for link in links:
        target = soup.select_one(str(link))
        assert target is not None
        assert len(target.select("ul li")) >= 2


def test_the_map_has_every_state_and_leads_to_it(client: FlaskClient) -> None:
    links = {link["href"] for link in page(client, "/").select("#estados svg a")}
    assert links == {f"/estados/{number:02d}" for number in range(1, 33)}


def test_the_line_of_time_has_every_event_in_words(client: FlaskClient) -> None:
    path = ROOT / "data" / "snapshots" / "national_plans" / "2026-11-23" / "timeline.csv"
    with path.open(encoding="utf-8", newline="") as file:
        events = list(csv.DictReader(file))
    soup = page(client, "/en/")
    assert len(soup.select("#linea .timeline-track i")) == len(events)
    told = {row.get_text() for row in soup.select("#linea table tbody th")}
    assert told == {event["event"] for event in events}


def test_the_first_release_says_that_there_is_nothing_to_compare(client: FlaskClient) -> None:
    section = page(client, "/").select_one("#cambios")
    assert section is not None
    assert "primera versión publicada" in section.get_text()


def test_the_search_box_works_without_scripts(client: FlaskClient) -> None:
    form = page(client, "/en/").select_one("form.search-box")
    assert form is not None
    assert (form["action"], form["method"], form.select_one("input[name=q]") is not None) == ("/en/buscar", "get", True)


@pytest.mark.parametrize("text", ["jalisco", "JALISCO", "Jalísco"])
def test_the_results_are_those_of_the_query_and_links(client: FlaskClient, release: ReleaseHandle, text: str) -> None:
    soup = page(client, f"/buscar?q={text}&tipo=actores")
    with release.connect() as connection:
        found = search(connection, "actor", "jalisco", 40)
    assert [link["href"] for link in soup.select(".hits a")] == [f"/actores/{hit.key}" for hit in found.hits]
    assert heading(soup).startswith(f"{found.total} resultados")


def test_a_search_says_when_it_finds_nothing_and_where_to_go(client: FlaskClient) -> None:
    for address in ("/buscar", "/buscar?q=", "/buscar?q=zzzz", "/en/buscar?q=zzzz&tipo=estados"):
        assert page(client, address).select_one(".empty a") is not None
    assert page(client, "/buscar?q=" + "x" * 81, 400).select_one(".empty") is not None
    page(client, "/buscar?q=a&tipo=personas", 400)


def test_what_was_asked_is_never_markup(client: FlaskClient) -> None:
    body = client.get("/buscar?q=<script>alert(1)</script>").get_data(as_text=True)
    assert "<script>alert" not in body


def test_every_hit_of_the_overview_leads_somewhere(client: FlaskClient) -> None:
    links = [str(link["href"]) for link in page(client, "/buscar?q=a").select(".hits a")]
    assert links
    assert all(re.fullmatch(r"/(plan-nacional|estados|ogp-local|actores)/[^/?#]+", link) for link in links)
