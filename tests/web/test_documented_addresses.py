"""Every address that the documentation of the data shows is answered by the site as it stands there."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from data.database import Database
from etl.run import RunResult
from settings import ROOT, Settings
from web.site import create_site

STATES = ROOT / "data" / "snapshots" / "reference" / "2026-11-23" / "states.csv"
TEXT = "".join((ROOT / "docs" / name).read_text() for name in ("api.md", "downloads.md"))
SHOWN = {*re.findall(r"`(/[^`<\n]*)`", TEXT), *re.findall(r"^ {4}GET (\S+)", TEXT, re.MULTILINE)}
# Dots stand for what a reader puts there.
ADDRESSES = sorted(address for address in SHOWN if "..." not in address)
# By how the documentation writes it: a query, and which lines of the file of the states it should give.
QUERIES: dict[str, tuple[str, Callable[[dict[str, str]], bool]]] = {
    "column=value": ("name=Jalisco", lambda line: line["common_name"] == "Jalisco"),
    "column.ne=value": ("name.ne=Jalisco", lambda line: line["common_name"] != "Jalisco"),
    "column.gte=": ("population_2020.gte=5000000", lambda line: int(line["population_2020"]) >= 5_000_000),
    ".lte=": ("population_2020.lte=1000000", lambda line: int(line["population_2020"]) <= 1_000_000),
    ".gt=": ("population_2020.gt=9209944", lambda line: int(line["population_2020"]) > 9_209_944),
    ".lt=": ("name.lt=B", lambda line: line["common_name"] < "B"),
    "column.contains=text": ("name.contains=MEXICO", lambda line: "México" in line["common_name"]),
    "column.is=null": ("population_2020.is=null", lambda line: not line["population_2020"]),
    "column.is=notnull": ("population_2020.is=notnull", lambda line: bool(line["population_2020"])),
    "select=a,b": ("select=name,state_code", lambda line: True),
    "sort=-a,b": ("sort=-population_2020,name", lambda line: True),
    "limit=50": ("limit=5", lambda line: line["state_code"] <= "05"),
}


@pytest.fixture(scope="module")
def client(built: tuple[Settings, RunResult]) -> FlaskClient:
    """The whole site on the bundled copies."""
    return create_site(built[0], Database(built[0])).test_client()


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_shown_is_answered(client: FlaskClient, address: str) -> None:
    assert client.get(address, buffered=True).status_code == 200


@pytest.mark.parametrize("written", QUERIES)
def test_a_parameter_does_what_its_line_says(client: FlaskClient, written: str) -> None:
    asked, fits = QUERIES[written]
    with STATES.open(encoding="utf-8", newline="") as file:
        expected = {line["state_code"] for line in csv.DictReader(file) if fits(line)}
    rows = client.get(f"/api/v1/states?{asked}").get_json()["data"]
    assert f"`{written}" in TEXT
    assert {row["state_code"] for row in rows} == expected


def test_the_limits_told_are_those_kept(client: FlaskClient) -> None:
    (most,) = re.findall(r"1 to ([\d,]+); 100 unless told", TEXT)
    (longest,) = re.findall(r"a query longer than ([\d,]+) characters", TEXT)
    numbers = [int(number.replace(",", "")) for number in (most, longest)]
    asked = [f"limit={numbers[0] + 1}", f"name={'a' * numbers[1]}", f"limit={numbers[0]}"]
    assert [client.get(f"/api/v1/states?{query}").status_code for query in asked] == [400, 414, 200]
