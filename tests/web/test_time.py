"""Two releases, the second with one copy changed: the change told alike everywhere, and the first one still there.

Over HTTP, from the site as it runs in production.
"""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import defusedxml.ElementTree
import duckdb
import httpx
import pytest
from bs4 import BeautifulSoup

from data.database import Database
from etl.__main__ import main
from etl.progress import Silence
from etl.run import RunResult, run
from etl.snapshots import SnapshotStore
from settings import Settings
from tests.site import Site, running_site
from web.downloads import FORMS
from web.site import create_site

pytestmark = pytest.mark.slow

ATOM = {"a": "http://www.w3.org/2005/Atom"}
# One page of each kind, and what cannot be older than the site itself.
PAGES = (
    "/",
    "/estados",
    "/estados/01",
    "/comparar?que=estados&estado=01&estado=14",
    "/plan-nacional",
    "/ogp-local",
    "/actores",
    "/fuentes",
    "/diagnostico",
    "/cambios",
    "/datos",
    "/datos/states",
    "/datos/api",
    "/verificar",
    "/buscar?q=agua",
    "/metodologia",
)
TIMELESS = ("/assets/", "/_dash", "/acerca", "/api/v1/openapi.json", "/robots.txt")


@dataclass(frozen=True)
class Kept:
    """An installation with two releases, served; ``before`` is what was served while the first one was current."""

    settings: Settings
    site: Site
    first: str
    second: str
    before: dict[str, bytes]

    def get(self, address: str) -> httpx.Response:
        """The answer at an address, uncompressed."""
        with self.site.client() as client:
            return client.get(address)


