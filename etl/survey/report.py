"""What is wrong with an answered file, cell by cell, as data and as a workbook with the cells marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from etl.survey.book import Book, letters

Severity = Literal["error", "warning", "notice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")
NAMES = {"error": "error", "warning": "advertencia", "notice": "aviso"}
FILLS = {severity: PatternFill("solid", fgColor=color) for severity, color in
         (("error", "F6B8B0"), ("warning", "FBE3A4"), ("notice", "D6E6F5"))}  # fmt: skip
COLUMNS = ("Gravedad", "Hoja", "Fila", "Columna", "Pregunta", "Se leyó", "Qué pasa", "Qué sería correcto", "Clave")
MASK = "…"


@dataclass(frozen=True)
class Problem:
    """Something to mend or to know, in Spanish. Where it is about one cell, ``row`` counts from 1 and ``column`` is
    its letter; ``read`` is what stands there and ``right`` what would be right, as far as that can be said."""

    severity: Severity
    code: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    heading: str | None = None
    read: str | None = None
    right: str | None = None

    def in_words(self) -> str:
        """One line for a terminal."""
        place = ", ".join(
            part
            for part in (
                f"hoja «{self.sheet}»" if self.sheet else "",
                f"fila {self.row}" if self.row else "",
                f"columna {self.column}" if self.column else "",
                f"«{self.heading}»" if self.heading else "",
            )
            if part
        )
        read = f" Se leyó: «{self.read}»." if self.read else ""
        right = f" Correcto: {self.right}." if self.right else ""
        return f"{NAMES[self.severity]}: {f'{place}: ' if place else ''}{self.message}{read}{right}"


@dataclass
class Report:
    """The problems of one file and what was found in it. ``states`` are the codes of the bodies that answered in it."""

    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    exercises: int = 0
    states: list[str] = field(default_factory=list)

    def add(self, severity: Severity, code: str, message: str, **more: Any) -> None:
        """Note a problem; ``more`` are the further fields of ``Problem``."""
        self.problems.append(Problem(severity, code, message, **more))

    def count(self, severity: Severity) -> int:
        """How many problems of a severity there are."""
        return sum(problem.severity == severity for problem in self.problems)

    @property
    def warnings(self) -> dict[str, int]:
        """How many warnings of each code: what somebody accepts when publishing all the same."""
        return dict(sorted(Counter(p.code for p in self.problems if p.severity == "warning").items()))

    def as_json(self) -> dict[str, Any]:
        """The report for another program."""
        return {
            "rows": self.rows,
            "exercises": self.exercises,
            "states": self.states,
            "counts": {severity: self.count(severity) for severity in SEVERITIES},
            "problems": [asdict(problem) for problem in self.ordered()],
        }

    def ordered(self) -> list[Problem]:
        """Errors first; within a severity as they were found, which is sheet by sheet and row by row."""
        return sorted(self.problems, key=lambda problem: SEVERITIES.index(problem.severity))


def write_workbook(report: Report, book: Book, path: Path) -> None:
    """Write the report as XLSX: a list of all problems, then each sheet as it was read, with the cells marked."""
    workbook = Workbook()
    summary = workbook.worksheets[0]
    summary.title = "Informe"
    _list(summary, report)
    for sheet in book.sheets:
        marked = workbook.create_sheet(_free_title(workbook, sheet.name))
        for row in sheet.rows:
            for column, text in enumerate(row.cells, 1):
                if text is not None:
                    _write(marked, row.number, column, text)
        _mark(marked, [problem for problem in report.ordered() if problem.sheet == sheet.name])
    workbook.save(path)


def _list(sheet: Worksheet, report: Report) -> None:
    for column, name in enumerate(COLUMNS, 1):
        sheet.cell(1, column, name).font = Font(bold=True)
    for line, p in enumerate(report.ordered(), 2):
        cells: Sequence[Any] = (
            NAMES[p.severity], p.sheet, p.row, p.column, p.heading, p.read, p.message, p.right, p.code,
        )  # fmt: skip
        for column, value in enumerate(cells, 1):
            if value is not None:
                _write(sheet, line, column, value)
        sheet.cell(line, 1).fill = FILLS[p.severity]
    for letter, width in zip("ABCDEFGHI", (12, 18, 8, 9, 28, 28, 60, 44, 22), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def _mark(sheet: Worksheet, problems: Sequence[Problem]) -> None:
    texts: dict[tuple[int, str], list[str]] = {}
    for problem in problems:
        if problem.row is None or problem.column is None:
            continue
        place = problem.row, problem.column
        if place not in texts:
            sheet[f"{problem.column}{problem.row}"].fill = FILLS[problem.severity]
        if problem.code == "personal_data":
            sheet[f"{problem.column}{problem.row}"].value = MASK
        right = f" Correcto: {problem.right}." if problem.right else ""
        texts.setdefault(place, []).append(f"{NAMES[problem.severity].capitalize()}: {problem.message}{right}")
    for (row, column), lines in texts.items():
        sheet[f"{column}{row}"].comment = Comment("\n".join(lines), "Apertura", width=360, height=120)


def _write(sheet: Worksheet, row: int, column: int, value: str | int) -> None:
    cell = sheet.cell(row, column)
    cell.value = _printable(value) if isinstance(value, str) else value
    if isinstance(value, str):
        # A text stays a text: what begins with "=" must not become a formula in our own file.
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _printable(text: str) -> str:
    return "".join(c for c in text[:32_000] if c >= " " or c in "\t\n")


def _free_title(workbook: Workbook, name: str) -> str:
    bare = "".join(c for c in name if c not in "[]:*?/\\'")[:28] or "Hoja"
    return bare if bare not in workbook.sheetnames else f"{bare} {letters(len(workbook.sheetnames))}"
