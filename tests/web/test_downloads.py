"""Downloads read back with the programs people use: every dataset in every form says the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from data.database import Database, ReleaseHandle
from data.queries.datasets import datasets
from data.schema import TABLES, key_columns
from etl.release import open_store
from settings import Settings
from tests.both_engines import contents, publish
from tests.web.data_site import client
from web.site import create_site

pytestmark = pytest.mark.slow

__all__ = ["client"]

Rows = list[tuple[Any, ...]]
FILTERS = {
    "states": "population_2020.gte=5000000&sort=-population_2020",
    "commitments": "country_code=MX&title_es.contains=datos&select=title_es,commitment_id,is_proactive,starts_on",
    "commitment_ratings": "criterion=completion&commitment_id.contains=MX",
    "metric_scores": "value.lt=0.3&sort=value,-place",
    "exercises": "starts_on.gte=2018&status.is=notnull",
    "activities": "is_placeholder=false&sort=-starts_on",
    "metric_institutions": "open_government.gte=0.7",
}
# The largest tables are read back once in the quick forms; their other forms are tried with filters.
LARGE = {"commitment_ratings", "commitment_policy_areas"}
NASTY = {
    "n01": '=HYPERLINK("http://x";"y")',
    "n02": "+52 55",
    "n03": "-1",
    "n04": "@SUM(A1)",
    "n05": "\tcmd",
    "n06": "\rcmd",
    "n07": 'línea uno\nlínea "dos", tres; cuatro',
    "n08": "Ñandú, «áéí» 日本 🟢 \x0b\x1f",
    "n09": "007",
    "n10": "  =1+1",
    "n11": "_x0041_ y \ufffe",
    "n12": "<b>&amp;</b>",
}


def _rows(release: ReleaseHandle, name: str) -> Rows:
    """The rows as they stand, by key."""
    with release.connect() as connection:
        found = [dict(row) for row in connection.execute(select(TABLES[name])).mappings()]
    return [
        tuple(row.values()) for row in sorted(found, key=lambda row: [row[key] for key in key_columns(TABLES[name])])
    ]


def _get(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data()


def _typed(name: str, columns: list[str], text: list[str]) -> tuple[Any, ...]:
    """A line of raw CSV with its types back; an empty cell is None, or the empty text of a key."""
    table = TABLES[name]
    values: list[Any] = []
    for column, cell in zip(columns, text, strict=True):
        kind = table.c[column].type.python_type
        if cell == "":
            values.append("" if column in key_columns(table) and kind is str else None)
        else:
            values.append(cell == "true" if kind is bool else kind(cell))
    return tuple(values)


def _from_raw(name: str, body: bytes) -> Rows:
    lines = list(csv.reader(io.StringIO(body.decode(), newline="")))
    return [_typed(name, lines[0], line) for line in lines[1:]]


def _from_json(name: str, body: bytes) -> Rows:
    document = json.loads(body)
    assert document["complete"] is True
    assert document["row_count"] == len(document["rows"])
    return [tuple(row.values()) for row in document["rows"]]


def _from_lines(name: str, body: bytes) -> Rows:
    return [tuple(json.loads(line).values()) for line in body.splitlines()]


def _from_parquet(name: str, body: bytes) -> Rows:
    return [tuple(row.values()) for row in pq.read_table(io.BytesIO(body)).to_pylist()]


def _from_xlsx(name: str, body: bytes) -> Rows:
    sheet = openpyxl.load_workbook(io.BytesIO(body), read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    return [tuple(_back(cell) for cell in row) for row in rows[1:]]


def _back(cell: Any) -> Any:
    return (
        cell.date().isoformat() if isinstance(cell, datetime) else cell.isoformat() if isinstance(cell, date) else cell
    )


READERS: dict[str, Callable[[str, bytes], Rows]] = {
    "raw.csv": _from_raw,
    "json": _from_json,
    "ndjson": _from_lines,
    "parquet": _from_parquet,
    "xlsx": _from_xlsx,
}


def _without_empty(rows: Rows) -> Rows:
    """XLSX does not tell an empty text from none."""
    return [tuple(None if value == "" else value for value in row) for row in rows]


@pytest.mark.parametrize("name", datasets())
def test_every_dataset_is_the_same_in_every_form(client: FlaskClient, release: ReleaseHandle, name: str) -> None:
    expected = _rows(release, name)
    for form, read in READERS.items():
        if name in LARGE and form in ("xlsx", "ndjson"):
            continue
        found = read(name, _get(client, f"/datos/{name}.{form}"))
        if form == "xlsx":
            assert _without_empty(found) == _without_empty(expected)
        else:
            assert found == expected, form


@pytest.mark.parametrize("name", FILTERS)
def test_filters_give_the_same_rows_in_every_form(client: FlaskClient, name: str) -> None:
    first = _from_json(name, _get(client, f"/datos/{name}.json?{FILTERS[name]}"))
    assert first
    for form, read in READERS.items():
        found = read(name, _get(client, f"/datos/{name}.{form}?{FILTERS[name]}"))
        assert _without_empty(found) == _without_empty(first), form


def test_pandas_and_duckdb_read_them(client: FlaskClient, tmp_path: Path) -> None:
    raw = pd.read_csv(io.BytesIO(_get(client, "/datos/states.raw.csv")), dtype={"state_code": str})
    assert raw["population_2020"].sum() == 126_014_024
    path = tmp_path / "states.parquet"
    path.write_bytes(_get(client, "/datos/states.parquet"))
    total = duckdb.sql(f"SELECT sum(population_2020), min(state_code) FROM '{path}'").fetchone()  # noqa: S608
    assert total == (126_014_024, "01")
    said = pq.read_schema(path).metadata
    assert said[b"apertura.dataset"] == b"states"
    assert b"apertura.cut" not in said


def test_a_spreadsheet_gets_headings_in_its_language_and_keeps_codes(client: FlaskClient) -> None:
    spanish = _get(client, "/datos/states.csv")
    assert spanish.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(spanish.decode("utf-8-sig"))))
    assert lines[0][0] == "Clave de entidad"
    assert lines[9][0] == "'09"
    english = _get(client, "/en/datos/states.csv").decode("utf-8-sig")
    assert english.startswith("State code,")


@pytest.mark.parametrize("name", datasets())
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_two_columns_of_a_spreadsheet_are_called_alike(client: FlaskClient, name: str, prefix: str) -> None:
    text = _get(client, f"{prefix}/datos/{name}.csv?limit=1").decode("utf-8-sig")
    heading = next(csv.reader(io.StringIO(text)))
    assert len(set(heading)) == len(TABLES[name].columns)


def test_xlsx_has_data_dictionary_and_sources(client: FlaskClient) -> None:
    body = _get(client, "/datos/exercises.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Datos", "Diccionario", "Fuentes"]
    data, dictionary, sources = book.worksheets
    assert data.freeze_panes == "A2"
    assert {row[0].value for row in dictionary.iter_rows(min_row=2)} == {
        column.name for column in TABLES["exercises"].columns
    }
    hashes = [str(row[7].value) for row in sources.iter_rows(min_row=2) if row[7].value]
    assert hashes
    assert all(len(text) == 64 for text in hashes)
    column = [cell.value for cell in data[1]].index("Inicio")
    dates = [row[column].value for row in data.iter_rows(min_row=2) if row[column].value]
    texts = [value for value in dates if isinstance(value, str)]
    assert len(texts) < len(dates)
    assert all(len(text) < len("2018-01-01") for text in texts), "only dates that are not whole stay texts"


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, list[str]]]:
    """A site whose texts are attacks, with two releases; the ids of both, older first."""
    settings = Settings(releases_dir=tmp_path_factory.mktemp("nasty"))
    store = open_store(settings)
    first = publish(store, contents(n01="primera"), 0)
    second = publish(store, contents(**NASTY), 25)
    database = Database(settings)
    yield create_site(settings, database).test_client(), [first.release_id, second.release_id]
    database.close()


def test_no_text_runs_as_a_formula_in_a_spreadsheet(nasty: tuple[FlaskClient, list[str]]) -> None:
    text = _get(nasty[0], "/datos/commitments.csv?select=commitment_id,title_es").decode("utf-8-sig")
    lines = dict(list(csv.reader(io.StringIO(text, newline="")))[1:])
    for key, title in NASTY.items():
        guarded = key in {"n01", "n02", "n03", "n04", "n05", "n06", "n09", "n10"}
        assert lines[f"MX00{key[1:]}"] == (f"'{title}" if guarded else title)


def test_machine_forms_leave_texts_untouched(nasty: tuple[FlaskClient, list[str]]) -> None:
    expected = list(NASTY.values())
    for form in ("raw.csv", "json", "ndjson", "parquet"):
        found = READERS[form]("commitments", _get(nasty[0], f"/datos/commitments.{form}?select=title_es"))
        assert [row[0] for row in found] == expected, form


def test_xlsx_holds_texts_as_texts(nasty: tuple[FlaskClient, list[str]]) -> None:
    body = _get(nasty[0], "/datos/commitments.xlsx?select=title_es")
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    found = [cell.value for cell in cells]
    assert found[:5] == list(NASTY.values())[:5]
    assert found[6] == NASTY["n07"]
    assert found[8:10] == ["007", "  =1+1"]
    assert found[11] == NASTY["n12"]


def test_a_cut_export_says_so_in_itself(client: FlaskClient) -> None:
    lines = _get(client, "/datos/states.csv?limit=5").decode("utf-8-sig").splitlines()
    assert lines[-1] == "Exportación cortada: 5 de 32 filas. Sin limit se descargan todas."
    english = _get(client, "/en/datos/states.csv?limit=5").decode("utf-8-sig").splitlines()
    assert english[-1].startswith("Export cut: 5 of 32 rows.")
    document = json.loads(_get(client, "/datos/states.json?limit=5"))
    assert (document["row_count"], document["total"], document["complete"]) == (5, 32, False)
    said = pq.read_schema(io.BytesIO(_get(client, "/datos/states.parquet?limit=5"))).metadata
    assert "5 de 32" in said[b"apertura.cut"].decode()
    book = openpyxl.load_workbook(io.BytesIO(_get(client, "/datos/states.xlsx?limit=5")))
    assert book.worksheets[0].cell(7, 1).value == lines[-1]
    assert "primeras-5" in client.get("/datos/states.raw.csv?limit=5").headers["Content-Disposition"]


def test_a_limit_that_cuts_nothing_is_not_mentioned(client: FlaskClient) -> None:
    assert b"Exportaci" not in _get(client, "/datos/states.csv?limit=32")
    assert json.loads(_get(client, "/datos/states.json?limit=40"))["complete"] is True


def test_file_names_carry_dataset_filters_and_release(client: FlaskClient, release: ReleaseHandle) -> None:
    name = client.get("/datos/states.csv?state_code=09").headers["Content-Disposition"]
    assert name == f"attachment; filename=apertura_states_state_code-09_{release.release_id}.csv"
    odd = client.get("/datos/states.csv", query_string={"name": '../../x"; filename=y'}).headers["Content-Disposition"]
    assert odd.count("filename=") == 1
    assert "/" not in odd


@pytest.mark.parametrize("form", ["raw.csv", "csv", "json", "ndjson", "parquet", "xlsx"])
def test_an_unchanged_answer_is_not_sent_twice(client: FlaskClient, release: ReleaseHandle, form: str) -> None:
    first = client.get(f"/datos/states.{form}?state_code=09&state_code=01")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.last_modified == release.built_at
    again = client.get(
        f"/datos/states.{form}?state_code=01&state_code=09", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = client.get(f"/datos/states.{form}?state_code=02", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    dated = client.get(f"/datos/states.{form}", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert dated.status_code == 304


def test_head_tells_without_sending(client: FlaskClient) -> None:
    answer = client.head("/datos/states.csv")
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert answer.headers["ETag"]
    # Either the length of the file, or none: who asks for 0 bytes believes that it is empty.
    assert answer.headers.get("Content-Length") in (None, str(len(_get(client, "/datos/states.csv"))))
    assert client.head("/datos/apertura.zip").headers.get("Content-Length") is None


def test_scripts_of_other_sites_may_read(client: FlaskClient) -> None:
    answer = client.get("/datos/states.json", headers={"Origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_an_older_release_answers_as_it_did(nasty: tuple[FlaskClient, list[str]]) -> None:
    visitor, (first, second) = nasty
    older = visitor.get(f"/datos/commitments.raw.csv?corte={first}")
    assert b"primera" in older.get_data()
    assert "immutable" in older.headers["Cache-Control"]
    assert first in older.headers["Content-Disposition"]
    # The first build is of 23 November, the second of the 24th.
    assert visitor.get("/datos/commitments.raw.csv?corte=2026-11-23").get_data() == older.get_data()
    newest = visitor.get("/datos/commitments.raw.csv")
    for cutoff in (second, "2026-11-24", "2026-11", "2027"):
        assert visitor.get(f"/datos/commitments.raw.csv?corte={cutoff}").get_data() == newest.get_data()


@pytest.mark.parametrize("cutoff", ["2020", "ayer", "20200101T000000Z-00000000", "../x", "2026-13-45"])
def test_a_cutoff_without_release_is_a_problem(nasty: tuple[FlaskClient, list[str]], cutoff: str) -> None:
    answer = nasty[0].get("/datos/commitments.csv", query_string={"corte": cutoff})
    assert answer.status_code == 404
    assert answer.get_json()["parameter"] == "corte"
    assert answer.get_json()["allowed"] == list(reversed(nasty[1]))


def test_what_cannot_be_answered_is_a_problem_document(client: FlaskClient) -> None:
    wrong = client.get("/datos/states.csv?colour=red")
    assert (wrong.status_code, wrong.mimetype) == (400, "application/problem+json")
    said = wrong.get_json()
    assert (said["parameter"], said["status"]) == ("colour", 400)
    assert "population_2020" in said["allowed"]
    assert "columna" in said["detail"]
    assert "column" in client.get("/en/datos/states.csv?colour=red").get_json()["detail"]
    missing = client.get("/datos/estados.csv")
    assert (missing.status_code, missing.mimetype) == (404, "application/problem+json")
    assert "states" in missing.get_json()["allowed"]
    refused = client.post("/datos/states.csv")
    assert (refused.status_code, refused.mimetype) == (405, "application/problem+json")
    assert "GET" in refused.headers["Allow"]


def test_without_a_release_downloads_ask_for_patience(tmp_path: Path) -> None:
    settings = Settings(releases_dir=tmp_path)
    answer = create_site(settings, Database(settings)).test_client().get("/datos/states.csv")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"]
