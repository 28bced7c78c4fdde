"""What tables write in one language is said in the reader's: nothing of the release is left without its words."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from data.database import Database, ReleaseHandle
from data.schema import TABLES
from etl.run import RunResult
from layouts import actor, actors, commitment, state
from layouts.i18n import locales
from layouts.written_words import CITY_FACTS, PUBLICATIONS, REMARKS, ROLES, remark_said, role_said
from settings import Settings
from tests.web.state_site import opened
from web.site import create_site

# What is counted or happened, in contrast to names.
TOLD = ("metric", "event", "pilot")


@pytest.fixture(scope="module")
def pages(built: tuple[Settings, RunResult]) -> FlaskClient:
    return create_site(
        built[0], Database(built[0]), [*actors.PAGES, *actor.PAGES, *commitment.PAGES, *state.PAGES]
    ).test_client()


def _values(release: ReleaseHandle, table: str, column: str) -> set[str]:
    columns = TABLES[table].c
    with release.connect() as connection:
        return {value for (value,) in connection.execute(select(columns[column]).distinct()) if value}


def test_every_role_and_publication_of_the_release_has_words_in_both_languages(release: ReleaseHandle) -> None:
    assert _values(release, "participations", "role_in_source") <= set(ROLES)
    publications = {
        value
        for table in ("indicators", "method_terms", "survey_items")
        for value in _values(release, table, "reference")
    }
    assert publications <= set(PUBLICATIONS)


def test_every_remark_and_fact_that_has_words_is_in_the_release(release: ReleaseHandle) -> None:
    assert _values(release, "participations", "note") > set(REMARKS)
    facts = TABLES["multicity_facts"].c
    with release.connect() as connection:
        told = {name for (name,) in connection.execute(select(facts.name).where(facts.kind.in_(TOLD)))}
    assert told <= set(CITY_FACTS)


@pytest.mark.parametrize(
    ("address", "words", "not_words"),
    [
        ("/actores/socialtic", "organización civil que hizo incidencia por la vía de OGP", "advocating"),
        ("/en/actores/socialtic", "civil society organisation advocating through OGP", "incidencia"),
        ("/actores", "Nava Polina, láminas del 17 de mayo de 2022", "slides"),
        ("/estados/06", "un órgano administrativo", "administrative body"),
        ("/estados/06", "No hay evidencia de ninguno de los 13 pasos", "evidencia de 0 "),
        ("/plan-nacional/MX0075", "otro actor, en el borrador del tablero", "board draft"),
    ],
)
def test_a_working_note_is_said_in_the_language_of_the_page(
    pages: FlaskClient, address: str, words: str, not_words: str
) -> None:
    said = opened(pages, address).select_one("main")
    assert said is not None
    assert words in said.get_text()
    assert not_words not in said.get_text()


def test_what_the_board_writes_is_marked_as_spanish_on_english_pages(pages: FlaskClient) -> None:
    titles = opened(pages, "/en/plan-nacional/MX0075").select("#acciones .actions h3")
    assert titles
    assert all(title.select_one("[lang=es]") for title in titles)


def test_an_institution_named_in_english_alone_says_so_in_spanish(pages: FlaskClient) -> None:
    address = "/actores/secretariat-of-education-of-the-state-of-nuevo-leon"
    assert "La fuente escribe el nombre en inglés" in opened(pages, address).get_text()
    assert "en inglés" not in opened(pages, "/actores/secretaria-de-la-funcion-publica").get_text()


def test_unknown_words_of_a_source_stand_in_quotation_marks() -> None:
    spanish, english = locales()
    assert role_said("keeper of the seal", spanish) == "«keeper of the seal»"
    assert remark_said("Bios Politics A.C", spanish) == "ahí se llama «Bios Politics A.C»"
    assert remark_said("Bios Politics A.C", english) == "called “Bios Politics A.C” there"
