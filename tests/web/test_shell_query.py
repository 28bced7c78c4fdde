"""Filters: read, checked, written in one way, shown as native controls."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from layouts.i18n import locales
from layouts.query import BadFilter, Query
from web.prerender import rendered

OPTIONS = [("a", "Uno"), ("b", "Dos"), ("c", "Tres")]


def _query(written: str) -> Query:
    return Query("/estados", parse_qs(written), locales()[0])


def _control(query: Query, name: str) -> Tag:
    found = BeautifulSoup(rendered(query.form()), "html.parser").select_one(f"[name={name}]")
    assert found is not None
    return found


def test_a_choice_is_its_default_until_the_address_says_otherwise() -> None:
    assert _query("").choice("capa", "Capa", OPTIONS, "b") == "b"
    assert _query("capa=c").choice("capa", "Capa", OPTIONS, "b") == "c"
    assert _query("").choice("capa", "Capa", OPTIONS) is None


def test_the_order_is_the_pages_and_defaults_are_left_out() -> None:
    query = _query("q=x+y&capa=b&estado=c&anio=2018&estado=a")
    query.choice("capa", "Capa", OPTIONS, "b")
    query.year("anio", "Año", 2015, 2022)
    query.several("estado", "Estado", OPTIONS, 3)
    query.search("q", "Buscar")
    assert query.canonical() == "?anio=2018&estado=a&estado=c&q=x+y"
    assert query.link(anio=None, capa="a") == "/estados?capa=a&estado=a&estado=c&q=x+y"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("capa=z", lambda query: query.choice("capa", "Capa", OPTIONS, "a")),
        ("estado=a&estado=z", lambda query: query.several("estado", "Estado", OPTIONS, 4)),
        ("estado=a&estado=b&estado=c", lambda query: query.several("estado", "Estado", OPTIONS, 2)),
        ("plan=2", lambda query: query.flag("plan", "Plan")),
        ("anio=2014", lambda query: query.year("anio", "Año", 2015, 2022)),
        ("anio=%D9%A2%D9%A0%D9%A1%D9%A8", lambda query: query.year("anio", "Año", 2015, 2022)),
        ("pagina=0", lambda query: query.number("pagina")),
        ("pagina=-1", lambda query: query.number("pagina")),
        ("pagina=99999999999999999999", lambda query: query.number("pagina")),
        ("orden=x", lambda query: query.order("orden", ["nombre"], "nombre")),
        (f"q={'x' * 81}", lambda query: query.search("q", "Buscar")),
    ],
)
def test_a_value_that_is_not_offered_is_refused(written: str, read: Callable[[Query], object]) -> None:
    with pytest.raises(BadFilter) as refused:
        read(_query(written))
    assert refused.value.message


def test_controls_show_what_was_read() -> None:
    query = _query("capa=c&plan=1&estado=b&q=%22x%22&anio=2018&orden=clave&pagina=3")
    query.choice("capa", "Capa", OPTIONS, "a")
    query.flag("plan", "Plan")
    query.several("estado", "Estado", OPTIONS, 2)
    query.search("q", "Buscar")
    query.year("anio", "Año", 2015, 2022)
    query.order("orden", ["nombre", "clave"], "nombre")
    query.number("pagina")
    select = _control(query, "capa")
    assert [option["value"] for option in select.select("option[selected]")] == ["c"]
    assert _control(query, "plan").has_attr("checked")
    assert _control(query, "q")["value"] == '"x"'
    assert [_control(query, "anio")[name] for name in ("type", "min", "max", "value")] == [
        "range",
        "2015",
        "2022",
        "2018",
    ]
    assert _control(query, "orden")["type"] == "hidden"
    form = BeautifulSoup(rendered(query.form()), "html.parser")
    assert [box["value"] for box in form.select("[name=estado][checked]")] == ["b"]
    assert form.select("[name=pagina]") == [], "applying a filter starts at the first page again"


@given(st.text(max_size=200))
def test_any_search_is_found_back_in_its_own_address_or_refused(text: str) -> None:
    first = Query("/estados", {"q": [text]}, locales()[0])
    try:
        word = first.search("q", "Buscar")
    except BadFilter:
        assert len(" ".join(text.split())) > 80
        return
    again = Query("/estados", parse_qs(first.canonical().removeprefix("?")), locales()[0])
    assert again.search("q", "Buscar") == word
    assert again.canonical() == first.canonical()
