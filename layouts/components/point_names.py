"""Where the names of points stand in a chart: above, below or beside, so that none covers another on a telephone.

What does not touch in the narrowest window does not in a wider one, so the places are chosen once, for that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layouts.components.points import LARGE, ROOM, Point, Scale

# Pixels: the narrowest chart, a letter of a name, the height of a name, its distance from the middle of its point.
NARROWEST, LETTER, LINE = 328, 7.2, 15
_AWAY = LARGE / 2 + 3
# In plotly.js's words, the best first: where the middle of a name lies from its point, in half widths and lines.
PLACES = {
    "top center": (0, 1),
    "bottom center": (0, -1),
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top right": (1, 1),
    "top left": (-1, 1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
}
# How often each name looks again for its place among the others.
ROUNDS = 3


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels from the lower left corner of the plane."""

    left: float
    low: float
    right: float
    high: float

    def shared(self, other: Box) -> float:
        """The area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.high, other.high) - max(self.low, other.low)
        return max(0.0, wide) * max(0.0, tall)


def named_apart(shown: Sequence[Point], others: Sequence[Point], across: Scale, up: Scale, height: int) -> list[Point]:
    """The points with a place for each name: none on another name, and on as few of all the points as may be.

    `height` is that of the chart in pixels. Where there is no such place, the one that covers least.
    """
    wide, tall = NARROWEST - ROOM["l"] - ROOM["r"], height - ROOM["t"] - ROOM["b"]

    def middle(point: Point) -> tuple[float, float]:
        return (
            wide * (point.across - across.first) / (across.last - across.first),
            tall * (point.up - up.first) / (up.last - up.first),
        )

    dots = [_around(*middle(point), LARGE, LARGE) for point in (*shown, *others)]
    named = [point for point in shown if point.name]
    boxes = [{place: _box(str(point.name), *middle(point), *PLACES[place]) for place in PLACES} for point in named]
    chosen = [next(iter(PLACES))] * len(named)
    for _ in range(ROUNDS):
        for i, own in enumerate(boxes):
            taken = [boxes[j][chosen[j]] for j in range(len(named)) if j != i]
            costs = {place: _cost(box, taken, dots, wide) for place, box in own.items()}
            chosen[i] = min(costs, key=costs.__getitem__)
    places = iter(chosen)
    return [replace(point, name_at=next(places)) if point.name else point for point in shown]


def _cost(box: Box, names: Sequence[Box], dots: Sequence[Box], wide: float) -> tuple[float, float]:
    """What a name would cover of others or lose at the sides of the chart, and then, of points."""
    beyond = LINE * (max(0.0, -box.left - ROOM["l"]) + max(0.0, box.right - wide - ROOM["r"]))
    return sum(box.shared(name) for name in names) + beyond, sum(box.shared(dot) for dot in dots)


def _box(name: str, across: float, up: float, aside: float, above: float) -> Box:
    width = LETTER * len(name)
    return _around(across + aside * (_AWAY + width / 2), up + above * (_AWAY + LINE / 2), width, LINE)


def _around(across: float, up: float, width: float, height: float) -> Box:
    return Box(across - width / 2, up - height / 2, across + width / 2, up + height / 2)
