"""The bundled copies read plainly, to make expected values without the code under test."""

from __future__ import annotations

import csv

from settings import ROOT


def rows(source: str, file: str) -> list[dict[str, str]]:
    """The rows of the newest bundled copy of a file."""
    path = max((ROOT / "data" / "snapshots" / source).glob(f"*/{file}"))
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))
