"""The rows of a file as answers: each cell read by its item, each problem noted with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from etl.survey.answers import Answer, AnswerError, Reader, chosen
from etl.survey.book import Book, Sheet, SheetRow, letters
from etl.survey.headings import NOT_DATA, Header, Target, find_header, headings_of, report_header
from etl.survey.instrument import EXAMPLE, HAS_EXERCISES, NAME, NONE_OF_THEM, NUMBER, RESPONDENT, Instrument, Item
from etl.survey.report import MASK, Report, Severity
from etl.survey.spelling import key

MOST_READ = 80
MOST_NAMED = 10
NEEDED = (RESPONDENT, HAS_EXERCISES, NAME)
PREFILLED = frozenset({RESPONDENT, NUMBER, "respondent_body"})
"""What a template may hold before anybody answered: a row with nothing else is not an answer."""


@dataclass(frozen=True)
class Given:
    """An answer and the column it stands in."""

    answer: Answer
    column: str


@dataclass
class AnsweredRow:
    """A row with answers: the state and exercise it is about, and what it says of each variable.

    ``broken`` are the variables whose cell could not be read: they are neither answered nor blank.
    """

    sheet: str
    number: int
    state_code: str
    exercise: int | None
    given: dict[str, Given] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


def read_rows(book: Book, instrument: Instrument, reader: Reader, report: Report) -> list[AnsweredRow]:
    """Every row with answers, in the order of the file; what is wrong with cells and headers goes to ``report``."""
    known = headings_of(instrument)
    headed: list[tuple[Sheet, Header]] = []
    for sheet in book.sheets:
        header = find_header(sheet, known)
        if header is not None:
            headed.append((sheet, header))
        elif sheet.rows and key(sheet.name) not in NOT_DATA:
            report.add(
                "warning",
                "sheet_not_read",
                f"La hoja no tiene los encabezados del cuestionario; no se cargaría ({_rows(len(sheet.rows))}).",
                sheet=sheet.name,
            )
    if "windows_1252" in book.notes:
        report.add("notice", "windows_1252", "El CSV no está en UTF-8; se leyó como Windows-1252. Revise los acentos.")
    if not headed:
        report.add(
            "error",
            "no_header",
            "Ninguna hoja tiene los encabezados del cuestionario. ¿Es la plantilla de esta ronda?",
            right=f"una fila con «{instrument.by_variable[RESPONDENT].heading.es}», «{instrument.by_variable[NAME].heading.es}»…",
        )
        return []
    _report_missing(instrument, [header for _, header in headed], report)
    rows: list[AnsweredRow] = []
    for sheet, header in headed:
        report_header(sheet, header, report)
        _report_merged(sheet, header, report)
        _report_hidden(sheet, header, report)
        rows.extend(_SheetReader(sheet, header, instrument, reader, report).rows())
    report.rows = len(rows)
    return rows


def _report_missing(instrument: Instrument, headers: list[Header], report: Report) -> None:
    there = {target.item.variable for header in headers for target in header.columns.values()}
    for item in instrument.items:
        if item.variable in there:
            continue
        if item.variable in NEEDED or (item.variable == NUMBER and len(headers) > 1):
            report.add(
                "error",
                "missing_column",
                "Falta una columna sin la que no se sabe de quién o de qué son las respuestas.",
                heading=item.heading.es,
                right="la plantilla de esta ronda, que la trae",
            )
        elif item.variable == NUMBER:
            report.add(
                "notice", "numbered_by_order", "Los ejercicios no traen número; se numeran en el orden de las filas."
            )
        elif not item.optional:
            report.add(
                "warning",
                "missing_column",
                "Falta la columna; la pregunta quedaría sin respuesta.",
                heading=item.heading.es,
            )


def _rows(number: int) -> str:
    return "1 fila" if number == 1 else f"{number} filas"


def _report_merged(sheet: Sheet, header: Header, report: Report) -> None:
    for merged in sheet.merged:
        (column, top), (last_column, bottom) = re.findall(r"([A-Z]+)(\d+)", merged)
        if int(top) == int(bottom) == header.last_row and column != last_column:
            report.add(
                "error",
                "merged_cells",
                f"Las celdas {merged} del encabezado están combinadas: solo la primera columna conserva el suyo.",
                sheet=sheet.name,
                row=header.last_row,
                column=column,
                right="separar las celdas y escribir el encabezado de cada columna, como en la plantilla",
            )
        elif int(bottom) > header.last_row:
            report.add(
                "error",
                "merged_cells",
                f"Las celdas {merged} están combinadas: solo la primera tiene valor.",
                sheet=sheet.name,
                row=int(top),
                column=column,
                right="separar las celdas y escribir el valor en cada fila",
            )


def _report_hidden(sheet: Sheet, header: Header, report: Report) -> None:
    """Whoever looks at the sheet does not see what is read all the same."""
    answered = {row.number for row in sheet.rows if row.number > header.last_row}
    rows = [str(number) for number in sheet.hidden_rows if number in answered]
    columns = [letters(column) for column in sheet.hidden_columns if column in header.columns]
    for what, hidden in (("filas", rows), ("columnas", columns)):
        if hidden:
            shown = ", ".join(hidden[:MOST_NAMED]) + ("…" if len(hidden) > MOST_NAMED else "")
            report.add(
                "warning", "hidden", f"Hay {what} ocultas o filtradas ({shown}); se leen como las demás.", sheet=sheet.name,
                right="mostrarlas y ver si son respuestas, o borrarlas",
            )  # fmt: skip


@dataclass
class _SheetReader:
    sheet: Sheet
    header: Header
    instrument: Instrument
    reader: Reader
    report: Report

    def rows(self) -> Iterator[AnsweredRow]:
        by_variable: dict[str, dict[int, Target]] = {}
        for column, target in self.header.columns.items():
            by_variable.setdefault(target.item.variable, {})[column] = target
        for row in self.sheet.rows:
            if row.number > self.header.last_row and self._is_answer(row):
                yield from self._row(row, by_variable)

    def _is_answer(self, row: SheetRow) -> bool:
        """Whether a row holds more than the template did; repeated headers and example rows are no answers."""
        first = next((cell for cell in row.cells if cell is not None), "")
        if key(first).startswith(key(EXAMPLE)):
            return False
        if self.sheet.flags and any(self._flag(column, row.number) for column in self.header.columns):
            return True
        texts = {
            target.item.variable: row.cells[column]
            for column, target in self.header.columns.items()
            if column < len(row.cells) and row.cells[column] is not None
        }
        headings = [
            target
            for column, target in self.header.columns.items()
            if column < len(row.cells) and self._repeats(row, column)
        ]
        return bool(set(texts) - PREFILLED) and len(headings) < max(2, len(texts) - 1)

    def _repeats(self, row: SheetRow, column: int) -> bool:
        text = row.cells[column]
        return text is not None and key(text) == key(self.header.columns[column].item.heading.es)

    def _row(self, row: SheetRow, by_variable: Mapping[str, dict[int, Target]]) -> Iterator[AnsweredRow]:
        state = self._state(row, by_variable.get(RESPONDENT, {}))
        found = AnsweredRow(self.sheet.name, row.number, state or "", None)
        for variable, columns in by_variable.items():
            if variable != RESPONDENT:
                self._read(row, columns, found)
        number = found.given.get(NUMBER)
        if number is not None and number.answer.text is not None:
            found.exercise = int(number.answer.text)
        if state is not None:
            yield found

    def _state(self, row: SheetRow, columns: Mapping[int, Target]) -> str | None:
        for column, target in columns.items():
            written = self._cell(row, column)
            if written is None:
                self._problem("required_blank", "Falta la entidad.", row, column, target.item, None, "la entidad")
                return None
            try:
                return self.reader.state(written)
            except AnswerError as error:
                self._problem(error.code, error.message, row, column, target.item, written, error.right)
        return None

    def _read(self, row: SheetRow, columns: Mapping[int, Target], found: AnsweredRow) -> None:
        marked: dict[str, bool | None] = {}
        for column, target in columns.items():
            written = self._cell(row, column)
            if self._is_broken(row, column, target.item, found) or written is None:
                continue
            try:
                if target.option is None:
                    given = Given(self.reader.read(target.item, written), letters(column))
                    found.given[target.item.variable] = given
                else:
                    marked[target.option] = self.reader.is_marked(written)
            except AnswerError as error:
                self._problem(error.code, error.message, row, column, target.item, written, error.right)
                found.broken.add(target.item.variable)
        if marked:
            first = min(column for column, target in columns.items() if target.option is not None)
            self._choose(row, first, columns[first].item, marked, found)

    def _choose(
        self, row: SheetRow, column: int, item: Item, marked: Mapping[str, bool | None], found: AnsweredRow
    ) -> None:
        """One answer from the columns of the options. All "no" is "none of them" where the item offers that."""
        codes = [code for code, is_chosen in marked.items() if is_chosen]
        if not codes and NONE_OF_THEM in item.codes and False in marked.values():
            codes = [NONE_OF_THEM]
        try:
            answer = Answer(chosen(item, codes)) if codes else Answer(no_answer="does_not_know")
        except AnswerError as error:
            self._problem(error.code, error.message, row, column, item, None, error.right)
            found.broken.add(item.variable)
            return
        found.given[item.variable] = Given(answer, letters(column))

    def _is_broken(self, row: SheetRow, column: int, item: Item, found: AnsweredRow) -> bool:
        """Report what is known of the cell itself; a formula with a value is only told, the others hold no answer."""
        if not self.sheet.flags:
            return False
        flag = self._flag(column, row.number)
        written = self._cell(row, column)
        if flag == "formula":
            self._problem(
                "formula", "La celda tiene una fórmula; se leyó su último valor.", row, column, item, written,
                "el valor en lugar de la fórmula", "warning",
            )  # fmt: skip
            return False
        if flag is not None:
            message = (
                "La celda tiene una fórmula sin valor calculado."
                if flag == "formula_without_value"
                else "La celda contiene un error de la hoja de cálculo."
            )
            self._problem(flag, message, row, column, item, written, "el valor en lugar de la fórmula")
            found.broken.add(item.variable)
        return flag is not None

    def _flag(self, column: int, number: int) -> str | None:
        return self.sheet.flags.get(f"{letters(column)}{number}")

    def _cell(self, row: SheetRow, column: int) -> str | None:
        return row.cells[column] if column < len(row.cells) else None

    def _problem(
        self,
        code: str,
        message: str,
        row: SheetRow,
        column: int,
        item: Item,
        read: str | None,
        right: str | None,
        severity: Severity = "error",
    ) -> None:
        self.report.add(
            severity,
            code,
            message,
            sheet=self.sheet.name,
            row=row.number,
            column=letters(column),
            heading=item.heading.es,
            read=MASK if code == "personal_data" else read[:MOST_READ] if read else None,
            right=right,
        )
