"""Citations name what a reader needs to find the same data again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from data import metadata_citation as citation

CITED = citation.Cited(
    "states",
    "Entidades federativas & más 100%",
    "20261123T101500Z-1a2b3c4d",
    datetime(2026, 11, 23, 10, 15, tzinfo=UTC),
    ["INEGI"],
    "https://example.org/datos/states?corte=20261123T101500Z-1a2b3c4d",
)


def test_a_full_citation_in_each_language() -> None:
    assert citation.full(CITED, "es") == (
        "Apertura (2026). Entidades federativas & más 100% [conjunto de datos], versión 20261123T101500Z-1a2b3c4d. "
        "Con datos de: INEGI. https://example.org/datos/states?corte=20261123T101500Z-1a2b3c4d"
    )
    assert "[dataset], release 20261123T101500Z-1a2b3c4d. With data from: INEGI." in citation.full(CITED, "en")
    assert citation.short(CITED, "es").startswith("Apertura, «Entidades federativas & más 100%», versión 20261123.")


def _read_back(entry: str) -> dict[str, str]:
    library = parse_string(entry, append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    (found,) = library.entries
    return {"": found.key, **{field.key: field.value for field in found.fields}}


def test_bibtex_says_to_a_program_what_it_says_to_people() -> None:
    entry = citation.bibtex(CITED)
    read = _read_back(entry)
    assert read[""] == "apertura_states_20261123_1a2b3c4d"
    assert read["title"] == CITED.title
    assert (read["author"], read["year"], read["month"]) == ("Apertura", "2026", "11")
    assert (read["version"], read["note"], read["url"]) == (CITED.release_id, "INEGI", CITED.address)
    # Raw, what LaTeX would run is escaped.
    assert r"title = {{Entidades federativas \& más 100\%}}" in entry


@pytest.mark.parametrize("title", ["a_b ^ c~d", "{llaves} $5 #1", "C:\\temp", 'comillas "y" más'])
def test_no_title_breaks_the_entry(title: str) -> None:
    read = _read_back(citation.bibtex(replace(CITED, title=title)))

    def plain(text: str) -> str:
        # Braces group in LaTeX, and its caret is read back as the typographic one.
        return text.replace("{", "").replace("}", "").replace("\u02c6", "^")

    assert (plain(read["title"]), read["url"]) == (plain(title), CITED.address)


def test_a_reference_manager_writes_the_reference() -> None:
    entry = citation.csl(CITED)
    assert entry["type"] == "dataset"
    source = CiteProcJSON([entry])
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    written = CitationStylesBibliography(style, source, formatter.plain)
    written.register(Citation([CitationItem(entry["id"])]))
    (reference,) = map(str, written.bibliography())
    assert reference.startswith("Apertura (2026)")
    assert CITED.title in reference
    assert CITED.address in reference
