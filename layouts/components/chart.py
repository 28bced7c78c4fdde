"""A chart from one dict: drawn by the server at once, made interactive by plotly.js when it arrives."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts.components.island import with_attributes
from layouts.components.picture import picture, settled
from layouts.i18n import Locale

HEIGHT = 320
_CONFIG: Any = {"displayModeBar": False, "responsive": True, "scrollZoom": False}


def chart(figure: dict[str, Any], *, key: str, locale: Locale, height: int = HEIGHT) -> Component:
    """An interactive chart of `figure` (``data`` and ``layout`` as plotly.js takes them; see `picture` for what is drawn).

    `key` is its id on the page, `height` is in pixels. Who cannot see it has the sentence and the table of its view,
    which say the same. The button is shown only to who saves data, for whom nothing is loaded unasked.
    """
    exact = settled(figure, height)
    graph = dcc.Graph(
        id=f"{key}-grafica", figure=exact, config=_CONFIG, className="interactive", style={"height": f"{height}px"}
    )
    box = html.Div([picture(exact), graph], className="chart", style={"height": f"{height}px"})
    button = html.Button(locale.text("Hacer interactivo"), type="button", className="enliven")
    return html.Div(
        [with_attributes(box, {"aria-hidden": "true"}), with_attributes(button, {"data-enliven": ""})],
        className="charted",
    )
