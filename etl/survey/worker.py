"""``python -m etl.survey.worker FILE``: reads one file within limits of memory and time, and prints it as JSON.

A process of its own, because a file that a stranger made may cost more than it looks: then only this process ends. It
writes no file and needs no setting. Exit codes: 0 read; 3 refused (JSON with ``code`` and ``message``).
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

from etl.survey.book import Book, Flag, Sheet, SheetRow, letters
from etl.survey.container import FileRefusedError, Inside, kind_of, look_inside
from etl.survey.spelling import clean

MEMORY_BYTES = 1_000_000_000
"""Of addresses, not of pages in use: libraries map a good part and touch little of it."""
CPU_SECONDS = 60
MOST_ROWS = 20_000
MOST_COLUMNS = 400
LONGEST_CELL = 20_000
REFUSED = 3


def main(path: Path) -> int:
    """Read ``path`` within the limits; the result is on standard output."""
    # openpyxl loads numpy where it finds it, and needs it for nothing that is done here.
    sys.modules["numpy"] = None  # type: ignore[assignment]
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
        return _xlsx(path, inside) if kind == "xlsx" else _ods(path)
    except FileRefusedError:
        raise
    except MemoryError:
        raise
    except Exception as error:  # the libraries raise of all kinds on broken files
        raise FileRefusedError(
            "damaged",
            "La hoja de cálculo está dañada y no se puede leer. Ábrala en su programa, guárdela de nuevo y envíe esa copia.",
        ) from error


def _xlsx(path: Path, inside: Inside) -> Book:
    import openpyxl

    sheets = []
    # The open file and not its name: openpyxl judges by the ending, and people rename.
    with path.open("rb") as stream, closing(openpyxl.load_workbook(stream, read_only=True, data_only=True)) as book:
        parts = {sheet.title: str(cast(Any, sheet)._worksheet_path).lstrip("/") for sheet in book.worksheets}
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            sheets.append(_sheet(sheet.title, sheet.iter_rows(values_only=True)))
    for read in sheets:
        read.merged = inside.merged.get(parts[read.name], [])
    with_formulas = {title for title, part in parts.items() if part in inside.formulas}
    if with_formulas:
        _flag_formulas(path, [sheet for sheet in sheets if sheet.name in with_formulas])
    return Book("xlsx", sheets)


def _flag_formulas(path: Path, sheets: Iterable[Sheet]) -> None:
    import openpyxl

    with path.open("rb") as stream, closing(openpyxl.load_workbook(stream, read_only=True)) as book:
        for sheet in sheets:
            values = {row.number: row.cells for row in sheet.rows}
            flags: dict[str, Flag] = dict(sheet.flags)
            lines = book[sheet.name]
            lines.reset_dimensions()
            for number, cells in enumerate(lines.iter_rows(), 1):
                for column, cell in enumerate(cells):
                    if cell.data_type == "f":
                        known = values.get(number, ())
                        has_value = column < len(known) and known[column] is not None
                        flags[f"{letters(column)}{number}"] = "formula" if has_value else "formula_without_value"
            sheet.flags = flags
            _keep_rows_of_empty_formulas(sheet)


def _keep_rows_of_empty_formulas(sheet: Sheet) -> None:
    """A row of formulas that were never computed looks empty; it must still be reported."""
    there = {row.number for row in sheet.rows}
    missing = {int("".join(filter(str.isdigit, place))) for place in sheet.flags} - there
    sheet.rows = sorted([*sheet.rows, *(SheetRow(number, []) for number in missing)], key=lambda row: row.number)


def _ods(path: Path) -> Book:
    from python_calamine import CalamineWorkbook

    with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
        sheets = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height > 50 * MOST_ROWS or sheet.width > MOST_COLUMNS:
                raise _too_many(name)
            first = sheet.start[0] if sheet.start else 0
            lines = sheet.to_python(skip_empty_area=True)
            indent = [None] * (sheet.start[1] if sheet.start else 0)
            sheets.append(_sheet(name, ([*indent, *line] for line in lines), first))
    return Book("ods", sheets)


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


def _sheet(name: str, lines: Iterable[Iterable[Any]], first: int = 0) -> Sheet:
    """The rows with something in them; ``first`` is the number of empty lines that were left out above."""
    rows: list[SheetRow] = []
    flags: dict[str, Flag] = {}
    for number, line in enumerate(lines, first + 1):
        cells = list(_texts(line))
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


def _texts(line: Iterable[Any]) -> Iterator[str | None]:
    for value in line:
        text = _text(value)
        yield text if text and clean(text) else None


def _text(value: Any) -> str | None:
    """A cell as the person who wrote it would read it, dates in ISO order."""
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
        sys.exit(137)
    except zipfile.BadZipFile:
        sys.exit(1)
