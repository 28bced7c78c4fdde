"""Every address that the documentation of the data shows is answered by the site as it stands there."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from data.database import Database
from etl.run import RunResult
from settings import ROOT, Settings
from web.site import create_site

TEXT = "".join((ROOT / "docs" / name).read_text() for name in ("api.md", "downloads.md"))
SHOWN = {*re.findall(r"`(/[^`<\n]*)`", TEXT), *re.findall(r"^ {4}GET (\S+)", TEXT, re.MULTILINE)}
# Dots stand for what a reader puts there.
ADDRESSES = sorted(address for address in SHOWN if "..." not in address)
QUERIES = {
    "column=value": ("name=Jalisco", 1),
    "column.ne=value": ("name.ne=Jalisco", 31),
    "column.gte=": ("population_2020.gte=5000000", 8),
    ".lte=": ("population_2020.lte=1000000", 3),
    ".gt=": ("population_2020.gt=9209944", 1),
    ".lt=": ("name.lt=B", 1),
    "column.contains=text": ("name.contains=MEXICO", 2),
    "column.is=null": ("population_2020.is=null", 0),
    "column.is=notnull": ("population_2020.is=notnull", 32),
    "select=a,b": ("select=name,state_code", 32),
    "sort=-a,b": ("sort=-population_2020,name", 32),
    "limit=50": ("limit=5", 5),
}


@pytest.fixture(scope="module")
def client(built: tuple[Settings, RunResult]) -> FlaskClient:
    """The whole site on the bundled copies."""
    return create_site(built[0], Database(built[0])).test_client()


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_shown_is_answered(client: FlaskClient, address: str) -> None:
    assert client.get(address, buffered=True).status_code == 200


@pytest.mark.parametrize(("written", "asked", "rows"), [(name, *given) for name, given in QUERIES.items()])
def test_a_parameter_does_what_its_line_says(client: FlaskClient, written: str, asked: str, rows: int) -> None:
    assert f"`{written}" in TEXT
    assert client.get(f"/api/v1/states?{asked}").get_json()["count"] == rows


def test_the_limits_told_are_those_kept(client: FlaskClient) -> None:
    (most,) = re.findall(r"1 to ([\d,]+); 100 unless told", TEXT)
    (longest,) = re.findall(r"a query longer than ([\d,]+) characters", TEXT)
    numbers = [int(number.replace(",", "")) for number in (most, longest)]
    asked = [f"limit={numbers[0] + 1}", f"name={'a' * numbers[1]}", f"limit={numbers[0]}"]
    assert [client.get(f"/api/v1/states?{query}").status_code for query in asked] == [400, 414, 200]
