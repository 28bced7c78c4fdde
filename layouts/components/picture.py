"""The static picture of a chart: SVG in the very place and scale in which plotly.js will draw the same dict.

The drawing area is an SVG whose inside is laid out in percent, so it fits any width without scaling its text, and the
margins around it are the layout's own. Colours are CSS (``var(--verified)``), so the picture follows the reader's colour
scheme and prints.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from layouts.components.island import Island, element

Value = str | int | float
MARGIN = {"l": 48, "r": 16, "t": 12, "b": 36}
TICKS = 5
BAR_GAP = 0.35
DOT = 4.5
# Pixels: between a point and its name, and the height of a capital letter.
NAME_GAP, CAPITAL = 3, 9
# Steps between ticks that people count in.
_NICE = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Axis:
    """One direction: values to a share of the drawing area, 0 at the left or bottom."""

    categories: tuple[str, ...]
    first: float
    last: float
    ticks: tuple[tuple[float, str], ...]

    def share(self, value: Value) -> float:
        """Where a value lies, 0 to 1 inside the area."""
        return (self.position(value) - self.first) / ((self.last - self.first) or 1)

    def position(self, value: Value) -> float:
        """The value as a number: the place of a category, the days of a date."""
        if self.categories:
            return float(self.categories.index(str(value)))
        return as_number(value)


def settled(figure: dict[str, Any], height: int) -> dict[str, Any]:
    """The figure with everything stated that plotly.js would else choose: margins, ranges, ticks, height.

    Raises ValueError for a kind of trace other than ``bar`` and ``scatter``.
    """
    layout = dict(figure.get("layout", {}))
    layout["margin"] = {**MARGIN, **layout.get("margin", {}), "pad": 0}
    layout["height"] = height
    for name in ("x", "y"):
        axis = _axis(figure, name)
        given = layout.get(f"{name}axis", {})
        stated: dict[str, Any] = {"range": [axis.first, axis.last], "fixedrange": True}
        if axis.categories:
            stated |= {"type": "category", "categoryorder": "array", "categoryarray": list(axis.categories)}
        elif _holds_dates(figure, name):
            stated |= {"type": "date", "range": [_as_date(axis.first), _as_date(axis.last)]}
        if not axis.categories:
            dates = _holds_dates(figure, name)
            stated |= {
                "tickvals": [_as_date(value) if dates else value for value, _ in axis.ticks],
                "ticktext": [text for _, text in axis.ticks],
            }
        layout[f"{name}axis"] = {**given, **stated}
    layout.setdefault("bargap", BAR_GAP)
    return {"data": figure["data"], "layout": layout}


def picture(figure: dict[str, Any]) -> Island:
    """The SVG of a `settled` figure. It is hidden from assistive technology: the view's sentence and table speak."""
    layout = figure["layout"]
    x, y = _axis(figure, "x"), _axis(figure, "y")
    drawn = [_grid(layout, x, y), *_bars(figure, x, y)]
    for trace in figure["data"]:
        if trace["type"] == "scatter":
            drawn.append(_points(trace, x, y))
    drawn += [_labels(layout, x, y), *(_annotation(note, x, y) for note in layout.get("annotations", ()))]
    margin = layout["margin"]
    place = (
        f"left:{margin['l']}px;top:{margin['t']}px;width:calc(100% - {margin['l'] + margin['r']}px);"
        f"height:{layout['height'] - margin['t'] - margin['b']}px"
    )
    return Island("svg", Markup("").join(drawn), {"class": "picture", "style": place, "aria-hidden": "true"})


def as_number(value: Value) -> float:
    """A number as it is; a date (``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``) as its day; partial dates as their first."""
    if isinstance(value, int | float):
        return float(value)
    parts = [int(part) for part in str(value)[:10].split("-")]
    return float(date(*[*parts, 1, 1][:3]).toordinal())


def _as_date(day: float) -> str:
    return date.fromordinal(round(day)).isoformat()


def _values(figure: dict[str, Any], name: str) -> list[Value]:
    for trace in figure["data"]:
        if trace["type"] not in ("bar", "scatter"):
            raise ValueError(f"a picture is made of bars and points, not of {trace['type']!r}")
    return [value for trace in figure["data"] for value in trace.get(name, ()) if value is not None]


def _holds_dates(figure: dict[str, Any], name: str) -> bool:
    return bool(figure.get("layout", {}).get(f"{name}axis", {}).get("type") == "date")


