"""The pages about the data: the catalogue, a dataset's dictionary, and the API tried without a script."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from data.database import ReleaseHandle
from data.queries.datasets import datasets
from data.schema import TABLES, column_info, table_info
from layouts.dataset import UNITS
from tests.web.data_site import client

__all__ = ["client"]


def _page(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser").find(id="page")  # type: ignore[return-value]


def _sources(client: FlaskClient, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/datos/{name}.json").get_json()["sources"]
    return found


def test_the_catalogue_lists_every_dataset_with_its_rows(client: FlaskClient, release: ReleaseHandle) -> None:
    page = _page(client, "/datos")
    links = {str(link["href"]) for link in page.find_all("a")}
    assert {f"/datos/{name}" for name in datasets()} <= links
    about = next(item.get_text(" ") for item in page.select("li") if item.find("a", href="/datos/states"))
    copied = max(str(source["copies"][0]["fetched_at"]) for source in _sources(client, "states"))
    for said in ("32 filas", f"{len(TABLES['states'].columns)} columnas", "cobertura incompleta"):
        assert said in about
    size = len(client.get("/datos/states.raw.csv").get_data()) / 1000
    measured = re.search(r"cerca de ([\d.]+) kB", about)
    assert measured is not None
    assert abs(float(measured[1]) - size) < size / 10
    assert f"copia del {int(copied[8:10])} de" in about
    assert {"/datos/states.csv", "/datos/states.xlsx", "/datos/states.json", "/datos/states.parquet"} <= links


def test_every_unit_of_the_schema_has_words_on_the_page(client: FlaskClient) -> None:
    units = {column_info(column)["unit"] for table in TABLES.values() for column in table.columns}
    assert units - {None} == set(UNITS)
    assert "entero, personas" in _page(client, "/datos/states").get_text()
    assert "whole number, persons" in _page(client, "/en/datos/states").get_text()


def test_the_catalogue_is_searched_by_names_and_columns(client: FlaskClient) -> None:
    found = _page(client, "/datos?q=poblacion")
    assert found.find("a", href="/datos/states")
    assert not found.find("a", href="/datos/actors")
    assert "coincide" in _page(client, "/datos?q=zzzz").get_text()
    local = _page(client, "/datos?tema=local")
    assert local.find("a", href="/datos/exercises")
    assert not local.find("a", href="/datos/plans")
    assert client.get("/datos?tema=otro").status_code == 400


@pytest.mark.parametrize("name", datasets())
def test_each_dataset_has_its_dictionary_in_both_languages(client: FlaskClient, name: str) -> None:
    for prefix, language in (("", "es"), ("/en", "en")):
        page = _page(client, f"{prefix}/datos/{name}")
        heading = page.find("h1")
        assert heading is not None
        assert heading.get_text().startswith(f"{table_info(TABLES[name])['label'][language]}: ")
        section = page.find(id="diccionario")
        assert section is not None
        described = [code.get_text() for code in section.select("tbody tr > :first-child code")]
        assert described == [column.name for column in TABLES[name].columns]


def test_a_dataset_says_how_full_it_is_where_it_is_from_and_how_to_cite_it(
    client: FlaskClient, release: ReleaseHandle
) -> None:
    page = _page(client, "/datos/exercises")
    text = page.get_text()
    assert release.release_id in text
    assert "@misc{apertura_exercises_" in text
    assert re.search(r"52 \(100%\)", text)
    assert page.find("code", string=re.compile(r"^[0-9a-f]{16}$"))
    reference = json.loads(html.unescape(str(page.find_all("pre")[1].get_text())))
    assert reference[0]["type"] == "dataset"


def test_an_unknown_dataset_is_answered_with_those_near(client: FlaskClient) -> None:
    answer = client.get("/datos/stats")
    assert answer.status_code == 404
    assert 'href="/datos/states"' in answer.get_data(as_text=True)


def test_the_api_is_tried_without_a_script(client: FlaskClient) -> None:
    address = "/datos/api?conjunto=states&consulta=population_2020.gte%3D9000000%26sort%3D-population_2020"
    page = _page(client, address)
    link = page.find("a", href=re.compile(r"^/api/v1/states\?"))
    assert link is not None
    shown = json.loads(page.find("pre").get_text())["data"]  # type: ignore[union-attr]
    assert client.get(str(link["href"])).get_json()["data"][: len(shown)] == shown
    assert [row["state_code"] for row in shown] == ["15", "09"]
    assert "colour" in _page(client, "/datos/api?consulta=colour%3Dred").get_text()
    everything = BeautifulSoup(client.get(address).get_data(as_text=True), "html.parser")
    sources = [str(script["src"]) for script in everything.find_all("script", src=True)]
    assert all(source.startswith("/") and not source.startswith("//") for source in sources)


@pytest.mark.parametrize("name", datasets())
def test_the_examples_of_each_dataset_are_answered(client: FlaskClient, name: str) -> None:
    page = _page(client, f"/en/datos/api?conjunto={name}")
    examples = [str(link["href"]) for link in page.select("#ejemplos a")]
    assert len(examples) >= 2
    for example in examples:
        answered = _page(client, example)
        link = answered.select_one("#respuesta a")
        assert link is not None, example
        assert client.get(str(link["href"])).status_code == 200, example
        # What is offered to programs is what they get: each address answers.
        for address in re.findall(r"http://127\.0\.0\.1:8050([^\"']+)", answered.select_one("#programa").get_text()):  # type: ignore[union-attr]
            assert client.get(address).status_code == 200, address


def test_a_map_of_several_facts_leads_to_the_rows_of_each(client: FlaskClient) -> None:
    for address, key in (("/estados", "mapa"), ("/", "estados")):
        proofs = [str(link["href"]) for link in _page(client, address).select(f"#{key} .get a[href*='/verificar']")]
        asked = [parse_qs(urlsplit(proof).query)["conjunto"][0] for proof in proofs]
        assert asked == ["declarations", "exercises", "technical_secretariats", "plans"]
        assert all("dan este número" in _page(client, proof).get_text() for proof in proofs)
