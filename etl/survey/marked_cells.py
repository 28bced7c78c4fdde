"""What the cells of a sheet are beyond their value: formulas, errors such as ``#REF!``, cells that were merged or hidden.

The reader of values gives none of it, so the XML of a file in which there is any is gone through once more, cell by
cell. By then the whole archive was searched for entities, and holds none.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal
from xml.parsers import expat

from defusedxml.ElementTree import fromstring

from etl.survey.book import column_of, letters

Mark = Literal["formula", "error"]
Start = Callable[[str, dict[str, str]], None]
TRUE, UNSEEN = ("1", "true"), ("collapse", "filter")
MOST_ROWS, MOST_COLUMNS = 20_000, 400
"""Of hidden ones: a sheet may hide all that it does not use, a million rows."""
WORKBOOK, RELATIONS, CONTENT = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "content.xml"


@dataclass
class Marks:
    """Of one sheet: the cells with a formula or an error by row (from 1) and column (from 0), the merged ranges, and the
    hidden rows and columns."""

    cells: dict[tuple[int, int], Mark] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def parts_of_xlsx(path: Path) -> Mapping[str, str]:
    """The part of the archive in which each sheet stands, by the name of the sheet."""
    with zipfile.ZipFile(path) as archive:
        workbook, relations = fromstring(archive.read(WORKBOOK)), fromstring(archive.read(RELATIONS))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    return {
        sheet.get("name", ""): _in_archive(targets.get(_named(sheet.attrib, "id"), ""))
        for sheet in workbook.iter()
        if _local(sheet.tag) == "sheet"
    }


def marks_of_xlsx(path: Path, part: str) -> Marks:
    """The marks of the sheet in a part of the archive, but for its merged ranges."""
    found, row, column = Marks(), 0, -1

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        match _local(name):
            case "col":
                first, last = int(attributes["min"]), min(int(attributes["max"]), MOST_COLUMNS)
                if attributes.get("hidden") in TRUE:
                    found.hidden_columns += range(first - 1, last)
            case "row":
                row, column = int(attributes.get("r", row + 1)), -1
                if attributes.get("hidden") in TRUE:
                    found.hidden_rows.append(row)
            case "c":
                # A cell need not say where it stands: then it follows the one before.
                column = column_of(attributes["r"].rstrip("0123456789")) if "r" in attributes else column + 1
                if attributes.get("t") == "e":
                    found.cells[row, column] = "error"
            case "f":
                found.cells.setdefault((row, column), "formula")

    _go_through(path, part, start)
    return found


def marks_of_ods(path: Path) -> Mapping[str, Marks]:
    """The marks of each sheet by its name."""
    found: dict[str, Marks] = {}
    sheet, row, column, last_row, last_column, last_listed = Marks(), 1, 0, 1, 0, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal sheet, row, column, last_row, last_column, last_listed
        match _local(name):
            case "table":
                sheet = found.setdefault(_named(attributes, "name") or "", Marks())
                last_row = last_listed = 0
            case "table-column":
                first, last_listed = last_listed, last_listed + _count(attributes, "number-columns-repeated")
                if _named(attributes, "visibility") in UNSEEN:
                    sheet.hidden_columns += range(first, min(last_listed, MOST_COLUMNS))
            case "table-row":
                row, last_column = last_row + 1, -1
                last_row += _count(attributes, "number-rows-repeated")
                if _named(attributes, "visibility") in UNSEEN:
                    sheet.hidden_rows += range(row, min(last_row, row + MOST_ROWS) + 1)
            case "table-cell" | "covered-table-cell":
                column = last_column + 1
                last_column += _count(attributes, "number-columns-repeated")
                _mark(attributes)

    def _mark(attributes: dict[str, str]) -> None:
        if _named(attributes, "value-type", "calcext") == "error":
            sheet.cells[row, column] = "error"
        elif _named(attributes, "formula") is not None:
            sheet.cells[row, column] = "formula"
        wide, high = _count(attributes, "number-columns-spanned"), _count(attributes, "number-rows-spanned")
        if wide > 1 or high > 1:
            sheet.merged.append(f"{letters(column)}{row}:{letters(column + wide - 1)}{row + high - 1}")

    _go_through(path, CONTENT, start)
    return found


def _go_through(path: Path, part: str, start: Start) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        parser.ParseFile(stream)


def _count(attributes: Mapping[str, str], name: str) -> int:
    return int(_named(attributes, name) or 1)


def _named(attributes: Mapping[str, str], name: str, space: str = "") -> str | None:
    """An attribute by its local name; ``space`` is a part of its namespace, where two have one name."""
    return next((text for key, text in attributes.items() if _local(key) == name and space in key), None)


def _local(name: str) -> str:
    """A name without its namespace, as ElementTree (``{space}name``) and expat (``space name``) write it."""
    return name.replace("}", " ").rpartition(" ")[2]


def _in_archive(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
