"""Attacks in every place where a reader's text goes in: the answer is a refusal or plain data, never anything else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, urlencode

import defusedxml.ElementTree
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import layouts
from data.database import ReleaseHandle
from data.queries.datasets import datasets
from tests.web.data_site import client
from web.downloads import FORMS

pytestmark = pytest.mark.slow

__all__ = ["client"]

MARK = "zqx9"
ATTACKS = [
    f"' OR '1'='1' -- {MARK}",
    f"'; DROP TABLE states; SELECT '{MARK}",
    f"1) UNION SELECT sql, '{MARK}' FROM duckdb_tables() --",  # noqa: S608
    f"../../../../etc/passwd?{MARK}",
    f"..%2f..%2fetc%2fpasswd%00{MARK}",
    f"<script>alert('{MARK}')</script>",
    f"\"><img src=x onerror=alert('{MARK}')>",
    f"javascript:alert('{MARK}')",
    f'=HYPERLINK("http://evil/{MARK}")',
    f"x\r\nSet-Cookie: {MARK}=1\r\n\r\n<html>",
    f"]]></content><entry>{MARK}</entry><!ENTITY x SYSTEM 'file:///etc/passwd'>",
    f"{{{{7*7}}}} ${{7*7}} #{{7*7}} {MARK}",
    f"{MARK}\x00",
    f"{MARK}" + "é" * 400,
]
HEADERS = (
    "Accept",
    "Accept-Language",
    "Range",
    "If-None-Match",
    "If-Modified-Since",
    "If-Range",
    "X-Forwarded-For",
    "Host",
)
# Where addresses that are no pages take a parameter; those of pages stand in their forms.
PARAMETERS = {
    "/embed/estados": ["vista", "capa"],
    "/imagen/estados": ["vista", "capa"],
    "/tabla/estados": ["vista", "forma"],
    "/cambios.atom": ["estado", "plan", "compromiso"],
    "/datapackage.json": [],
    "/catalog.jsonld": [],
    "/sitemap.xml": [],
    "/datos/apertura.zip": [],
    "/api/v1": [],
    "/api/v1/commitments": ["title_es", "title_es.contains", "theme.lt", "select", "sort", "limit", "after"],
    "/api/v1/commitments/MX0087": [],
    "/datos/commitments.csv-metadata.json": ["title_es", "select", "sort"],
    **{f"/datos/commitments.{form.suffix}": ["title_es.ne", "title_es", "select", "sort", "limit"] for form in FORMS},
}
PAGES = [page.path for page in layouts.pages() if "<" not in page.path]
PATHS = (
    "/api/v1/{}", "/api/v1/states/{}", "/datos/{}.csv", "/datos/{}", "/datos/{}.csv-metadata.json", "/datos/states.{}",
    "/estados/{}", "/plan-nacional/{}", "/actores/{}", "/ogp-local/{}", "/fuentes/{}", "/embed/{}", "/imagen/{}",
    "/imagenes/{}/es-estados.png", "/imagenes/20261123T101500Z-1a2b3c4d/{}.png", "/tabla/{}", "/assets/{}", "/{}", "/en/{}",
)  # fmt: skip


def _asked() -> Iterator[tuple[str, str]]:
    for address, parameters in PARAMETERS.items():
        for parameter in (*parameters, "corte", None):
            yield address, parameter or ""


@pytest.fixture(scope="module")
def known(client: FlaskClient) -> int:
    """How many states there are before anything was tried."""
    return int(client.get("/api/v1/states?limit=50").get_json()["count"])


def _assert_harmless(answer: TestResponse, asked: str) -> None:
    """A refusal or plain data: no failure, no header of the attacker's, no markup or formula of theirs that runs."""
    assert answer.status_code in (200, 206, 304, 308, 400, 404, 406, 414, 416), (answer.status_code, asked)
    assert "Set-Cookie" not in answer.headers, asked
    assert all(MARK not in value or "\n" not in value for value in answer.headers.values()), asked
    body = answer.get_data()
    assert b"root:" not in body, asked
    if not body or answer.status_code == 304:
        return
    mimetype = answer.mimetype or ""
    if mimetype == "text/html":
        _assert_no_markup(body.decode(), asked)
    elif mimetype.endswith(("xml", "svg+xml")):
        for element in defusedxml.ElementTree.fromstring(body).iter():
            assert not element.tag.endswith("}script"), asked
    elif mimetype.endswith("json"):
        for piece in body.splitlines() if mimetype.endswith("ndjson") else [body]:
            json.loads(piece)
    elif mimetype == "text/csv" and body.startswith(b"\xef\xbb\xbf"):
        cells = [cell for line in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")) for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))], asked


def _assert_no_markup(page: str, asked: str) -> None:
    soup = BeautifulSoup(page, "html.parser")
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            assert not name.startswith("on"), (element.name, name, asked)
            if name in ("href", "src", "action"):
                assert not str(value).strip().lower().startswith(("javascript:", "data:text")), (value, asked)
        if element.name in ("script", "img", "iframe"):
            assert "alert(" not in element.get_text() or element.get("type") == "application/json", asked
            assert element.get("src") != "x", asked


@pytest.mark.parametrize(("address", "parameter"), list(_asked()))
def test_in_a_parameter(client: FlaskClient, address: str, parameter: str) -> None:
    _attack(client, address, parameter)


@pytest.mark.parametrize("page", PAGES)
def test_in_a_filter_of_a_page(client: FlaskClient, page: str) -> None:
    soup = BeautifulSoup(client.get(page).get_data(as_text=True), "html.parser")
    fields = {
        (str(form["action"]), str(field["name"])) for form in soup.select("form") for field in form.select("[name]")
    }
    for address, parameter in sorted({*fields, *((page, each) for each in ("corte", "orden", "pagina", ""))}):
        _attack(client, address, parameter)


def _attack(client: FlaskClient, address: str, parameter: str) -> None:
    """Every attack as a value of the parameter, or as the name of one nobody knows; every other one in English."""
    for number, attack in enumerate(ATTACKS):
        query = {parameter: attack} if parameter else {attack: "x"}
        prefix = "/en" if number % 2 and not address.startswith(("/api", "/en")) else ""
        asked = f"{prefix}{address}?{urlencode(query)}"
        _assert_harmless(client.get(asked), asked)


@pytest.mark.parametrize("path", PATHS)
def test_in_a_path(client: FlaskClient, path: str) -> None:
    for attack in ATTACKS:
        for written in (quote(attack, safe=""), quote(attack, safe="/")):
            address = path.format(written)
            _assert_harmless(client.get(address), address)


@pytest.mark.parametrize("header", HEADERS)
def test_in_a_header(client: FlaskClient, header: str) -> None:
    for address in (
        "/",
        "/datos/states.csv",
        "/datos/apertura.duckdb",
        "/api/v1/states",
        "/cambios.atom",
        "/no-existe",
    ):
        for attack in ATTACKS:
            # A server takes no header with a line in it: those are for parameters.
            plain = "".join(letter for letter in attack if letter.isprintable()).encode("latin-1", "replace")
            answer = client.get(address, headers={header: plain.decode("latin-1")}, buffered=True)
            _assert_harmless(answer, f"{header}: {attack} at {address}")
            assert MARK.encode() not in answer.get_data(), (header, address)
            answer.close()


def test_nothing_was_changed_by_any_of_it(client: FlaskClient, known: int, release: ReleaseHandle) -> None:
    assert client.get("/api/v1/states?limit=50").get_json()["count"] == known == 32
    assert all(client.get(f"/api/v1/{name}?limit=1").status_code == 200 for name in datasets())


def test_what_is_sought_is_shown_as_text(client: FlaskClient) -> None:
    attack = "<b>zqx9</b>"
    page = client.get(f"/buscar?q={quote_plus(attack)}").get_data(as_text=True)
    assert attack not in page
    assert "&lt;b&gt;zqx9&lt;/b&gt;" in page