def _axis(figure: dict[str, Any], name: str) -> Axis:
    given = figure.get("layout", {}).get(f"{name}axis", {})
    values = _values(figure, name)
    dates = _holds_dates(figure, name)
    if not dates and any(isinstance(value, str) for value in values):
        categories = tuple(given.get("categoryarray") or dict.fromkeys(str(value) for value in values))
        ends = (-0.5, len(categories) - 0.5)
        if given.get("autorange") == "reversed":
            ends = (ends[1], ends[0])
        first, last = given.get("range", ends)
        return Axis(categories, first, last, tuple((float(i), text) for i, text in enumerate(categories)))
    numbers = [as_number(value) for value in values] or [0.0]
    if "range" in given:
        first, last = (as_number(value) for value in given["range"])
    else:
        first, last = _ends(figure, name, numbers)
    if "tickvals" in given:
        texts = given.get("ticktext") or [_plain(value) for value in given["tickvals"]]
        ticks = tuple((as_number(value), str(text)) for value, text in zip(given["tickvals"], texts, strict=True))
    else:
        ticks = _year_ticks(first, last) if dates else _ticks(first, last)
    return Axis((), first, last, ticks)


def _ends(figure: dict[str, Any], name: str, numbers: Sequence[float]) -> tuple[float, float]:
    """The range that holds every value; bars start at 0 and, when stacked, reach their sum."""
    bars = [trace for trace in figure["data"] if trace["type"] == "bar"]
    along = [trace for trace in bars if (trace.get("orientation") == "h") == (name == "x")]
    if not along:
        room = (max(numbers) - min(numbers)) * 0.04 or 0.5
        return min(numbers) - room, max(numbers) + room
    highest = max(numbers)
    if figure.get("layout", {}).get("barmode") == "stack":
        sums: dict[Value, float] = {}
        for trace in along:
            for base, value in zip(trace["y" if name == "x" else "x"], trace[name], strict=True):
                sums[base] = sums.get(base, 0) + (value or 0)
        highest = max(sums.values(), default=0)
    return min(0, *numbers), highest * 1.02 or 1


def _ticks(first: float, last: float) -> tuple[tuple[float, str], ...]:
    low, high = sorted((first, last))
    rough = (high - low) / TICKS or 1
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in _NICE if power * nice >= rough)
    count = math.floor(high / step + 1e-9) - math.ceil(low / step - 1e-9)
    start = math.ceil(low / step - 1e-9) * step
    return tuple((start + i * step, _plain(round(start + i * step, 10))) for i in range(count + 1))


def _year_ticks(first: float, last: float) -> tuple[tuple[float, str], ...]:
    low, high = date.fromordinal(round(min(first, last))).year, date.fromordinal(round(max(first, last))).year
    step = max(1, math.ceil((high - low) / (2 * TICKS)))
    years = [year for year in range(low, high + 1, step) if date(year, 1, 1).toordinal() >= min(first, last)]
    return tuple((float(date(year, 1, 1).toordinal()), str(year)) for year in years)


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.10g}"


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def _grid(layout: dict[str, Any], x: Axis, y: Axis) -> Markup:
    lines = []
    if layout["xaxis"].get("showgrid", not x.categories):
        places = [_percent(x.share(value)) for value, _ in x.ticks]
        lines += [element("line", {"x1": at, "x2": at, "y1": "0", "y2": "100%"}) for at in places]
    if layout["yaxis"].get("showgrid", not y.categories):
        places = [_percent(1 - y.share(value)) for value, _ in y.ticks]
        lines += [element("line", {"y1": at, "y2": at, "x1": "0", "x2": "100%"}) for at in places]
    return element("g", {"class": "grid"}, Markup("").join(lines))


def _labels(layout: dict[str, Any], x: Axis, y: Axis) -> Markup:
    texts = []
    if layout["xaxis"].get("visible", True):
        for position, text in x.ticks:
            place = {"x": _percent((position - x.first) / ((x.last - x.first) or 1)), "y": "100%", "dy": "1.35em"}
            texts.append(element("text", {**place, "text-anchor": "middle"}, text))
    if layout["yaxis"].get("visible", True):
        for position, text in y.ticks:
            place = {"y": _percent(1 - (position - y.first) / ((y.last - y.first) or 1)), "x": "0", "dx": "-8"}
            texts.append(element("text", {**place, "dy": "0.35em", "text-anchor": "end"}, text))
    return element("g", {"class": "labels"}, Markup("").join(texts))


