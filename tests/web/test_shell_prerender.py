"""Components as HTML, and the places in it that are left to Dash."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from layouts.components.island import Island, plain_text, with_attributes
from layouts.components.place import places
from web.prerender import rendered


def test_properties_become_attributes_under_their_html_names() -> None:
    label = html.Label("Año", htmlFor="anio", className="a b", style={"marginTop": "2px", "--share": 0.5})
    assert rendered(label) == '<label class="a b" for="anio" style="margin-top:2px;--share:0.5">Año</label>'
    link = with_attributes(
        html.A("x", href="/a?b=1&c=2", hrefLang="en", tabIndex=-1), {"data-query": "", "aria-label": "«x»"}
    )
    assert BeautifulSoup(rendered(link), "html.parser").a.attrs == {  # type: ignore[union-attr]
        "href": "/a?b=1&c=2",
        "hreflang": "en",
        "tabindex": "-1",
        "data-query": "",
        "aria-label": "«x»",
    }


@pytest.mark.parametrize(
    ("component", "written"),
    [
        (html.Details("x", open=True), "<details open>x</details>"),
        (html.Details("x", open=False), "<details>x</details>"),
        (html.Div(hidden="hidden"), "<div hidden></div>"),
        (html.Option("x", value="", selected=None), '<option value="">x</option>'),
        (html.Br(), "<br>"),
        (html.Img(src="/a.png", alt=""), '<img alt="" src="/a.png">'),
        (html.P([0, None, 1.5, "a", html.B("b"), "c"]), "<p>01.5a<b>b</b>c</p>"),
        (html.P(n_clicks=3, key="k", children="x"), "<p>x</p>"),
        (Island("input", attributes={"checked": True, "name": "a", "disabled": False}), '<input checked name="a">'),
        (Island("svg", Markup("<path/>"), {"viewBox": "0 0 1 1"}), '<svg viewBox="0 0 1 1"><path/></svg>'),
        (dcc.Graph(), ""),
        (dcc.Graph(id="a"), '<div id="a-lugar" data-place></div>'),
    ],
)
def test_each_kind_of_component_is_written(component: Any, written: str) -> None:
    assert rendered(component) == written


def test_an_island_escapes_what_is_not_markup() -> None:
    assert rendered(Island("p", "<b>", {"title": '"'})) == '<p title="&#34;">&lt;b&gt;</p>'  # type: ignore[arg-type]


def test_what_is_no_component_is_refused() -> None:
    with pytest.raises(TypeError, match="not of dict"):
        rendered(html.P({"a": 1}))  # type: ignore[arg-type]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_no_text_becomes_markup(text: str) -> None:
    soup = BeautifulSoup(rendered(html.P(text, title=text)), "html.parser")
    assert soup.p is not None
    assert soup.p.get_text() == text
    assert soup.p.attrs == {"title": text}
    assert len(soup.find_all()) == 1


def test_what_a_script_draws_leaves_a_place_and_goes_to_dash_alone() -> None:
    graph = dcc.Graph(id="g")
    tree = html.Div([html.P("uno"), html.Div([html.B("dos"), graph]), dcc.Graph(), Island("svg", Markup("<path/>"))])
    soup = BeautifulSoup(rendered(tree), "html.parser")
    (found,) = places(tree, "/a?b=c")
    assert found.children is graph
    assert (found.of, soup.select_one(f"#{found.at}").attrs) == ("/a?b=c", {"id": found.at, "data-place": ""})  # type: ignore[union-attr]
    assert [element.name for element in soup.find_all()] == ["div", "p", "div", "b", "div", "svg", "path"]


def test_plain_text_is_what_a_reader_reads() -> None:
    assert plain_text(["De ", html.B(["62 ", html.Mark("compromisos")]), None, "."]) == "De 62 compromisos."
