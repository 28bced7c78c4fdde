"""``/estados`` as HTTP: the layers, the year, the order, and both languages."""

from __future__ import annotations

import csv

import pytest
from flask.testing import FlaskClient

from data.database import ReleaseHandle
from data.queries.states import StateAtAGlance, states_at_a_glance
from layouts.state_layers import INDICES, LAYERS
from settings import ROOT
from tests.web.state_site import opened, said, state_pages

__all__ = ["state_pages"]


@pytest.fixture(scope="module")
def states(release: ReleaseHandle) -> list[StateAtAGlance]:
    with release.connect() as connection:
        return states_at_a_glance(connection)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_layer_draws_every_state_as_a_link(state_pages: FlaskClient, layer: str, language: str) -> None:
    soup = opened(state_pages, f"{language}/estados?capa={layer}")
    shapes = soup.select("#mapa .map a[aria-label]")
    assert {shape["href"] for shape in shapes} == {f"{language}/estados/{n:02}" for n in range(1, 33)}
    assert len(shapes) == 32
    assert len(soup.select("#mapa .twin tbody tr")) == 32
    legend = {item["class"][-1] for item in soup.select("#mapa .key .swatch")}
    assert {str(shape["class"][0]) for shape in shapes} == legend
    assert said(soup, "h1")


def test_a_fact_without_a_date_says_by_when_it_was_seen(state_pages: FlaskClient) -> None:
    folder = ROOT / "data" / "snapshots" / "state_exercises" / "2026-11-23"
    with (folder / "local_plans.csv").open(encoding="utf-8", newline="") as file:
        coahuila = {row["generation"]: row for row in csv.DictReader(file) if row["state_code"] == "05"}
    # Its second plan began in 2019; its first one, without a date, was published by the end of 2017.
    assert (coahuila["1"]["status"], coahuila["1"]["status_as_of"], coahuila["2"]["start_year"]) == (
        "published",
        "2017-12",
        "2019",
    )
    with (folder / "stl.csv").open(encoding="utf-8", newline="") as file:
        baja = next(row for row in csv.DictReader(file) if row["state_code"] == "02")
    assert (baja["installed_date"], baja["status_2017_12"]) == ("", "installed")
    for language, words in (("", "2017 o antes"), ("/en", "2017 or before")):
        rows = {
            str(row.select("th a")[0]["href"]).rsplit("/", 1)[1]: [cell.get_text() for cell in row.select("td")]
            for row in opened(state_pages, f"{language}/estados").select("#entidades tbody tr")
        }
        assert rows["05"][3] == words
        assert rows["02"][2] == words


def test_the_four_facts_stand_side_by_side_with_what_was_published(
    state_pages: FlaskClient, states: list[StateAtAGlance]
) -> None:
    facts = [fact.get_text(" ") for fact in opened(state_pages, "/estados").select(".facts > div")]
    covered = [state.coverage for state in states]
    counts = [
        sum(one.declaration for one in covered),
        sum(one.exercise for one in covered),
        sum(one.secretariat for one in covered),
        sum(one.plan for one in covered),
    ]
    assert len(facts) == 4
    for fact, count, published in zip(facts, counts, (31, 30, 22, 7), strict=True):
        assert f"{count} de 32 documentadas" in " ".join(fact.split())
        assert f"se publicaron {published} " in fact


def test_a_year_shows_what_had_happened_by_its_end(state_pages: FlaskClient, states: list[StateAtAGlance]) -> None:
    soup = opened(state_pages, "/estados?capa=declaratoria&anio=2015")
    signed = [s for s in states if s.declaration.signed_on and s.declaration.signed_on[:4] == "2015"]
    assert len(soup.select("#mapa .country a.verified")) == len(signed)
    assert str(len(signed)) in said(soup, "h1")


def test_a_date_nobody_gives_is_a_class_of_its_own(state_pages: FlaskClient) -> None:
    soup = opened(state_pages, "/estados?capa=secretariado&anio=2016")
    undated = {str(shape["href"]) for shape in soup.select("#mapa .country a.completed")}
    # Of these four the file has no date; the lists of INAI show them from the end of 2017 or 2018, or not at all.
    assert undated == {"/estados/02", "/estados/08", "/estados/11", "/estados/15"}


def test_the_table_says_what_the_query_does(state_pages: FlaskClient, states: list[StateAtAGlance]) -> None:
    shown = opened(state_pages, "/estados").select("#entidades tbody tr")
    cells = {row.select("th a")[0]["href"]: [cell.get_text() for cell in row.select("td")] for row in shown}
    assert len(cells) == 32
    for state in states:
        row = cells[f"/estados/{state.state_code}"]
        assert row[4] == (str(state.steps) if state.steps else "sin dato")
        assert row[6] == f"{state.metric[INDICES[0]]:.2f}"


@pytest.mark.parametrize("index", INDICES)
def test_the_table_sorts_by_the_metric_either_way(
    state_pages: FlaskClient, states: list[StateAtAGlance], index: str
) -> None:
    ranked = sorted(states, key=lambda state: state.metric[index])
    for order, first in (("metrica", ranked[0]), ("-metrica", ranked[-1])):
        soup = opened(state_pages, f"/estados?capa=metrica&indice={index}&orden={order}")
        row = soup.select("#entidades tbody tr")[0]
        assert row.select("td")[-1].get_text() == f"{first.metric[index]:.2f}"
    assert said(soup, "#entidades th[aria-sort=descending]") == "Métrica 2017"


def test_states_without_a_date_come_last_in_both_orders(state_pages: FlaskClient) -> None:
    for order in ("plan", "-plan"):
        rows = opened(state_pages, f"/estados?orden={order}").select("#entidades tbody tr")
        shown = [row.select("td")[3].get_text() == "sin dato" for row in rows]
        assert shown == sorted(shown)


@pytest.mark.parametrize(
    "query", ["capa=otra", "indice=X", "anio=1999", "anio=dosmil", "orden=otro", "capa=plan&anio=2099"]
)
def test_a_filter_that_is_not_offered_is_refused(state_pages: FlaskClient, query: str) -> None:
    assert said(opened(state_pages, f"/estados?{query}", 400), "h1") == "Ese filtro no existe"
