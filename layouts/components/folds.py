"""What is folded away on a telephone: details of a long page, open wherever there is room for them, and on paper."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts.components.island import Children

# Rows that a telephone shows without being asked.
FEW = 6


def fold(summary: Children, inside: Component) -> Component:
    """`inside` under a line that opens it on small screens; on wide ones the line is not there.

    It is one native element: it opens without scripts, by keyboard, for a search within the page and for a link into it.
    """
    return html.Details([html.Summary(summary), inside], className="fold")


def fold_list(length: int, summary: Children, inside: Component) -> Component:
    """The same for a list of so many rows; a short one stands as it is."""
    return fold(summary, inside) if length > FEW else inside
