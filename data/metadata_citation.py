"""How a dataset is cited: in a line, in full, for BibTeX and for reference managers; always with its release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SITE = "Apertura"
DATASET = {"es": "conjunto de datos", "en": "dataset"}
RELEASE = {"es": "versión", "en": "release"}
WITH_DATA_OF = {"es": "Con datos de", "en": "With data from"}
EVERYTHING = {"es": "Base de datos completa", "en": "Whole database"}
# A caret and a tilde with a backslash alone would be accents of the next letter.
_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{sign: f"\\{sign}" for sign in "{}%$&#_"},
    }
)


@dataclass(frozen=True)
class Cited:
    """What is cited: its title in the reader's language, its release, who published the facts, and where it stays."""

    name: str
    title: str
    release_id: str
    built_at: datetime
    publishers: Sequence[str]
    address: str


def short(cited: Cited, language: str) -> str:
    """One line, for under a chart."""
    return f"{SITE}, «{cited.title}», {RELEASE[language]} {cited.release_id[:8]}. {cited.address}"


def full(cited: Cited, language: str) -> str:
    """The whole citation, for a list of references."""
    said = (
        f"{SITE} ({cited.built_at.year}). {cited.title} [{DATASET[language]}], {RELEASE[language]} {cited.release_id}."
    )
    if cited.publishers:
        said += f" {WITH_DATA_OF[language]}: {'; '.join(cited.publishers)}."
    return f"{said} {cited.address}"


def bibtex(cited: Cited) -> str:
    """The entry for BibTeX."""
    fields = {
        "author": f"{{{SITE}}}",
        # Braced twice, or styles would write OGP as Ogp.
        "title": f"{{{cited.title.translate(_BIBTEX)}}}",
        "year": str(cited.built_at.year),
        "month": str(cited.built_at.month),
        "version": cited.release_id.translate(_BIBTEX),
        "note": "; ".join(cited.publishers).translate(_BIBTEX),
        "url": cited.address,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{_key(cited)},\n" + ",\n".join(lines) + "\n}\n"


def csl(cited: Cited) -> dict[str, Any]:
    """The entry as CSL-JSON."""
    built = cited.built_at
    return {
        "id": _key(cited),
        "type": "dataset",
        "title": cited.title,
        "author": [{"literal": SITE}],
        "publisher": SITE,
        "issued": {"date-parts": [[built.year, built.month, built.day]]},
        "version": cited.release_id,
        "note": "; ".join(cited.publishers),
        "URL": cited.address,
    }


def _key(cited: Cited) -> str:
    """What the entry is called in a list of references: two releases of one day are two works."""
    return f"apertura_{cited.name}_{cited.release_id[:8]}_{cited.release_id[-8:]}"
