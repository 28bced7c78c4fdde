"""Finds the header of a sheet and says which column answers which item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.survey.book import Sheet, SheetRow, letters
from etl.survey.instrument import NAME, RESPONDENT, Instrument, Item
from etl.survey.report import Report
from etl.survey.spelling import key

LOOKED_AT = 40
"""Rows from the top in which a header is looked for."""
FEWEST_HEADINGS = 2
NOT_DATA = frozenset({"instrucciones", "instructions", "listas", "lists", "informe"})
"""Sheets of the template, and of our own reports, that hold no answers."""


@dataclass(frozen=True)
class Target:
    """What a column answers: an item, or one option of a multiple choice."""

    item: Item
    option: str | None = None


@dataclass(frozen=True)
class Header:
    """The header of a sheet: the columns (from 0) that answer items, and the row after which answers begin."""

    columns: Mapping[int, Target]
    last_row: int
    unknown: Mapping[int, str]
    doubled: Mapping[int, Target]


def headings_of(instrument: Instrument) -> dict[str, Target]:
    """Every heading that is understood, in its comparable form, to what it stands for."""
    known: dict[str, Target] = {}
    for item in instrument.items:
        names = [item.heading.es, item.heading.en, *item.headings, item.item_id, item.variable]
        for name in names:
            known.setdefault(key(name), Target(item))
        if item.answer_type == "multiple_choice":
            for option in item.options:
                for name in names:
                    for label in (option.label.es, option.label.en, option.code, *option.spellings):
                        known.setdefault(key(f"{name}: {label}"), Target(item, option.code))
    return known


def find_header(sheet: Sheet, known: Mapping[str, Target]) -> Header | None:
    """The header of a sheet: of the first rows, one or two together, those that name most items; None without any.

    Two rows are read as one where the upper names the question and the lower its options or the rest of the heading.
    """
    best: Header | None = None
    for upper, lower in zip(sheet.rows[:LOOKED_AT], [*sheet.rows[1 : LOOKED_AT + 1], None], strict=False):
        candidates = [_header(list(upper.cells), upper.number, known)]
        if lower is not None and lower.number == upper.number + 1:
            candidates.append(_header(_joined(upper, lower, known), lower.number, known))
        for candidate in candidates:
            if best is None or len(candidate.columns) > len(best.columns):
                best = candidate
    if best is None or len(best.columns) < FEWEST_HEADINGS:
        return None
    asked = {target.item.variable for target in best.columns.values()}
    return best if asked & {RESPONDENT, NAME} else None


def _joined(upper: SheetRow, lower: SheetRow, known: Mapping[str, Target]) -> list[str | None]:
    """Two rows as one header. A heading above holds for the columns to its right until the next one."""
    joined: list[str | None] = []
    above: str | None = None
    width = max(len(upper.cells), len(lower.cells))
    for top, bottom in zip(_padded(upper, width), _padded(lower, width), strict=True):
        above = top or above
        both = f"{above}: {bottom}" if above and bottom else None
        names = [name for name in (both, bottom, top) if name]
        joined.append(next((name for name in names if key(name) in known), names[0] if names else None))
    return joined


def _padded(row: SheetRow, width: int) -> Sequence[str | None]:
    return [*row.cells, *[None] * (width - len(row.cells))]


def _header(cells: Sequence[str | None], last_row: int, known: Mapping[str, Target]) -> Header:
    columns: dict[int, Target] = {}
    unknown: dict[int, str] = {}
    doubled: dict[int, Target] = {}
    for column, text in enumerate(cells):
        if text is None:
            continue
        target = known.get(key(text))
        if target is None:
            unknown[column] = text
        elif target in columns.values():
            doubled[column] = target
        else:
            columns[column] = target
    return Header(columns, last_row, unknown, doubled)


def report_header(sheet: Sheet, header: Header, report: Report) -> None:
    """List what a header has too much: columns nobody asked for, and columns that stand twice."""
    answers = [row for row in sheet.rows if row.number > header.last_row]
    for column, text in header.unknown.items():
        filled = sum(column < len(row.cells) and row.cells[column] is not None for row in answers)
        report.add(
            "warning",
            "unknown_column",
            f"El cuestionario no tiene esta columna; no se cargaría ({_answers(filled)}).",
            sheet=sheet.name,
            row=header.last_row,
            column=letters(column),
            read=text,
            right="el encabezado de la plantilla, o quitar la columna",
        )
    for column, target in header.doubled.items():
        report.add(
            "error",
            "duplicate_column",
            "Otra columna de esta hoja responde la misma pregunta; no se puede saber cuál vale.",
            sheet=sheet.name,
            row=header.last_row,
            column=letters(column),
            heading=target.item.heading.es,
            right="dejar una sola",
        )
    without = {
        column: [row.number for row in answers if column < len(row.cells) and row.cells[column] is not None]
        for column in range(max((len(row.cells) for row in answers), default=0))
        if column not in header.columns and column not in header.unknown and column not in header.doubled
    }
    for column, rows in without.items():
        if rows:
            report.add(
                "warning",
                "column_without_heading",
                f"La columna no tiene encabezado; no se cargaría ({_answers(len(rows))}).",
                sheet=sheet.name,
                row=rows[0],
                column=letters(column),
                right="escribir el encabezado de la plantilla, o vaciar la columna",
            )


def _answers(number: int) -> str:
    return "1 respuesta" if number == 1 else f"{number} respuestas"
