"""Charts of points: where each lies, what is told at it, and the plane on which two quantities are held against each other.

All of it is for `chart.chart`. Quantities lie along both directions; what is told at a point is in the reader's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import escape

# Pixels: a point among many, one that stands out.
SMALL, LARGE = 10, 14
# Room for the names of the directions: above the upright one, below the marks of the other.
ROOM = {"t": 34, "r": 20, "b": 60, "l": 48}
_ABOVE, _BELOW = 20, -44


@dataclass(frozen=True)
class Point:
    """A point at (`across`, `up`); `words` are told at it, one line each; `name`, if any, stands `name_at` it."""

    across: float
    up: float
    words: Sequence[str]
    name: str | None = None
    name_at: str = "top center"


@dataclass(frozen=True)
class Scale:
    """A direction of a chart from `first` to `last`, with its `marks` as (value, text); without a name it is not drawn."""

    name: str
    first: float
    last: float
    marks: Sequence[tuple[float, str]] = ()


def points(shown: Sequence[Point], status: str, size: int = SMALL) -> dict[str, Any]:
    """The trace of some points in the colour of a status class (see `tables.Key`)."""
    return {
        "type": "scatter",
        "mode": "markers+text" if any(point.name for point in shown) else "markers",
        "x": [point.across for point in shown],
        "y": [point.up for point in shown],
        "text": [point.name or "" for point in shown],
        "textposition": [point.name_at for point in shown],
        "textfont": {"color": "var(--ink-2)"},
        # plotly.js reads a few tags in what it shows.
        "customdata": ["<br>".join(str(escape(line)) for line in point.words) for point in shown],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
        "marker": {"color": f"var(--{status})", "size": size, "line": {"color": "var(--edge)", "width": 1}},
    }


def rule(start: tuple[float, float], end: tuple[float, float]) -> dict[str, Any]:
    """The trace of a straight line between two places, such as a mean."""
    (left, low), (right, high) = start, end
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [left, right],
        "y": [low, high],
        "hoverinfo": "skip",
        "line": {"color": "var(--ink-3)", "width": 1.5},
    }


def remark(text: str, across: float, up: float, *, anchor: str = "center", shift: int = 0) -> dict[str, Any]:
    """A text in the chart, `anchor` ("left", "center", "right") and `shift` pixels up from its place."""
    said = {"text": text, "x": across, "y": up, "xanchor": anchor, "yanchor": "middle", "yshift": shift}
    bare = {"showarrow": False, "borderpad": 0, "borderwidth": 0}
    return {**said, **bare, "font": {"color": "var(--ink-2)"}}


def plane(across: Scale, up: Scale, remarks: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The layout of a chart between two scales, each with its name at its end."""
    names = [
        *([remark(across.name, across.last, up.first, anchor="right", shift=_BELOW)] if across.name else []),
        *([remark(up.name, across.first, up.last, anchor="left", shift=_ABOVE)] if up.name else []),
    ]
    return {
        "xaxis": _axis(across),
        "yaxis": _axis(up),
        "annotations": [*names, *remarks],
        "margin": ROOM if up.name else {**ROOM, "l": 20, "t": 8},
    }


def _axis(scale: Scale) -> dict[str, Any]:
    stated = {"range": [scale.first, scale.last], "zeroline": False}
    if not scale.name:
        return {**stated, "visible": False, "showgrid": False, "tickvals": [], "ticktext": []}
    values, texts = [value for value, _ in scale.marks], [text for _, text in scale.marks]
    return {**stated, "tickvals": values, "ticktext": texts}