@pytest.fixture(scope="module")
def kept(built: tuple[Settings, RunResult], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The release of the bundled copies, then one in which Aguascalientes is abbreviated in another way."""
    folder = tmp_path_factory.mktemp("time")
    shutil.copytree(built[0].releases_dir, folder / "releases")
    shutil.copytree(built[0].snapshots_dir, folder / "snapshots")
    settings = Settings(releases_dir=folder / "releases", snapshots_dir=folder / "snapshots")
    first = built[1].release_id
    environment = {
        "APERTURA_RELEASES_DIR": str(settings.releases_dir),
        "APERTURA_SNAPSHOTS_DIR": str(settings.snapshots_dir),
        "APERTURA_API_RATE": "100000 per minute",
        "WEB_CONCURRENCY": "1",
    }
    with running_site(folder, environment) as site:
        with site.client() as client:
            before = {address: client.get(address).content for address in _pinned(first)}
        _change_one_copy(settings)
        second = run(settings, Silence(), offline=True).release_id
        _wait_for(site, second)
        yield Kept(settings, site, first, second, before)


def _pinned(release_id: str) -> list[str]:
    """Addresses that name the release: pages, views, feeds, every form of file with and without a query, API, metadata."""
    pages = ("/estados/01", "/en/estados", "/cambios", "/datos/states", "/embed/estados?vista=mapa")
    files = [f"/datos/states.{form.suffix}{query}" for form in FORMS for query in ("", "?state_code=01&state_code=14")]
    files += [f"/en/datos/states.{form}" for form in ("csv", "xlsx")]
    whole = ("/datos/apertura.zip", "/datos/apertura.duckdb", "/datapackage.json", "/catalog.jsonld")
    rows = ("/api/v1", "/api/v1/states", "/api/v1/states?sort=-name&limit=5", "/api/v1/states/01")
    told = ("/cambios.atom", "/en/cambios.atom", "/cambios.atom?estado=01", "/datos/states.csv-metadata.json")
    lists = ("/tabla/estados?vista=mapa&forma=csv", "/sitemap.xml", "/llms.txt", "/imagen/estados?vista=mapa")
    return [_at(address, release_id) for address in (*pages, *files, *whole, *rows, *told, *lists)]


def _change_one_copy(settings: Settings) -> None:
    (copy,) = settings.snapshots_dir.glob("reference/*/states.csv")
    written = settings.snapshots_dir / "newer"
    written.write_bytes(Path(copy).read_bytes().replace(b",Ags.,", b",Agu.,"))
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    SnapshotStore(settings.snapshots_dir).keep(
        "reference", "states.csv", written, url=None, via="upload", fetched_at=moment
    )


def _wait_for(site: Site, release_id: str) -> None:
    """Until every answer comes from this release: a worker looks at the pointer once a second."""
    with site.client() as client:
        for _ in range(100):
            if client.get("/api/v1/states?limit=1").json()["release"] == release_id:
                return
    raise AssertionError(f"{release_id} is not served")


def _soup(response: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


# --- The change -------------------------------------------------------------------------------------------------------

# What a change is called by the difference, the page and the feed.
ROWS = {"fila nueva": "added", "fila retirada": "removed", "agregada": "added", "retirada": "removed"}
TABLES_SAID = {"states": "Entidades federativas", "snapshots": "Copias"}
COLUMNS_SAID = {"abbreviation": "Abreviatura"}
# The table, the row, then the kind of a whole row, or column, old and new value of a cell.
Told = tuple[str, ...]


def _told(table: str, key: str, kind: str, column: str | None, old: str | None, new: str | None) -> Told:
    if kind != "changed":
        return TABLES_SAID[table], key, kind
    return TABLES_SAID[table], key, COLUMNS_SAID[str(column)], str(old), str(new)


def _by_api(kept: Kept) -> set[Told]:
    names = ("table_name", "row_key", "kind", "column_name", "old", "new")
    answer = kept.get(f"/api/v1/changes?release_id={kept.second}&limit=1000").json()
    assert answer["next"] is None
    return {_told(*(row[name] for name in names)) for row in answer["data"]}


def _by_difference(printed: str) -> set[Told]:
    """What ``diff`` prints, read back from its lines, the last of which counts the others."""
    line = re.compile(
        r"(?P<kind>\w+) +(?P<table>\w+) \[(?P<key>.*?)\](?: (?P<column>\w+): (?P<old>.*) -> (?P<new>.*))?"
    )
    read = [line.fullmatch(each) for each in printed.splitlines()[:-1]]
    return {
        _told(
            each["table"],
            each["key"],
            each["kind"],
            each["column"],
            *(_unquoted(each[name]) for name in ("old", "new")),
        )
        for each in read
        if each is not None
    }


def _unquoted(written: str | None) -> str | None:
    return None if written is None else str(ast.literal_eval(written))


def _by_page(kept: Kept) -> set[Told]:
    found = set()
    for row in _soup(kept.get("/cambios")).select("#cambios .findings > li"):
        about, *changes = (each.get_text() for each in row.select("p"))
        for said in changes:
            cell = re.fullmatch(r"(.*): antes (.*); ahora (.*)", said)
            found.add((*about.split(" · "), *(cell.groups() if cell else [ROWS[said]])))
    return found


def _by_feed(kept: Kept) -> set[Told]:
    found = set()
    for entry in defusedxml.ElementTree.fromstring(kept.get("/cambios.atom").content).findall("a:entry", ATOM):
        about, _, kind = str(entry.findtext("a:title", namespaces=ATOM)).rpartition(": ")
        table, _, key = about.partition(", ")
        cells = re.findall(r"(.*): «(.*)» → «(.*)»", str(entry.findtext("a:content", namespaces=ATOM)))
        found |= {(table, key, *cell) for cell in cells} or {(table, key, ROWS[kind])}
    return found


def test_the_change_is_told_alike_by_page_feed_api_and_command(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APERTURA_RELEASES_DIR", str(kept.settings.releases_dir))
    capfd.readouterr()
    assert main(["diff", kept.first, kept.second]) == 0
    told = {
        ("Entidades federativas", "01", "Abreviatura", "Ags.", "Agu."),
        ("Copias", "reference/2026-12-01/states.csv", "added"),
    }
    printed = _by_difference(capfd.readouterr().out)
    assert printed >= told
    # The copy that the new one replaced.
    assert {(table, kind) for table, _, kind, *_ in printed - told} == {("Copias", "removed")}
    assert _by_api(kept) == printed
    assert _by_page(kept) == printed
    assert _by_feed(kept) == printed


# --- The release before -----------------------------------------------------------------------------------------------

BANNER = re.compile(rb'<aside class="cutoff".*?</aside>', re.DOTALL)


def test_the_first_release_still_gives_its_bytes(kept: Kept) -> None:
    for address, before in kept.before.items():
        now = kept.get(address)
        assert now.status_code == 200, address
        is_page = now.headers["Content-Type"].startswith("text/html")
        assert len(BANNER.findall(now.content)) == is_page, address
        assert BANNER.sub(b"", now.content) == before, address
    assert b"Ags." in kept.get(f"/datos/states.raw.csv?corte={kept.first}").content
    assert b"Ags." not in kept.get("/datos/states.raw.csv").content


def test_what_names_its_release_may_be_kept_for_ever(kept: Kept) -> None:
    for address in kept.before:
        answer = kept.get(address)
        # Pages, and what is drawn from them, also follow from the site itself.
        if not (answer.headers["Content-Type"].startswith(("text/html", "image/")) or address.startswith("/tabla/")):
            assert "immutable" in answer.headers["Cache-Control"], address
            assert answer.headers["Last-Modified"], address


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_of_an_older_release_says_so_and_stays_in_it(kept: Kept, language: str) -> None:
    for page in PAGES:
        address = f"{language}{page}"
        response = kept.get(_at(address, kept.first))
        soup = _soup(response)
        assert response.status_code == 200, page
        (banner,) = soup.select("aside.cutoff")
        assert kept.first in banner.get_text()
        assert [link["href"] for link in banner.select("a")] == [address]
        banner.decompose()
        leaves = [str(link["href"]) for link in soup.select("a[href^='/']") if "corte=" not in str(link["href"])]
        assert [link for link in leaves if not link.startswith(TIMELESS)] == [], page
        for form in soup.select("form"):
            assert [field["value"] for field in form.select("input[name=corte]")] == [kept.first], page
        assert kept.get(address).text.count('class="cutoff"') == 0, page


def test_what_a_page_gives_away_comes_from_its_release_in_its_language(kept: Kept) -> None:
    soup = _soup(kept.get(_at("/en/estados", kept.first)))
    files = [str(link["href"]) for link in soup.select(".foot .get a[download]")]
    assert files
    for file in files:
        assert file.startswith(("/en/datos/", "/en/tabla/"))
        assert f"corte={kept.first}" in file
        assert kept.get(file).status_code == 200
    embedded = kept.get(str(soup.select(".share a[href*='/embed/']")[0]["href"]))
    assert embedded.status_code == 200
    assert 'class="cutoff"' in embedded.text


def test_a_date_is_the_release_current_at_its_end(kept: Kept) -> None:
    day = f"{kept.second[:4]}-{kept.second[4:6]}-{kept.second[6:8]}"
    assert 'class="cutoff"' not in kept.get(_at("/estados", day)).text
    assert f"/estados/01?corte={day}" in kept.get(_at("/estados", day)).text


@pytest.mark.parametrize("cutoff", ["1999", "2026-13", "ayer", "20990101T000000Z-00000000", "../x", "%00", "'--"])
def test_a_cut_off_without_a_release_says_which_there_are(kept: Kept, cutoff: str) -> None:
    for address, home in (("/estados", "La vigente"), ("/en/estados", "The current one"), ("/no-existe", "La vigente")):
        response = kept.get(_at(address, cutoff))
        links = {link.get_text(): link["href"] for link in _soup(response).select("#results a")}
        assert response.status_code == 404
        assert links[home] == address
        assert links[kept.first] == f"{address}?corte={kept.first}"
        assert links[kept.second] == f"{address}?corte={kept.second}"


def test_pages_say_what_an_older_release_lacks(kept: Kept, tmp_path: Path) -> None:
    folder = shutil.copytree(kept.settings.releases_dir, tmp_path / "releases")
    path = folder / f"{kept.first}.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("DROP TABLE findings")
        connection.execute("ALTER TABLE commitments DROP COLUMN theme")
        connection.execute("UPDATE releases SET schema_version = '000000000000'")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n")
    database = Database(Settings(releases_dir=folder))
    client = create_site(Settings(releases_dir=folder), database).test_client()
    statuses = {page: client.get(_at(page, kept.first)).status_code for page in PAGES}
    assert set(statuses.values()) == {200, 404}
    assert (statuses["/diagnostico"], statuses["/datos"], statuses["/datos/states"]) == (404, 200, 200)
    response = client.get(_at("/en/diagnostico/calidad", kept.first))
    soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    assert response.status_code == 404
    assert "was built before these data were part of it" in soup.select("#results")[0].get_text()
    assert soup.select("#results a")[0]["href"] == "/en/diagnostico/calidad"
    database.close()


def _at(address: str, cutoff: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}corte={cutoff}"
