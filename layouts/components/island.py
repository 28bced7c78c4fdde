"""An element whose inside is ready-made HTML: raw SVG, an input, or a whole part of a page that no callback touches.

Dash has no SVG elements and no plain ``<input>``. An `Island` stands for one in the tree of a page, which the server
writes as HTML (`web.prerender`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from dash.development.base_component import Component
from markupsafe import Markup, escape

Node = Component | str | int | float | None
Children = Node | Sequence[Node]
Drawn = TypeVar("Drawn", bound=Component)
Attributes = Mapping[str, str | int | float | bool | None]

# What Dash asks of each component's class.
_NONE: list[str] = []
_ISLAND_PROPERTIES = ["tag", "attributes", "html"]


class Island(Component):
    """An element `tag` with `attributes` (as written in HTML) around `html`.

    `html` must be `Markup`: text that was put into it has been escaped.
    """

    _children_props = _NONE
    _base_nodes = _NONE
    # Dash looks for the browser's side under window[_namespace][_type].
    _namespace = "layouts"
    _type = "Island"
    _prop_names = _ISLAND_PROPERTIES
    _valid_wildcard_attributes = _NONE
    available_properties = _prop_names
    available_wildcard_properties = _NONE

    def __init__(self, tag: str, html: Markup | None = None, attributes: Attributes | None = None) -> None:
        # Not through Component.__init__, which checks each property anew and costs more than all the rest.
        self.tag = tag
        self.attributes = dict(attributes or {})
        if html is not None:
            self.html = html


def with_attributes(component: Drawn, attributes: Mapping[str, str]) -> Drawn:
    """The component, with ``aria-*`` and ``data-*`` attributes, which Dash's typed signatures have no place for.

    Raises ValueError for any other.
    """
    for name, value in attributes.items():
        if not name.startswith(("aria-", "data-")):
            raise ValueError(f"{name} is an argument of the component itself")
        setattr(component, name, value)
    return component


def plain_text(node: Children) -> str:
    """What a reader reads of a tree, without the markup."""
    if isinstance(node, Component):
        return plain_text(getattr(node, "children", None))
    if isinstance(node, Sequence) and not isinstance(node, str):
        return "".join(plain_text(child) for child in node)
    return "" if node is None else str(node)


def element(tag: str, attributes: Attributes | None = None, html: Markup | str = "") -> Markup:
    """An element as HTML; attribute values are escaped, and so is `html` unless it is `Markup`.

    None and False leave an attribute out, True writes it without a value.
    """
    close = "" if tag in VOID else f"</{tag}>"
    # Put together as text, each part escaped by now: Markup.format costs ten times as much, for every cell of a table.
    return Markup(f"<{tag}{written_attributes(attributes)}>{escape(html)}{close}")


def written_attributes(attributes: Attributes | None) -> Markup:
    """``{"class": "a", "hidden": True, "id": None}`` as `` class="a" hidden``."""
    written = [
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in (attributes or {}).items()
        if value is not None and value is not False
    ]
    return Markup("".join(written))


VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
