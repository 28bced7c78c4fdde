"""A view as a picture of its own, and the ways to take a view along."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from defusedxml import ElementTree
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from web.assets import resolved, tokens
from web.letters import Face

SVG = "{http://www.w3.org/2000/svg}"


def _words(svg: str) -> str:
    return " ".join(" ".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("key", ["mapa", "parte", "barras"])
def test_a_picture_stands_alone_with_its_sentence_and_its_address(sample: FlaskClient, key: str) -> None:
    answer = sample.get(f"/imagen/estados?letra=c&vista={key}")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "8 fichas" not in _words(answer.text)
    assert "6 fichas" in _words(answer.text)
    assert f"/estados?letra=c#{key}" in _words(answer.text)
    assert "var(" not in answer.text
    assert "<a " not in answer.text


def test_a_map_brings_its_outlines_its_legend_and_its_source(sample: FlaskClient) -> None:
    picture = ElementTree.fromstring(sample.get("/imagen/estados?letra=c&vista=mapa").text)
    drawn = {use.get("href") for use in picture.iter(f"{SVG}use")}
    defined = {f"#{path.get('id')}" for path in picture.iter(f"{SVG}path")}
    assert len(drawn) == 32
    assert drawn <= defined
    words = " ".join(text.text or "" for text in picture.iter(f"{SVG}text"))
    assert "Elegida" in words
    assert "Fuente: INEGI" in words


def test_the_length_of_a_bar_is_its_share_of_the_track(sample: FlaskClient) -> None:
    svg = sample.get("/imagen/estados?letra=m&vista=parte").text
    share = BeautifulSoup(sample.get("/estados?letra=m").text, "html.parser").select_one("#parte .track i")
    assert share is not None
    bars = {
        bar.get("class"): float(bar.get("width", "0"))
        for bar in ElementTree.fromstring(svg).iter(f"{SVG}rect")
        if bar.get("height") == "20"
    }
    written = float(str(share["style"]).removeprefix("width:").removesuffix("%"))
    assert bars["verified"] / bars["track"] * 100 == pytest.approx(written, abs=0.01)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/imagen/estados?vista=nada", 404),
        ("/imagen/estados", 404),
        ("/imagen/nada?vista=mapa", 404),
        ("/imagen/estados?letra=9&vista=mapa", 400),
        ("/embed/estados?vista=nada", 404),
    ],
)
def test_there_is_no_picture_of_what_is_not_there(sample: FlaskClient, address: str, status: int) -> None:
    answer = sample.get(address)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")


def test_a_view_gives_its_embed_code_and_proof_with_the_filters_of_the_visit(sample: FlaskClient) -> None:
    page = BeautifulSoup(sample.get("/en/estados?letra=j").text, "html.parser")
    code = page.select_one("#mapa-codigo")
    assert code is not None
    frame = BeautifulSoup(code.text, "html.parser").iframe
    assert frame is not None
    assert frame["src"] == "http://127.0.0.1:8050/en/embed/estados?letra=j&vista=mapa"
    assert frame["title"] == "1 ficha"
    links = {link.text: link["href"] for link in page.select("#mapa .foot a")}
    assert links["Verify"] == "/en/verificar?conjunto=states&consulta=letra%3Dj"


def test_tokens_are_those_of_the_light_scheme() -> None:
    assert tokens()["paper"] == "#fbfaf6"
    assert resolved("fill:var(--verified)") == "fill:#0b6b50"
    assert "var(" not in resolved("background:var(--hatch)")


@given(st.text(), st.sampled_from(Face), st.integers(60, 900))
def test_lines_have_every_word_and_none_is_wider_than_its_room(text: str, face: Face, room: int) -> None:
    lines = face.lines(text, 27, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(face.width(line, 27) <= room for line in lines)


def test_a_word_is_broken_only_where_it_is_longer_than_the_line() -> None:
    assert Face.BOLD.lines("dos palabras", 10, 65) == ["dos", "palabras"]
    assert Face.REGULAR.lines("https://ejemplo.mx", 10, 65) == ["https://ejem", "plo.mx"]
    assert Face.REGULAR.lines("  ", 10, 65) == []
