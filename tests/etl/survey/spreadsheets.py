"""Spreadsheets as people and programs write them, sound and broken, made from a few rows."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.etl.survey.answered import as_csv, made_up_round, rows_of

HEAD = ["Entidad", "¿Tiene ejercicios?", "Ejercicio núm.", "Nombre del ejercicio", "Inicio", "Término", "Estatus"]
ROW = ["Jalisco", "Sí", 1, "Cocreación", "2019-03", "2021-06", "Activo"]
Cells = Sequence[Sequence[Any]]


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


def hiding(rows: Sequence[int] = (), columns: Sequence[str] = ()) -> bytes:
    """The plain sheet with these rows and columns hidden."""
    workbook = load_workbook(io.BytesIO(book([HEAD, ROW])))
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.row_dimensions[row].hidden = True
    for column in columns:
        sheet.column_dimensions[column].hidden = True
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


NEXT_ROW = "</table:table-row><table:table-row>"
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
