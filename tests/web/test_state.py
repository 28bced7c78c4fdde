"""``/estados/<state_code>`` as HTTP: every state has a file, and the file says what the data do."""

from __future__ import annotations

import csv

import pytest
from flask.testing import FlaskClient

from data.database import ReleaseHandle
from data.queries.state_file import state_file
from settings import ROOT
from tests.web.state_site import opened, said, state_pages

__all__ = ["state_pages"]

VIEWS = ["pasos", "secretariado", "planes", "ejercicios", "metrica", "garante", "ogp-local", "contradicciones"]


@pytest.mark.parametrize("number", range(1, 33))
def test_every_state_has_a_file_in_both_languages(state_pages: FlaskClient, number: int) -> None:
    for language in ("", "/en"):
        soup = opened(state_pages, f"{language}/estados/{number:02}")
        assert [section["id"] for section in soup.select(".view[id]")] == VIEWS
        assert len(soup.select("#pasos .steps li")) == 13
        assert said(soup, "h1")


@pytest.mark.parametrize("code", ["33", "00", "1", "014", "jalisco", "%3Cscript%3E"])
def test_what_is_no_state_says_where_to_go(state_pages: FlaskClient, code: str) -> None:
    soup = opened(state_pages, f"/estados/{code}", 404)
    assert soup.select_one(".empty a[href='/estados']") is not None


def test_jalisco_says_what_the_data_do(state_pages: FlaskClient, release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = state_file(connection, "14")
    assert found is not None
    soup = opened(state_pages, "/estados/14")
    assert len(soup.select("#pasos li.yes")) == found.done
    assert len(soup.select("#planes tbody tr")) == len(found.plans)
    assert len(soup.select("#planes .titles li")) == sum(len(plan.commitments) for plan in found.plans)
    assert len(soup.select("#ejercicios tbody tr")) == len(found.exercises)
    assert len(soup.select("#contradicciones .contradiction")) == len(found.contradictions)
    assert said(soup, "h1") == "Jalisco: 3 planes de acción y evidencia de 2 de los 13 pasos de la cocreación."


def test_seats_are_balanced_or_not_or_without_data(state_pages: FlaskClient) -> None:
    # 3 against 6, 6 against 3; Jalisco's seats nobody counts; Nayarit has no secretariat on record.
    assert said(opened(state_pages, "/estados/25"), "#secretariado h2").startswith("Secretariado equilibrado: 3")
    assert said(opened(state_pages, "/estados/30"), "#secretariado h2").startswith("Secretariado equilibrado: 6")
    assert "sin dato" in said(opened(state_pages, "/estados/14"), "#secretariado h2")
    assert said(opened(state_pages, "/estados/18"), "#secretariado h2") == "Sin secretariado técnico documentado"


def test_a_state_with_nothing_known_says_so(state_pages: FlaskClient) -> None:
    soup = opened(state_pages, "/estados/18")
    assert said(soup, "h1") == "Nayarit: ningún hecho de la apertura documentado en las fuentes reunidas."
    assert len(soup.select(".facts .no-data")) == 4
    assert soup.select_one("#planes .empty") is not None


def test_a_state_says_whether_it_was_counted_with_an_exercise_even_where_none_is_named(
    state_pages: FlaskClient,
) -> None:
    path = ROOT / "data" / "snapshots" / "state_exercises" / "2026-11-23" / "declaratorias.csv"
    with path.open(encoding="utf-8", newline="") as file:
        counted = {row["state_code"]: row["counted_in_exercises_2022"] for row in csv.DictReader(file)}
    # All but Puebla, which has one by name, and Tamaulipas; Nayarit has none by name and was counted.
    assert [code for code, value in counted.items() if value == "no"] == ["21", "28"]
    words = {"yes": "la cuentan entre las entidades con ejercicio", "no": "no la cuentan entre las entidades"}
    for code in ("18", "21", "28", "30"):
        for part in ("#lead", "#ejercicios"):
            told = said(opened(state_pages, f"/estados/{code}"), part)
            assert f"2022 {words[counted[code]]}" in told, (code, part)


def test_links_to_documents_are_addresses_of_the_web(state_pages: FlaskClient) -> None:
    links = opened(state_pages, "/estados/19").select("a[rel=external]")
    assert links
    assert all(str(link["href"]).startswith(("http://", "https://")) for link in links)


@pytest.mark.parametrize(("prefix", "words"), [("", "1 por la sociedad civil"), ("/en", "1 for civil society")])
def test_who_signed_the_declaration_is_said_in_words(state_pages: FlaskClient, prefix: str, words: str) -> None:
    told = said(opened(state_pages, f"{prefix}/estados/04"), "#lead")
    assert words in told
    # The source's own shorthand.
    assert "OGL" not in told
