"""The one callback that all pages share: the page was written for another address, so draw its charts.

The browser writes the page itself (``assets/filters.js``, `web.parts`) and puts its address into the store ``address``.
No callback listens to the browser's own address, so none can answer itself in a loop.
"""

from __future__ import annotations

from dash import Dash, Input, Output

from layouts.components.place import Place, places
from web.answers import Answers


def register(app: Dash, answers: Answers) -> None:
    """Add the callback."""

    @app.callback(Output("places", "children"), Input("address", "data"), prevent_initial_call=True)
    def draw(address: str) -> list[Place]:
        return places(answers.at(address).view.content, address)
