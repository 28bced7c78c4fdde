"""The charts of the site: a point for each row of their table, told in words, and nothing drawn where there is no datum."""

from __future__ import annotations

import json
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from layouts.components.points import Point, points
from layouts.plan_world import APART, stacked
from tests.web.data_site import client

__all__ = ["client"]

# Each chart: its page and its key.
CHARTS = [("/plan-nacional", "mundo"), ("/comparar", "ambicion-y-cumplimiento"), ("/estados", "dos-indices")]


def _opened(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "html.parser")


def _figure(soup: BeautifulSoup, key: str) -> dict[str, Any]:
    """What Dash is given to draw."""
    layout = json.loads(soup.select("#first-layout")[0].get_text())
    held = [child["props"]["children"] for child in layout["props"]["children"] if child["type"] == "Div"]
    graphs = [place["props"]["children"]["props"] for places in held for place in places]
    figure: dict[str, Any] = next(graph["figure"] for graph in graphs if graph["id"] == f"{key}-grafica")
    return figure


def _told(soup: BeautifulSoup, key: str) -> list[list[str]]:
    """The words of every point, by line."""
    return [
        unescape(said).split("<br>") for trace in _figure(soup, key)["data"] for said in trace.get("customdata", ())
    ]


def _rows(soup: BeautifulSoup, key: str) -> list[list[str]]:
    return [[cell.get_text() for cell in row.select("th, td")] for row in soup.select(f"#{key} .twin tbody tr")]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("address", "key"), CHARTS)
def test_a_chart_has_a_point_for_each_row_of_its_table_that_has_its_data(
    client: FlaskClient, prefix: str, address: str, key: str
) -> None:
    soup = _opened(client, f"{prefix}{address}")
    rows = soup.select(f"#{key} .twin tbody tr")
    whole = [row.select("th")[0].get_text() for row in rows if not row.select(".num .no-data")]
    told = _told(soup, key)
    assert len(whole) > 30
    assert sorted(words[0] for words in told) == sorted(whole)
    assert len(soup.select(f"#{key} .picture circle")) == len(told)


def test_mexicos_plans_stand_out_among_those_of_the_same_number(client: FlaskClient) -> None:
    soup = _opened(client, "/plan-nacional")
    own = _figure(soup, "mundo")["data"][-1]
    assert own["customdata"] == [
        "México<br>Segundo plan, 2013<br>5 de 26 completos (19%)",
        "México<br>Primer plan, 2011<br>16 de 36 completos (44%)",
    ]
    assert ["México", "Segundo plan", "2013", "5", "26", "19%"] in _rows(soup, "mundo")
    assert soup.select("#mundo h2")[0].get_text() == (
        "Completado de lo evaluado: primer plan, México 44% y la mediana de 57 países 18%; "
        "segundo plan, México 19% y la mediana de 36 países 18%"
    )
    assert "tercer plan, cuarto plan" in soup.select("#mundo header p")[0].get_text()


def test_a_plan_that_the_edition_lacks_has_no_chart(client: FlaskClient) -> None:
    assert _opened(client, "/plan-nacional?plan=MX-P4").select("#mundo, .chart") == []
    one = _opened(client, "/plan-nacional?plan=MX-P2")
    assert {row[1] for row in _rows(one, "mundo")} == {"Segundo plan"}
    assert "tercer" not in one.select("#mundo")[0].get_text()


def test_the_chosen_countries_are_named_and_what_they_lack_is_said(client: FlaskClient) -> None:
    soup = _opened(client, "/comparar?pais=CL")
    named = _figure(soup, "ambicion-y-cumplimiento")["data"][-1]
    assert sorted(named["text"]) == ["Chile 1", "Chile 2", "México 2"]
    assert "México 1" in soup.select("#ambicion-y-cumplimiento header p")[0].get_text()
    assert ["México", "Plan 1 (2011)", "sin dato", "sin dato", "16", "36"] in _rows(soup, "ambicion-y-cumplimiento")


def test_the_states_above_both_means_are_those_that_stand_out(client: FlaskClient) -> None:
    soup = _opened(client, "/estados")
    upright, level, _, above = _figure(soup, "dos-indices")["data"]
    assert all(value > upright["x"][0] for value in above["x"])
    assert all(value > level["y"][0] for value in above["y"])
    assert soup.select("#dos-indices h2")[0].get_text().startswith(f"{len(above['x'])} de 32 entidades")


@pytest.mark.parametrize(("address", "key"), CHARTS)
def test_a_chart_can_be_taken_along_as_picture_file_and_frame(client: FlaskClient, address: str, key: str) -> None:
    picture = client.get(f"/imagen{address}?vista={key}")
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert picture.text.count("<circle cx=") - 1 == len(_told(_opened(client, address), key))
    rows = client.get(f"/tabla{address}?vista={key}&forma=json").get_json()
    assert rows["row_count"] == len(_rows(_opened(client, address), key))
    frame = _opened(client, f"/embed{address}?vista={key}")
    assert frame.select("script") == []
    assert len(frame.select(".picture circle")) > 30


@given(st.lists(st.floats(0, 100), max_size=80).map(sorted))
def test_stacked_points_do_not_cover_each_other(places: list[float]) -> None:
    heights = stacked(places)
    for level in range(max(heights, default=-1) + 1):
        row = [place for place, height in zip(places, heights, strict=True) if height == level]
        assert row != []
        assert all(after - before >= APART for before, after in pairwise(row))


def test_what_is_told_at_a_point_is_never_markup() -> None:
    trace = points([Point(1, 2, ["<a href='x'>A & B</a>", "dos"])], "level-2")
    assert trace["customdata"] == ["&lt;a href=&#39;x&#39;&gt;A &amp; B&lt;/a&gt;<br>dos"]
