"""Where Dash draws in a page: the server's HTML keeps a place for each component that needs a script (a chart).

The page itself never passes through Dash: it stays as the server wrote it, with what the reader opened, typed or chose.
Dash's tree lies beside it and holds these components alone, each drawn in its place (``assets/dash.js``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dash.development.base_component import Component

from layouts.components.island import Children

HTML = "dash_html_components"
# What Dash asks of each component's class.
_NONE: list[str] = []
_CHILDREN = ["children"]
_PLACE_PROPERTIES = ["at", "of", "children"]


class Place(Component):
    """Draws `children` in the element of the page with the id `at`. `of`, the address that the page shows, has each
    drawn anew when the page was written anew."""

    _children_props = _NONE
    _base_nodes = _CHILDREN
    _namespace = "layouts"
    _type = "Place"
    _prop_names = _PLACE_PROPERTIES
    _valid_wildcard_attributes = _NONE
    available_properties = _prop_names
    available_wildcard_properties = _NONE

    def __init__(self, children: Component, at: str, of: str) -> None:
        self.children, self.at, self.of = children, at, of


class Ready(Component):
    """The last of Dash's tree: once it stands, all of it does, and can be told what the page shows by then."""

    _children_props = _NONE
    _base_nodes = _NONE
    _namespace = "layouts"
    _type = "Ready"
    _prop_names = _NONE
    _valid_wildcard_attributes = _NONE
    available_properties = _prop_names
    available_wildcard_properties = _NONE

    def __init__(self) -> None:
        pass


def place_id(component: Component) -> str | None:
    """The id of the place that is kept for a component; without an id of its own, it has none."""
    own = getattr(component, "id", None)
    return None if own is None else f"{own}-lugar"


def places(node: Children, of: str) -> list[Place]:
    """The components of a page that Dash draws, in reading order: those of ``dcc`` and the like that have an id."""
    return [Place(found, at, of) for found in _scripted(node) if (at := place_id(found)) is not None]


def _scripted(node: Any) -> Iterator[Component]:
    if isinstance(node, Component):
        if node._namespace == HTML:
            yield from _scripted(getattr(node, "children", None))
        elif node._namespace != "layouts":
            yield node
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for child in node:
            yield from _scripted(child)
