"""Finding parts in a tree of components: what a picture, a file or a test reads of a page it did not draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dash.development.base_component import Component

from layouts.components.island import Children


def within(node: Children, wanted: Callable[[Component], bool]) -> Iterator[Component]:
    """The outermost components of a tree that are wanted, in the order of reading."""
    if isinstance(node, Component):
        if wanted(node):
            yield node
        else:
            yield from within(getattr(node, "children", None), wanted)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for child in node:
            yield from within(child, wanted)


def of_kind(node: Children, *kinds: str) -> Iterator[Component]:
    """The outermost elements of some kinds (``Table``, ``Tr``), in the order of reading."""
    return within(node, lambda each: each._type in kinds)


def of_class(node: Children, name: str) -> Component | None:
    """The first component whose class is `name`, if there is one."""
    return next(within(node, lambda each: class_of(each) == name), None)


def class_of(node: Component) -> str:
    """The class of a component as it was given; empty without one."""
    return str(getattr(node, "className", None) or "")
