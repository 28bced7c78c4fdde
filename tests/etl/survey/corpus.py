"""Files as people really send them, and as nobody should: each with what must come of it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from tests.etl.survey.answered import as_csv, made_up_round, rows_of

HEAD = ["Entidad", "¿Tiene ejercicios?", "Ejercicio núm.", "Nombre del ejercicio", "Inicio", "Término", "Estatus"]
ROW = ["Jalisco", "Sí", 1, "Cocreación", "2019-03", "2021-06", "Activo"]
Cells = Sequence[Sequence[Any]]
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


def book(sheets: dict[str, Cells] | Cells, **more: Any) -> bytes:
    """An XLSX with these sheets, or with one; ``merge`` is a range to merge in the first."""
    workbook = Workbook()
    named: dict[str, Cells] = sheets if isinstance(sheets, dict) else {"Respuestas": sheets}
    for number, (name, rows) in enumerate(named.items()):
        sheet = workbook.worksheets[0] if number == 0 else workbook.create_sheet()
        sheet.title = name
        for line in rows:
            sheet.append(list(line))
        if number == 0 and "merge" in more:
            sheet.merge_cells(more["merge"])
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def with_cell(column: str, value: Any) -> bytes:
    """The plain row with one answer changed; a column the plain row lacks is added."""
    row = dict(zip(HEAD, ROW, strict=True)) | {column: value}
    return book([list(row), list(row.values())])


def two_rows(**second: Any) -> bytes:
    """The plain row twice, the second changed by the names of Python for the headings below."""
    names = {"number": "Ejercicio núm.", "name": "Nombre del ejercicio", "has": "¿Tiene ejercicios?", "start": "Inicio"}
    row = dict(zip(HEAD, ROW, strict=True)) | {names[name]: value for name, value in second.items()}
    return book([HEAD, ROW, list(row.values())])


def replaced(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one part changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == part else data)
    return written.getvalue()


def added(content: bytes, part: str, data: bytes) -> bytes:
    """An archive with one part more."""
    written = io.BytesIO(content)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, data)
    return written.getvalue()


def archive(**parts: bytes) -> bytes:
    """A ZIP of these parts; two underscores stand for a slash, one for a dot."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), data)
    return written.getvalue()


def old_container(*streams: str) -> bytes:
    """A file in the container of Office before 2007: header, and a directory that names its streams."""
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHH", 0x3E, 3, 0xFFFE)
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return header.ljust(512, b"\0") + directory.ljust(4096, b"\0")


def ods(rows: Cells, *, repeated: int = 1, manifest: str = "") -> bytes:
    """An ODS with one sheet; ``repeated`` is how often its last row says that it is repeated."""
    lines = []
    for number, line in enumerate(rows):
        times = f' table:number-rows-repeated="{repeated}"' if number == len(rows) - 1 and repeated > 1 else ""
        cells = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in line
        )
        lines.append(f"<table:table-row{times}>{cells}</table:table-row>")
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Hoja1">{"".join(lines)}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    listed = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{manifest}</manifest:file-entry>'
        "</manifest:manifest>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", listed)
    return written.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ja"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def declaring(entities: bytes) -> bytes:
    """The plain book with a declaration of entities before its sheet."""
    return replaced(book([HEAD, ROW]), SHEET, lambda data: entities + data[data.find(b"<worksheet") :])


def computed_formula() -> bytes:
    """A formula with the value that Excel computed for it, as openpyxl does not write one."""
    empty = re.compile(rb'<c r="D2"([^>]*)><f>A1</f><v ?(/>|></v>)')

    def computed(sheet: bytes) -> bytes:
        changed, count = empty.subn(rb'<c r="D2" t="str"><f>A1</f><v>Foro</v>', sheet)
        assert count == 1
        return changed

    return replaced(with_cell("Nombre del ejercicio", "=A1"), SHEET, computed)


