"""What the engines say in different words means the same on both."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from data.database import Database
from data.dialect import contains, folded
from data.schema.commitments import commitments
from etl.release import Store
from tests.both_engines import contents, publish

TITLES = ["Área verde", "aire limpio", "Ñandú 100%", "zócalo_abierto", "Zapata", "ÉPOCA", "árbol"]


@pytest.fixture
def database(store: Store) -> Database:
    publish(store, contents(**{f"n{number:02d}": title for number, title in enumerate(TITLES)}))
    return Database(store.settings)


def test_searching_minds_neither_accents_nor_capitals_and_takes_signs_as_they_are(database: Database) -> None:
    expected = {
        "area": ["Área verde"],
        "ÁRE": ["Área verde"],
        "epoca": ["ÉPOCA"],
        "nandu": ["Ñandú 100%"],
        "ZÓCALO": ["zócalo_abierto"],
        "%": ["Ñandú 100%"],
        "o_a": ["zócalo_abierto"],
        "_": ["zócalo_abierto"],
        "'": [],
        "\\": [],
    }
    handle = database.current()
    assert handle is not None
    with handle.connect() as connection:
        for words, found in expected.items():
            query = select(commitments.c.title_es).where(contains(commitments.c.title_es, words))
            assert list(connection.scalars(query)) == found, words
    database.close()


def test_the_alphabet_is_the_same_on_both_engines(database: Database) -> None:
    handle = database.current()
    assert handle is not None
    with handle.connect() as connection:
        ordered = list(connection.scalars(select(commitments.c.title_es).order_by(folded(commitments.c.title_es))))
        letters = list(connection.scalars(select(folded(commitments.c.title_es)).order_by(commitments.c.commitment_id)))
    database.close()
    assert ordered == ["aire limpio", "árbol", "Área verde", "ÉPOCA", "Ñandú 100%", "Zapata", "zócalo_abierto"]
    assert letters[2] == "nandu 100%"
