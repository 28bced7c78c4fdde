"""Files as people really send them, and as nobody should: each with what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.etl.survey.answered import as_csv
from tests.etl.survey.spreadsheets import (
    HEAD,
    LAUGHS,
    NAME_CELL,
    NEXT_ROW,
    OUTSIDE,
    ROW,
    SHEET,
    _base,
    _image,
    added,
    archive,
    bomb,
    book,
    computed_formula,
    dates,
    declaring,
    error_cell,
    far_cell,
    hiding,
    many_empty_rows,
    marks,
    ods,
    ods_with,
    old_container,
    plain_csv,
    replaced,
    several_sheets,
    shifted,
    spellings,
    two_headers,
    two_rows,
    with_cell,
    with_flag_of_password,
    with_wrong_checksum,
)

XLSX, ODS, CSV = "respuestas.xlsx", "respuestas.ods", "respuestas.csv"


@dataclass(frozen=True)
class Sent:
    """A file that somebody sent: its name, its bytes, and the code that the report must hold.

    ``severity`` None: it is read without any error, with ``exercises`` exercises, and ``code`` must not be reported.
    """

    what: str
    name: str
    content: Callable[[], bytes]
    code: str = ""
    severity: str | None = "error"
    exercises: int = 1


def refused_files() -> Iterator[Sent]:
    """What is not opened at all."""
    yield Sent("an empty file", XLSX, lambda: b"", "empty_file")
    yield Sent(
        "a workbook with a password", XLSX, lambda: old_container("EncryptionInfo", "EncryptedPackage"), "password"
    )
    yield Sent("an .xls renamed .xlsx", XLSX, lambda: old_container("Workbook"), "old_xls")
    yield Sent("a Word document of before 2007", XLSX, lambda: old_container("WordDocument"), "not_a_spreadsheet")
    yield Sent("a zip bomb", XLSX, bomb, "zip_bomb")
    yield Sent("thousands of parts", XLSX, lambda: archive(**{f"p{n}": b"" for n in range(2_100)}), "zip_bomb")
    yield Sent("an XML bomb", XLSX, lambda: declaring(LAUGHS), "xml_entities")
    yield Sent("an entity from outside", XLSX, lambda: declaring(OUTSIDE), "xml_entities")
    yield Sent(
        "an ODS with entities", ODS, lambda: replaced(ods([HEAD]), "content.xml", lambda d: LAUGHS + d), "xml_entities"
    )
    yield Sent("macros", "respuestas.xlsm", lambda: added(book([HEAD, ROW]), "xl/vbaProject.bin", b"x"), "macros")
    yield Sent("macros in an ODS", ODS, lambda: added(ods([HEAD, ROW]), "Basic/Standard/a.xml", b"<x/>"), "macros")
    yield Sent("more than 50 MB", XLSX, lambda: b"PK" + bytes(50_000_001), "too_large")
    yield Sent("a binary workbook", "respuestas.xlsb", lambda: archive(xl__workbook_bin=b"x"), "binary_workbook")
    yield Sent("a document renamed .xlsx", XLSX, lambda: archive(word__document_xml=b"<x/>"), "not_a_spreadsheet")
    yield Sent("a text document of LibreOffice", ODS, lambda: archive(mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<x/>"), "not_a_spreadsheet")  # fmt: skip
    yield Sent("a PDF renamed .xlsx", XLSX, lambda: b"%PDF-1.7\n...", "not_a_spreadsheet")
    yield Sent("a page named .xls", "respuestas.xls", lambda: b"<html><table><tr><td>Entidad", "not_a_spreadsheet")
    yield Sent("an image renamed .csv", CSV, _image, "not_a_spreadsheet")
    yield Sent("a workbook cut short", XLSX, lambda: book([HEAD, ROW])[:-900], "damaged")
    yield Sent("a workbook with a flipped byte", XLSX, with_wrong_checksum, "damaged")
    yield Sent("a sheet that is no XML", XLSX, lambda: replaced(book([HEAD, ROW]), SHEET, lambda d: b"<worksheet><sheetData><row"), "damaged")  # fmt: skip
    yield Sent("an archive with a password", XLSX, lambda: with_flag_of_password(book([HEAD, ROW])), "password")
    yield Sent(
        "an ODS with a password", ODS, lambda: ods([HEAD, ROW], manifest="<manifest:encryption-data/>"), "password"
    )
    yield Sent(
        "an ODS that repeats a row a million times", ODS, lambda: ods([HEAD, ROW], repeated=1_048_000), "too_many_cells"
    )
    yield Sent(
        "more columns than any questionnaire", CSV, lambda: (",".join(["x"] * 500) + "\n").encode(), "too_many_cells"
    )
    yield Sent("a cell in the last place of a sheet", XLSX, far_cell, "too_expensive")
    yield Sent("more rows than any round", CSV, lambda: b"a,b\n" * 20_100, "too_many_cells")


def wrong_files() -> Iterator[Sent]:
    """What is read, and cannot be published."""
    yield Sent("a wrong sheet", XLSX, lambda: book([["Municipio", "Gasto"], ["León", 3]]), "no_header")
    yield Sent("a header without rows", XLSX, lambda: book([HEAD]), "no_answers")
    yield Sent(
        "merged cells", XLSX, lambda: book([HEAD, ROW, _base(**{"Ejercicio núm.": 2})], merge="A2:A3"), "merged_cells"
    )
    yield Sent("a merged header", XLSX, lambda: book([HEAD, ROW], merge="F1:G1"), "merged_cells")
    yield Sent(
        "a formula without a value", XLSX, lambda: with_cell("Nombre del ejercicio", "=A1"), "formula_without_value"
    )
    yield Sent("an error of Excel as text", XLSX, lambda: with_cell("Inicio", "#REF!"), "cell_error")
    yield Sent("an error of Excel", XLSX, error_cell, "cell_error")
    yield Sent("a formula that gave an error", XLSX, lambda: error_cell(b"<f>A9</f>"), "cell_error")
    yield Sent("a formula without a value in an ODS", ODS, lambda: ods_with(NAME_CELL, '<table:table-cell table:formula="of:=[.A1]"/>'), "formula_without_value")  # fmt: skip
    yield Sent("an error in an ODS", ODS, lambda: ods_with(NAME_CELL, '<table:table-cell table:formula="of:=[.A1]" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'), "cell_error")  # fmt: skip
    yield Sent("merged cells in an ODS", ODS, lambda: ods_with(NAME_CELL, NAME_CELL.replace("table-cell ", 'table-cell table:number-rows-spanned="2" table:number-columns-spanned="1" ', 1)), "merged_cells")  # fmt: skip
    yield Sent("a day that does not exist", XLSX, lambda: with_cell("Inicio", "31/02/2019"), "impossible_date")
    yield Sent("month before day", XLSX, lambda: with_cell("Inicio", "03/25/2019"), "impossible_date")
    yield Sent("a date as a number", XLSX, lambda: with_cell("Inicio", 43539), "date_as_number")
    yield Sent("no date at all", XLSX, lambda: with_cell("Inicio", "hace mucho"), "not_a_date")
    yield Sent("neither yes nor no", XLSX, lambda: with_cell("¿Tiene ejercicios?", "quizá"), "not_yes_or_no")
    yield Sent("a state that is none", XLSX, lambda: with_cell("Entidad", "Atlántida"), "unknown_state")
    yield Sent("no state", XLSX, lambda: with_cell("Entidad", None), "required_blank")
    yield Sent("no name", XLSX, lambda: with_cell("Nombre del ejercicio", None), "required_blank")
    yield Sent(
        "no column of names", XLSX, lambda: book([[*HEAD[:3], *HEAD[4:]], [*ROW[:3], *ROW[4:]]]), "missing_column"
    )
    yield Sent("an option nobody offered", XLSX, lambda: with_cell("Estatus", "Pausado"), "unknown_option")
    yield Sent("two options where one fits", XLSX, lambda: with_cell("Estatus", "Activo; Concluido"), "several_options")
    yield Sent("an unknown promoter", XLSX, lambda: with_cell("Promotores", "Academia; Iglesias"), "unknown_option")
    yield Sent("none and another", XLSX, lambda: with_cell("Promotores", "Ninguno; Academia"), "none_and_another")
    yield Sent("a column twice", XLSX, lambda: book([[*HEAD, "Inicio"], [*ROW, "2020"]]), "duplicate_column")
    yield Sent("an exercise twice", XLSX, lambda: two_rows(), "duplicate_exercise")
    yield Sent("an exercise twice under two numbers", XLSX, lambda: two_rows(number=2), "duplicate_exercise")
    yield Sent("dates reversed", XLSX, lambda: with_cell("Término", "2018"), "dates_reversed")
    yield Sent("no plan, with a title", XLSX, lambda: book([[*HEAD, "Compromisos en plan de acción", "Título del plan"], [*ROW, "No", "Plan"]]), "contradiction")  # fmt: skip
    yield Sent("no exercises, and one", XLSX, lambda: with_cell("¿Tiene ejercicios?", "No"), "contradiction")
    yield Sent(
        "no exercises, twice", XLSX, lambda: book([HEAD, ["Jalisco", "No"], ["Jalisco", "No"]]), "duplicate_return"
    )
    yield Sent("a body of two minds", XLSX, lambda: two_rows(number=2, name="Otro", has="No"), "conflict")
    yield Sent("sheets that differ", XLSX, lambda: several_sheets([[*HEAD[:1], *HEAD[2:4]], ["Jalisco", 1, "Otro nombre"]]), "conflict")  # fmt: skip
    yield Sent("an exercise of the second sheet only", XLSX, lambda: several_sheets([["Entidad", "Ejercicio núm.", "Promotores"], ["Jalisco", 7, "Academia"]]), "exercise_not_listed")  # fmt: skip
    yield Sent("a row without its number", XLSX, lambda: two_rows(number=None, name="Otro"), "required_blank")
    yield Sent("a number in words", XLSX, lambda: with_cell("Ejercicio núm.", "cinco"), "not_a_number")
    yield Sent(
        "an e-mail address", XLSX, lambda: with_cell("Nombre del ejercicio", "Foro (ana@ejemplo.org)"), "personal_data"
    )
    yield Sent(
        "a telephone number",
        XLSX,
        lambda: with_cell("Nombre del ejercicio", "Foro, tel. 33 1234 5678"),
        "personal_data",
    )
    yield Sent("an address that runs a script", XLSX, lambda: with_cell("Página del ejercicio", "javascript:alert(1)"), "not_an_address")  # fmt: skip
    yield Sent("a formula as text", CSV, lambda: as_csv([{"Entidad": "Jalisco", "¿Tiene ejercicios?": "Sí", "Nombre del ejercicio": "=cmd|' /C calc'!A0"}]), "formula_as_text")  # fmt: skip
    yield Sent("a text without end", XLSX, lambda: with_cell("Nombre del ejercicio", "a" * 2_001), "too_long")


def doubtful_files() -> Iterator[Sent]:
    """What may be published on a tick."""
    yield Sent("a computed formula", XLSX, computed_formula, "formula", "warning")
    yield Sent("a computed formula in an ODS", ODS, lambda: ods_with(NAME_CELL, NAME_CELL.replace("table-cell ", 'table-cell table:formula="of:=[.A1]" ', 1)), "formula", "warning")  # fmt: skip
    yield Sent("a column nobody asked for", XLSX, lambda: with_cell("Presupuesto", 500), "unknown_column", "warning")
    yield Sent(
        "a column without heading", XLSX, lambda: book([HEAD, [*ROW, "algo"]]), "column_without_heading", "warning"
    )
    yield Sent("a hidden row", XLSX, lambda: hiding(rows=[2]), "hidden", "warning")
    yield Sent("a hidden column", XLSX, lambda: hiding(columns=["E"]), "hidden", "warning")
    yield Sent("a filtered row in an ODS", ODS, lambda: ods_with(NEXT_ROW, NEXT_ROW[:-1] + ' table:visibility="filter">'), "hidden", "warning")  # fmt: skip
    yield Sent("a hidden column in an ODS", ODS, lambda: ods_with("<table:table-row>", '<table:table-column table:number-columns-repeated="4"/><table:table-column table:visibility="collapse"/><table:table-row>'), "hidden", "warning")  # fmt: skip
    yield Sent("the same name at another time", XLSX, lambda: two_rows(number=2, start="2020"), "same_name", "warning")
    yield Sent(
        "a sheet beside",
        XLSX,
        lambda: book({"Respuestas": [HEAD, ROW], "Notas": [["algo"]]}),
        "sheet_not_read",
        "warning",
    )
    yield Sent("a title without saying if there is a plan", XLSX, lambda: with_cell("Título del plan", "Plan"), "condition_open", "warning")  # fmt: skip
    yield Sent("a Windows-1252 CSV", CSV, plain_csv(encoding="cp1252"), "windows_1252", "notice", 3)


def odd_files() -> Iterator[Sent]:
    """What looks odd and is read as meant."""
    yield Sent("a shifted header", XLSX, shifted, severity=None)
    yield Sent("two header rows", XLSX, two_headers, severity=None)
    yield Sent("yes in seven spellings", XLSX, spellings, "not_yes_or_no", None, 7)
    yield Sent("dates as text", XLSX, dates, "not_a_date", None, 7)
    yield Sent("thousands of empty rows", XLSX, many_empty_rows, severity=None, exercises=2)
    yield Sent("a hidden row without answers", XLSX, lambda: hiding(rows=[1, 9]), "hidden", None)
    yield Sent("marks of direction", XLSX, marks, "unknown_column", None)
    yield Sent("a state that lost its zero", XLSX, lambda: with_cell("Entidad", 9), "unknown_state", None)
    yield Sent("the header repeated further down", XLSX, lambda: book([HEAD, ROW, HEAD]), severity=None)
    yield Sent("a workbook named .csv", CSV, lambda: book([HEAD, ROW]), severity=None)
    yield Sent("a CSV with semicolons", CSV, plain_csv(";"), severity=None, exercises=3)
    yield Sent("a CSV with tabs", CSV, plain_csv("\t"), severity=None, exercises=3)
    yield Sent("a CSV with a byte-order mark", CSV, plain_csv(head=b"\xef\xbb\xbf"), severity=None, exercises=3)
    yield Sent("a CSV in UTF-16", CSV, plain_csv("\t", "utf-16"), severity=None, exercises=3)
    yield Sent("an ODS", ODS, lambda: ods([HEAD, ROW]), severity=None)


def corpus() -> list[Sent]:
    """All of them."""
    return [*refused_files(), *wrong_files(), *doubtful_files(), *odd_files()]
