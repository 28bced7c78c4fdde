"""A view as a picture of its own: an SVG with the sentence, the figure, the legend, the sources and the date.

It is drawn from the very tree of the page: maps and charts are SVG there already, bars are read from their table.
Colours are those of the light scheme, since a picture in a document or a chat cannot follow the reader's. Browsers do
not tell a server how wide a text will be, so lines are broken as the widest letters would need (`web.letters`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dash.development.base_component import Component
from markupsafe import Markup

from layouts.components.island import Attributes, Children, Island, element, plain_text
from layouts.components.shown import source_said, title_said
from layouts.components.state_map import map_outlines
from layouts.components.tree import class_of, of_class, of_kind, within
from layouts.components.view import DRAWABLE
from layouts.shell import SITE
from web.answers import Answer
from web.assets import resolved
from web.letters import Face
from web.prerender import rendered

WIDTH, EDGE = 960, 32
INNER = WIDTH - 2 * EDGE
ROW, TRACK = 36, 20
CENTRE_SHARE = 0.27
_STYLE = """
text { font-family: var(--sans); fill: var(--ink); }
.kicker { font-size: 13px; font-weight: 600; letter-spacing: 0.02em; fill: var(--ink-3); }
.sentence { font-family: var(--serif); font-size: 27px; font-weight: 600; }
.heading { font-size: 16px; font-weight: 600; } .name { font-size: 15px; } .said, .legend { font-size: 14px; fill: var(--ink-2); }
.source { font-size: 13px; fill: var(--ink-3); } .value { font-size: 15px; text-anchor: end; }
.ground { fill: var(--surface); } .track { fill: none; stroke: var(--edge); } .rule { stroke: var(--line); }
.verified { fill: var(--verified); } .completed { fill: url(#completed); } .started { fill: url(#started); }
.not-started { fill: var(--not-started); } .no-data { fill: url(#no-data); }
.level-1 { fill: var(--level-1); } .level-2 { fill: var(--level-2); } .level-3 { fill: var(--level-3); } .level-4 { fill: var(--level-4); }
use { stroke: var(--edge); stroke-width: 0.75; vector-effect: non-scaling-stroke; }
.picture text { font-size: 13px; fill: var(--ink-2); paint-order: stroke; stroke: var(--surface); stroke-width: 3px; } .grid line { stroke: var(--line); }
.hatching-ground { fill: var(--surface); } .hatching-line { fill: var(--line-2); }
"""
_PATTERNS = Markup(
    '<pattern id="completed" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" '
    'style="fill:var(--completed)"/><rect width="1" height="6" fill="#fff" fill-opacity="0.35"/></pattern>'
    '<pattern id="started" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" '
    'style="fill:var(--started)"/><circle cx="2.5" cy="2.5" r="0.9" fill-opacity="0.28"/></pattern>'
    '<pattern id="no-data" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" style="fill:var(--surface)"/><rect width="1.2" height="6" '
    'style="fill:var(--line-2)"/></pattern>'
)


@dataclass(frozen=True)
class Block:
    """A part of the picture: its drawing, from its own top left corner, and its height."""

    drawing: Markup
    height: float


def standalone(now: Answer, view: Component, host: str) -> str:
    """The SVG of a view whose figure is `layouts.components.view.drawable`."""
    blocks = [
        _lines(now.view.title.upper(), "kicker", 13, Face.BOLD),
        _lines(title_said(view), "sentence", 27, Face.BOLD),
        _legend([(str(swatch), plain_text(name)) for swatch, name in _legend_entries(view)]),
        *_figure(of_class(view, "figure")),
        _lines(source_said(view), "source", 13),
        _lines(f"{SITE} · {host}{now.address}#{getattr(view, 'id', '')}", "source", 13),
    ]
    drawn, top = [], float(EDGE)
    for block in blocks:
        if block.height:
            drawn.append(element("g", {"transform": f"translate({EDGE} {top:g})"}, block.drawing))
            top += block.height + 14
    defs = element(
        "defs", html=_PATTERNS + rendered(getattr(map_outlines(), "html", "")) if _has_map(view) else _PATTERNS
    )
    ground = element("rect", {"width": "100%", "height": "100%", "class": "ground"})
    inside = element("style", html=Markup(_STYLE)) + defs + ground + Markup("").join(drawn)
    size: Attributes = {"width": WIDTH, "height": round(top + EDGE), "viewBox": f"0 0 {WIDTH} {round(top + EDGE)}"}
    return resolved(element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size}, inside))


def _figure(figure: Component | None) -> Iterator[Block]:
    """The drawable parts of a figure and the headings between them, in their order."""
    drawings: dict[str, Callable[[Component], Block]] = {
        "map": _map,
        "chart": _chart,
        "bars": _bars,
        "lengths": _lengths,
    }
    for part in within(figure, lambda node: class_of(node) in drawings or node._type in ("H3", "H4")):
        drawing = drawings.get(class_of(part))
        yield drawing(part) if drawing else _lines(plain_text(part), "heading", 16, Face.BOLD)


def _lengths(box: Component) -> Block:
    return _bars(next(within(box, lambda node: class_of(node) in DRAWABLE)), unknown="ground")


def _bars(table: Component, unknown: str = "no-data") -> Block:
    """The rows of a table of bars; `unknown` is the class of what the parts leave of the track."""
    rows = [row.children for row in of_kind(table.children[-1], "Tr")]
    values = [plain_text(value) for _, _, value in rows]
    value_width = min(max((Face.REGULAR.width(value, 15) for value in values), default=0) + 24, INNER * 0.4)
    left, width = INNER * 0.34, INNER * 0.66 - value_width
    drawn, top = [], 0.0
    for (name, track, _), value in zip(rows, values, strict=True):
        lines = Face.REGULAR.lines(plain_text(name), 15, left - 16)
        height = max(ROW, 20 * len(lines) + 16)
        bar = _bar(track, width, unknown)
        drawn += [
            _written(lines, "name", 20, top + 23),
            element("g", {"transform": f"translate({left:g} {top + 8:g})"}, bar),
            element("text", {"x": INNER, "y": f"{top + 23:g}", "class": "value"}, value),
            element("line", {"x2": INNER, "y1": f"{top + height:g}", "y2": f"{top + height:g}", "class": "rule"}),
        ]
        top += height
    return Block(Markup("").join(drawn), top)


def _bar(cell: Component, width: float, unknown: str) -> Markup:
    drawn = [element("rect", {"width": f"{width:g}", "height": TRACK, "class": unknown})]
    start = 0.0
    for part in of_kind(cell, "I"):
        share = float(str(getattr(part, "style", {}).get("width", "0")).removesuffix("%")) / 100
        place: Attributes = {"x": f"{start * width:.2f}", "width": f"{share * width:.2f}", "height": TRACK}
        drawn.append(element("rect", {**place, "class": class_of(part)}))
        start += share
    if unknown == "no-data":
        drawn.append(element("rect", {"width": f"{width:g}", "height": TRACK, "class": "track"}))
    return Markup("").join(drawn)


def _map(box: Component) -> Block:
    country, centre = within(box, lambda node: isinstance(node, Island))
    size = [_box(country), _box(centre)]
    height = INNER * size[0][1] / size[0][0]
    near = INNER * CENTRE_SHARE
    drawn = _nested(country, {"width": INNER, "height": f"{height:.1f}"})
    place = {"x": f"{INNER - near:.1f}", "width": f"{near:.1f}", "height": f"{near * size[1][1] / size[1][0]:.1f}"}
    frame = element("rect", {**place, "class": "track"})
    return Block(drawn + element("rect", {**place, "class": "ground"}) + _nested(centre, place) + frame, height)


def _chart(box: Component) -> Block:
    (island,) = (node for node in within(box, lambda node: isinstance(node, Island)))
    style = str(island.attributes["style"])  # type: ignore[attr-defined]
    left, top, sides, height = (int(pixels) for pixels in re.findall(r"(\d+)px", style))
    place: Attributes = {"x": left, "y": top, "width": INNER - sides, "height": height, "overflow": "visible"}
    below = int(str(box.style["height"]).removesuffix("px"))  # type: ignore[attr-defined]
    return Block(_nested(island, {**place, "class": "picture"}), below)


def _nested(island: Component, attributes: Attributes) -> Markup:
    """An SVG of the page inside another; its links lead nowhere there, and are groups."""
    inside = re.sub(r'<a href="[^"]*"', "<g", str(getattr(island, "html", ""))).replace("</a>", "</g>")
    given: Attributes = getattr(island, "attributes", {})
    view_box = {"viewBox": given["viewBox"]} if "viewBox" in given else {}
    return element("svg", {**view_box, **attributes}, Markup(inside))


def _legend(entries: Sequence[tuple[str, str]]) -> Block:
    drawn, left, top = [], 0.0, 0.0
    for status, name in entries:
        width = 26 + Face.REGULAR.width(name, 14) + 22
        if left + width > INNER and left:
            left, top = 0.0, top + 24
        swatch: Attributes = {
            "x": f"{left:g}",
            "y": f"{top:g}",
            "width": 17,
            "height": 17,
            "rx": 3,
            "class": f"{status} key",
        }
        drawn.append(element("rect", {**swatch, "stroke": "var(--edge)"}))
        drawn.append(element("text", {"x": f"{left + 26:g}", "y": f"{top + 13.5:g}", "class": "legend"}, name))
        left += width
    return Block(Markup("").join(drawn), top + 17 if drawn else 0)


def _lines(text: str, kind: str, size: int, face: Face = Face.REGULAR) -> Block:
    """A text in as many lines as it needs."""
    lines = face.lines(text, size, INNER)
    return Block(_written(lines, kind, size * 1.25, size), size * 1.25 * len(lines))


def _written(lines: Sequence[str], kind: str, leading: float, first: float) -> Markup:
    return Markup("").join(
        element("text", {"y": f"{first + number * leading:g}", "class": kind}, line)
        for number, line in enumerate(lines)
    )


# --- Reading the view ---------------------------------------------------------------------------------------------


def _legend_entries(view: Component) -> Iterator[tuple[str, Children]]:
    for entry in of_kind(of_class(view, "key"), "Li"):
        swatch, name = entry.children
        yield class_of(swatch).removeprefix("swatch "), name


def _has_map(view: Component) -> bool:
    return of_class(view, "map") is not None


def _box(island: Component) -> tuple[float, float]:
    """Width and height of what an SVG shows."""
    width, height = str(island.attributes["viewBox"]).split()[2:]  # type: ignore[attr-defined]
    return float(width), float(height)
