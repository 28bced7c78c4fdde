"""The workbook that a body fills in, made from an instrument: one sheet per part, lists to choose from, instructions.

Headings are protected, so that the import finds them; the cells below are free. The first row below the headings is an
example, marked as such, and never read. A template for a letter comes with the state and what the body answered so far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from etl.survey.instrument import EXAMPLE, NUMBER, RESPONDENT, Instrument, Item, Part
from etl.survey.spelling import clean

INSTRUCTIONS, LISTS = "Instrucciones", "Listas"
HEADING_ROW, EXAMPLE_ROW, FIRST_ROW = 4, 5, 6
LINES = 120
YES, NO, NOT_APPLICABLE, DOES_NOT_KNOW = "Sí", "No", "No aplica", "No sabe"
_HEAD = PatternFill("solid", fgColor="1F3A5F")
_KEYS = PatternFill("solid", fgColor="45668F")
_EXAMPLE = PatternFill("solid", fgColor="EFEFEF")
_WRAP = Alignment(wrap_text=True, vertical="top")

Filled = Mapping[str, str]
"""One row to begin with: text by variable, or by ``variable:option`` for the columns of a multiple choice."""


def template(instrument: Instrument, states: Sequence[str], filled: Sequence[Filled] = ()) -> Workbook:
    """The template as an openpyxl workbook. ``states`` are the names to choose from; ``filled`` are rows to begin with.

    A filled row stands on every sheet that has one of its variables besides state and number.
    """
    workbook = Workbook()
    _instructions(workbook.worksheets[0], instrument)
    lists = _lists(workbook, instrument, states)
    for part in instrument.parts:
        _part(workbook.create_sheet(part.sheet), part, instrument, lists, filled)
    workbook.move_sheet(LISTS, len(workbook.sheetnames))
    workbook.active = 0
    return workbook


def columns_of(part: Part, instrument: Instrument) -> list[tuple[Item, str | None]]:
    """The columns of a part's sheet: state and number first, then each item, with one column per option of a multiple choice."""
    frame = [instrument.by_variable[RESPONDENT], instrument.by_variable[NUMBER]]
    columns: list[tuple[Item, str | None]] = [(item, None) for item in frame if item not in part.items]
    for item in part.items:
        options = [option.code for option in item.options] if item.answer_type == "multiple_choice" else [None]
        columns.extend((item, option) for option in options)
    return columns


def heading(item: Item, option: str | None) -> str:
    """The heading of a column, in Spanish."""
    if option is None:
        return item.heading.es
    return f"{item.heading.es}: {next(o.label.es for o in item.options if o.code == option)}"


def _instructions(sheet: Worksheet, instrument: Instrument) -> None:
    sheet.title = INSTRUCTIONS
    lines: list[tuple[str, bool]] = [
        (instrument.title.es, True),
        (instrument.introduction.es, False),
        ("Cómo llenarla", True),
        ("1. Cada hoja numerada es una parte. Llene una fila por ejercicio, con la misma entidad y el mismo número en todas.", False),
        ("2. Si el organismo no tiene ejercicios, llene una sola fila de la primera hoja: la entidad y «No».", False),
        ("3. Donde hay lista, elija de ella. Si no sabe, elija «No sabe»; si la pregunta no viene al caso, «No aplica».", False),
        (f"4. La fila que empieza con «{EXAMPLE}» es un ejemplo y no se lee; puede dejarla.", False),
        ("5. No cambie los encabezados, no combine celdas y no use fórmulas: escriba valores.", False),
        ("6. No escriba nombres, correos ni teléfonos de personas.", False),
    ]  # fmt: skip
    for part in instrument.parts:
        lines += [(part.sheet, True), (part.introduction.es, False)]
        lines += [
            (f"{item.heading.es}. {item.question.es}{f' {item.help.es}' if item.help else ''}", False)
            for item in part.items
        ]
    for number, (text, is_title) in enumerate(lines, 1):
        cell = sheet.cell(number, 1, clean(text))
        cell.font = Font(bold=is_title, size=13 if number == 1 else 11)
        cell.alignment = _WRAP
    sheet.column_dimensions["A"].width = 110
    sheet.protection.sheet = True


