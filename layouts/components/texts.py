"""The small patterns of text: facts, notes, steps, empty states, and the mark for what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from layouts.components.island import Children, Node
from layouts.i18n import Locale


@dataclass(frozen=True)
class Fact:
    """A figure with its name. `value` is None where there is no datum; `of` is the denominator ("de 32"), `when` its date.

    `note` is for what a reader must know beside it, such as a link to what another source says.
    """

    name: Children
    value: str | None
    of: str | None = None
    when: str | None = None
    note: Children = None


@dataclass(frozen=True)
class Step:
    """A step of a path: done or not, what it is, and the evidence in a line."""

    done: bool
    name: Children
    evidence: Children = None


def facts(items: Sequence[Fact], locale: Locale) -> Component:
    """A row of figures; none is shown without its date or denominator where it has them."""
    return html.Dl([html.Div([html.Dt(item.name), *_fact(item, locale)]) for item in items], className="facts")


def note(children: Children) -> Component:
    """What a reader must know before trusting the figures: a usage warning, a limit."""
    return html.P(children, className="note", role="note")


def steps(items: Sequence[Step], locale: Locale) -> Component:
    """A path of steps, those with evidence filled in; the state is said in words too."""
    return html.Ol([_step(item, locale) for item in items], className="steps")


def no_data(locale: Locale) -> Component:
    """ "Sin dato": never 0, never an empty cell."""
    return html.Span(locale.text("sin dato"), className="no-data")


def known(value: Node, locale: Locale) -> Node:
    """The value, or the mark for no datum when it is None."""
    return no_data(locale) if value is None else value


def empty(message: Children, links: Sequence[tuple[str, str]] = ()) -> Component:
    """What stands where nothing fits the filters: says so, and where to go (address, text)."""
    return html.Div(
        [html.P(message), *([html.P([_spaced(link) for link in links])] if links else [])], className="empty"
    )


def _spaced(link: tuple[str, str]) -> Component:
    address, text = link
    return html.A(text, href=address)


def _fact(item: Fact, locale: Locale) -> list[Component]:
    value: list[Node] = [item.value] if item.value is not None else [no_data(locale)]
    if item.of is not None:
        value += [" ", html.Small(item.of)]
    lines: list[Component] = [html.Dd(html.Span(value, className="n"))]
    if item.when is not None or item.note is not None:
        between = " · " if item.when is not None and item.note is not None else None
        lines.append(html.Dd([item.when, between, *_listed(item.note)], className="when"))
    return lines


def _step(item: Step, locale: Locale) -> Component:
    state = locale.text("con evidencia") if item.done else locale.text("sin evidencia encontrada")
    said = item.evidence if item.evidence is not None else state
    return html.Li(
        [
            html.Span(className="dot"),
            html.Span([*_listed(item.name), html.Small(said)]),
        ],
        className="yes" if item.done else None,
    )


def _listed(children: Children) -> list[Node]:
    return list(children) if isinstance(children, Sequence) and not isinstance(children, str) else [children]
