"""A long list page by page, by links that work without scripts: which rows are shown, of how many, and the way on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from dash import html
from dash.development.base_component import Component

from layouts.components.island import Node, with_attributes
from layouts.page import Visit

Row = TypeVar("Row")
PARAMETER = "pagina"


@dataclass(frozen=True)
class Span:
    """One page of a list: its number (from 1), how many pages there are, and which rows it shows (from 1, inclusive)."""

    number: int
    pages: int
    first: int
    last: int
    total: int

    def of(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows of this page out of all of them."""
        return rows[self.first - 1 : self.last]


def page_of(visit: Visit, total: int, size: int) -> Span:
    """The page that the address asks for; all of it for a file. Raises BadFilter for one beyond the last."""
    if visit.whole:
        return span(1, total, max(1, total))
    return span(visit.query.number(PARAMETER, last=max(1, -(-total // size))), total, size)


def span(number: int, total: int, size: int) -> Span:
    """Page `number` of `total` rows, `size` to a page."""
    return Span(number, max(1, -(-total // size)), (number - 1) * size + 1, min(number * size, total), total)


def paging(visit: Visit, shown: Span, anchor: str) -> list[Component]:
    """The line under a list with the way to the pages before and after; nothing where one page holds it all.

    The links lead to `anchor`, the id of the list, so that the next rows are seen from the first.
    """
    if shown.pages == 1:
        return []
    locale, _ = visit.locale, visit.locale.text
    said = _(
        "{first}–{last} de {total}",
        first=locale.number(shown.first),
        last=locale.number(shown.last),
        total=locale.number(shown.total),
    )
    links: list[Node] = [html.Span(said)]
    if shown.number > 1:
        before = shown.number - 1
        href = f"{visit.query.link(**{PARAMETER: before if before > 1 else None})}#{anchor}"
        links.append(html.A(_("← Anteriores"), href=href, rel="prev"))
    if shown.number < shown.pages:
        href = f"{visit.query.link(**{PARAMETER: shown.number + 1})}#{anchor}"
        links.append(html.A(_("Siguientes →"), href=href, rel="next"))
    return [with_attributes(html.Nav(links, className="paging"), {"aria-label": _("Páginas de la lista")})]
