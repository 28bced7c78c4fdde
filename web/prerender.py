"""Renders a tree of Dash components to HTML, with a place for each component that only a script can draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash.development.base_component import Component
from markupsafe import Markup, escape

from layouts.components.island import Children, Island, element
from layouts.components.place import HTML, place_id

# Dash's own properties of html.* that are no attributes.
_NOT_WRITTEN = frozenset(["children", "key", "n_clicks", "n_clicks_timestamp", "disable_n_clicks"])
_RENAMED = {"className": "class", "htmlFor": "for", "acceptCharset": "accept-charset", "httpEquiv": "http-equiv"}
_TAGS = {"MapEl": "map", "ObjectEl": "object"}
_YES_OR_NO = frozenset(["hidden", "disabled", "open", "selected", "multiple", "required", "reversed", "autofocus"])


def rendered(node: Children) -> Markup:
    """The HTML of a component, a text, or a list of them.

    Text and attribute values are escaped. ``dcc.*`` components have no HTML of their own: those with an id leave an
    empty place, in which Dash draws them, the others nothing. Raises TypeError for what is no component at all.
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


def _placeholder(node: Component) -> Markup:
    place = place_id(node)
    # By the attribute, `assets/charts.js` knows that Dash is wanted, and where.
    return element("div", {"id": place, "data-place": True}) if place is not None else Markup("")


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
