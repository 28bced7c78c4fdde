"""What changed between two releases, told alike by the feed, the API, the download and the difference itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import defusedxml.ElementTree
import feedparser
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from data.database import Database
from etl.changes import changes_of
from etl.diff import diff
from etl.release import open_store
from etl.stores.rows import arrow_table
from settings import Settings
from tests.both_engines import FIRST_BUILD, Contents, contents, info_for, installation, publish
from web.site import create_site

__all__ = ["installation"]

HOST = "http://127.0.0.1:8050"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
Told = tuple[str, str, str, str | None, str | None, str | None]
Changed = tuple[FlaskClient, str, str, list[Told]]


@pytest.fixture
def changed(installation: Settings) -> Iterator[Changed]:
    """A site with two releases, on each engine: a commitment changed, one removed, one added; and the difference."""
    before, after = contents(n01="uno", n02="dos"), contents(n01="uno & <medio>\x0b", n03="tres")
    first_id, second_id, told = _published(installation, _numbered(before), _numbered(after))
    database = Database(installation)
    yield create_site(installation, database).test_client(), first_id, second_id, told
    database.close()


def _published(installation: Settings, before: Contents, after: Contents) -> tuple[str, str, list[Told]]:
    """Two releases, the second with what it changed, by their ids; and the difference."""
    store = open_store(installation)
    first = publish(store, before)
    tables = after | {"changes": [], "change_subjects": []}
    coming = info_for(tables, 1, first.release_id)
    at = FIRST_BUILD + timedelta(hours=1)
    parts = changes_of(
        lambda table: store.read_parts(first.release_id, table),
        lambda table: iter([arrow_table(table, tables.get(table.name, []))]),
        coming.release_id,
        at,
    )
    for rows, about in parts:
        tables["changes"] += rows.to_pylist()
        tables["change_subjects"] += about.to_pylist()
    second = publish(store, tables, 1)
    told: list[Told] = [
        (c.table, c.key, c.kind, c.column, c.old, c.new) for c in diff(store, first.release_id, second.release_id)
    ]
    store.close()
    return first.release_id, second.release_id, told


def _numbered(tables: Contents) -> Contents:
    """The contents with their plan as one of the national ones, which pages offer."""
    return {**tables, "plans": [{**plan, "number": 1, "name_es": "Plan 1"} for plan in tables["plans"]]}


def test_feed_api_and_download_tell_what_the_difference_tells(changed: Changed) -> None:
    client, _, _, told = changed
    assert {(kind, key) for _, key, kind, *_ in told} == {
        ("changed", "MX0001"),
        ("removed", "MX0002"),
        ("added", "MX0003"),
    }
    columns = ("table_name", "row_key", "kind", "column_name", "old", "new")
    for rows in (
        client.get("/api/v1/changes").get_json()["data"],
        client.get("/datos/changes.json").get_json()["rows"],
    ):
        assert [tuple(row[name] for name in columns) for row in rows] == told
    feed = defusedxml.ElementTree.fromstring(client.get("/cambios.atom").get_data())
    titles = sorted(str(entry.findtext("a:title", namespaces=ATOM)) for entry in feed.findall("a:entry", ATOM))
    assert titles == ["Compromisos, MX0001: cambiada", "Compromisos, MX0002: retirada", "Compromisos, MX0003: agregada"]
    said = "".join(str(node.text) for node in feed.findall(".//a:content", ATOM))
    assert "Título en español: «uno» → «uno & <medio>\ufffd»" in said


def test_no_number_of_copies_and_sources_pushes_a_fact_out_of_the_feed(installation: Settings) -> None:
    before, after = _numbered(contents(n01="uno")), _numbered(contents(n01="otro"))
    after["sources"] += [{**after["sources"][0], "source_id": f"z{number:03}"} for number in range(150)]
    _published(installation, before, after)
    with closing(Database(installation)) as database:
        answer = create_site(installation, database).test_client().get("/cambios.atom")
    titles = [entry.title for entry in feedparser.parse(answer.get_data()).entries]
    assert titles[0] == "Compromisos, MX0001: cambiada"
    assert len(titles) == 100


def test_the_feed_is_asked_about_one_thing(changed: Changed) -> None:
    client, first, _, _ = changed
    # A commitment that is gone is still told to those who follow its plan.
    for query, found in (("compromiso=MX0001", 1), ("compromiso=MX0002", 1), ("plan=MX-P1", 3), ("plan=MX-P9", 0)):
        feed = defusedxml.ElementTree.fromstring(client.get(f"/en/cambios.atom?{query}").get_data())
        assert len(feed.findall("a:entry", ATOM)) == found, query
        assert str(feed.findtext("a:id", namespaces=ATOM)).endswith(f"/en/cambios.atom?{query}")
    assert client.get("/cambios.atom?municipio=1").get_json()["parameter"] == "municipio"
    assert client.get("/cambios.atom?plan=%00").status_code == 400
    assert client.get("/cambios.atom?estado=14&plan=MX-P1").get_json()["parameter"] == "plan"
    older = defusedxml.ElementTree.fromstring(client.get(f"/cambios.atom?corte={first}").get_data())
    assert older.findall("a:entry", ATOM) == []


@pytest.mark.parametrize("address", ["/cambios.atom", "/en/cambios.atom?plan=MX-P1", "/cambios.atom?compromiso=MX0001"])
def test_feed_readers_take_the_feed_as_it_is(changed: Changed, address: str) -> None:
    client, _, second, _ = changed
    answer = client.get(address)
    read = feedparser.parse(answer.get_data(), response_headers={name.lower(): value for name, value in answer.headers})
    assert (read.bozo, read.version) == (False, "atom10")
    feed = read.feed
    assert feed.id == feed.links[0].href == f"{HOST}{address}"
    assert feed.language == ("en" if address.startswith("/en") else "es-MX")
    assert feed.updated_parsed == max(entry.updated_parsed for entry in read.entries)
    assert feed.author == "Apertura"
    assert len({entry.id for entry in read.entries}) == len(read.entries) > 0
    for entry in read.entries:
        assert entry.title
        assert entry.link.startswith(f"{HOST}/")
        # What is not gone can be asked for: as a page, and as data.
        assert client.get(entry.link.removeprefix(HOST)).status_code == 200
        data = [link for link in entry.links if link.rel == "related"]
        assert len(data) == (0 if entry.id.endswith("/MX0002") else 1)
        assert all(client.get(link.href.removeprefix(HOST)).status_code == 200 for link in data)
        assert second in entry.id


def test_the_page_keeps_to_what_the_feed_is_asked_about(changed: Changed) -> None:
    client = changed[0]
    for query in ("plan=MX-P1", "compromiso=MX0002", "compromiso=MX0009"):
        page = BeautifulSoup(client.get(f"/cambios?{query}").get_data(as_text=True), "html.parser")
        feed = feedparser.parse(client.get(f"/cambios.atom?{query}").get_data())
        assert len(page.select("#cambios .findings > li")) == len(feed.entries)
        links = [str(link["href"]) for link in page.select("#lead a")]
        assert f"/cambios.atom?{query}" in links
    assert client.get("/cambios?plan=MX-P9").status_code == 400


def test_pages_about_one_thing_lead_to_its_feed(changed: Changed) -> None:
    client = changed[0]
    for page, feed in (
        ("/cambios", "/cambios.atom"),
        ("/en/plan-nacional/MX0001", "/en/cambios.atom?compromiso=MX0001"),
        ("/plan-nacional?plan=MX-P1", "/cambios.atom?plan=MX-P1"),
    ):
        soup = BeautifulSoup(client.get(page).get_data(as_text=True), "html.parser")
        found = soup.select('link[rel="alternate"][type="application/atom+xml"]')
        assert [link["href"] for link in found] == [f"{HOST}{feed}"], page


def test_the_release_before_still_gives_its_bytes(changed: Changed) -> None:
    client, first, second, _ = changed
    older, newer = (client.get(f"/datos/commitments.raw.csv?corte={one}").get_data() for one in (first, second))
    assert b"dos" in older
    assert b"dos" not in newer
    assert client.get("/datos/commitments.raw.csv").get_data() == newer


@pytest.mark.parametrize(
    "query",
    [
        "",
        "title_es.contains=tres",
        "title_es.ne=50% 'y' \\\\ %% :x $1&select=title_es",
        "is_proactive.is=null&starts_on.is=null&sort=-title_es",
        "is_proactive.ne=true&commitment_id.gte=MX0002",
    ],
)
def test_a_number_is_proved_by_its_rows_and_by_sql_that_gives_them_again(
    installation: Settings, changed: Changed, query: str
) -> None:
    client = changed[0]
    answer = client.get("/verificar", query_string={"conjunto": "commitments", "consulta": query})
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    statement = page.select_one("#consulta-sql")
    assert statement is not None, page.select_one("#results")
    rows = client.get(f"/datos/commitments.json?{urlencode(parse_qsl(query))}").get_json()["rows"]
    assert rows
    with closing(Database(installation)) as database:
        release = database.current()
        assert release is not None
        with release.connect() as connection:
            # Through the driver one statement at a time, with percent signs doubled, as a shell does not need.
            *before, asked = statement.get_text().split(";\n")
            for line in before:
                connection.exec_driver_sql(line)
            again = connection.exec_driver_sql(asked.replace("%", "%%") if before else asked)
            assert [dict(row) for row in again.mappings()] == rows
    shown = [link.get_text() for link in page.select("#filas tbody th a")]
    assert len(shown) == len(rows)
    for link in page.select("#filas tbody th a"):
        assert client.get(str(link["href"])).get_json()["data"]["commitment_id"] == link.get_text()


def test_a_wrong_query_is_explained_and_an_attack_is_text(changed: Changed) -> None:
    client = changed[0]
    wrong = client.get("/verificar?conjunto=commitments&consulta=colour%3D1")
    assert wrong.status_code == 400
    assert "colour" in wrong.get_data(as_text=True)
    attack = client.get("/verificar?consulta=name%3D%3Cscript%3Ealert(1)%3C/script%3E").get_data(as_text=True)
    assert "<script>alert(1)" not in attack