def _lists(workbook: Workbook, instrument: Instrument, states: Sequence[str]) -> dict[str, str]:
    """A hidden sheet with the lists to choose from, one per column; the name of each list by variable."""
    sheet = workbook.create_sheet(LISTS)
    choices: dict[str, list[str]] = {RESPONDENT: list(states), "yes_no": [YES, NO, NOT_APPLICABLE, DOES_NOT_KNOW]}
    for item in instrument.items:
        if item.options and item.answer_type != "multiple_choice":
            choices[item.variable] = [*(option.label.es for option in item.options), NOT_APPLICABLE, DOES_NOT_KNOW]
    names = {}
    for column, (variable, texts) in enumerate(choices.items(), 1):
        for row, text in enumerate(texts, 1):
            sheet.cell(row, column, text)
        letter, name = get_column_letter(column), f"lista_{variable}"
        reference = f"'{LISTS}'!${letter}$1:${letter}${len(texts)}"
        workbook.defined_names[name] = DefinedName(name, attr_text=reference)
        names[variable] = name
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    return names


def _part(
    sheet: Worksheet, part: Part, instrument: Instrument, lists: Mapping[str, str], filled: Sequence[Filled]
) -> None:
    sheet["A1"] = part.title.es
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = clean(part.introduction.es)
    columns = columns_of(part, instrument)
    for number, (item, option) in enumerate(columns, 1):
        _column(sheet, number, item, option, lists)
    last = FIRST_ROW + LINES + len(filled)
    for row in range(FIRST_ROW, last + 1):
        for number in range(1, len(columns) + 1):
            sheet.cell(row, number).protection = Protection(locked=False)
    row = FIRST_ROW
    for values in filled:
        texts = [values.get(f"{item.variable}:{option}" if option else item.variable) for item, option in columns]
        if any(
            text for text, (item, _) in zip(texts, columns, strict=True) if item.variable not in (RESPONDENT, NUMBER)
        ) or (part is instrument.parts[0]):
            for number, text in enumerate(texts, 1):
                sheet.cell(row, number).value = _typed(columns[number - 1][0], text)
            row += 1
    sheet.freeze_panes = f"C{FIRST_ROW}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def _column(sheet: Worksheet, number: int, item: Item, option: str | None, lists: Mapping[str, str]) -> None:
    letter = get_column_letter(number)
    wording = sheet.cell(HEADING_ROW - 1, number, clean(item.question.es))
    wording.alignment = _WRAP
    head = sheet.cell(HEADING_ROW, number, heading(item, option))
    head.font = Font(bold=True, color="FFFFFF")
    head.fill = _KEYS if item.variable in (RESPONDENT, NUMBER) else _HEAD
    head.alignment = _WRAP
    example = sheet.cell(EXAMPLE_ROW, number, f"{EXAMPLE} (no se lee)" if number == 1 else _example(item, option))
    example.font = Font(italic=True, color="777777")
    example.fill = _EXAMPLE
    sheet.column_dimensions[letter].width = max(14, min(32, len(heading(item, option)) + 4))
    sheet.row_dimensions[HEADING_ROW - 1].height = 75
    sheet.row_dimensions[HEADING_ROW].height = 45
    area = f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + LINES}"
    rule = _rule(item, option, lists)
    rule.promptTitle, rule.prompt = item.heading.es[:32], clean(item.help.es if item.help else item.question.es)[:250]
    rule.showInputMessage = True
    rule.add(area)
    sheet.add_data_validation(rule)
    if item.answer_type in ("date", "text", "url"):
        for row in range(FIRST_ROW, FIRST_ROW + LINES + 1):
            sheet.cell(row, number).number_format = "@"  # or Excel turns 2019-03 into a day of its own


def _rule(item: Item, option: str | None, lists: Mapping[str, str]) -> DataValidation:
    name = lists["yes_no"] if option or item.answer_type == "yes_no" else lists.get(item.variable)
    if name is not None:
        return DataValidation(
            type="list", formula1=name, allow_blank=True, showErrorMessage=True, errorTitle="Elija de la lista",
            error="La respuesta debe ser una de la lista.",
        )  # fmt: skip
    if item.answer_type == "number":
        return DataValidation(
            type="whole", operator="greaterThanOrEqual", formula1=str(item.minimum or 0), allow_blank=True,
            showErrorMessage=True, errorTitle="Un número", error="Escriba un número entero.",
        )  # fmt: skip
    return DataValidation(allow_blank=True)


def _example(item: Item, option: str | None) -> str | None:
    if option is None:
        return item.example
    return YES if option == item.example else NO


def _typed(item: Item, text: str | None) -> Any:
    return int(text) if text and item.answer_type == "number" else text
