"""``/actores`` and ``/actores/<actor_id>`` as HTTP: figures as the queries say, filters, pages of the list, the network."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from data.database import Database, ReleaseHandle
from data.queries.actor import involvements, partners, things
from data.queries.actors import Participation, all_actors, followed_models, participations_in_mexico
from data.queries.datasets import count, dataset, parse
from etl.run import RunResult
from layouts import actor, actors
from layouts.actor_network import MOST_PARTNERS
from settings import Settings
from tests.shown import behind
from tests.web.state_site import opened, said
from web.site import create_site

IMCO = "instituto-mexicano-para-la-competitividad"
ALONE = "poder-ejecutivo-durango"
ONE_PARTNER_OR_MORE = "causa-natura"
SILENT = "instituto-de-transparencia-y-acceso-a-la-informacion-de-tamaulipas"


@pytest.fixture(scope="module")
def pages(built: tuple[Settings, RunResult]) -> FlaskClient:
    return create_site(built[0], Database(built[0]), [*actors.PAGES, *actor.PAGES]).test_client()


@pytest.fixture(scope="module")
def participations(release: ReleaseHandle) -> list[Participation]:
    with release.connect() as connection:
        return participations_in_mexico(connection, followed_models(connection))


def _rows(soup: BeautifulSoup, view: str) -> list[Tag]:
    return soup.select(f"#{view} tbody tr")


def _downloaded(release: ReleaseHandle, soup: BeautifulSoup, view: str) -> int:
    """How many rows a view is made from."""
    address = urlsplit(behind(soup.select(f"#{view}")[0]))
    name = address.path.removeprefix("/en").removeprefix("/datos/").removesuffix(".csv")
    with release.connect() as connection:
        return count(connection, parse(dataset(name), parse_qsl(address.query)))


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_headline_sets_the_published_totals_beside_those_with_a_name(
    pages: FlaskClient, release: ReleaseHandle, participations: list[Participation], language: str
) -> None:
    with release.connect() as connection:
        known = all_actors(connection)
    named = {one.actor_id for one in participations}
    civil = sum(known[actor_id].kind == "civil_society" for actor_id in named)
    headline = said(opened(pages, f"{language}/actores"), "h1")
    numbers = [int(number) for number in re.findall(r"\d+", headline)]
    # The year of the slides, and the year of the first plan, from which on organisations are named.
    assert numbers[:4] == [2022, 235, 218, 2011]
    assert numbers[5] == civil
    others = ("civil_society", "academia", "private_sector", "international", "party", "union", "unknown")
    assert numbers[4] == sum(known[actor_id].kind not in others for actor_id in named)


@pytest.mark.parametrize("view", ["tipos", "papeles"])
def test_every_bar_adds_up_to_the_download(
    pages: FlaskClient, release: ReleaseHandle, participations: list[Participation], view: str
) -> None:
    for query in ("", "?papel=lead", "?estado=23", "?plan=MX-P2", "?modelo=cocreacion_snt", "?tipo=academia"):
        soup = opened(pages, f"/actores{query}")
        total = sum(int(row.select("td.num")[0].get_text()) for row in _rows(soup, view))
        assert total == _downloaded(release, soup, view), query
    assert sum(int(row.select("td.num")[0].get_text()) for row in _rows(opened(pages, "/actores"), view)) == len(
        participations
    )


def test_powers_are_said_with_no_data_apart(pages: FlaskClient) -> None:
    soup = opened(pages, "/actores")
    judicial = _rows(soup, "poderes")[2]
    assert "9 de 52" in judicial.get_text()
    assert "sin dato: 43" in str(judicial.select(".track")[0]["aria-label"])
    assert "11 de 49" in judicial.get_text()


@pytest.mark.slow
def test_the_list_turns_its_pages_without_losing_anyone(pages: FlaskClient, release: ReleaseHandle) -> None:
    shown: list[str] = []
    address: str | None = "/actores?orden=nombre"
    while address:
        soup = opened(pages, address)
        shown += [str(row.select("th a")[0]["href"]) for row in _rows(soup, "lista")]
        following = [link for link in soup.select("#lista nav a") if "→" in link.get_text()]
        address = str(following[0]["href"]) if following else None
    assert len(shown) == len(set(shown))
    with release.connect() as connection:
        expected = {f"/actores/{actor_id}" for actor_id in all_actors(connection)}
    # Three are of a plan in Tunisia and have nothing in Mexico.
    assert len(expected - set(shown)) == 3
    assert set(shown) <= expected


def test_a_search_looks_at_every_name_whatever_its_accents(pages: FlaskClient) -> None:
    for words in ("secoes", "CONTRALORIA DEL ESTADO DE QUINTANA", "Contraloría del Estado de Quintana"):
        links = [str(row.select("th a")[0]["href"]) for row in _rows(opened(pages, f"/actores?q={words}"), "lista")]
        assert "/actores/secretaria-de-la-contraloria-del-estado-de-quintana-roo" in links


@pytest.mark.parametrize("language", ["", "/en"])
def test_nothing_found_says_so_and_where_to_go(pages: FlaskClient, language: str) -> None:
    soup = opened(pages, f"{language}/actores?q=zzzz")
    assert soup.select(".empty a")[0]["href"] == f"{language}/actores"
    assert not soup.select("table")


@pytest.mark.parametrize(
    "query", ["tipo=nadie", "papel=x", "plan=MX-15-PAL1", "estado=33", "modelo=x", "pagina=99", "orden=x"]
)
def test_a_filter_that_is_not_offered_is_refused(pages: FlaskClient, query: str) -> None:
    opened(pages, f"/actores?{query}", 400)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("actor_id", [IMCO, ALONE, ONE_PARTNER_OR_MORE])
def test_an_organisation_is_drawn_with_its_things_and_partners(
    pages: FlaskClient, release: ReleaseHandle, actor_id: str, language: str
) -> None:
    with release.connect() as connection:
        found, others = involvements(connection, actor_id), partners(connection, actor_id)
    soup = opened(pages, f"{language}/actores/{actor_id}")
    drawn = soup.select("#red svg.network")[0]
    assert len(drawn.select("circle.thing")) == len(things(found))
    linked = [str(link["href"]) for link in drawn.select("a") if "/actores/" in str(link["href"])]
    assert len(linked) == min(len(others), MOST_PARTNERS)
    assert len(_rows(soup, "participaciones")) == len(found) == _downloaded(release, soup, "participaciones")
    twin = [str(row.select("th a")[0]["href"]) for row in _rows(soup, "red")]
    assert twin == [f"{language}/actores/{one.actor_id}" for one in others]
    assert set(linked) <= set(twin)


def test_lines_of_the_network_join_partners_to_what_they_share(pages: FlaskClient, release: ReleaseHandle) -> None:
    with release.connect() as connection:
        others = partners(connection, IMCO)
    drawn = opened(pages, f"/actores/{IMCO}").select("#red svg.network")[0]
    lines = drawn.select("line:not(.spine)")
    assert len(lines) == sum(len(one.shared) for one in others[:MOST_PARTNERS])
    height = float(str(drawn["height"]))
    assert all(0 <= float(str(mark["cy"])) <= height for mark in drawn.select("circle"))


def test_an_organisation_named_in_nothing_says_so(pages: FlaskClient) -> None:
    soup = opened(pages, f"/actores/{SILENT}")
    assert "no consta en qué participó" in said(soup, "h1")
    assert soup.select(".empty a")
    assert not soup.select("svg.network")


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("actor_id", ["nadie", "%3Cscript%3E", "x" * 300])
def test_an_unknown_organisation_is_a_404_with_a_way_out(pages: FlaskClient, actor_id: str, language: str) -> None:
    soup = opened(pages, f"{language}/actores/{actor_id}", 404)
    assert f"{language}/actores" in [link["href"] for link in soup.select(".empty a")]
    assert not soup.select("script:not([src]):not([type])")


@pytest.mark.slow
def test_every_organisation_has_a_page(pages: FlaskClient, release: ReleaseHandle) -> None:
    with release.connect() as connection:
        known = all_actors(connection)
    for actor_id in known:
        assert pages.get(f"/en/actores/{actor_id}").status_code == 200, actor_id
