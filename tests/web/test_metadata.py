"""What programs read about the data, checked with the programs that read it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import defusedxml.ElementTree
import duckdb
import frictionless
import pytest
from flask.testing import FlaskClient
from protego import Protego

from data.database import Database, ReleaseHandle
from data.queries.datasets import datasets
from data.schema import TABLES, column_info
from etl.release import open_store
from settings import Settings
from tests.both_engines import contents, installation, publish
from tests.web.data_site import client
from web.site import create_site

__all__ = ["client", "installation"]


@pytest.fixture(scope="module")
def unpacked(client: FlaskClient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, unpacked."""
    folder = tmp_path_factory.mktemp("package")
    with zipfile.ZipFile(io.BytesIO(client.get("/datos/apertura.zip").get_data())) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_archive_is_a_valid_data_package(unpacked: Path) -> None:
    report = frictionless.validate(str(unpacked / "datapackage.json"))
    assert report.valid, report.flatten(["taskNumber", "rowNumber", "fieldName", "type", "note"])[:20]
    # Every row of every file, not only the descriptor.
    described = {resource["name"]: resource["rows"] for resource in json.loads(_descriptor(unpacked))["resources"]}
    assert {task.name: task.stats.get("rows", 0) for task in report.tasks} == described
    assert set(described) == set(datasets())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("states.csv", b",1425607,", b",many,", "type-error"),
        ("states.csv", b"\r\n02,", b"\r\n01,", "primary-key"),
        ("states.csv", b"\r\n02,", b"\r\n99,", "constraint-error"),
        ("commitments.csv", b",MX-P4,", b",MX-P9,", "foreign-key"),
    ],
)
def test_a_row_that_does_not_fit_the_data_package_would_be_found(
    unpacked: Path, tmp_path: Path, file: str, old: bytes, new: bytes, fault: str
) -> None:
    spoilt = shutil.copytree(unpacked, tmp_path / "package")
    path = spoilt / "data" / file
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    report = frictionless.validate(str(spoilt / "datapackage.json"))
    assert fault in {row[0] for row in report.flatten(["type"])}


def _descriptor(unpacked: Path) -> str:
    return (unpacked / "datapackage.json").read_text()


def test_the_archive_explains_itself(unpacked: Path, release: ReleaseHandle) -> None:
    readme = (unpacked / "LEEME.md").read_text()
    assert release.release_id in readme
    assert "Cómo citar" in readme
    assert "How to cite" in readme
    with (unpacked / "diccionario.csv").open(newline="") as file:
        described = {(line[0], line[1]) for line in list(csv.reader(file))[1:]}
    assert described == {(name, column.name) for name in datasets() for column in TABLES[name].columns}


def test_the_package_online_has_every_dataset_with_its_sources(client: FlaskClient, release: ReleaseHandle) -> None:
    package = client.get("/datapackage.json").get_json()
    assert package["version"] == release.release_id
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert set(resources) == set(datasets())
    assert resources["states"]["rows"] == 32
    assert resources["states"]["sources"]
    population = next(f for f in resources["states"]["schema"]["fields"] if f["name"] == "population_2020")
    assert (population["type"], population["unit"]) == (
        "integer",
        column_info(TABLES["states"].c.population_2020)["unit"],
    )
    path = resources["states"]["path"].removeprefix("http://127.0.0.1:8050")
    assert client.get(path).get_data() == client.get("/datos/states.raw.csv").get_data()


