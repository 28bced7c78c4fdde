"""Personal data is taken out of a file before its copy is kept: what is not stored cannot leak."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Sequence
from pathlib import Path

from etl.fetching.content import ContentError

HEADER_WITHIN_LINES = 5
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def blank_personal(path: Path, columns: Sequence[str], encoding: str) -> None:
    """Empty the named columns of a CSV file, and take e-mail addresses out of all its cells, in place.

    The header is looked for in the first lines. Raises ``ContentError`` when none of them has the columns: a file whose
    personal data cannot be found is not kept.
    """
    csv.field_size_limit(max(csv.field_size_limit(), path.stat().st_size + 1))
    beside = path.with_name(f"{path.name}.blanked")
    try:
        with path.open(encoding=encoding, newline="") as read, beside.open("w", encoding=encoding, newline="") as write:
            writer = csv.writer(write, lineterminator=_line_end(path))
            blanked: list[int] = []
            for number, cells in enumerate(csv.reader(read), 1):
                if blanked:
                    cells = ["" if index in blanked else _MAIL.sub("", cell) for index, cell in enumerate(cells)]
                elif set(columns) <= set(cells):
                    blanked = [cells.index(column) for column in columns]
                elif number > HEADER_WITHIN_LINES:
                    break
                writer.writerow(cells)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ContentError(f"not the CSV it was: {error}; its personal columns cannot be blanked") from error
    if not blanked:
        raise ContentError(f"no header with {', '.join(columns)}, which hold personal data: the file is not kept")
    os.replace(beside, path)


def _line_end(path: Path) -> str:
    with path.open("rb") as file:
        return "\r\n" if file.readline().endswith(b"\r\n") else "\n"