def error_cell(formula: bytes = b"") -> bytes:
    """A cell that Excel marks as an error, with or without the formula that it came of."""

    def broken(sheet: bytes) -> bytes:
        changed, count = re.subn(rb'<c r="E2"[^>]*>.*?</c>', b'<c r="E2" t="e">%b<v>#REF!</v></c>' % formula, sheet)
        assert count == 1
        return changed

    return replaced(book([HEAD, ROW]), SHEET, broken)


def far_cell() -> bytes:
    """A cell in the last row and column that a sheet can have."""
    return replaced(
        book([HEAD, ROW]), SHEET,
        lambda d: d.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )  # fmt: skip


def ods_with(old: str, new: str) -> bytes:
    """The plain sheet as ODS, with one piece of its XML changed."""

    def change(content: bytes) -> bytes:
        assert content.count(old.encode()) >= 1
        return content.replace(old.encode(), new.encode(), 1)

    return replaced(ods([HEAD, ROW]), "content.xml", change)


NAME_CELL = '<table:table-cell office:value-type="string"><text:p>Cocreación</text:p></table:table-cell>'


def with_flag_of_password(content: bytes) -> bytes:
    """The archive with the bit set that says its entries are encrypted."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(mark)
        while place >= 0:
            changed[place + offset] |= 1
            place = changed.find(mark, place + 4)
    return bytes(changed)


def bomb() -> bytes:
    """Some kilobytes that unpack to 300 MB of a sheet."""
    return added(book([HEAD, ROW]), "xl/worksheets/sheet9.xml", b"<row/>" * 50_000_000)


def with_wrong_checksum() -> bytes:
    content = bytearray(book([HEAD, ROW]))
    place = content.find(b"xl/worksheets/sheet1.xml")
    content[place + 60] ^= 0xFF
    return bytes(content)


def several_sheets(second: Cells) -> bytes:
    """Two parts of the template with the plain row, the second as given."""
    return book({"1 Ejercicios": [HEAD, ROW], "2 Participantes": second})


def plain_csv(separator: str = ",", encoding: str = "utf-8", head: bytes = b"") -> Callable[[], bytes]:
    """Three exercises as a CSV."""
    rows = rows_of(made_up_round(exercises=3, answering=2, without=0, seed=7))
    return lambda: head + as_csv(rows, separator, encoding)


def shifted() -> bytes:
    rows: list[list[Any]] = [[], ["", "Informe de la comisión"], [], *[["", "", *line] for line in (HEAD, ROW)]]
    return book(rows)


def two_headers() -> bytes:
    """Roles as a heading over two rows: the question above, its options below."""
    upper = [*HEAD, "Participa el organismo garante", "Papel del organismo garante", None, None, None]
    lower = [*[None] * 8, "Convocante", "Facilitador", "Observador", "Ninguno"]
    return book([upper, lower, [*ROW, "Sí", "X", "X", None, None]])


def marks() -> bytes:
    """Direction marks, zero-width and non-breaking spaces in headings and answers."""
    return book(
        [
            [f"\u200f{name}\u200e" for name in HEAD],
            ["\u202bJalisco\u202c", "S\u00ed\u200b", 1, *ROW[3:6], "\u00a0Activo"],
        ]
    )


def many_empty_rows() -> bytes:
    return book([HEAD, ROW, *[[None]] * 9_000, ["Oaxaca", "Sí", 1, "Otro", "2020", None, "Concluido"]])


def spellings() -> bytes:
    words = ["Sí", "SI", "si", "X", "1", "VERDADERO", "✓"]
    return book(
        [
            HEAD,
            *[["Jalisco", word, n, f"Ejercicio {n}", str(2010 + n), None, "activo"] for n, word in enumerate(words, 1)],
        ]
    )


def dates() -> bytes:
    texts = ["2019", "2019-03", "15/03/2018", "15-03-2017", "marzo de 2016", "15 de marzo de 2015", "03/2014"]
    return book(
        [HEAD, *[["Jalisco", "Sí", n, f"Ejercicio {n}", text, None, "Activo"] for n, text in enumerate(texts, 1)]]
    )


def _image() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256))) + bytes(64)


def _base(**changes: Any) -> list[Any]:
    return list((dict(zip(HEAD, ROW, strict=True)) | changes).values())


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
