"""A chart from one dict: drawn by the server at once, made interactive by plotly.js when it arrives."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts.components.picture import picture, settled

HEIGHT = 320
_CONFIG: Any = {"displayModeBar": False, "responsive": True, "scrollZoom": False}


def chart(figure: dict[str, Any], *, key: str, height: int = HEIGHT) -> Component:
    """An interactive chart of `figure` (``data`` and ``layout`` as plotly.js takes them; see `picture` for what is drawn).

    `key` is its id on the page, `height` is in pixels. What it says to who cannot see it is the sentence of its view.
    """
    exact = settled(figure, height)
    graph = dcc.Graph(
        id=f"{key}-grafica", figure=exact, config=_CONFIG, className="interactive", style={"height": f"{height}px"}
    )
    return html.Div([picture(exact), graph], className="chart", style={"height": f"{height}px"})
