"""The pictures for shared links: which one a page names, what is drawn on it, and what is served where none was made."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

import layouts
from data.database import Database
from etl.run import RunResult
from settings import ROOT, Settings
from tests.web.data_site import client
from web.answers import Answer, Answers
from web.images.drawing import drawn
from web.images.names import archive_of, picture_name
from web.site import create_site

__all__ = ["client"]

HOST = "https://apertura.example"
SITE_PICTURE = (ROOT / "assets" / "share.png").read_bytes()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def answers(built: tuple[Settings, RunResult]) -> Answers:
    """The pages over the release of the bundled copies."""
    return Answers(layouts.pages(), Database(built[0]), HOST)


def meta(client: FlaskClient, address: str, name: str) -> str:
    """What a page says of itself under a property, such as ``og:image``."""
    soup = BeautifulSoup(client.get(address).get_data(as_text=True), "html.parser")
    (found,) = soup.select(f'meta[property="{name}"]')
    return str(found["content"])


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "es"),
        ("/en/", "en"),
        ("/estados/14", "es-estados-14"),
        ("/en/estados/14", "en-estados-14"),
        ("/estados?capa=pasos", "es-estados"),
        ("/plan-nacional?plan=MX-P2", "es-plan-nacional-MX-P2"),
        ("/plan-nacional/MX0042", "es-plan-nacional-MX0042"),
        ("/ogp-local/mx-jalisco", "es-ogp-local-mx-jalisco"),
        ("/en/datos/states", "en-datos-states"),
        ("/fuentes/metrica", "es-fuentes"),
    ],
)
def test_each_page_names_its_picture_or_that_of_the_page_above(answers: Answers, address: str, name: str) -> None:
    assert picture_name(answers.at(address)) == name


def test_the_head_names_the_picture_of_this_release_with_its_size_and_words(
    client: FlaskClient, built: tuple[Settings, RunResult]
) -> None:
    address = meta(client, "/estados/14", "og:image")
    assert address.endswith(f"/imagenes/{built[1].release_id}/es-estados-14.png")
    assert address.startswith("http")
    assert (meta(client, "/estados/14", "og:image:width"), meta(client, "/estados/14", "og:image:height")) == (
        "1200",
        "630",
    )
    assert meta(client, "/estados/14", "og:image:alt") == meta(client, "/estados/14", "og:description")


def test_a_page_that_is_not_there_names_the_picture_of_the_site(client: FlaskClient) -> None:
    assert "/assets/share.png?v=" in meta(client, "/estados/99", "og:image")


def test_a_picture_not_made_is_the_sites_and_is_asked_for_again_soon(
    client: FlaskClient, built: tuple[Settings, RunResult]
) -> None:
    answer = client.get(f"/imagenes/{built[1].release_id}/es-estados-14.png")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", SITE_PICTURE)
    assert answer.cache_control.max_age == 300
    assert not answer.cache_control.immutable


@pytest.mark.parametrize("name", ["20261123T101500Z-1a2b3c4d/es", "..%2f..%2fetc/passwd", "current/es", "x/..%2fes"])
def test_no_name_leads_out_of_the_folder(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/imagenes/{name}.png")
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        assert answer.data == SITE_PICTURE


def test_a_picture_that_was_made_is_served_for_good(built: tuple[Settings, RunResult], tmp_path: Path) -> None:
    settings, result = built
    releases = shutil.copytree(settings.releases_dir, tmp_path / "releases")
    with zipfile.ZipFile(archive_of(releases, result.release_id), "w") as archive:
        archive.writestr("es-estados-14.png", b"drawn")
    moved = settings.model_copy(update={"releases_dir": releases})
    site = create_site(moved, Database(moved)).test_client()
    address = f"/imagenes/{result.release_id}/es-estados-14.png"
    answer = site.get(address)
    assert answer.data == b"drawn"
    assert answer.cache_control.immutable
    again = site.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    archive_of(releases, result.release_id).write_bytes(b"no archive")
    assert create_site(moved, Database(moved)).test_client().get(address).data == SITE_PICTURE


def texts(svg: str, kind: str) -> str:
    """The words of a kind on a picture, in order."""
    found = [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text") if text.get("class") == kind]
    return " ".join(found)


def at(answers: Answers, address: str) -> tuple[Answer, str]:
    now = answers.at(address)
    assert now.view.status == 200
    return now, drawn(now, answers.host)


def test_the_picture_says_the_sentence_of_the_page_its_address_and_its_date(answers: Answers) -> None:
    now, svg = at(answers, "/")
    assert texts(svg, "sentence") == (
        "De 62 compromisos evaluados de los planes de 2011 a 2015, la revisión independiente encontró completos 21."
    )
    assert texts(svg, "place") == "apertura.example/"
    assert now.release is not None
    assert texts(svg, "date") == now.locale.date(now.release.built_at)
    assert re.search(r'width="1200" height="630"', svg)


def test_the_bars_are_those_of_the_page(answers: Answers) -> None:
    _, svg = at(answers, "/plan-nacional?plan=MX-P2")
    # The IRM's codes of the 26 commitments of plan 2: 5 complete, 13 substantial, 8 limited.
    assert texts(svg, "value") == "5 de 26"
    parts = [(bar.get("class"), float(bar.get("width", ""))) for bar in ElementTree.fromstring(svg).iter(f"{SVG}rect")]
    widths = [width for kind, width in parts if kind in ("verified", "completed", "started")]
    assert widths == pytest.approx([440 * n / 26 for n in (5, 13, 8)], abs=0.1)


def test_a_state_stands_out_on_the_map_and_a_small_one_in_the_enlarged_centre(answers: Answers) -> None:
    here = re.compile(r'class="here"[^>]*><title></title><use href="#mx-(\d\d)"')
    country, centre = at(answers, "/estados/14")[1], at(answers, "/estados/09")[1]
    assert here.findall(country) == ["14"]
    assert here.findall(centre) == ["09"]
    boxes = [re.findall(r'viewBox="([\d. ]+)"', svg)[1].split() for svg in (country, centre)]
    assert float(boxes[1][2]) < float(boxes[0][2]) / 4


@pytest.mark.parametrize(
    "address", ["/", "/estados/14", "/estados", "/en/ogp-local", "/plan-nacional/MX0042", "/cambios"]
)
def test_no_colour_is_left_open_and_every_line_fits(answers: Answers, address: str) -> None:
    _, svg = at(answers, address)
    assert "var(" not in svg
    drawn_lines = [text for text in ElementTree.fromstring(svg).iter(f"{SVG}text") if text.get("class") == "sentence"]
    assert drawn_lines
    assert max(float(line.get("y", "")) for line in drawn_lines) < 580


def test_a_sentence_too_long_for_any_size_is_cut_and_says_so(answers: Answers) -> None:
    now = answers.at("/cambios")
    endless = replace(now, view=replace(now.view, sentence="palabra larga " * 200))
    assert texts(drawn(endless, HOST), "sentence").endswith("…")
