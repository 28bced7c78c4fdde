"""Downloads as binary files: Parquet, and XLSX with dictionary and sources. Their libraries load at the first use."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from data.extract import ColumnSaid, Extract
from web.downloads_text import cut_note, headings

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

PIECE = 64 * 1024
ROWS_PER_GROUP = 10_000
SHEET_ROWS = 1_048_576
LONGEST_CELL = 32_767
FIRST_EXCEL_YEAR = 1900
SHEETS = {"es": ("Datos", "Diccionario", "Fuentes"), "en": ("Data", "Dictionary", "Sources")}
DICTIONARY = {
    "es": ("Columna", "Nombre", "Clase", "Unidad", "Descripción", "Valores"),
    "en": ("Column", "Label", "Type", "Unit", "Description", "Values"),
}
SOURCES = {
    "es": ("Fuente", "Quién publica", "Licencia", "Dirección", "Archivo", "Obtenido", "Vía", "SHA-256", "Filas"),
    "en": ("Source", "Publisher", "Licence", "Address", "File", "Fetched", "Way", "SHA-256", "Rows"),
}
_WHOLE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Outgoing(io.RawIOBase):
    """A file that is only written on: what was written is taken out and sent, and nothing is kept."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Take a piece."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._position += len(piece)
        return len(piece)

    def tell(self) -> int:
        """How much was written so far, sent or not."""
        return self._position

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def parquet(extract: Extract) -> Iterator[bytes]:
    """Parquet (zstd), a group of rows at a time, with what the data are in the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"integer": pa.int32(), "number": pa.float64(), "boolean": pa.bool_()}
    schema = pa.schema(
        [
            pa.field(column.name, types.get(column.kind, pa.string()), metadata={"label": column.label})
            for column in extract.columns()
        ],
        metadata=_file_metadata(extract),
    )
    out = Outgoing()
    with pq.ParquetWriter(pa.PythonFile(out, "w"), schema, compression="zstd") as writer:
        group: list[pa.RecordBatch] = []
        for rows in extract.batches():
            # As columns at once: a group of rows as Python has them would take ten times the memory.
            columns = zip(*rows, strict=True)
            arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
            group.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
            if sum(map(len, group)) >= ROWS_PER_GROUP:
                writer.write_table(pa.Table.from_batches(group))
                group.clear()
                yield out.taken()
        if group:
            writer.write_table(pa.Table.from_batches(group))
    yield out.taken()


def _file_metadata(extract: Extract) -> dict[str, str]:
    said = {
        "apertura.dataset": extract.dataset,
        "apertura.release": extract.release_id,
        "apertura.query": extract.query.canonical(),
    }
    total = extract.total()
    limit = extract.query.limit
    if total is not None and limit is not None and total > limit:
        said["apertura.cut"] = cut_note(extract, limit, total)
    return said


def xlsx(extract: Extract) -> Iterator[bytes]:
    """XLSX: the rows under a frozen heading, the dictionary, the sources. Built row by row in a temporary file."""
    from xlsxwriter import Workbook

    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
        with Workbook(file.name, options) as book:
            book.set_properties(
                {
                    "title": extract.title,
                    "comments": extract.release_id,
                    "created": extract.built_at.replace(tzinfo=None),
                }
            )
            data, dictionary, sources = (book.add_worksheet(name) for name in SHEETS[extract.language])
            note = _data_sheet(extract, book, data)
            _dictionary_sheet(extract, book, dictionary)
            _sources_sheet(extract, book, sources, note)
        yield from _sent(file)


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def _data_sheet(extract: Extract, book: Workbook, sheet: Worksheet) -> str | None:
    """Write the rows; what to say if some were left out."""
    _heading(book, sheet, headings(extract))
    columns = extract.columns()
    formats = {"date": book.add_format({"num_format": "yyyy-mm-dd"})}
    written = 0
    for rows in extract.batches():
        for row in rows[: SHEET_ROWS - 2 - written]:
            written += 1
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                if value is not None:
                    _write(sheet, written, place, column, value, formats["date"])
        if written == SHEET_ROWS - 2:
            break
    total = extract.total() or written
    if written == SHEET_ROWS - 2:
        with extract.handle.connect() as connection:
            from data.queries.datasets import count

            total = count(connection, extract.query)
    if total <= written:
        return None
    note = cut_note(extract, written, total)
    sheet.write_string(written + 1, 0, note)
    return note


def _write(sheet: Worksheet, row: int, place: int, column: ColumnSaid, value: Any, as_date: Any) -> None:
    if column.kind in ("integer", "number"):
        sheet.write_number(row, place, value)
    elif column.kind == "boolean":
        sheet.write_boolean(row, place, value)
    elif column.kind == "partial_date" and _WHOLE_DATE.fullmatch(value) and int(value[:4]) > FIRST_EXCEL_YEAR:
        sheet.write_datetime(row, place, date.fromisoformat(value), as_date)
    else:
        sheet.write_string(row, place, value if len(value) <= LONGEST_CELL else f"{value[: LONGEST_CELL - 1]}…")


def _dictionary_sheet(extract: Extract, book: Workbook, sheet: Worksheet) -> None:
    _heading(book, sheet, DICTIONARY[extract.language])
    for row, column in enumerate(extract.columns(), 1):
        values = "; ".join(f"{code} = {label}" for code, label in column.values)
        cells = (column.name, column.label, column.kind, column.unit or "", column.description, values)
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell)


def _sources_sheet(extract: Extract, book: Workbook, sheet: Worksheet, note: str | None) -> None:
    _heading(book, sheet, SOURCES[extract.language])
    language, row = extract.language, 0
    for source in extract.sources():
        said = (source.title[language], source.publisher[language], source.license[language], source.address or "")
        for copy in source.copies:
            row += 1
            cells = (*said, copy.file, copy.fetched_at, copy.via, copy.sha256)
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, cell)
            sheet.write_number(row, len(cells), copy.rows)
    about = (f"Apertura, {extract.title}", extract.release_id, extract.query.canonical(), note or "")
    for line, cell in enumerate(about, row + 2):
        sheet.write_string(line, 0, cell)


def _heading(book: Workbook, sheet: Worksheet, names: tuple[str, ...] | list[str]) -> None:
    bold = book.add_format({"bold": True})
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, bold)
    sheet.freeze_panes(1, 0)
