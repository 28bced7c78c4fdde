"""A share on a line from 0 to 1, with a mark for what it is compared with."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts.components.island import Node, with_attributes


def gauge(value: float | None, mark: float | None = None, status: str = "verified") -> Component:
    """A bar for `value` (0 to 1, None draws the pattern of no data) and a line at `mark`.

    It repeats what stands in words in the same row, so it is hidden from assistive technology. `status` is its class.
    """
    inside: list[Node] = []
    if value is not None:
        inside.append(html.I(className=status, style={"width": f"{min(max(value, 0), 1) * 100:.1f}%"}))
    if mark is not None:
        inside.append(html.B(style={"left": f"{min(max(mark, 0), 1) * 100:.1f}%"}))
    drawn = html.Span(inside, className="gauge" if value is not None else "gauge unknown")
    return with_attributes(drawn, {"aria-hidden": "true"})
