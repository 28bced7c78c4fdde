"""The network of an organisation as SVG: down the middle what it takes part in, beside it who else does.

Places are shares of the width and text keeps its size, so one drawing fits a telephone and a wide screen. The order
follows from the data alone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from layouts.components.island import Attributes, Island, element

ROW = 54
TOP = 44
LINE = 14
LETTERS = 19
# Of the bold name, whose letters are wider.
BOLD_LETTERS = 15
LINES = 3
MOST_PARTNERS = 10
# Where things and partners stand, in percent of the width, and how far from its mark a name begins, in pixels.
THING, PARTNER = 43, 58
GAP = 11


@dataclass(frozen=True)
class Node:
    """A node: its name, where it leads, and its class; `joined` are the places of the things a partner shares."""

    name: str
    href: str | None
    status: str
    joined: tuple[int, ...] = ()


def network(name: str, things: Sequence[Node], partners: Sequence[Node], description: str) -> Island:
    """The drawing of `name` with its `things`, at least one, and at most `MOST_PARTNERS` of its partners.

    The caller says in words how many partners there are in all.
    """
    shown = sorted(partners[:MOST_PARTNERS], key=lambda one: (sum(one.joined) / len(one.joined), one.name))
    height = TOP + max(len(things), len(shown)) * ROW
    at = _places(len(things), height)
    around = _places(len(shown), height)
    drawn = [_line(THING, TOP / 2, THING, at[-1], "spine")]
    for partner, place in zip(shown, around, strict=True):
        drawn += [_line(THING, at[index], PARTNER, place) for index in partner.joined]
    drawn += [_node(Node(name, None, "self"), THING, TOP / 2, left=True)]
    drawn += [_node(thing, THING, place, left=True) for thing, place in zip(things, at, strict=True)]
    drawn += [_node(one, PARTNER, place, left=False) for one, place in zip(shown, around, strict=True)]
    attributes: Attributes = {"class": "network", "height": height, "role": "group", "aria-label": description}
    return Island("svg", Markup("").join(drawn), attributes)


def _places(count: int, height: float) -> list[float]:
    """The heights of a column: `count` nodes, evenly spread under the top."""
    return [round(TOP + (index + 0.5) * (height - TOP) / count, 1) for index in range(count)]


def _line(x1: float, y1: float, x2: float, y2: float, name: str | None = None) -> Markup:
    return element("line", {"x1": f"{x1}%", "y1": y1, "x2": f"{x2}%", "y2": y2, "class": name})


def _node(node: Node, x: float, y: float, *, left: bool) -> Markup:
    """The mark, with the name to its `left` or right."""
    lines = _wrapped(node.name, BOLD_LETTERS if node.status == "self" else LETTERS)
    first = y - (len(lines) - 1) * LINE / 2 + 4
    words = Markup("").join(
        element("tspan", {"x": f"{x}%", "dx": -GAP if left else GAP, "y": round(first + number * LINE, 1)}, line)
        for number, line in enumerate(lines)
    )
    mark = element("circle", {"cx": f"{x}%", "cy": y, "r": 5, "class": node.status})
    text = element("text", {"text-anchor": "end" if left else None, "class": node.status}, words)
    inside = element("title", html=node.name) + mark + text
    if node.href is None:
        return element("g", html=inside)
    return element("a", {"href": node.href, "aria-label": node.name}, inside)


def _wrapped(name: str, letters: int) -> list[str]:
    """The name in a few short lines, cut with an ellipsis; a word longer than a line is broken."""
    return textwrap.wrap(name, letters, max_lines=LINES, placeholder="…")
