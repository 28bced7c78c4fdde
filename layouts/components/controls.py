"""Native form controls in a GET form: they work before any script and without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dash import html
from dash.development.base_component import Component

from layouts.components.island import Attributes, Island, with_attributes
from layouts.i18n import Locale

Kind = Literal["select", "several", "flag", "search", "range", "hidden"]


@dataclass(frozen=True)
class Control:
    """One control: its name in the address, its label, its value now and the value that the address leaves out."""

    kind: Kind
    name: str
    label: str
    value: str | tuple[str, ...]
    default: str | tuple[str, ...]
    options: Sequence[tuple[str, str]] = ()
    first: int = 0
    last: int = 0


def form(action: str, controls: Sequence[Control], locale: Locale) -> Component:
    """A GET form on `action`; where scripts run, a change applies at once and the button is not shown."""
    button = html.Button(locale.text("Aplicar"), type="submit", className="apply")
    drawn = html.Form(
        [*(_drawn(control) for control in controls), button],
        action=action,
        method="get",
        className="filters",
        role="search",
    )
    return with_attributes(drawn, {"data-filters": "", "aria-label": locale.text("Filtros")})


def _drawn(control: Control) -> Component:
    match control.kind:
        case "select":
            return html.Label([html.Span(control.label), _select(control)])
        case "several":
            return _several(control)
        case "flag":
            box = _input(control, type="checkbox", value="1", checked=control.value == "1")
            return html.Label([box, html.Span(control.label)], className="flag")
        case "search":
            return html.Label([html.Span(control.label), _input(control, type="search", value=control.value)])
        case "range":
            return _range(control)
        case "hidden":
            return _input(control, type="hidden", value=control.value)


def _select(control: Control) -> Component:
    options = [
        html.Option(label, value=value, selected=("selected" if value == control.value else None))
        for value, label in control.options
    ]
    return with_attributes(html.Select(options, name=control.name), {"data-default": str(control.default)})


def _several(control: Control) -> Component:
    chosen = control.value
    boxes = [
        html.Label(
            [_input(control, type="checkbox", value=value, checked=value in chosen), html.Span(label)], className="flag"
        )
        for value, label in control.options
    ]
    names = [label for value, label in control.options if value in chosen]
    shown = html.Summary([html.Span(control.label), html.Strong(", ".join(names))])
    drawer = html.Details([shown, html.Fieldset([html.Legend(control.label), *boxes])], className="several")
    return with_attributes(drawer, {"data-most": str(control.last)})


def _range(control: Control) -> Component:
    slider = _input(control, type="range", value=control.value, min=control.first, max=control.last, step=1)
    return html.Label([html.Span([control.label, " ", html.Output(control.value)]), slider], className="range")


def _input(control: Control, **attributes: str | int | bool | tuple[str, ...]) -> Island:
    # Dash has no plain <input>; dcc.Input needs its script before it shows a value.
    default = "" if control.kind in ("several", "flag") else control.default
    given: Attributes = {
        "name": control.name,
        "data-default": default if isinstance(default, str) else "",
        **{name: value for name, value in attributes.items() if not isinstance(value, tuple)},
    }
    return Island("input", attributes=given)
