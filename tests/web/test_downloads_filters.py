"""Every operator on every dataset gives the same rows in every form and through the API, read back with what people use.

What the rows should be is said by the plain reading of ``tests.data.plain_reading``; here it is only compared.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import openpyxl
import pandas as pd
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Table, select

from data.database import Database, ReleaseHandle
from data.queries.dataset_filters import NULLNESS, operators
from data.queries.datasets import dataset, datasets
from data.schema import key_columns
from etl.release import open_store
from settings import Settings
from tests.both_engines import contents, publish
from tests.data.plain_reading import asked_of, kept_by, samples
from tests.web.data_site import client
from web.site import create_site

pytestmark = pytest.mark.slow

__all__ = ["client"]

MOST = 400
Row = dict[str, Any]
Pair = tuple[str, str]
# Texts that a form could spoil: separators, quotes, lines, accents, formulas, zeros, markup.
AWKWARD = {
    "n01": "coma, punto y coma; tabulador\t",
    "n02": 'dice "sí", y "no"',
    "n03": "primera línea\nsegunda",
    "n04": "Ñandú «áéíóú» 日本 🟢",
    "n05": "007",
    "n06": "=1+1",
    "n07": " con espacios ",
    "n08": "100% & <b>más</b> _ \\",
    "n09": "NULL",
    "n10": "2018-05",
    "n11": "true",
    "n12": "1e5",
}


def _rows(release: ReleaseHandle, table: Table) -> list[Row]:
    with release.connect() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def _typed(table: Table, name: str, text: str) -> Any:
    kind = table.c[name].type.python_type
    if text == "":
        return None
    return text == "true" if kind is bool else kind(text)


def _with_pandas(table: Table, body: bytes, folder: Path) -> list[Row]:
    read = pd.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False)
    return [
        {str(name): _typed(table, str(name), text) for name, text in row.items()} for row in read.to_dict("records")
    ]


def _with_json(table: Table, body: bytes, folder: Path) -> list[Row]:
    document = json.loads(body)
    assert document["complete"] is True
    rows: list[Row] = document["rows"]
    return rows


def _with_lines(table: Table, body: bytes, folder: Path) -> list[Row]:
    return [json.loads(line) for line in body.splitlines()]


def _with_duckdb(table: Table, body: bytes, folder: Path) -> list[Row]:
    # A name for each content: DuckDB keeps what it read of a file.
    path = folder / f"{hashlib.sha256(body).hexdigest()}.parquet"
    path.write_bytes(body)
    read = duckdb.read_parquet(str(path))
    return [dict(zip(read.columns, row, strict=True)) for row in read.fetchall()]


def _with_openpyxl(table: Table, body: bytes, folder: Path) -> list[Row]:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    data, dictionary, _ = book.worksheets
    names = [str(row[0]) for row in dictionary.iter_rows(min_row=2, max_col=1, values_only=True)]
    return [
        {name: _from_cell(value) for name, value in zip(names, row, strict=True)}
        for row in data.iter_rows(min_row=2, values_only=True)
    ]


def _from_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


READERS: Mapping[str, Callable[[Table, bytes, Path], list[Row]]] = {
    "raw.csv": _with_pandas,
    "json": _with_json,
    "ndjson": _with_lines,
    "parquet": _with_duckdb,
    "xlsx": _with_openpyxl,
}


def _through_the_api(client: FlaskClient, name: str, pairs: Sequence[Pair]) -> list[Row]:
    found: list[Row] = []
    address: str | None = f"/api/v1/{name}?{urlencode([*pairs, ('limit', '1000')])}"
    while address:
        body = client.get(address).get_json()
        found += body["data"]
        address = body["next"] and body["next"].removeprefix("http://127.0.0.1:8050")
    return found


def _plain(rows: list[Row]) -> list[Row]:
    """Rows as all forms can say them: neither CSV nor XLSX tells an empty text from none."""
    return [{name: None if value == "" else value for name, value in row.items()} for row in rows]


def _assert_alike_everywhere(
    client: FlaskClient, table: Table, pairs: Sequence[Pair], expected: list[Row], folder: Path
) -> None:
    query = urlencode(pairs)
    assert _plain(_through_the_api(client, table.name, pairs)) == expected, query
    for form, read in READERS.items():
        answer = client.get(f"/datos/{table.name}.{form}?{query}")
        assert answer.status_code == 200, query
        assert _plain(read(table, answer.get_data(), folder)) == expected, (form, query)


def _asked(table: Table, rows: list[Row]) -> Iterator[tuple[str, str, Any]]:
    """Column, operator and value: each operator once with each column kind that takes it, with values of the data."""
    met = set()
    for column in table.columns:
        values = samples(rows, column.name)
        for operator in operators(column):
            kind = (operator, column.info["kind"])
            offered = NULLNESS if operator == "is" else values
            if kind in met or not offered:
                continue
            met.add(kind)
            # The last is the oddest.
            for value in offered if operator == "is" else offered[-1:]:
                yield column.name, operator, value


@pytest.mark.parametrize("name", datasets())
def test_every_operator_gives_the_same_rows_everywhere(
    client: FlaskClient, release: ReleaseHandle, tmp_path: Path, name: str
) -> None:
    table = dataset(name)
    keys = key_columns(table)
    rows = sorted(_rows(release, table), key=lambda row: [row[key] for key in keys])
    # Of large tables, the last rows; a second filter beside the first is tried by that too.
    beyond = [(keys[0], "gte", rows[-MOST][keys[0]])] if len(rows) > MOST else []
    for column, operator, value in _asked(table, rows):
        # The columns that matter are enough: whole rows are compared where there is no filter.
        chosen = list(dict.fromkeys([*keys, column]))
        asked = [(column, operator, value), *(one for one in beyond if one[:2] != (column, operator))]
        kept = rows
        for one in asked:
            kept = kept_by(kept, *one)
        kept = [{each: row[each] for each in chosen} for row in kept]
        pairs = [asked_of(table.c[one[0]], *one[1:]) for one in asked]
        pairs.append(("select", ",".join(chosen)))
        _assert_alike_everywhere(client, table, pairs, _plain(kept), tmp_path)


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A site whose titles are what forms could spoil."""
    settings = Settings(releases_dir=tmp_path_factory.mktemp("awkward"))
    store = open_store(settings)
    publish(store, contents(**AWKWARD))
    database = Database(settings)
    yield create_site(settings, database).test_client()
    database.close()


@pytest.mark.parametrize("operator", ["eq", "ne", "contains", "gte", "lt"])
@pytest.mark.parametrize("key", AWKWARD)
def test_texts_that_a_form_could_spoil_are_found_and_given_whole(
    awkward: FlaskClient, tmp_path: Path, key: str, operator: str
) -> None:
    table = dataset("commitments")
    rows: list[Row] = [
        {"commitment_id": f"MX00{number[1:]}", "title_es": title} for number, title in sorted(AWKWARD.items())
    ]
    pairs = [asked_of(table.c.title_es, operator, AWKWARD[key]), ("select", "commitment_id,title_es")]
    kept = kept_by(rows, "title_es", operator, AWKWARD[key])
    assert kept or operator == "lt"
    _assert_alike_everywhere(awkward, table, pairs, kept, tmp_path)
