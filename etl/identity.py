"""Who is who: one id for an organisation under all its names, one id for a commitment under all its registers.

Names are matched by a normal form and by declared aliases, never by likeness.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

LONGEST_ID = 80
_LEGAL_FORMS = re.compile(r"\b(a\.?\s?c\.?|s\.?\s?c\.?|i\.?\s?a\.?\s?p\.?|a\.?\s?b\.?\s?p\.?|s\.?a\.? de c\.?v\.?)$")


class Alias(NamedTuple):
    """Another name of an organisation and what sort of name it is (vocabulary ``alias_basis``)."""

    text: str
    basis: str


def plain(text: str) -> str:
    """Small letters without accents, single spaces: the form in which names are compared and searched."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(folded.split())


def slug(text: str) -> str:
    """A text as part of an address: ``San Pedro Garza García`` gives ``san-pedro-garza-garcia``."""
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")


def actor_id(name: str) -> str:
    """The id of an organisation from its name, without legal form (A.C., S.C., I.A.P.).

    A name longer than ``LONGEST_ID`` characters is cut there and told apart by the start of its SHA-256. Raises ValueError for a name without letters or digits.
    """
    bare = _LEGAL_FORMS.sub("", plain(name).rstrip(" .,")).rstrip(" ,")
    identity = slug(bare)
    if not identity:
        raise ValueError(f"no name of an organisation: {name!r}")
    if len(identity) <= LONGEST_ID:
        return identity
    return f"{identity[:LONGEST_ID].strip('-')}-{hashlib.sha256(identity.encode()).hexdigest()[:6]}"


def locality_id(name: str, country_code: str) -> str:
    """The id of an OGP Local member: ``mx-jalisco``."""
    return f"{country_code.lower()}-{slug(name)}"


def aliases_of(full: str, written: str, acronym: str | None) -> Iterable[Alias]:
    """The other names under which a source wrote an organisation."""
    if plain(written) != plain(full):
        yield Alias(written, "spelling")
    if acronym and plain(acronym) not in (plain(full), plain(written)):
        yield Alias(acronym, "acronym")
