"""Makes ``data/geo/state_paths.json``, the outlines of the 32 states as the map of the site draws them.

Run when the outlines change; the result is committed::

    npx mapshaper data/geo/mx_states.topo.json -simplify weighted 22% keep-shapes \\
        -proj "+proj=lcc +lat_1=17.5 +lat_2=29.5 +lat_0=12 +lon_0=-102 +datum=WGS84" \\
        -o format=topojson quantization=4000 build/states.topo.json
    python -m etl.outlines build/states.topo.json

The projection is INEGI's for maps of the whole country (Lambert's conformal conic). Simplifying and rounding happen on
the borders that states share, so neighbours still meet.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from settings import ROOT

OUTLINES = ROOT / "data" / "geo" / "state_paths.json"
WIDTH = 2000

Point = tuple[int, int]


def state_paths(topology: dict[str, Any], width: int = WIDTH) -> dict[str, Any]:
    """The SVG paths of a projected, quantized TopoJSON of states, fitted to `width` units.

    Gives ``{"width", "height", "states": {state_code: {"path", "box": [x, y, width, height]}}}`` in whole units, y down.
    """
    arcs = [list(_decoded(arc, topology["transform"])) for arc in topology["arcs"]]
    xs, ys = zip(*(point for arc in arcs for point in arc), strict=True)
    scale = width / (max(xs) - min(xs))
    fitted = [[(round((x - min(xs)) * scale), round((max(ys) - y) * scale)) for x, y in arc] for arc in arcs]
    states = {}
    for shape in next(iter(topology["objects"].values()))["geometries"]:
        rings = [_joined(ring, fitted) for ring in _rings(shape)]
        states[shape["properties"]["state_code"]] = {"path": "".join(_path(ring) for ring in rings), "box": _box(rings)}
    return {"width": width, "height": round((max(ys) - min(ys)) * scale), "states": dict(sorted(states.items()))}


def _decoded(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """The points of an arc; TopoJSON stores steps from point to point."""
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x * scale_x + move_x, y * scale_y + move_y


def _rings(shape: dict[str, Any]) -> list[list[int]]:
    if shape["type"] == "Polygon":
        return list(shape["arcs"])
    return [ring for polygon in shape["arcs"] for ring in polygon]


def _joined(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """The points of a ring of arc numbers; ``~n`` is arc n backwards."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc if not points else arc[1:]
    return [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]


def _path(ring: Sequence[Point]) -> str:
    """A closed SVG path in steps from point to point; nothing for an island that rounding left without area."""
    if len(ring) < 4:
        return ""
    steps = [(x - before_x, y - before_y) for (before_x, before_y), (x, y) in pairwise(ring[:-1])]
    return f"m{ring[0][0]} {ring[0][1]}".upper() + "l" + " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-") + "z"


def _box(rings: Sequence[Sequence[Point]]) -> list[int]:
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    return [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]


if __name__ == "__main__":
    made = state_paths(json.loads(Path(sys.argv[1]).read_text()))
    OUTLINES.write_text(json.dumps(made, separators=(",", ":")) + "\n")
