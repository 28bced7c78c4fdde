"""Numbers of commitments as parts of ids, and letters where a source repeats or lacks a number."""

from __future__ import annotations

import re

from etl.sources.row import RowError


def number_part(number: str) -> str:
    """A commitment number as part of an id: ``2`` gives ``02``, ``1(A)`` gives ``1-A``.

    Raises ``RowError`` for a number without letters or digits.
    """
    is_plain = number.isascii() and number.isdigit()
    part = number.zfill(2) if is_plain else re.sub(r"[^A-Za-z0-9.]+", "-", number).strip("-.")
    if not part:
        raise RowError(f"no number of a commitment: read {number!r}; a number such as 7 or 3.1 would be right")
    return part


def letters(position: int) -> str:
    """The letters of the nth case, from 1: 1 gives ``a``, 26 ``z``, 27 ``aa``."""
    text = ""
    while position > 0:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("a") + rest) + text
    return text
