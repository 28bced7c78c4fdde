"""Downloads as text, written as the rows come: CSV for spreadsheets and for machines, JSON, one JSON object a line.

Each writer takes an `Extract` and gives pieces of bytes; raising in the middle breaks the connection, which is how an
HTTP client learns that a stream is not whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from data.export import CsvLines, raw_csv
from data.extract import ColumnSaid, Extract

BOM = b"\xef\xbb\xbf"
YES_NO = {"es": ("sí", "no"), "en": ("yes", "no")}
# What a spreadsheet would run as a formula, and digits whose first zeros it would drop.
UNSAFE = re.compile(r"\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|0\d+$")
CUT = {
    "es": "Exportación cortada: {given} de {total} filas. Sin limit se descargan todas.",
    "en": "Export cut: {given} of {total} rows. Without limit all are downloaded.",
}


def raw(extract: Extract) -> Iterator[bytes]:
    """Raw CSV: nothing but the rows, untouched."""
    return raw_csv(extract.query.table, extract.query.columns, extract.batches())


def spreadsheet(extract: Extract) -> Iterator[bytes]:
    """CSV for spreadsheets: BOM, headings in words, texts that no program takes for a formula."""
    lines, given = CsvLines(), 0
    yield BOM + lines.encoded([headings(extract)])
    cells = [_cell(column, extract.language) for column in extract.columns()]
    for rows in extract.batches():
        given += len(rows)
        yield lines.encoded([cell(value) for cell, value in zip(cells, row, strict=True)] for row in rows)
    total = extract.total()
    if total is not None and total > given:
        yield lines.encoded([[cut_note(extract, given, total)]])


def headings(extract: Extract) -> list[str]:
    """The labels of the columns; where two are alike, each with the name of its column."""
    columns = extract.columns()
    shared = Counter(column.label for column in columns)
    return [column.label if shared[column.label] == 1 else f"{column.label} ({column.name})" for column in columns]


def cut_note(extract: Extract, given: int, total: int) -> str:
    """What a cut export says in itself."""
    return CUT[extract.language].format(given=given, total=total)


def safe_text(value: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would not leave it as it is."""
    return f"'{value}" if UNSAFE.match(value) else value


def json_document(extract: Extract) -> Iterator[bytes]:
    """One JSON object: what the data are and where they come from, then the records, then how many."""
    opening = orjson.dumps(_described(extract))
    yield opening[:-1] + b',"rows":['
    given = 0
    for rows in extract.batches():
        pieces = orjson.dumps(_records(extract.query.columns, rows))[1:-1]
        yield (b"," if given else b"") + pieces
        given += len(rows)
    total = extract.total()
    closing = {"row_count": given, "total": given if total is None else total, "complete": total in (None, given)}
    yield b"]," + orjson.dumps(closing)[1:] + b"\n"


def json_lines(extract: Extract) -> Iterator[bytes]:
    """One JSON object a line."""
    for rows in extract.batches():
        yield b"\n".join(map(orjson.dumps, _records(extract.query.columns, rows))) + b"\n"


def _records(columns: Sequence[str], rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _described(extract: Extract) -> dict[str, Any]:
    return {
        "dataset": extract.dataset,
        "title": extract.title,
        "release": extract.release_id,
        "built_at": extract.built_at.isoformat(),
        "query": extract.query.canonical(),
        "columns": [
            {
                "name": column.name,
                "type": column.kind,
                "label": column.label,
                "description": column.description,
                "unit": column.unit,
            }
            for column in extract.columns()
        ],
        "sources": [asdict(source) for source in extract.sources()],
    }


def _cell(column: ColumnSaid, language: str) -> Callable[[Any], Any]:
    """How a column's values are written for a spreadsheet."""
    if column.kind in ("integer", "number"):
        return _as_it_is
    if column.kind == "boolean":
        yes, no = YES_NO[language]
        return lambda value: None if value is None else yes if value else no
    return lambda value: None if value is None else safe_text(value)


def _as_it_is(value: Any) -> Any:
    return value