def test_the_release_itself_can_be_taken_in_parts(client: FlaskClient, release: ReleaseHandle, tmp_path: Path) -> None:
    assert release.path is not None
    whole = client.get("/datos/apertura.duckdb", buffered=True)
    assert whole.get_data() == release.path.read_bytes()
    tag = whole.headers["ETag"]
    assert not tag.startswith("W/")
    size = int(whole.headers["Content-Length"])
    parts = [(0, size // 2 - 1), (size // 2, size - 1)]
    got = [
        client.get("/datos/apertura.duckdb", headers={"Range": f"bytes={a}-{b}", "If-Range": tag}, buffered=True)
        for a, b in parts
    ]
    assert [part.status_code for part in got] == [206, 206]
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(b"".join(part.get_data() for part in got))
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute("SELECT sum(population_2020) FROM states").fetchone() == (126_014_024,)
    assert client.get("/datos/apertura.duckdb", headers={"Range": f"bytes={size}-"}, buffered=True).status_code == 416
    assert client.get("/datos/apertura.duckdb", headers={"If-None-Match": tag}, buffered=True).status_code == 304


def test_every_engine_gives_all_but_only_files_are_given_as_files(installation: Settings) -> None:
    store = open_store(installation)
    publish(store, contents(n01="uno"))
    store.close()
    database = Database(installation)
    visitor = create_site(installation, database).test_client()
    for address in ("/datapackage.json", "/catalog.jsonld", "/datos/apertura.zip", "/sitemap.xml", "/llms.txt"):
        assert visitor.get(address).status_code == 200, address
    answer = visitor.get("/datos/apertura.duckdb", buffered=True)
    if installation.database_url:
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert "PostgreSQL" in answer.get_json()["detail"]
    else:
        assert answer.status_code == 200
    answer.close()
    database.close()


def test_the_site_map_lists_pages_that_are_there_in_both_languages(client: FlaskClient, release: ReleaseHandle) -> None:
    root = defusedxml.ElementTree.fromstring(client.get("/sitemap.xml").get_data())
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    found = [str(node.text).removeprefix("http://127.0.0.1:8050") for node in root.findall(".//s:loc", space)]
    # The limits of the protocol, and one host.
    body = client.get("/sitemap.xml").get_data()
    assert len(body) < 50 * 1024 * 1024
    assert len(found) == len(set(found)) < 50_000
    assert all(path.startswith("/") and len(path) < 2_048 for path in found)
    assert root.tag == f"{{{space['s']}}}urlset"
    assert {str(node.text) for node in root.findall(".//s:lastmod", space)} == {f"{release.built_at:%Y-%m-%d}"}
    robots = Protego.parse(client.get("/robots.txt").get_data(as_text=True))
    assert [path for path in found if not robots.can_fetch(f"http://127.0.0.1:8050{path}", "Googlebot")] == []
    assert {"/", "/en/", "/datos/states", "/en/datos/states"} <= set(found) | {"/en"} | {"/en/"}
    assert all(len(node.findall("x:link", space)) == 3 for node in root.findall("s:url", space))
    kinds = {re.sub(r"[^/]*$", "", path): path for path in found}
    for path in kinds.values():
        assert client.get(path).status_code == 200, path


def test_robots_and_models_are_told_where_to_look(client: FlaskClient) -> None:
    robots = client.get("/robots.txt").get_data(as_text=True)
    read = Protego.parse(robots)
    assert list(read.sitemaps) == ["http://127.0.0.1:8050/sitemap.xml"]
    for path in ("/datos/states.csv", "/api/v1/states", "/catalog.jsonld", "/estados/14?capa=stl", "/llms.txt"):
        assert read.can_fetch(f"http://127.0.0.1:8050{path}", "GPTBot"), path
    for path in ("/comision", "/en/embed/estados", "/verificar?conjunto=states", "/_dash-layout", "/buscar?q=a"):
        assert not read.can_fetch(f"http://127.0.0.1:8050{path}", "Googlebot"), path
    models = client.get("/llms.txt").get_data(as_text=True)
    assert models.startswith("# Apertura\n")
    for address in re.findall(r"\]\(http://127\.0\.0\.1:8050([^)]+)\)", models):
        assert client.head(address).status_code == 200, address


@pytest.fixture
def outgrown(tmp_path: Path) -> Iterator[FlaskClient]:
    """A site whose release was built before a table, and a column of another, were declared."""
    settings = Settings(releases_dir=tmp_path)
    store = open_store(settings)
    info = publish(store, contents(n01="uno"))
    path = tmp_path / f"{info.release_id}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP TABLE findings")
        connection.execute("ALTER TABLE commitments DROP COLUMN theme")
    digest = path.with_name(f"{path.name}.sha256")
    digest.write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    database = Database(settings)
    yield create_site(settings, database).test_client()
    database.close()


def test_a_release_older_than_the_schema_answers_with_what_it_has(outgrown: FlaskClient) -> None:
    rows = outgrown.get("/api/v1/commitments").get_json()["data"]
    assert len(rows) == 1
    assert "theme" not in rows[0]
    assert outgrown.get("/api/v1/commitments/MX0001").status_code == 200
    assert outgrown.get("/api/v1/commitments?theme=x").get_json()["parameter"] == "theme"
    assert outgrown.get("/datos/findings.csv").status_code == 404
    for form in ("csv", "raw.csv", "json", "parquet", "xlsx"):
        assert outgrown.get(f"/datos/commitments.{form}").status_code == 200
    package = outgrown.get("/datapackage.json").get_json()
    assert "findings" not in {resource["name"] for resource in package["resources"]}
    assert zipfile.ZipFile(io.BytesIO(outgrown.get("/datos/apertura.zip").get_data())).testzip() is None
