"""What an uploaded file is, and whether it may be opened at all: judged by its content, never by its name.

Spreadsheets are archives of XML written by others. Before anything reads them: their size, the size they unpack to,
macros, passwords and entities are looked at, and each refusal has its own message.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["xlsx", "ods", "csv"]

MOST_BYTES = 50_000_000
MOST_ENTRIES = 2_000
MOST_UNPACKED_BYTES = 250_000_000
MOST_TIMES_LARGER = 400
SMALL_UNPACKED_BYTES = 20_000_000
_CHUNK, _OVERLAP = 1 << 20, 64
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
# A formula, an error, or hidden rows or columns in XLSX; the same and joined cells in ODS. Plain texts, because a pattern takes longer
# to search for in the megabytes of a large sheet than everything else here.
_MARKED = (
    *(b"%b%b" % (start, end) for start in (b"<f", b":f") for end in (b">", b" ", b"/")),
    b't="e"', b"t='e'", b":formula=", b'value-type="error"', b"-spanned=",
    b'hidden="1"', b'hidden="true"', b'visibility="collapse"', b'visibility="filter"',
)  # fmt: skip


class FileRefusedError(Exception):
    """A file that is not read at all. ``code`` names the reason, ``message`` says in Spanish what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass
class Inside:
    """What a look at the XML of an archive told: merged ranges by part (``A2:A5``, XLSX only), and the parts with
    formulas, errors, hidden rows or columns or, in ODS, merged cells."""

    merged: dict[str, list[str]] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)


def kind_of(path: Path) -> Kind:
    """What the file is; raises ``FileRefusedError`` for what cannot be read or must not be opened."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefusedError("empty_file", "El archivo está vacío. Guárdelo de nuevo y vuelva a enviarlo.")
    if size > MOST_BYTES:
        raise FileRefusedError(
            "too_large",
            f"El archivo pesa {size / 1e6:,.0f} MB y el máximo son {MOST_BYTES / 1e6:.0f} MB. Quite imágenes y hojas ajenas a la encuesta.",
        )
    with path.open("rb") as stream:
        start = stream.read(1024)
    if start.startswith(_OLE):
        raise _ole(path)
    if start.startswith(b"PK"):
        return _archive(path)
    return _text(start)


def look_inside(path: Path) -> Inside:
    """Read through every XML part of an archive, a piece at a time; raises ``FileRefusedError`` for entities."""
    found = Inside()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                _scan(archive, entry, found)
    return found


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, found: Inside) -> None:
    tail = b""
    ranges: dict[str, None] = {}
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            window = tail + piece
            if _ENTITY.search(window):
                raise FileRefusedError(
                    "xml_entities",
                    "El archivo declara entidades XML, que ninguna hoja de cálculo necesita y que pueden bloquear el "
                    "equipo. Ábralo en su programa, guárdelo de nuevo y envíe esa copia.",
                )
            if b"mergeCell" in window:
                ranges |= {match.decode(): None for match in _MERGED.findall(window)}
            if any(mark in window for mark in _MARKED):
                found.marked.add(entry.filename)
            tail = window[-_OVERLAP:]
    if ranges:
        found.merged[entry.filename] = list(ranges)


def _ole(path: Path) -> FileRefusedError:
    """Why a file in Microsoft's old container is refused: a workbook with a password, or one of before 2007."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return FileRefusedError(
            "password",
            "El archivo está protegido con contraseña. Ábralo, quite la contraseña (Archivo, Información, Proteger "
            "libro) y guárdelo de nuevo.",
        )
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return FileRefusedError(
            "old_xls",
            "El archivo es un Excel de antes de 2007 (.xls), aunque su nombre diga otra cosa. Guárdelo como «Libro de Excel (.xlsx)».",
        )
    return FileRefusedError(
        "not_a_spreadsheet", "El archivo es un documento de Office que no es una hoja de cálculo .xlsx u .ods."
    )


def _archive(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            _check_size(entries, path.stat().st_size)
            if any(entry.flag_bits & 1 for entry in entries):
                raise FileRefusedError(
                    "password", "El archivo está comprimido con contraseña. Envíe la hoja de cálculo sin contraseña."
                )
            return _spreadsheet(archive, names)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise FileRefusedError(
            "damaged",
            "El archivo está dañado o incompleto. Ábralo en su programa, guárdelo de nuevo y vuelva a enviarlo.",
        ) from error


def _check_size(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    times = unpacked / max(packed, 1)
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED_BYTES
        or (unpacked > SMALL_UNPACKED_BYTES and times > MOST_TIMES_LARGER)
    ):
        raise FileRefusedError(
            "zip_bomb",
            f"El archivo se expande a {unpacked / 1e6:,.0f} MB ({times:,.0f} veces su tamaño, {len(entries)} partes), más de lo "
            "que se acepta. Copie sus respuestas en una plantilla nueva.",
        )


def _spreadsheet(archive: zipfile.ZipFile, names: set[str]) -> Kind:
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise FileRefusedError(
            "macros",
            "El archivo contiene macros, que no se aceptan. Guárdelo como «Libro de Excel (.xlsx)», sin macros, y envíe esa copia.",
        )
    if "xl/workbook.bin" in names:
        raise FileRefusedError(
            "binary_workbook", "El archivo es un libro binario (.xlsb). Guárdelo como «Libro de Excel (.xlsx)»."
        )
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        if b"opendocument.spreadsheet" not in archive.read("mimetype")[:100]:
            raise FileRefusedError(
                "not_a_spreadsheet", "El archivo es un documento de LibreOffice que no es una hoja de cálculo (.ods)."
            )
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise FileRefusedError(
                "password", "El archivo está protegido con contraseña. Ábralo y guárdelo de nuevo sin contraseña."
            )
        return "ods"
    raise FileRefusedError(
        "not_a_spreadsheet", "El archivo es un archivo comprimido o un documento que no es una hoja de cálculo."
    )


def _text(start: bytes) -> Kind:
    lowered = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(b"%PDF"):
        raise FileRefusedError(
            "not_a_spreadsheet", "El archivo es un PDF. Envíe la plantilla llena (.xlsx, .ods o .csv)."
        )
    if lowered.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"{\\rtf")):
        raise FileRefusedError(
            "not_a_spreadsheet",
            "El archivo es una página o un documento con nombre de hoja de cálculo. Guárdelo como .xlsx, .ods o .csv.",
        )
    if b"\x00" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefusedError(
            "not_a_spreadsheet", "El archivo no es una hoja de cálculo ni un CSV. Envíe .xlsx, .ods o .csv."
        )
    return "csv"
