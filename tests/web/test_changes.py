"""``/cambios``: nothing to compare with at first, then what a newer copy of a source changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from data.database import Database
from data.queries.changes import TableChanges, change_count, change_page, release_list, table_changes
from etl.progress import Silence
from etl.run import RunResult, run
from etl.snapshots import SnapshotStore
from settings import ROOT, Settings
from web.site import create_site

pytestmark = pytest.mark.slow

SNAPSHOTS = ROOT / "data" / "snapshots"


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, FlaskClient, RunResult, RunResult]]:
    """An installation with two releases: in the second, Aguascalientes is written in another way."""
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(SNAPSHOTS, folder / "snapshots")
    settings = Settings(releases_dir=folder / "releases", snapshots_dir=folder / "snapshots")
    before = run(settings, Silence(), offline=True)
    _newer(settings, "reference", "states.csv", b",Ags.,", b",Agu.,")
    after = run(settings, Silence(), offline=True)
    database = Database(settings)
    yield database, create_site(settings, database).test_client(), before, after
    database.close()


def _newer(settings: Settings, source_id: str, file: str, old: bytes, new: bytes) -> None:
    (copy,) = sorted(SNAPSHOTS.glob(f"{source_id}/*/{file}"))
    written = settings.snapshots_dir / "newer"
    written.write_bytes(Path(copy).read_bytes().replace(old, new))
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    SnapshotStore(settings.snapshots_dir).keep(source_id, file, written, url=None, via="upload", fetched_at=moment)


def _page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def _heading(soup: BeautifulSoup) -> str:
    heading = soup.select_one("h1")
    assert heading is not None
    return heading.get_text()


def test_one_cell_of_one_row_is_told_as_such(
    changed: tuple[Database, FlaskClient, RunResult, RunResult],
) -> None:
    database, client, before, after = changed
    handle = database.current()
    assert handle is not None
    with handle.connect() as connection:
        releases = release_list(connection)
        by_table = {one.table_name: one for one in table_changes(connection, after.release_id)}
        total = change_count(connection, after.release_id, "states", None)
        rows = change_page(connection, after.release_id, "states", None, 1, 100)
    assert [one.release_id for one in releases] == [after.release_id, before.release_id]
    assert releases[0].previous_release_id == before.release_id
    assert releases[1].rows_changed == 0
    assert by_table["states"] == TableChanges("states", 0, 0, 1, 1)
    assert total == 1
    assert (rows[0].row_key, rows[0].column_name, rows[0].old, rows[0].new) == ("01", "abbreviation", "Ags.", "Agu.")
    soup = _page(client, "/cambios?tabla=states")
    assert "cambió 1 tabla: 1 fila cambiada en 1 celda." in _heading(soup)
    (row,) = soup.select("#cambios .findings > li")
    assert row.select_one('a[href="/estados/01"]') is not None
    assert "antes Ags.; ahora Agu." in row.get_text()
    link = soup.select_one("#cambios .get a")
    assert link is not None
    assert link["href"] == f"/datos/changes.csv?release_id={after.release_id}&table_name=states"


def test_facts_come_before_the_record_of_copies(changed: tuple[Database, FlaskClient, RunResult, RunResult]) -> None:
    soup = _page(changed[1], "/cambios")
    tables = [cell.get_text() for cell in soup.select("#tablas tbody th")]
    assert tables[0] == "Entidades federativas"
    assert "Copias" in tables[1:]


def test_the_first_release_says_that_there_is_nothing_to_compare_with(
    changed: tuple[Database, FlaskClient, RunResult, RunResult],
) -> None:
    _, client, before, after = changed
    soup = _page(client, f"/cambios?version={before.release_id}")
    assert _heading(soup).endswith("es la primera: no hay otra con la cual compararla.")
    assert soup.select_one("#cambios") is None
    ids = [link.get_text() for link in soup.select("#versiones tbody th a")]
    assert ids == [after.release_id, before.release_id]
    assert _heading(_page(client, f"/en/cambios?version={before.release_id}")).endswith(
        "is the first: there is no other to compare it with."
    )


def test_filters_that_fit_nothing_say_so_and_wrong_ones_are_refused(
    changed: tuple[Database, FlaskClient, RunResult, RunResult],
) -> None:
    client = changed[1]
    assert _page(client, "/cambios?tabla=states&tipo=removed").select_one(".empty") is not None
    _page(client, "/cambios?pagina=9", 400)
    _page(client, "/cambios?version=20200101T000000Z-00000000", 400)
    _page(client, "/cambios?tabla=sqlite_master", 400)


def test_the_front_page_tells_what_changed_in_sentences(
    changed: tuple[Database, FlaskClient, RunResult, RunResult],
) -> None:
    section = _page(changed[1], "/").select_one("#cambios")
    assert section is not None
    (row,) = section.select(".findings > li")
    assert "Ags." in row.get_text()
    assert "Agu." in row.get_text()
    assert row.select_one("a[href='/estados/01']") is not None
    assert section.select_one(f"a[href='/cambios?version={changed[3].release_id}']") is not None
