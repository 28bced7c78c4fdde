"""The numbers of a view as a reader sees them, held against the file that its foot gives."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import parse_qs, quote, urlsplit

from bs4 import Tag

# Which table of several a row is of: no part of the row itself.
GROUP = ("Grupo", "Group")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def numbers(text: str) -> Counter[float]:
    """Every number in a text: ``16 de 36 (44%)`` has 16, 36 and 44."""
    return Counter(float(found.replace(",", "")) for found in NUMBER.findall(text))


def records(body: str) -> list[dict[str, str]]:
    """The rows of a CSV by heading."""
    return list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))


def differences(rows: Sequence[str], body: str) -> list[str]:
    """Where the rows of a table, each as its text with the labels of its marks, and a CSV do not say the same.

    A bar without a part says nothing of it, and the file says 0: zeros may be more there.
    """
    taken = records(body)
    if len(taken) != len(rows):
        return [f"{len(rows)} rows shown, {len(taken)} in the file"]
    found = []
    for row, record in zip(rows, taken, strict=True):
        shown = numbers(row)
        given = numbers(" | ".join(value for name, value in record.items() if name not in GROUP))
        if +Counter({n: count for n, count in given.items() if n}) != +Counter({n: c for n, c in shown.items() if n}):
            found.append(f"shown {row!r}, in the file {list(record.values())}")
    return found


def behind(view: Tag, form: str = "csv") -> str:
    """The address of the rows that a view is made from, as its proof names them: ``/datos/states.csv?capital=...``."""
    proof = view.select_one(".get a[href*='/verificar']")
    assert proof is not None, view.get("id")
    parts = urlsplit(str(proof["href"]))
    asked = parse_qs(parts.query)
    prefix = "/en" if parts.path.startswith("/en/") else ""
    query = f"?{asked['consulta'][0]}" if "consulta" in asked else ""
    return f"{prefix}/datos/{quote(asked['conjunto'][0])}.{form}{query}"
