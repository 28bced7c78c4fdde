"""docs/adding-a-language.md: a third language, named in one place, has every page of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

import layouts.i18n
from data.database import Database
from etl.run import RunResult
from settings import Settings
from tests.addresses import ADDRESSES
from web.site import create_site

FRENCH = ("fr", "fr", "Français", "/fr", "fr_FR")


@pytest.fixture(scope="module")
def client(built: tuple[Settings, RunResult]) -> Iterator[FlaskClient]:
    """A site with French, of which no text is translated yet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layouts.i18n, "LANGUAGES", (*layouts.i18n.LANGUAGES, FRENCH))
        layouts.i18n.locales.cache_clear()
        yield create_site(built[0], Database(built[0])).test_client()
    layouts.i18n.locales.cache_clear()


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_a_new_language_has_every_page_and_its_files_are_there(client: FlaskClient, address: str) -> None:
    page = client.get(f"/fr{address}")
    assert page.status_code == 200
    assert '<html lang="fr"' in page.text
    assert all(f'hreflang="{tag}"' in page.text for tag in ("es-MX", "en", "fr"))
    files = set(re.findall(r'href="(/[^"?]*(?:\.(?:csv|json|atom)|/tabla/[^"?]*)(?:\?[^"]*)?)"', page.text))
    assert {file: client.get(unescape(file)).status_code for file in files} == dict.fromkeys(files, 200)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/parte/fr/estados", 200),
        ("/fr/embed/estados?vista=mapa", 200),
        ("/fr/imagen/estados?vista=mapa", 200),
        ("/fr/tabla/estados?vista=mapa&forma=xlsx", 200),
        ("/fr/estados?capa=nada", 400),
        ("/fr/nada", 404),
        ("/fr/comision/entrar", 503),
    ],
)
def test_what_is_around_the_pages_is_there_too(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_search_engines_are_told_of_the_pages_and_of_what_is_none(client: FlaskClient) -> None:
    assert "/fr/estados/14<" in client.get("/sitemap.xml").text
    assert "Disallow: /fr/buscar\n" in client.get("/robots.txt").text
