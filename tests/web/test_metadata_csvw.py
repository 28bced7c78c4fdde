"""CSV on the Web: each CSV file and the metadata that its ``Link`` header leads to, read by a library of that standard."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from csvw import CSVW
from flask.testing import FlaskClient

from data.queries.datasets import datasets
from data.schema import TABLES
from etl.run import RunResult
from settings import Settings
from tests.site import running_site
from tests.web.data_site import client

pytestmark = pytest.mark.slow

__all__ = ["client"]

BOM = b"\xef\xbb\xbf"
# Filters, chosen columns and orders, whose file has other rows, columns and headings than the whole.
ASKED = [
    ("commitments", "country_code=MX&select=title_es,starts_on,is_proactive&sort=-starts_on"),
    ("states", "name.contains=m%C3%A9xico&name=Colima"),
    ("metric_scores", "value.lt=0.3&sort=value,-place"),
    ("exercises", "corte=2030&status.is=notnull"),
]


@pytest.fixture(scope="module")
def address(built: tuple[Settings, RunResult], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site over HTTP, whose links say that same address."""
    folder = tmp_path_factory.mktemp("csvw")
    with running_site(folder, {"APERTURA_RELEASES_DIR": str(built[0].releases_dir), "WEB_CONCURRENCY": "1"}) as site:
        yield site.url


def _faults(described: CSVW) -> list[str]:
    """What does not fit: told as a warning, which is an error here, or an error at once where reading cannot go on."""
    try:
        valid = described.is_valid
    except (ValueError, UserWarning) as error:
        return [str(error)]
    faults = [str(warning.message) for warning in described.warnings]
    assert valid is not bool(faults)
    return faults


@pytest.mark.parametrize("name", datasets())
def test_a_machine_that_has_a_raw_file_finds_its_metadata_and_every_row_fits_them(address: str, name: str) -> None:
    described = CSVW(f"{address}/datos/{name}.raw.csv", validate=True)
    assert _faults(described) == []
    (table,) = described.tables
    assert [column.name for column in table.tableSchema.columns] == list(TABLES[name].columns.keys())
    assert (
        len(list(table.iterdicts())) == httpx.get(f"{address}/datos/{name}.json", trust_env=False).json()["row_count"]
    )


@pytest.mark.parametrize(("name", "query"), ASKED)
def test_a_filtered_file_has_metadata_of_its_own(address: str, name: str, query: str) -> None:
    assert _faults(CSVW(f"{address}/datos/{name}.raw.csv?{query}", validate=True)) == []


def _beside(client: FlaskClient, folder: Path, path: str, query: str) -> dict[str, Any]:
    """Save a file and its metadata in a folder, as who downloads both has them; the metadata."""
    body = client.get(f"{path}{query}").get_data()
    answer = client.get(f"{path}-metadata.json{query}")
    assert answer.mimetype == "application/csvm+json"
    described: dict[str, Any] = answer.get_json(force=True)
    assert described["url"] == f"http://127.0.0.1:8050{path}{query}"
    # The library keeps the mark of the encoding as a letter of the first heading, which the standard does not.
    (folder / "file.csv").write_bytes(body.removeprefix(BOM))
    (folder / "file.csv-metadata.json").write_text(json.dumps({**described, "url": "file.csv"}))
    return described


@pytest.mark.parametrize("query", ["", "?limit=3"])
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("name", datasets())
def test_files_for_spreadsheets_fit_their_metadata_too_in_both_languages(
    client: FlaskClient, tmp_path: Path, name: str, prefix: str, query: str
) -> None:
    described = _beside(client, tmp_path, f"{prefix}/datos/{name}.csv", query)
    assert described["@context"][1]["@language"] == ("en" if prefix else "es")
    assert _faults(CSVW(str(tmp_path / "file.csv-metadata.json"), validate=True)) == []
    heading = next(csv.reader(io.StringIO((tmp_path / "file.csv").read_text())))
    assert [column["titles"] for column in described["tableSchema"]["columns"]] == [[title] for title in heading]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (",1425607,", ",many,"),
        ("\r\n02,", "\r\n99,"),
        ("\r\n02,", "\r\n01,"),
        (",Aguascalientes,Aguascalientes,", ",,Aguascalientes,"),
        ("population_2020", "people"),
    ],
)
def test_what_does_not_fit_would_be_found(client: FlaskClient, tmp_path: Path, old: str, new: str) -> None:
    _beside(client, tmp_path, "/datos/states.raw.csv", "")
    assert _faults(CSVW(str(tmp_path / "file.csv-metadata.json"), validate=True)) == []
    text = (tmp_path / "file.csv").read_bytes().decode()
    assert old in text
    (tmp_path / "file.csv").write_bytes(text.replace(old, new, 1).encode())
    assert _faults(CSVW(str(tmp_path / "file.csv-metadata.json"), validate=True))


def test_nothing_typed_into_an_address_ends_its_link(client: FlaskClient) -> None:
    answer = client.get('/datos/states.raw.csv?name=a>;rel="stylesheet"&name=%3E%0D%0ASet-Cookie:x')
    link = answer.headers["Link"]
    assert (link.count(">"), link.count(";")) == (1, 2 + 1)
    assert "\n" not in link
    assert "Set-Cookie" not in answer.headers


def test_metadata_of_what_a_dataset_does_not_take_are_refused_like_the_file(client: FlaskClient) -> None:
    wrong = client.get("/datos/states.csv-metadata.json?colour=red")
    assert (wrong.status_code, wrong.get_json()["parameter"]) == (400, "colour")
    assert client.get("/datos/nope.raw.csv-metadata.json").status_code == 404
