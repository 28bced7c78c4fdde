"""What people write into cells, made comparable: marks nobody sees removed, declared spellings found."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from etl.identity import plain

_EDGES = " .:;,*¿?¡!()\"'«»“”"


@lru_cache(maxsize=2_000)
def clean(text: str) -> str:
    """The text without marks that are not seen (direction marks, zero-width characters, byte-order marks), with single
    plain spaces and without space around it. Line breaks become spaces."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():  # no mark, and no space but the plain one: so it is with nearly all
        return " ".join(composed.split())
    seen = "".join(c for c in composed if unicodedata.category(c) != "Cf")
    return " ".join("".join(" " if unicodedata.category(c) in {"Zs", "Cc", "Zl", "Zp"} else c for c in seen).split())


@lru_cache(maxsize=2_000)
def key(text: str) -> str:
    """The form in which spellings are compared: clean, small letters, no accents, no punctuation at either end."""
    return plain(clean(text)).strip(_EDGES)
