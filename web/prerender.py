"""Renders a tree of Dash components to HTML, and cuts it into what Dash must draw and what it may leave alone.

A page is one tree. Of it, only what a callback writes to and what needs a script (``dcc.Graph``) has to live in Dash;
everything else is frozen into `Island` elements, each one a piece of ready HTML. A page of a thousand elements so
becomes some twenty components, which a slow telephone draws in a moment and which cost little to send.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from dash.development.base_component import Component
from markupsafe import Markup, escape

from layouts.components.island import Children, Island, Node, element

HTML = "dash_html_components"

# Dash's own properties of html.* that are no attributes.
_NOT_WRITTEN = frozenset(["children", "key", "n_clicks", "n_clicks_timestamp", "disable_n_clicks"])
_RENAMED = {"className": "class", "htmlFor": "for", "acceptCharset": "accept-charset", "httpEquiv": "http-equiv"}
_TAGS = {"MapEl": "map", "ObjectEl": "object"}
_YES_OR_NO = frozenset(["hidden", "disabled", "open", "selected", "multiple", "required", "reversed", "autofocus"])


def rendered(node: Children) -> Markup:
    """The HTML of a component, a text, or a list of them.

    Text and attribute values are escaped. ``dcc.*`` components have no HTML of their own: a graph leaves an empty box
    of its class, for the picture beside it, the others nothing. Raises TypeError for what is no component at all.
    """
    if node is None:
        return Markup("")
    if isinstance(node, Markup | str | int | float):
        return escape(node)
    if isinstance(node, Sequence):
        return Markup("").join(rendered(child) for child in node)
    if isinstance(node, Island):
        return element(node.tag, node.attributes, getattr(node, "html", ""))
    if not isinstance(node, Component):
        raise TypeError(f"a page is made of components and texts, not of {type(node).__name__}: {node!r}")
    if node._namespace != HTML:
        return _placeholder(node)
    return element(_tag(node), _attributes(node), rendered(getattr(node, "children", None)))


def frozen(node: Children, live: Collection[str]) -> Any:
    """The same tree with every part that Dash need not touch turned into an `Island`.

    `live` are the ids that callbacks read or write; an element with one of them, a component that needs a script, and
    whatever encloses one of these stay components.
    """
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [frozen(child, live) for child in node if child is not None]
    if not isinstance(node, Component) or isinstance(node, Island):
        return node
    if _is_live(node, live):
        if node._namespace != HTML:
            return node
        thawed = copy.copy(node)
        thawed.children = frozen(getattr(node, "children", None), live)
        return thawed
    return Island(_tag(node), rendered(getattr(node, "children", None)), _attributes(node))


def served(tree: Component, live: Collection[str]) -> tuple[Markup, Component]:
    """A page for its first response: its HTML, and the tree for Dash, whose islands refer to that very HTML."""
    cut = frozen(tree, live)
    islands = list(_islands(cut))
    for number, island in enumerate(islands):
        island.attributes["data-island"] = number
    markup = rendered(cut)
    for number, island in enumerate(islands):
        # What is on the page already is not sent a second time.
        island.served, island.attributes = number, {}
        if hasattr(island, "html"):
            del island.html
    return markup, cut


def _is_live(node: Node, live: Collection[str]) -> bool:
    if not isinstance(node, Component) or isinstance(node, Island):
        return False
    if node._namespace != HTML or getattr(node, "id", None) in live:
        return True
    return any(_is_live(child, live) for child in _children(node))


def _islands(node: Children) -> Iterator[Island]:
    if isinstance(node, Island):
        yield node
    elif isinstance(node, Component):
        yield from _islands(getattr(node, "children", None))
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for child in node:
            yield from _islands(child)


def _children(node: Component) -> Sequence[Node]:
    children = getattr(node, "children", None)
    return children if isinstance(children, Sequence) and not isinstance(children, str) else [children]


def _placeholder(node: Component) -> Markup:
    if node._type != "Graph":
        return Markup("")
    return element("div", {"id": getattr(node, "id", None), "class": getattr(node, "className", None)})


def _tag(node: Component) -> str:
    return _TAGS.get(node._type, node._type.lower())


def _attributes(node: Component) -> dict[str, str | int | float | bool | None]:
    """The HTML attributes of an ``html.*`` component, under their HTML names."""
    written: dict[str, str | int | float | bool | None] = {}
    properties: dict[str, Any] = node.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
    for name, value in properties.items():
        if name in _NOT_WRITTEN or value is None:
            continue
        attribute = _RENAMED.get(name) or (name if "-" in name else name.lower())
        if attribute == "style":
            value = _style(value)
        elif attribute in _YES_OR_NO:
            # Dash takes True, "hidden" or "HIDDEN" alike.
            value = value is not False
        written[attribute] = value
    return written


def _style(declarations: Mapping[str, str | int | float]) -> str:
    return ";".join(f"{_css_name(name)}:{value}" for name, value in declarations.items())


def _css_name(name: str) -> str:
    """``marginTop`` as ``margin-top``; custom properties (``--share``) as they are."""
    if name.startswith("--"):
        return name
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
