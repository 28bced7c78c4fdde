"""Raw CSV, the form for machines: column names as declared, values untouched; and all public tables as such files.

UTF-8, comma, CRLF as RFC 4180 has it, quotes where needed; nothing stands for "sin dato"; ``true`` and ``false``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from data.database import ReleaseHandle
from data.queries.dataset_tables import tables_of
from data.queries.datasets import DatasetQuery, Table, in_batches


def export_tables(handle: ReleaseHandle, folder: Path) -> int:
    """Write every public table of a release to ``folder`` as ``<table>.raw.csv``; how many there were.

    A file is there whole or not at all. Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = tables_of(handle)
    for name, table in tables.items():
        query = DatasetQuery(table)
        unfinished = folder / f".{name}.raw.csv"
        with handle.connect() as connection, unfinished.open("wb") as file:
            file.writelines(raw_csv(query.table, query.columns, in_batches(connection, query)))
        unfinished.replace(folder / f"{name}.raw.csv")
    return len(tables)


def raw_csv(table: Table, columns: Sequence[str], batches: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The rows as raw CSV, one piece for the heading and one for each batch."""
    yesno = [place for place, name in enumerate(columns) if table.c[name].type.python_type is bool]
    lines = CsvLines()
    yield lines.encoded([columns])
    for rows in batches:
        yield lines.encoded([_spelled(row, yesno) for row in rows] if yesno else rows)


class CsvLines:
    """Turns rows into the bytes of CSV lines, with one buffer for all."""

    def __init__(self) -> None:
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer)

    def encoded(self, rows: Iterable[Iterable[Any]]) -> bytes:
        """The lines of ``rows``."""
        self._writer.writerows(rows)
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text.encode()


def _spelled(row: Sequence[Any], places: Sequence[int]) -> list[Any]:
    spelled = list(row)
    for place in places:
        if spelled[place] is not None:
            spelled[place] = "true" if spelled[place] else "false"
    return spelled
