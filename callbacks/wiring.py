"""The one callback that all pages share: the address changed, so draw what it shows.

The browser puts the new address into the store ``address`` (``assets/site.js``); the answer redraws the lead and the
results and tells, through the store ``shown``, the canonical address and the title. No callback listens to the
browser's own address, so none can answer itself in a loop.
"""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from layouts.components.island import plain_text
from layouts.i18n import locales
from layouts.shell import lead
from web.answers import Answer, Answers
from web.document import tab_title
from web.prerender import frozen


def register(app: Dash, answers: Answers) -> None:
    """Add the callback, and its end in the browser."""

    @app.callback(
        Output("lead", "children"),
        Output("results", "children"),
        Output("shown", "data"),
        Input("address", "data"),
        prevent_initial_call=True,
    )
    def show(address: str) -> tuple[Any, Any, dict[str, Any]]:
        now = answers.at(address)
        return frozen(lead(now.view), ()), frozen(now.view.content, ()), _shown(now)

    shown = ClientsideFunction("apertura", "shown")
    app.clientside_callback(shown, Input("shown", "data"), prevent_initial_call=True)  # type: ignore[no-untyped-call]


def _shown(now: Answer) -> dict[str, Any]:
    """What the browser notes outside Dash's tree: address, title, what to announce, the other languages' addresses."""
    return {
        "address": now.address,
        "title": tab_title(now.view),
        "sentence": plain_text(now.view.sentence),
        "languages": {other.tag: f"{other.link(now.path)}{now.query}" for other in locales()},
    }
