"""The picture that the server draws of a chart, and the map."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from layouts.components.picture import as_number, picture, settled
from layouts.components.state_map import SMALL, MapState, map_outlines, state_map
from layouts.i18n import locales
from web.prerender import rendered

CODES = [f"{number:02}" for number in range(1, 33)]


def _drawn(figure: dict[str, Any]) -> BeautifulSoup:
    return BeautifulSoup(rendered(picture(settled(figure, 300))), "html.parser")


def _side(rectangle: Tag, name: str) -> float:
    return float(str(rectangle[name]).removesuffix("%"))


def test_stacked_bars_follow_each_other_and_keep_their_shares() -> None:
    bars = [
        {"type": "bar", "orientation": "h", "y": ["uno"], "x": [30], "marker": {"color": "var(--verified)"}},
        {"type": "bar", "orientation": "h", "y": ["uno"], "x": [10], "marker": {"color": "var(--started)"}},
    ]
    first, second = _drawn({"data": bars, "layout": {"barmode": "stack", "xaxis": {"range": [0, 40]}}}).select("rect")
    assert (_side(first, "x"), _side(first, "width")) == (0, 75)
    assert (_side(second, "x"), _side(second, "width")) == (75, 25)
    assert second["style"] == "fill:var(--started)"


def test_grouped_bars_stand_side_by_side_on_a_common_zero() -> None:
    bars = [{"type": "bar", "x": ["a", "b"], "y": heights} for heights in ([2, 4], [1, None])]
    drawn = _drawn({"data": bars, "layout": {"yaxis": {"range": [0, 4]}, "bargap": 0.5}}).select("rect")
    assert [_side(bar, "height") for bar in drawn] == [50, 100, 25]
    assert [_side(bar, "y") + _side(bar, "height") for bar in drawn] == [100, 100, 100]
    assert [_side(bar, "x") for bar in drawn] == [12.5, 62.5, 25]


def test_points_lie_at_their_dates_and_a_missing_one_breaks_the_line() -> None:
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": ["2015", "2016-01", "2017-01-01", "2018"],
        "y": [0, 5, None, 10],
    }
    layout = {"xaxis": {"type": "date", "range": ["2015-01-01", "2019-01-01"]}, "yaxis": {"range": [0, 10]}}
    drawn = _drawn({"data": [line], "layout": layout})
    days = as_number("2019-01-01") - as_number("2015-01-01")
    across = [100 * (as_number(day) - as_number("2015")) / days for day in ("2015", "2016", "2018")]
    assert [_side(dot, "cx") for dot in drawn.select("circle")] == pytest.approx(across, abs=0.01)
    assert [_side(dot, "cy") for dot in drawn.select("circle")] == [100, 50, 0]
    assert len(drawn.select("g:not(.grid) > line")) == 1


def test_the_figure_for_plotly_states_what_the_picture_drew() -> None:
    exact = settled({"data": [{"type": "bar", "x": ["a", "b"], "y": [3, 1_200]}], "layout": {}}, 300)
    layout = exact["layout"]
    assert layout["xaxis"]["range"] == [-0.5, 1.5]
    assert layout["yaxis"]["range"][0] == 0
    assert layout["yaxis"]["ticktext"] == ["0", "250", "500", "750", "1,000"]
    assert layout["margin"]["pad"] == 0
    assert layout["height"] == 300


def test_an_empty_chart_is_drawn_empty() -> None:
    assert _drawn({"data": [{"type": "scatter", "x": [], "y": []}], "layout": {}}).select("circle") == []


def test_other_kinds_of_charts_are_refused() -> None:
    with pytest.raises(ValueError, match="not of 'pie'"):
        settled({"data": [{"type": "pie", "values": [1]}], "layout": {}}, 300)


def test_each_state_is_one_stop_for_keyboard_and_voice() -> None:
    drawn = state_map({code: MapState("level-1", f"Estado {code}", f"/estados/{code}") for code in CODES}, locales()[0])
    soup = BeautifulSoup(rendered(drawn), "html.parser")
    stops = [str(link["href"])[-2:] for link in soup.select("a:not([tabindex])")]
    assert sorted(stops) == CODES
    assert {str(link["href"])[-2:] for link in soup.select(".centre a:not([tabindex])")} == set(SMALL)
    assert all(link.has_attr("aria-hidden") for link in soup.select("a[tabindex]"))


def test_the_outlines_cost_little_and_hold_every_state() -> None:
    outlines = rendered(map_outlines())
    assert sorted(re.findall(r'id="mx-(\d\d)"', outlines)) == CODES
    assert len(gzip.compress(outlines.encode())) < 20_000
