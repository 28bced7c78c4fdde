"""``python -m etl.survey.worker FILE``: reads one file within limits of memory and time, and prints it as JSON.

A process of its own, because a file that a stranger made may cost more than it looks: then only this process ends. It
writes no file and needs no setting. Exit codes: 0 read; 3 refused (JSON with ``code`` and ``message``); 1 a library gave
up; anything else: ended by its limits.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import resource
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.survey.book import Book, Flag, Sheet, SheetRow, letters
from etl.survey.container import FileRefusedError, Inside, Kind, kind_of, look_inside
from etl.survey.spelling import clean

if TYPE_CHECKING:
    from etl.survey.marked_cells import Mark

MEMORY_BYTES = 1_000_000_000
"""Of addresses, not of pages in use: libraries map a good part and touch little of it."""
CPU_SECONDS = 60
MOST_ROWS = 20_000
MOST_LINES = 50 * MOST_ROWS
"""Of a sheet with its empty rows, which hold nothing and still take time."""
MOST_COLUMNS = 400
LONGEST_CELL = 20_000
FAILED, REFUSED, OUT_OF_MEMORY = 1, 3, 137


def main(path: Path) -> int:
    """Read ``path`` within the limits; the result is on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = read_file(path)
    except FileRefusedError as error:
        print(json.dumps({"code": error.code, "message": error.message}, ensure_ascii=False))
        return REFUSED
    print(book.as_json())
    return 0


def read_file(path: Path) -> Book:
    """The sheets of a file of any kind that is taken; raises ``FileRefusedError``."""
    kind = kind_of(path)
    if kind == "csv":
        return _csv(path)
    try:
        inside = look_inside(path)
        return _workbook(path, kind, inside)
    except FileRefusedError:
        raise
    except MemoryError:
        raise
    except Exception as error:  # the libraries raise of all kinds on broken files
        raise damaged_sheet() from error


def damaged_sheet() -> FileRefusedError:
    """The refusal of an archive that can be unpacked, with a sheet in it that cannot be read."""
    return FileRefusedError(
        "damaged",
        "La hoja de cálculo está dañada y no se puede leer. Ábrala en su programa, guárdela de nuevo y envíe esa copia.",
    )


def _workbook(path: Path, kind: Kind, inside: Inside) -> Book:
    from python_calamine import CalamineWorkbook

    sheets = []
    with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.width > MOST_COLUMNS or sheet.height > MOST_LINES:
                raise _too_many(name)
            indent = [None] * (sheet.start[1] if sheet.start else 0)
            sheets.append(_sheet(name, ([*indent, *line] for line in sheet.iter_rows())))
    if inside.merged or inside.marked:
        _add_marks(path, kind, sheets, inside)
    return Book(kind, sheets)


def _add_marks(path: Path, kind: Kind, sheets: Iterable[Sheet], inside: Inside) -> None:
    from etl.survey.marked_cells import Marks, marks_of_ods, marks_of_xlsx, parts_of_xlsx

    found: dict[str, Marks] = {}
    if kind == "ods":
        found |= marks_of_ods(path)
    else:
        for name, part in parts_of_xlsx(path).items():
            found[name] = marks_of_xlsx(path, part) if part in inside.marked else Marks()
            found[name].merged = inside.merged.get(part, [])
    for sheet in sheets:
        marks = found.get(sheet.name, Marks())
        values = {row.number: row.cells for row in sheet.rows}
        sheet.merged = marks.merged
        sheet.hidden_rows, sheet.hidden_columns = marks.hidden_rows, marks.hidden_columns
        sheet.flags = dict(sheet.flags) | {
            f"{letters(column)}{row}": _flag(mark, values.get(row, ()), column)
            for (row, column), mark in marks.cells.items()
        }
        _keep_rows_of_empty_cells(sheet)


def _flag(mark: Mark, cells: Sequence[str | None], column: int) -> Flag:
    if mark == "error":
        return "cell_error"
    return "formula" if column < len(cells) and cells[column] is not None else "formula_without_value"


def _keep_rows_of_empty_cells(sheet: Sheet) -> None:
    """A row of errors, or of formulas that were never computed, looks empty; it must still be reported."""
    there = {row.number for row in sheet.rows}
    missing = {int("".join(filter(str.isdigit, place))) for place in sheet.flags} - there
    sheet.rows = sorted([*sheet.rows, *(SheetRow(number, []) for number in missing)], key=lambda row: row.number)


def _csv(path: Path) -> Book:
    text, notes = _decoded(path.read_bytes())
    csv.field_size_limit(LONGEST_CELL * 10)
    sample = text[:200_000].splitlines()[:50]
    separator = max(",;\t", key=lambda mark: max((line.count(mark) for line in sample), default=0))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        sheet = _sheet(path.stem if path.suffix else "CSV", reader)
    except csv.Error as error:
        raise FileRefusedError(
            "damaged", f"El CSV no se puede leer en la línea {reader.line_num}: revise las comillas. ({error})"
        ) from error
    sheet.name = "CSV"
    return Book("csv", [sheet], notes)


def _decoded(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), ["windows_1252"]


def _sheet(name: str, lines: Iterable[Iterable[Any]]) -> Sheet:
    """The rows with something in them."""
    rows: list[SheetRow] = []
    flags: dict[str, Flag] = {}
    for number, line in enumerate(lines, 1):
        cells = [_text(value) for value in line]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS or len(rows) >= MOST_ROWS:
            raise _too_many(name)
        for column, text in enumerate(cells):
            if text is not None and text.startswith("#") and text.rstrip("!?").upper() in _CELL_ERRORS:
                flags[f"{letters(column)}{number}"] = "cell_error"
        rows.append(SheetRow(number, cells))
    return Sheet(name, rows, flags)


_CELL_ERRORS = {"#REF", "#N/A", "#NAME", "#VALUE", "#DIV/0", "#NULL", "#NUM", "#¿NOMBRE", "#¡REF", "#¡VALOR", "#NOMBRE"}


@lru_cache(maxsize=20_000, typed=True)
def _text(value: Any) -> str | None:
    """A cell as the person who wrote it would read it, dates in ISO order; None for one in which nothing is seen."""
    text = _written(value)
    return text if text and clean(text) else None


def _written(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "VERDADERO" if value else "FALSO"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)[: LONGEST_CELL + 1]


def _too_many(name: str) -> FileRefusedError:
    return FileRefusedError(
        "too_many_cells",
        f"La hoja «{name}» tiene más de {MOST_ROWS:,} filas con datos o más de {MOST_COLUMNS} columnas. Copie sus "
        "respuestas en una plantilla nueva.",
    )


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1])))
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
