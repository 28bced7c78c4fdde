"""Tables: the twin of every picture, and the table whose cells are the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dash import html
from dash.development.base_component import Component

from layouts.components.island import Children, Node, plain_text, with_attributes
from layouts.components.texts import no_data
from layouts.i18n import Locale


@dataclass(frozen=True)
class Column:
    """A column: its heading; `kind` "number" aligns to the right, "row" names the row; `sort` is a link that sorts by it.

    `sorted` says how the rows are sorted by this column now, if they are.
    """

    name: Children
    kind: Literal["text", "number", "row"] = "text"
    sort: str | None = None
    sorted: Literal["ascending", "descending"] | None = None


@dataclass(frozen=True)
class Part:
    """A part of a bar: its share of the whole (0 to 1), a status class (see `Key`) and its words for who cannot see it."""

    share: float
    status: str
    words: str


@dataclass(frozen=True)
class Bar:
    """A row of a table with bars; no parts means no datum, drawn as hatching."""

    name: Children
    parts: Sequence[Part]
    value: Node
    detail: Children = None


@dataclass(frozen=True)
class Key:
    """An entry of the legend: a status class and what it means.

    Status classes, each with a colour and a pattern of its own: ``verified``, ``completed``, ``started``,
    ``not-started``, ``no-data``, and ``level-1`` (least) to ``level-4`` (most) for layers of the map.
    """

    status: str
    name: Children


def key(entries: Sequence[Key]) -> Component:
    """The legend, in the order of the picture."""
    return html.Ul(
        [html.Li([html.Span(className=f"swatch {entry.status}"), html.Span(entry.name)]) for entry in entries],
        className="key",
    )


def table(
    caption: Children,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Node]],
    locale: Locale,
    *,
    cards: bool = False,
) -> Component:
    """A plain table; None in a cell is shown as "sin dato". It scrolls sideways within itself when it is too wide.

    With `cards`, on small screens each row is a card instead: its name, then each cell under its heading. For rows that
    are read one by one; where columns are compared, let it scroll.
    """
    body = [
        html.Tr([_cell(column, cell, locale, cards) for column, cell in zip(columns, row, strict=True)]) for row in rows
    ]
    head = html.Thead(html.Tr([_heading(column) for column in columns]))
    drawn = html.Table([html.Caption(caption), head, html.Tbody(body)], className="cards" if cards else None)
    # A region that scrolls must be reachable by keyboard.
    box = html.Div(drawn, className="scroll", tabIndex="0", role="group")
    return with_attributes(box, {"aria-label": locale.text("Tabla")})


def bars(
    caption: Children, headings: tuple[Children, Children, Children], rows: Sequence[Bar], locale: Locale
) -> Component:
    """A table whose middle column is a stacked bar: picture and table in one.

    `headings` name the rows, the bars and the values. Shares of a row should sum to 1; what is missing stays hatched.
    """
    name, track, value = headings
    head = [html.Th(name, scope="col"), html.Th(track, scope="col"), html.Th(value, scope="col", className="num")]
    return html.Table(
        [html.Caption(caption), html.Thead(html.Tr(head)), html.Tbody([_bar(row, locale) for row in rows])],
        className="bars",
    )


def _heading(column: Column) -> Component:
    inside: Children = column.name
    if column.sort is not None:
        inside = with_attributes(html.A(column.name, href=column.sort), {"data-query": ""})
    heading = html.Th(inside, scope="col", className="num" if column.kind == "number" else None)
    return with_attributes(heading, {"aria-sort": column.sorted} if column.sorted else {})


def _cell(column: Column, value: Node, locale: Locale, labelled: bool) -> Component:
    shown = no_data(locale) if value is None else value
    if column.kind == "row":
        return html.Th(shown, scope="row")
    cell = html.Td(shown, className="num" if column.kind == "number" else None)
    return with_attributes(cell, {"data-label": plain_text(column.name)} if labelled else {})


def _bar(row: Bar, locale: Locale) -> Component:
    words = "; ".join(part.words for part in row.parts) or locale.text("sin dato")
    drawn = [
        html.I(className=part.status, style={"width": f"{part.share * 100:.2f}%"})
        for part in row.parts
        if part.share > 0
    ]
    name: list[Node] = [*(row.name if isinstance(row.name, list) else [row.name])]
    if row.detail is not None:
        name += [" ", html.Small(row.detail)]
    track = with_attributes(html.Span(drawn, className="track", role="img"), {"aria-label": words})
    value = no_data(locale) if row.value is None else row.value
    return html.Tr([html.Th(name, scope="row"), html.Td(track, className="bar-cell"), html.Td(value, className="num")])
