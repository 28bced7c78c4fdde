"""The 32 states as a map whose shapes are links, with the centre of the country enlarged beside it.

The outlines stand on the page once (`map_outlines`, drawn still); the map refers to them, so a change of layer sends
some bytes for each state and not its coast.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from layouts.components.island import Attributes, Island, element
from layouts.i18n import Locale
from settings import ROOT

_OUTLINES = ROOT / "data" / "geo" / "state_paths.json"
CREDIT = "INEGI, Marco Geoestadístico, vía webrek/mx-geo (MIT)"
# Too small to touch on a telephone: their links are in the enlarged centre.
SMALL = ("09", "17", "29")
_CENTRE = ("09", "15", "17", "29")
_ROOM = 12


@dataclass(frozen=True)
class MapState:
    """How a state is drawn: its status class, what it says ("Jalisco: con plan de acción"), and where it leads."""

    status: str
    label: str
    href: str


def map_outlines() -> Component:
    """The outlines and the hatching that every map on the page refers to; goes into ``still`` of the page."""
    hatching = element(
        "pattern",
        {
            "id": "hatching",
            "width": 14,
            "height": 14,
            "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        },
        element("rect", {"width": 14, "height": 14, "class": "hatching-ground"})
        + element("rect", {"width": 4, "height": 14, "class": "hatching-line"}),
    )
    shapes = [
        element("path", {"id": f"mx-{code}", "d": state["path"]}) for code, state in _outlines()["states"].items()
    ]
    inside = element("defs", html=Markup("").join([hatching, *shapes]))
    return Island("svg", inside, {"width": 0, "height": 0, "class": "outlines", "aria-hidden": "true"})


def state_map(states: Mapping[str, MapState], locale: Locale) -> Component:
    """The map; every state must be in `states`, one without a datum with the status ``no-data``."""
    outlines = _outlines()
    whole = {"viewBox": f"0 0 {outlines['width']} {outlines['height']}", "class": "country", "role": "group"}
    country = [_shape(code, states[code], link=code not in SMALL) for code in outlines["states"]]
    near = [_shape(code, states[code], link=code in SMALL) for code in _around_centre()]
    centre = {"viewBox": _centre_box(), "class": "centre", "role": "group"}
    return html.Div(
        [
            _drawing(country, {**whole, "aria-label": locale.text("Mapa de las 32 entidades")}),
            _drawing(near, {**centre, "aria-label": locale.text("Centro del país, ampliado")}),
        ],
        className="map",
    )


def _drawing(shapes: list[Markup], attributes: Attributes) -> Island:
    return Island("svg", Markup("").join(shapes), attributes)


def _shape(code: str, state: MapState, *, link: bool) -> Markup:
    inside = element("title", html=state.label) + element("use", {"href": f"#mx-{code}"})
    # The same state stands twice where the centre overlaps; only one of the two is a stop for keyboard and voice.
    spoken: Attributes = {"aria-label": state.label} if link else {"tabindex": "-1", "aria-hidden": "true"}
    return element("a", {"href": state.href, "class": state.status, **spoken}, inside)


def _around_centre() -> list[str]:
    """The states that reach into the enlarged part."""
    left, top, width, height = _centre()
    found = []
    for code, state in _outlines()["states"].items():
        x, y, wide, high = state["box"]
        if x < left + width and x + wide > left and y < top + height and y + high > top:
            found.append(code)
    return found


def _centre() -> tuple[int, int, int, int]:
    boxes = [_outlines()["states"][code]["box"] for code in _CENTRE]
    left, top = min(box[0] for box in boxes) - _ROOM, min(box[1] for box in boxes) - _ROOM
    right, bottom = max(box[0] + box[2] for box in boxes) + _ROOM, max(box[1] + box[3] for box in boxes) + _ROOM
    return left, top, right - left, bottom - top


def _centre_box() -> str:
    return " ".join(str(side) for side in _centre())


@lru_cache(maxsize=1)
def _outlines() -> dict[str, Any]:
    outlines: dict[str, Any] = json.loads(_OUTLINES.read_text())
    return outlines
