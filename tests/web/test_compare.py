"""``/comparar`` as HTTP: states or countries on the same scale."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.shown import behind, records
from tests.web.state_site import opened, said, state_pages

__all__ = ["state_pages"]


def test_mexico_stands_beside_all_countries_at_first(state_pages: FlaskClient) -> None:
    soup = opened(state_pages, "/comparar")
    # 16 of 36 and 5 of 26.
    assert "21 de 62 compromisos evaluados (34%)" in said(soup, "h1")
    for view in ("cumplimiento", "ambicion", "especificidad"):
        assert [name.get_text() for name in soup.select(f"#{view} h3")] == ["México", "Los 61 países juntos"]


def test_three_countries_join_it_on_the_same_scale(state_pages: FlaskClient) -> None:
    soup = opened(state_pages, "/en/comparar?pais=CL&pais=BR&pais=US")
    names = [name.get_text() for name in soup.select("#cumplimiento h3")]
    assert names == ["Mexico", "Brazil", "Chile", "United States", "The 61 countries together"]
    for track in soup.select("#cumplimiento .multiples .track"):
        widths = [float(str(part["style"]).removeprefix("width:").removesuffix("%")) for part in track.select("i")]
        assert sum(widths) == pytest.approx(100, abs=0.1) or not widths


def test_the_twin_has_a_row_for_each_country_and_plan(state_pages: FlaskClient) -> None:
    soup = opened(state_pages, "/comparar?pais=CL")
    bars = soup.select("#cumplimiento .multiples tbody tr")
    assert len(soup.select("#cumplimiento .twin tbody tr")) == len(bars)


def test_a_plan_without_values_is_no_data(state_pages: FlaskClient) -> None:
    first = opened(state_pages, "/comparar").select("#ambicion .panel tbody tr")[0]
    assert first.select_one(".no-data") is not None
    assert not first.select(".track i")


def test_four_states_stand_side_by_side(state_pages: FlaskClient) -> None:
    soup = opened(state_pages, "/comparar?que=estados&estado=14&estado=19&estado=01&estado=25")
    for view in ("hechos", "metrica", "planes"):
        names = [name.get_text() for name in soup.select(f"#{view} h3")]
        assert names == ["Aguascalientes", "Jalisco", "Nuevo León", "Sinaloa"]
    marks = [str(mark["style"]) for mark in soup.select("#metrica .gauge b")]
    assert len(marks) == 28
    assert len(set(marks)) <= 7


def test_no_state_chosen_leads_to_an_example(state_pages: FlaskClient) -> None:
    soup = opened(state_pages, "/comparar?que=estados")
    link = soup.select_one(".empty a")
    assert link is not None
    assert len(opened(state_pages, str(link["href"])).select("#hechos .panel")) == 4


@pytest.mark.parametrize(
    "query",
    [
        "pais=XX",
        "pais=MX",
        "pais=CL&pais=BR&pais=US&pais=GB",
        "estado=33",
        "estado=01&estado=02&estado=03&estado=04&estado=05",
        "que=otra",
    ],
)
def test_a_choice_that_is_not_offered_is_refused(state_pages: FlaskClient, query: str) -> None:
    assert said(opened(state_pages, f"/comparar?{query}", 400), "h1") == "Ese filtro no existe"


def test_the_rows_behind_are_those_of_the_chosen_states(state_pages: FlaskClient) -> None:
    soup = opened(state_pages, "/comparar?que=estados&estado=14&estado=19")
    assert behind(soup.select("#metrica")[0]) == "/datos/metric_scores.csv?edition=2017&state_code=14&state_code=19"


def test_the_rows_to_take_away_are_those_of_the_chosen_countries(state_pages: FlaskClient) -> None:
    soup = opened(state_pages, "/comparar?pais=CL")
    link = soup.select_one("#cumplimiento .get a[href*='forma=csv']")
    assert link is not None
    taken = records(state_pages.get(str(link["href"])).get_data(as_text=True))
    assert [row["País"] for row in taken] == ["México", "México", "Chile", "Chile", *["Los 61 países juntos"] * 3]
