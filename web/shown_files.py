"""``/tabla/<page>?...&vista=<key>&forma=<form>``: the rows that a view shows as a file, in the words of the page.

The rows behind them, one by one, are the datasets' (``web.downloads``); these are the table that a reader sees.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from dash.development.base_component import Component
from flask import Response, request

from data.export import CsvLines
from layouts.components.shown import Shown, Value, described, shown_rows
from web.answers import Answer
from web.downloads_files import SHEETS
from web.downloads_text import BOM, safe_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Taken:
    """What a file holds: the rows, and what is said of them (name in the file, value), the title first."""

    rows: Shown
    said: Mapping[str, str]
    language: str


def shown_file(now: Answer, view: Component, key: str, form: str, host: str) -> Response | None:
    """The file in `form` (``csv``, ``xlsx``, ``json``); None where the form is another, or the view shows no rows."""
    rows = shown_rows(view, now.locale)
    if rows is None or form not in _FORMS or now.release is None:
        return None
    mimetype, write = _FORMS[form]
    release = now.release.release_id
    said = described(view, f"{host}{now.address}#{key}", release, now.locale)
    response = Response(write(Taken(rows, said, now.locale.data.code)), mimetype=mimetype)
    page = re.sub(r"[^A-Za-z0-9_-]+", "-", now.path).strip("-") or "inicio"
    response.headers.set("Content-Disposition", "attachment", filename=f"apertura_{page}_{key}_{release}.{form}")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _csv(taken: Taken) -> bytes:
    """For spreadsheets: BOM, and texts that no program takes for a formula. "Sin dato" is an empty cell."""
    lines = CsvLines()
    return BOM + lines.encoded([taken.rows.columns]) + lines.encoded(map(_safe, taken.rows.rows))


def _safe(row: Sequence[Value]) -> list[Value]:
    return [safe_text(value) if isinstance(value, str) else value for value in row]


def _json(taken: Taken) -> bytes:
    columns, rows = taken.rows.columns, taken.rows.rows
    names = ("title", "page", "release", "source")
    said = dict(zip(names, taken.said.values(), strict=True))
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    return orjson.dumps({**said, "columns": columns, "rows": records, "row_count": len(rows)}) + b"\n"


def _xlsx(taken: Taken) -> bytes:
    """The rows under a frozen heading, and a second sheet that says what they are."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}) as book:
        data, _, sources = SHEETS[taken.language]
        sheet, about = book.add_worksheet(data), book.add_worksheet(sources)
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, taken.rows.columns, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(taken.rows.rows, 1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value)
        for number, (name, value) in enumerate(taken.said.items()):
            about.write_string(number, 0, name, bold)
            about.write_string(number, 1, value)
        sheet.autofit(max_width=400)
        about.autofit(max_width=600)
    return out.getvalue()


def _write(sheet: Any, row: int, place: int, value: Value) -> None:
    if isinstance(value, str):
        sheet.write_string(row, place, value)
    elif value is not None:
        sheet.write_number(row, place, value)


_FORMS: Mapping[str, tuple[str, Callable[[Taken], bytes]]] = {
    "csv": ("text/csv", _csv),
    "xlsx": (XLSX, _xlsx),
    "json": ("application/json", _json),
}
