"""The figure beside the sentence: what the page itself draws first, small and without its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dash.development.base_component import Component
from markupsafe import Markup

from layouts.components.island import Attributes, Children, Island, element, plain_text
from layouts.components.state_map import SMALL, MapState, map_outlines, state_map
from layouts.components.tree import class_of, of_kind, within
from web.answers import Answer

STATES = [f"{number:02d}" for number in range(1, 33)]
ROW, TRACK, MOST_ROWS = 76, 24, 5
LONGEST_NAME = 34


def figure(now: Answer, width: float) -> Markup:
    """The drawing for an answer, from its own top left corner and as wide as given; empty where the page draws none."""
    here = re.fullmatch(r"/estados/(\d\d)", now.path)
    if here is not None:
        shown = {code: MapState("here" if code == here[1] else "elsewhere", "", "") for code in STATES}
        country, centre = within(state_map(shown, now.locale), lambda node: isinstance(node, Island))
        return _svg(centre if here[1] in SMALL else country, width)
    drawings: dict[str, Callable[[Component, float], Markup]] = {"map": _map, "bars": _bars}
    found = next(within(now.view.whole, lambda node: class_of(node) in drawings), None)
    return drawings[class_of(found)](found, width) if found is not None else Markup("")


def _map(box: Component, width: float) -> Markup:
    return _svg(next(within(box, lambda node: isinstance(node, Island))), width)


def _svg(drawing: Component, width: float) -> Markup:
    """A map of the page, with its outlines; its links lead nowhere here, and are groups."""
    view_box = str(drawing.attributes["viewBox"])  # type: ignore[attr-defined]
    _, _, wide, high = map(float, view_box.split())
    inside = re.sub(r"<a [^>]*?(class=\"[^\"]*\")[^>]*>", r"<g \1>", str(drawing.html))  # type: ignore[attr-defined]
    outlines = Markup(map_outlines().html)  # type: ignore[attr-defined]
    size: Attributes = {"viewBox": view_box, "width": f"{width:g}", "height": f"{width * high / wide:.0f}"}
    return element("svg", size, outlines + Markup(inside.replace("</a>", "</g>")))


def _bars(table: Component, width: float) -> Markup:
    drawn = []
    rows = list(of_kind(table.children[-1], "Tr"))
    for number, row in enumerate(rows[:MOST_ROWS]):
        name, track, value = row.children
        words: Attributes = {"y": 22, "class": "name"}
        drawn.append(
            element(
                "g",
                {"transform": f"translate(0 {number * ROW})"},
                element("text", words, _short(_words(name)))
                + element("text", {**words, "x": f"{width:g}", "class": "value"}, plain_text(value))
                + element("g", {"transform": "translate(0 34)"}, _bar(track, width)),
            )
        )
    return Markup("").join(drawn)


def _bar(cell: Component, width: float) -> Markup:
    drawn = [element("rect", {"width": f"{width:g}", "height": TRACK, "class": "no-data"})]
    start = 0.0
    for part in of_kind(cell, "I"):
        share = float(str(part.style["width"]).removesuffix("%")) / 100  # type: ignore[attr-defined]
        place: Attributes = {"x": f"{start * width:.1f}", "width": f"{share * width:.1f}", "height": TRACK}
        drawn.append(element("rect", {**place, "class": class_of(part)}))
        start += share
    return Markup("").join(drawn)


def _words(name: Component) -> str:
    """The words of a row's name without those in small print under it."""
    said: Children = getattr(name, "children", None)
    parts = said if isinstance(said, Sequence) and not isinstance(said, str) else [said]
    return " ".join("".join(plain_text(part) for part in parts if not _is_detail(part)).split())


def _is_detail(part: Children) -> bool:
    return isinstance(part, Component) and part._type in ("Small", "P", "Div", "Details")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}…"
