"""The report of an answered file as a workbook: all problems in a list, then each sheet as read, its cells marked.

Written row by row, so that a round of thousands of exercises takes seconds and little memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from etl.survey.book import Book, Sheet, column_of
from etl.survey.report import MASK, NAMES, Problem, Report, Severity

FILLS: dict[Severity, str] = {"error": "#F6B8B0", "warning": "#FBE3A4", "notice": "#D6E6F5"}
COLUMNS = {
    "Gravedad": 12, "Hoja": 18, "Fila": 8, "Columna": 9, "Pregunta": 28, "Se leyó": 28, "Qué pasa": 60,
    "Qué sería correcto": 44, "Clave": 22,
}  # fmt: skip
SUMMARY = "Informe"
LONGEST_CELL = 32_000
NOTE_SIZE = {"width": 360, "height": 120}


def write_workbook(report: Report, book: Book, path: Path) -> None:
    """Write the report as XLSX. A text stays a text: what begins with ``=`` becomes no formula in our own file."""
    with Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        look = _Look(workbook)
        _list(workbook.add_worksheet(SUMMARY), report, look)
        of_sheet: dict[str | None, list[Problem]] = defaultdict(list)
        for problem in report.ordered():
            of_sheet[problem.sheet].append(problem)
        titles = {SUMMARY.lower()}
        for sheet in book.sheets:
            _copy(workbook.add_worksheet(_free_title(titles, sheet.name)), sheet, of_sheet[sheet.name], look)


class _Look:
    """The formats of cells: plain, bold, and one for each severity."""

    def __init__(self, workbook: Workbook) -> None:
        wrapped = {"text_wrap": True, "valign": "top"}
        self.plain: Format = workbook.add_format(wrapped)
        self.head: Format = workbook.add_format({**wrapped, "bold": True})
        self.fills = {severity: workbook.add_format({**wrapped, "bg_color": fill}) for severity, fill in FILLS.items()}


def _list(sheet: Worksheet, report: Report, look: _Look) -> None:
    for column, (name, width) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, look.head)
    sheet.freeze_panes(1, 0)
    for line, p in enumerate(report.ordered(), 1):
        cells: Sequence[Any] = (
            NAMES[p.severity], p.sheet, p.row, p.column, p.heading, p.read, p.message, p.right, p.code,
        )  # fmt: skip
        for column, value in enumerate(cells):
            look_of_cell = look.fills[p.severity] if column == 0 else look.plain
            if isinstance(value, int):
                sheet.write_number(line, column, value, look_of_cell)
            elif value is not None:
                sheet.write_string(line, column, _printable(value), look_of_cell)


def _copy(marked: Worksheet, sheet: Sheet, problems: Sequence[Problem], look: _Look) -> None:
    by_row: dict[int, dict[int, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        if problem.row is not None and problem.column is not None:
            by_row[problem.row][column_of(problem.column)].append(problem)
    for number, cells in _rows(sheet, by_row):
        found = by_row.get(number, {})
        for column in range(max(len(cells), *(column + 1 for column in found), 0)):
            text = cells[column] if column < len(cells) else None
            here = found.get(column, [])
            if any(problem.code == "personal_data" for problem in here):
                text = MASK
            look_of_cell = look.fills[here[0].severity] if here else look.plain
            if text is not None:
                marked.write_string(number - 1, column, _printable(text), look_of_cell)
            elif here:
                marked.write_blank(number - 1, column, None, look_of_cell)
            if here:
                marked.write_comment(
                    number - 1, column, "\n".join(map(_note, here)), {"author": "Apertura", **NOTE_SIZE}
                )


def _rows(sheet: Sheet, also: Any) -> Iterator[tuple[int, Sequence[str | None]]]:
    """The rows in their order, with those that have nothing but a problem."""
    known = {row.number: row.cells for row in sheet.rows}
    for number in sorted({*known, *also}):
        yield number, known.get(number, ())


def _note(problem: Problem) -> str:
    right = f" Correcto: {problem.right}." if problem.right else ""
    return f"{NAMES[problem.severity].capitalize()}: {problem.message}{right}"


def _printable(text: str) -> str:
    cut = text[:LONGEST_CELL]
    return cut if cut.isprintable() else "".join(c for c in cut if c >= " " or c in "\t\n")


def _free_title(taken: set[str], name: str) -> str:
    """A title that no sheet has yet, of the length and characters that Excel takes."""
    bare = "".join(c for c in name if c not in "[]:*?/\\'")[:28] or "Hoja"
    title = next(t for t in (bare, *(f"{bare} {n}" for n in range(2, 1000))) if t.lower() not in taken)
    taken.add(title.lower())
    return title
