"""The rows that a view shows, read from its very tree: what a reader takes away is what stands on the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from dash.development.base_component import Component

from layouts.components.island import Children, plain_text
from layouts.components.tree import class_of, of_class, of_kind, within
from layouts.i18n import Locale

Value = str | int | float | None
Cells = Sequence[Component]

_NUMBER = re.compile(r"[-−]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
# What is read with a pause after it: the entries of a list, the lines of a cell.
_PAUSES = {"Li": "; ", "P": " ", "Div": " ", "Br": " ", "Dt": " ", "Dd": " "}
_SEPARATORS = " ;·"


@dataclass(frozen=True)
class Shown:
    """Rows with the headings and words of the page. Numbers are numbers, and None is "sin dato"."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class _Field:
    """A column of the file: its heading, and how it is read from the cells of a row."""

    name: str
    read: Callable[[Cells], Value]


def has_rows(node: Children) -> bool:
    """Whether there is a table in a part of a page, or a record: names and values of one thing."""
    return next(within(node, _is_table), None) is not None


def shown_rows(view: Component, locale: Locale) -> Shown | None:
    """The table of a view, its twin before its figure; None where it has none.

    Several tables (panels) become one with a first column that names each by its heading or caption. Bars whose parts are counts
    become a column each, and so does what stands in small print under a value.
    """
    twin = of_class(view, "twin")
    tables = list(_named_tables(twin if has_rows(twin) else of_class(view, "figure")))
    if not tables:
        return None
    group = [locale.text("Grupo")] if len(tables) > 1 else []
    columns: dict[str, None] = dict.fromkeys(group)
    records: list[dict[str, Value]] = []
    for name, table in tables:
        fields = list(_fields(table, locale))
        columns.update((field.name, None) for field in fields)
        called: dict[str, Value] = dict.fromkeys(group, name)
        records += [called | {field.name: field.read(cells) for field in fields} for cells in _rows(table)]
    # A column of gauges draws what stands beside it in figures.
    said = [name for name in columns if not records or any(record.get(name, "") != "" for record in records)]
    return Shown(tuple(said), tuple(tuple(record.get(name) for name in said) for record in records))


def title_said(view: Component) -> str:
    """The sentence of a view."""
    return plain_text(next(of_kind(view, "H2"), None))


def described(view: Component, address: str, release_id: str, locale: Locale) -> dict[str, str]:
    """What a file says of itself, by the name of each entry: the sentence, where it is shown, release, source and date."""
    _ = locale.text
    return {
        _("Título"): title_said(view),
        _("Página"): address,
        _("Versión de los datos"): release_id,
        _("Fuente"): source_said(view),
    }


def source_said(view: Component) -> str:
    """What the foot of a view says of its sources and date."""
    foot = of_class(view, "foot")
    return plain_text(foot.children[0]) if foot is not None else ""


def _named_tables(part: Children) -> Iterator[tuple[str, Component]]:
    """The tables of a part of a page, each with the heading before it or, without one, its caption."""
    heading = ""
    for node in within(part, lambda each: _is_table(each) or each._type in ("H3", "H4")):
        if _is_table(node):
            yield heading or _text(next(of_kind(_inside(node), "Caption"), None)), node
            heading = ""
        else:
            heading = _text(node)


def _fields(table: Component, locale: Locale) -> Iterator[_Field]:
    rows, detail = list(_rows(table)), locale.text("detalle")
    headings = [_text(cell) for cell in of_kind(next(of_kind(_inside(table), "Thead"), None), "Th", "Td")]
    if table._type == "Dl":
        headings = [locale.text("Dato"), locale.text("Valor")]
    names: list[str] = []
    for place, heading in enumerate(headings):
        name = heading if heading not in names else f"{heading} ({place + 1})"
        cells = [row[place] for row in rows]
        parts = _parts(cells)
        if parts:
            names += parts
            yield from (_Field(part, partial(_part, place=place, name=part)) for part in parts)
        else:
            names.append(name)
            yield _Field(name, partial(_value, place=place, heading=heading))
            if any(_detail([cell], 0) for cell in cells):
                yield _Field(f"{name} ({detail})", partial(_detail, place=place))


def _rows(table: Component) -> Iterator[Cells]:
    """The cells of each row."""
    if table._type == "Dl":
        yield from (list(row.children) for row in of_kind(_inside(table), "Div"))
    else:
        rows = of_kind(next(of_kind(_inside(table), "Tbody"), None), "Tr")
        yield from (list(of_kind(row, "Th", "Td")) for row in rows)


def _parts(cells: Cells) -> list[str]:
    """The names of what bars are made of; none where they are no bars, or not of counts."""
    counts = [_counts(cell) for cell in cells if class_of(cell) == "bar-cell"]
    if len(counts) != len(cells) or any(count is None for count in counts):
        return []
    return list(dict.fromkeys(name for count in counts for name in count or ()))


def _part(cells: Cells, place: int, name: str) -> Value:
    counts = _counts(cells[place])
    return counts.get(name, 0) if counts else None


def _counts(cell: Component) -> dict[str, int] | None:
    """``completo: 5; limitado: 8`` as numbers by name, empty for a bar without parts; None for other words."""
    track = of_class(cell, "track")
    if track is None or not track.children:
        return {}
    found: dict[str, int] = {}
    for words in _text(track).split("; "):
        name, _, count = words.rpartition(": ")
        if not name or not re.fullmatch(r"[\d,]+", count):
            return None
        found[name] = int(count.replace(",", ""))
    return found


def _value(cells: Cells, place: int, heading: str) -> Value:
    """What a cell says besides its small print; all of it where that is all. A mark need not repeat its heading."""
    cell = cells[place]
    text = (_text(cell, small=False) or _text(cell)).removeprefix(f"{heading}: ")
    unknown = of_class(cell, "no-data")
    if unknown is not None and _text(unknown) == text:
        return None
    if class_of(cell) == "num" and _NUMBER.fullmatch(text):
        number = text.replace(",", "").replace("−", "-")
        return float(number) if "." in number else int(number)
    return text


def _detail(cells: Cells, place: int) -> Value:
    cell = cells[place]
    small = "; ".join(_text(part) for part in of_kind(_inside(cell), "Small"))
    return small if _text(cell, small=False) else ""


def _text(node: Children, *, small: bool = True) -> str:
    """What is read of a part of a page; without what is in small print, if not `small`."""
    return " ".join(_read(node, small).split()).strip(_SEPARATORS)


def _read(node: Children, small: bool) -> str:
    if isinstance(node, Component):
        if node._type == "Small" and not small:
            return ""
        # A mark without words is read by its label, an abbreviation by what it stands for.
        inside = "" if node._type == "Abbr" else _read(_inside(node), small)
        if not inside.strip():
            inside = str(getattr(node, "aria-label", None) or getattr(node, "title", None) or inside)
        return f"{inside}{_PAUSES.get(node._type, '')}"
    if isinstance(node, Sequence) and not isinstance(node, str):
        return "".join(_read(child, small) for child in node)
    return plain_text(node)


def _inside(node: Component) -> Children:
    inside: Children = getattr(node, "children", None)
    return inside


def _is_table(node: Component) -> bool:
    return node._type == "Table" or (node._type == "Dl" and class_of(node) == "record")
