"""What the parts of the diagnosis share: their names and addresses, the row of links between them, marks."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from layouts.components.island import Node, with_attributes
from layouts.components.texts import no_data
from layouts.i18n import N_, Locale
from layouts.page import Visit

ABOVE = "/diagnostico"
PARTS = (
    ("/diagnostico", N_("Resumen")),
    ("/diagnostico/encuesta", N_("Encuesta")),
    ("/diagnostico/cobertura", N_("Cobertura")),
    ("/diagnostico/autenticidad", N_("Autenticidad y balance")),
    ("/diagnostico/calidad", N_("Contradicciones y calidad")),
)


def part_links(visit: Visit) -> Component:
    """The parts as a row of links, the one shown marked."""
    locale = visit.locale
    links = [
        with_attributes(
            html.A(locale.text(name), href=locale.link(path)), {"aria-current": "page"} if path == visit.path else {}
        )
        for path, name in PARTS
    ]
    return with_attributes(html.Nav(links, className="line contents"), {"aria-label": locale.text("Partes")})


def kicker(locale: Locale) -> Component:
    """The way back to the whole diagnosis."""
    return html.A(locale.text("Diagnóstico"), href=locale.link(ABOVE))


def mark(met: bool | None, locale: Locale, why: str | None = None) -> Component:
    """Met, not met or no data, in words; `why` names what decided."""
    if met is None:
        return no_data(locale)
    said: list[Node] = [locale.text("se cumple") if met else locale.text("no se cumple")]
    if why:
        said += [html.Br(), html.Small(why)]
    return html.Span(said)


def state_options(states: Sequence[tuple[str | None, str | None]]) -> list[tuple[str, str]]:
    """States as options of a filter, each once, by name."""
    named = {code: name for code, name in states if code and name}
    return sorted(named.items(), key=lambda pair: pair[1])