def _bars(figure: dict[str, Any], x: Axis, y: Axis) -> list[Markup]:
    traces = [trace for trace in figure["data"] if trace["type"] == "bar"]
    stacked = figure["layout"].get("barmode") == "stack"
    width = 1 - float(figure["layout"].get("bargap", BAR_GAP))
    tops: dict[Value, float] = {}
    drawn = []
    for number, trace in enumerate(traces):
        lying = trace.get("orientation") == "h"
        along, across = (x, y) if lying else (y, x)
        lengths, bases = (trace["x"], trace["y"]) if lying else (trace["y"], trace["x"])
        slots = 1 if stacked else len(traces)
        for i, (base, length) in enumerate(zip(bases, lengths, strict=True)):
            if length is None:
                continue
            start = tops.get(base, 0.0) if stacked else 0.0
            tops[base] = start + length
            low = across.position(base) - width / 2 + (0 if stacked else number * width / slots)
            sides = (low, low + width / slots)
            drawn.append(_rectangle(along, across, (start, start + length), sides, lying, _colour(trace, i)))
    return drawn


def _rectangle(
    along: Axis, across: Axis, ends: tuple[float, float], sides: tuple[float, float], lying: bool, colour: str
) -> Markup:
    def spread(axis: Axis, pair: tuple[float, float]) -> tuple[float, float]:
        shares = sorted((value - axis.first) / ((axis.last - axis.first) or 1) for value in pair)
        return shares[0], shares[1] - shares[0]

    (start, length), (side, thickness) = spread(along, ends), spread(across, sides)
    if lying:
        place = {"x": start, "y": 1 - side - thickness, "width": length, "height": thickness}
    else:
        place = {"x": side, "y": 1 - start - length, "width": thickness, "height": length}
    return element("rect", {**{name: _percent(share) for name, share in place.items()}, "style": f"fill:{colour}"})


def _points(trace: dict[str, Any], x: Axis, y: Axis) -> Markup:
    mode = trace.get("mode", "lines")
    places = [
        None if across is None or up is None else (_percent(x.share(across)), _percent(1 - y.share(up)))
        for across, up in zip(trace["x"], trace["y"], strict=True)
    ]
    drawn = []
    if "lines" in mode:
        line = trace.get("line", {})
        style = f"stroke:{line.get('color') or _colour(trace, 0)};stroke-width:{line.get('width', 2)}"
        for start, end in pairwise(places):
            if start and end:
                ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
                drawn.append(element("line", {**ends, "style": style}))
    if "markers" in mode:
        radius = trace.get("marker", {}).get("size", 2 * DOT) / 2
        for i, place in enumerate(places):
            if place:
                style = f"fill:{_colour(trace, i)}{_outline(trace)}"
                dot = {"cx": place[0], "cy": place[1], "r": radius, "style": style}
                drawn.append(element("circle", dot))
    if "text" in mode:
        away = trace.get("marker", {}).get("size", 2 * DOT) / 2 + NAME_GAP
        for place, text, where in zip(places, trace["text"], trace["textposition"], strict=True):
            if place and text:
                drawn.append(element("text", {"x": place[0], "y": place[1], **_beside(where, away)}, text))
    return element("g", html=Markup("").join(drawn))


def _beside(where: str, away: float) -> dict[str, str | float]:
    """Where a name stands at its point, as plotly.js understands it: "top center", "middle right"."""
    upright, along = where.split()
    up = {"top": away, "bottom": -away - CAPITAL}.get(upright, -CAPITAL / 2)
    aside = {"left": -away, "right": away}.get(along, 0)
    anchor = {"left": "end", "right": "start"}.get(along, "middle")
    return {"dx": aside, "dy": -up, "text-anchor": anchor}


def _annotation(note: dict[str, Any], x: Axis, y: Axis) -> Markup:
    anchor = {"left": "start", "right": "end"}.get(note.get("xanchor", ""), "middle")
    place = {"x": _percent(x.share(note["x"])), "y": _percent(1 - y.share(note["y"]))}
    shift = {"dx": note.get("xshift", 0), "dy": -note.get("yshift", 0)}
    return element("text", {**place, **shift, "text-anchor": anchor, "dominant-baseline": "middle"}, note["text"])


def _outline(trace: dict[str, Any]) -> str:
    line = trace.get("marker", {}).get("line")
    return f";stroke:{line['color']};stroke-width:{line['width']}" if line else ""


def _colour(trace: dict[str, Any], i: int) -> str:
    colour = trace.get("marker", {}).get("color") or trace.get("line", {}).get("color") or "var(--accent)"
    return str(colour if isinstance(colour, str) else colour[i])
