"""Citations name what a reader needs to find the same data again."""

from __future__ import annotations

from datetime import UTC, datetime

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


def test_bibtex_escapes_what_latex_would_run() -> None:
    entry = citation.bibtex(CITED)
    assert entry.startswith("@misc{apertura_states_20261123,\n")
    assert r"title = {Entidades federativas \& más 100\%}" in entry
    assert entry.count("{") - entry.count(r"\{") == entry.count("}") - entry.count(r"\}")


def test_reference_managers_get_a_dataset() -> None:
    entry = citation.csl(CITED)
    assert (entry["type"], entry["issued"]) == ("dataset", {"date-parts": [[2026, 11, 23]]})
    assert entry["URL"] == CITED.address
