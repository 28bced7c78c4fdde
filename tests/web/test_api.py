"""The API as programs use it: pages, rows, forms, links, refusals, limits."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient

from data.database import Database
from data.queries.dataset_rows import key_text
from data.queries.datasets import dataset, datasets
from data.schema import key_columns
from etl.run import RunResult
from settings import Settings
from tests.data.test_datasets import ATTACKS
from tests.web.data_site import client
from web.site import create_site

__all__ = ["client"]

FILTERS = [
    ("states", "population_2020.gte=5000000&sort=-population_2020&limit=4"),
    ("commitments", "country_code=MX&title_es.contains=datos&select=title_es,is_proactive&limit=3"),
    ("commitment_ratings", "criterion=completion&commitment_id.contains=MX&limit=50"),
    ("metric_scores", "value.lt=0.3&sort=value,-place&limit=10"),
    ("exercises", "sort=-ends_on&limit=7"),
]


def _json(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    body: dict[str, Any] = answer.get_json()
    return body


def _walk(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        answer = client.get(following)
        body = answer.get_json()
        assert answer.status_code == 200, body
        rows += body["data"]
        following = body["next"]
        assert answer.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
        if following:
            parts = urlsplit(following)
            following = f"{parts.path}?{parts.query}"
    return rows


def test_a_text_is_found_however_its_accents_are_written(client: FlaskClient) -> None:
    one_sign, two_signs = (unicodedata.normalize(form, "Michoacán") for form in ("NFC", "NFD"))
    assert one_sign != two_signs
    for written in (one_sign, two_signs):
        found = client.get("/api/v1/states", query_string={"name": written, "select": "state_code"}).get_json()
        assert found["data"] == [{"state_code": "16"}]
        others = client.get("/api/v1/states", query_string={"name.ne": written}).get_json()
        assert others["count"] == 31


@pytest.mark.parametrize(("name", "query"), FILTERS)
def test_pages_give_the_rows_of_the_download(client: FlaskClient, name: str, query: str) -> None:
    whole = _json(client, f"/datos/{name}.json?{query.rpartition('&limit')[0]}")["rows"]
    assert _walk(client, f"/api/v1/{name}?{query}") == whole
    assert len(whole) > 3


@pytest.mark.parametrize("name", datasets())
def test_every_dataset_has_its_first_page_and_its_rows(client: FlaskClient, name: str) -> None:
    body = _json(client, f"/api/v1/{name}?limit=2")
    assert body["data"] == _json(client, f"/datos/{name}.json?limit=2")["rows"]
    for row in body["data"]:
        key = key_text(dataset(name), row)
        assert _json(client, f"/api/v1/{name}/{quote(key, safe='')}")["data"] == row


def test_a_page_has_a_hundred_rows_unless_told(client: FlaskClient) -> None:
    assert _json(client, "/api/v1/commitments")["count"] == 100
    assert _json(client, "/api/v1/commitments?limit=1000")["count"] == 1000
    assert client.get("/api/v1/commitments?limit=1001").get_json()["parameter"] == "limit"


def test_a_commitment_comes_with_what_is_related_and_where_it_is_from(client: FlaskClient) -> None:
    body = _json(client, "/api/v1/commitments/MX0087")
    related = {entry["dataset"]: entry for entry in body["related"]}
    assert {"commitment_ids", "commitment_ratings", "participations"} <= set(related)
    for entry in related.values():
        parts = urlsplit(entry["href"])
        all_of_them = _walk(client, f"{parts.path}?{parts.query}")
        assert len(all_of_them) == entry["total"]
        assert all_of_them[:25] == entry["data"]
    assert body["refers_to"]["plan_id"].endswith(f"/api/v1/plans/{body['data']['plan_id']}")
    assert all(len(copy["sha256"]) == 64 for source in body["sources"] for copy in source["copies"])
    assert body["sources"]


def test_a_key_of_several_columns_is_joined_by_bars(client: FlaskClient) -> None:
    row = _json(client, "/api/v1/plan_metrics?limit=1")["data"][0]
    key = "|".join(row[name] for name in key_columns(dataset("plan_metrics")))
    assert _json(client, f"/api/v1/plan_metrics/{quote(key)}")["data"] == row


@pytest.mark.parametrize("key", ["nope", "a|b", "%00", "..%2F..%2Fetc", "%ED%A0%80", "' OR 1=1 --"])
def test_a_row_that_is_not_there_is_a_problem(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/api/v1/commitments/{key}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_client_chooses_json_or_csv(client: FlaskClient) -> None:
    answer = client.get("/api/v1/states?limit=3", headers={"Accept": "text/csv"})
    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True))))
    assert (answer.mimetype, len(lines)) == ("text/csv", 4)
    assert lines[1][0] == "01"
    assert "next" in answer.headers["Link"]
    assert "Accept" in answer.headers["Vary"]
    browser = "text/html,application/xhtml+xml,*/*;q=0.8"
    assert client.get("/api/v1/states", headers={"Accept": browser}).mimetype == "application/json"
    assert client.get("/api/v1/states", headers={"Accept": "image/png"}).status_code == 406


def test_answers_are_not_sent_twice(client: FlaskClient) -> None:
    for address in ("/api/v1/states?state_code=09", "/api/v1/states/09", "/api/v1", "/api/v1/openapi.json"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b""), address
    assert client.get("/api/v1/states", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_walk_stays_on_the_release_it_began_with(client: FlaskClient) -> None:
    body = _json(client, "/api/v1/states?limit=3")
    assert f"corte={body['release']}" in body["next"]
    pinned = client.get(f"/api/v1/states?limit=3&corte={body['release']}")
    assert "immutable" in pinned.headers["Cache-Control"]


def test_scripts_of_other_sites_may_read_and_nothing_else(client: FlaskClient) -> None:
    for address in ("/api/v1/states?limit=1", "/api/v1/states?colour=red", "/api/v1/states/09"):
        assert client.get(address).headers["Access-Control-Allow-Origin"] == "*"
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    before = client.options("/api/v1/states", headers={**asked, "Access-Control-Request-Headers": "if-none-match"})
    assert (before.status_code, before.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "GET" in before.headers["Access-Control-Allow-Methods"]
    assert "if-none-match" in before.headers["Access-Control-Allow-Headers"].lower()
    refused = client.post("/api/v1/states", json={})
    assert (refused.status_code, refused.mimetype) == (405, "application/problem+json")


def test_problems_speak_the_language_of_the_client(client: FlaskClient) -> None:
    spanish = client.get("/api/v1/states?colour=red", headers={"Accept-Language": "es-MX"})
    english = client.get("/api/v1/states?colour=red", headers={"Accept-Language": "en-GB,en;q=0.8"})
    assert (spanish.headers["Content-Language"], english.headers["Content-Language"]) == ("es", "en")
    assert "columna" in spanish.get_json()["detail"]
    assert "column of" in english.get_json()["detail"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/nope", 404),
        ("/api/v2/states", 404),
        ("/api/v1/states?limit=0", 400),
        ("/api/v1/states?after=x", 400),
        ("/api/v1/states/09?name=x", 400),
        ("/api/v1/states?corte=1999", 404),
        (f"/api/v1/states?name={'x' * 3100}", 414),
    ],
)
def test_whatever_cannot_be_answered_is_a_problem_document(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["status"] == status
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.isprintable() or "\r" in attack])
def test_an_attack_is_refused_or_plain_data(client: FlaskClient, attack: str) -> None:
    for parameter in ("title_es", "title_es.contains", "select", "sort", "limit", "after", "corte", attack):
        answer = client.get("/api/v1/commitments", query_string={parameter: attack})
        assert answer.status_code in (200, 400, 404, 414)
        assert "Set-Cookie" not in answer.headers
        if answer.status_code == 200:
            assert answer.mimetype == "application/json"
    for header in ("Accept", "Accept-Language", "If-None-Match", "If-Modified-Since", "X-Forwarded-For"):
        plain = attack.replace("\r\n", " ").encode("latin-1", "replace").decode("latin-1")
        assert client.get("/api/v1/states", headers={header: plain}).status_code in (200, 406)


@pytest.fixture
def hurried(built: tuple[Settings, RunResult]) -> FlaskClient:
    """A client of a site that answers three requests an hour to an address, behind one proxy."""
    settings = built[0].model_copy(update={"api_rate": "3 per hour", "trusted_proxies": 1})
    return create_site(settings, Database(settings)).test_client()


def test_an_address_that_asks_too_often_is_told_to_wait(hurried: FlaskClient) -> None:
    one = {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}
    for _ in range(3):
        assert hurried.get("/api/v1/states", headers=one).status_code == 200
    # What the client itself claims before the proxy's word does not help.
    answer = hurried.get("/api/v1/states", headers={"X-Forwarded-For": "203.0.113.77, 198.51.100.1"})
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert 1 <= int(answer.headers["Retry-After"]) <= 3601
    assert hurried.get("/api/v1/states", headers={"X-Forwarded-For": "198.51.100.2"}).status_code == 200
    assert hurried.get("/datos/states.csv", headers=one).status_code == 200
