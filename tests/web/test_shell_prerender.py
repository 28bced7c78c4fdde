"""Components as HTML, and the cut between what Dash draws and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from layouts.components.island import Island, plain_text, with_attributes
from web.prerender import frozen, rendered, served


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
        (dcc.Store(id="a"), ""),
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


def test_only_what_callbacks_and_scripts_need_stays_in_dash() -> None:
    tree = html.Div([html.P(["a", html.B("b")]), html.Div(html.Div(id="live")), dcc.Graph(id="g"), "text"])
    cut = frozen(tree, {"live"})
    paragraph, around, graph, text = cut.children
    assert (paragraph.tag, paragraph.html) == ("p", "a<b>b</b>")
    assert isinstance(around, html.Div)
    assert around.children.id == "live"
    assert isinstance(graph, dcc.Graph)
    assert text == "text"
    assert isinstance(tree.children[0], html.P), "the page's own tree stays as it was"


def test_what_is_on_the_page_is_not_sent_again() -> None:
    markup, tree = served(
        html.Div([html.P("uno"), html.P("dos", className="x"), dcc.Graph(id="g")], id="live"), {"live"}
    )
    numbers = [island.to_plotly_json()["props"] for island in tree.children[:2]]
    assert numbers == [{"tag": "p", "attributes": {}, "served": 0}, {"tag": "p", "attributes": {}, "served": 1}]
    soup = BeautifulSoup(markup, "html.parser")
    assert soup.select_one('[data-island="1"]').get_text() == "dos"  # type: ignore[union-attr]


def test_plain_text_is_what_a_reader_reads() -> None:
    assert plain_text(["De ", html.B(["62 ", html.Mark("compromisos")]), None, "."]) == "De 62 compromisos."
