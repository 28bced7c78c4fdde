"""``/estados``: which states have done what, as a map with layers and as a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from dash import html
from dash.development.base_component import Component

from data.indicators.coverage import first_known
from data.queries.citations import citations
from data.queries.state_context import metric_means
from data.queries.states import (
    METRIC_EDITION,
    PublishedFigure,
    StateAtAGlance,
    published_figures,
    states_at_a_glance,
)
from data.schema import label
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.state_map import MapState, map_outlines, state_map
from layouts.components.tables import Column, table
from layouts.components.texts import Fact, facts
from layouts.components.view import Data, view
from layouts.first_dates import since_year
from layouts.i18n import N_, Locale
from layouts.page import Page, PageView, Visit
from layouts.state_layers import DATED, INDICES, LAYERS, STEPS, Asked, Layer, layer, metric_rows
from layouts.states_metric import plane_view

SOURCES = ("state_exercises", "ogp_local", "metrica")
Kind = Literal["text", "number", "row"]
# A column of the table: how it is sorted first, and the value that it is sorted by (None: always last).
Sorted = Callable[[StateAtAGlance, str], str | float | None]
ORDERS: Mapping[str, Sorted] = {
    "nombre": lambda state, _: folded(state.name),
    "declaratoria": lambda state, _: _when(state.declaration.has_evidence, state.declaration.signed_on),
    "ejercicio": lambda state, _: state.state_exercises + state.municipal_exercises / 100 or None,
    "secretariado": lambda state, _: _when(bool(state.secretariat), first_known(state.secretariat)[0]),
    "plan": lambda state, _: _when(bool(state.plans), first_known(state.plans)[0]),
    "pasos": lambda state, _: state.steps or None,
    "metrica": lambda state, index: state.metric.get(index),
}
# Counts and indices are first sorted from the highest.
FALLING = ("ejercicio", "pasos", "metrica")


def show(visit: Visit) -> PageView:
    """``/estados``: the map of a layer, at the end of a year where dates are known, and the table of all states."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        states = states_at_a_glance(connection)
        published, means = published_figures(connection), metric_means(connection)
        named = {citation.source_id: citation for citation in citations(connection, SOURCES)}
    name, year, index, order = _filters(visit, states)
    drawn = layer(name, Asked(states, year, index, locale))
    sources = [named[source] for source in drawn.sources if source in named]
    whole = list(named.values())
    both = plane_view(visit.unfiltered, by_name(states), means, [named["metrica"]] if "metrica" in named else [])
    return PageView(
        title=_("Estados"),
        kicker=_("Estados"),
        sentence=drawn.sentence,
        text=drawn.text,
        filters=visit.query.form(),
        content=[
            _four_facts(states, published, cut_off(whole, locale), locale),
            view(
                visit,
                key="mapa",
                sentence=drawn.reading or _reading(name, year, drawn, locale),
                figure=_map(states, drawn, locale),
                sources=cited(sources, locale),
                keys=drawn.keys,
                table=_twin(states, name, drawn, locale),
                as_of=cut_off(sources, locale),
                data=drawn.data,
                proofs=drawn.proofs,
            ),
            view(
                visit,
                key="entidades",
                sentence=_("Las {n} entidades, dato por dato", n=len(states)),
                text=_("El orden se cambia en los encabezados. Una celda «sin dato» no es un no."),
                figure=_table(visit, states, order, index),
                sources=cited(whole, locale),
                as_of=cut_off(whole, locale),
                proofs=[
                    Data("declarations"),
                    Data("exercises"),
                    Data("technical_secretariats"),
                    Data("plans", {"scope": "state", "country_code": "MX"}),
                    Data("exercise_steps", {"state": "evidence"}),
                    Data("localities", {"country_code": "MX"}),
                    metric_rows(index),
                ],
            ),
        ],
        still=[*([both] if both is not None else []), map_outlines()],
    )


def _filters(visit: Visit, states: Sequence[StateAtAGlance]) -> tuple[str, int | None, str, str]:
    """Layer, year (None: today), index of the Metric, and order of the table."""
    locale, _ = visit.locale, visit.locale.text
    layers = [(name, _(words)) for name, words in LAYERS.items()]
    name = visit.query.choice("capa", _("Capa"), layers, "cobertura") or "cobertura"
    indices = [(index, label("metric_index", index, locale.code)) for index in INDICES]
    index = visit.query.choice("indice", _("Índice de la Métrica"), indices, INDICES[0]) or INDICES[0]
    dates = [
        date
        for state in states
        for date in (
            state.declaration.signed_on,
            *(found.happened_on for found in (*state.secretariat, *state.plans)),
        )
        if date
    ]
    first, last = int(min(dates)[:4]), int(max(dates)[:4])
    year = visit.query.year("anio", _("Al cierre de"), first, last)
    orders = [f"{sign}{order}" for order in ORDERS for sign in ("", "-")]
    order = visit.query.order("orden", orders, "nombre")
    return name, year if year < last and name in DATED else None, index, order


def _four_facts(
    states: Sequence[StateAtAGlance], published: Mapping[str, PublishedFigure], copied: str | None, locale: Locale
) -> Component:
    """The four facts side by side: what is documented state by state, and the national figure that was published."""
    _ = locale.text
    covered = [state.coverage for state in states]
    counted = [
        ("declaration", _("firmaron la declaratoria"), sum(one.declaration for one in covered)),
        ("exercise", _("tienen o tuvieron un ejercicio estatal"), sum(one.exercise for one in covered)),
        ("secretariat", _("instalaron un secretariado técnico"), sum(one.secretariat for one in covered)),
        ("plan", _("publicaron un plan de acción"), sum(one.plan for one in covered)),
    ]
    return facts(
        [
            Fact(
                name,
                locale.number(count),
                _("de {n}", n=len(states)),
                _("documentadas, {date}", date=copied) if copied else _("documentadas"),
                _published(published.get(fact), locale),
            )
            for fact, name, count in counted
        ],
        locale,
    )


def _published(figure: PublishedFigure | None, locale: Locale) -> str | None:
    if figure is None:
        return None
    when = locale.date(figure.as_of) if figure.as_of else locale.text("sin fecha")
    return locale.text("se publicaron {n} ({when})", n=figure.value, when=when)


def _reading(name: str, year: int | None, drawn: Layer, locale: Locale) -> str:
    """The layer in one line: its name, the year, and of how many states nothing is known; the legend counts the rest."""
    what = locale.text(LAYERS[name])
    if year is not None:
        what = locale.text("{layer}, al cierre de {year}", layer=what, year=year)
    unknown = drawn.counts.get("no-data", 0)
    if not unknown:
        return locale.text("{layer}: hay dato de las {n} entidades", layer=what, n=len(drawn.shown))
    return locale.plural(
        "{layer}: hay dato de {known} entidades; de {n}, ninguno",
        "{layer}: hay dato de {known} entidades; de {n}, ninguno",
        unknown,
        layer=what,
        known=len(drawn.shown) - unknown,
    )


def _map(states: Sequence[StateAtAGlance], drawn: Layer, locale: Locale) -> Component:
    return state_map(
        {
            state.state_code: MapState(
                drawn.shown[state.state_code].status,
                f"{state.name}: {drawn.words(state.state_code)}",
                locale.link(f"/estados/{state.state_code}"),
            )
            for state in states
        },
        locale,
    )


def _twin(states: Sequence[StateAtAGlance], name: str, drawn: Layer, locale: Locale) -> Component:
    """The map as a table: each state, its class and the detail."""
    _ = locale.text
    rows: list[list[Node]] = [
        [
            _link(state, locale),
            drawn.names[drawn.shown[state.state_code].status],
            drawn.shown[state.state_code].detail or "",
        ]
        for state in by_name(states)
    ]
    columns = [Column(_("Entidad"), "row"), Column(_(LAYERS[name])), Column(_("Detalle"))]
    return table(_("El mapa, entidad por entidad"), columns, rows, locale)


def _table(visit: Visit, states: Sequence[StateAtAGlance], order: str, index: str) -> Component:
    """Every state with every fact, each in its own column, sorted as asked."""
    locale, _ = visit.locale, visit.locale.text
    headings: list[tuple[str | None, str, Kind]] = [
        ("nombre", _("Entidad"), "row"),
        ("declaratoria", _("Declaratoria"), "text"),
        ("ejercicio", _("Ejercicios"), "text"),
        ("secretariado", _("Secretariado"), "text"),
        ("plan", _("Primer plan"), "text"),
        ("pasos", _("Pasos de {n}", n=STEPS), "number"),
        (None, _("OGP Local"), "text"),
        ("metrica", _("Métrica {year}", year=METRIC_EDITION), "number"),
    ]
    columns = [_column(visit, key, name, kind, order) for key, name, kind in headings]
    rows = [_row(state, index, locale) for state in _sorted(states, order, index)]
    caption = _(
        "Qué está documentado de cada entidad y desde qué año. Métrica: {index}, de 0 a 1.",
        index=label("metric_index", index, locale.code),
    )
    return table(caption, columns, rows, locale)


def _column(visit: Visit, key: str | None, name: str, kind: Kind, order: str) -> Column:
    if key is None:
        return Column(name, kind)
    first, other = (f"-{key}", key) if key in FALLING else (key, f"-{key}")
    turned = other if order == first else first
    direction: Literal["ascending", "descending"] = "descending" if order.startswith("-") else "ascending"
    now = direction if order.removeprefix("-") == key else None
    return Column(name, kind, visit.query.link(orden=None if turned == "nombre" else turned), now)


def _row(state: StateAtAGlance, index: str, locale: Locale) -> list[Node]:
    _ = locale.text
    themselves = {True: [_("entidad")], False: [_("se retiró")], None: []}[state.is_member]
    return [
        _link(state, locale),
        _year(state.declaration.has_evidence, state.declaration.signed_on, locale),
        _exercises(state, locale),
        since_year(state.secretariat, locale),
        since_year(state.plans, locale),
        locale.number(state.steps) if state.steps else None,
        ", ".join([*themselves, *state.member_municipalities]) or None,
        locale.number(state.metric[index], 2) if index in state.metric else None,
    ]


def _exercises(state: StateAtAGlance, locale: Locale) -> str | None:
    """How many exercises of the state, and how many of its municipalities."""
    own, within = state.state_exercises, state.municipal_exercises
    municipal = locale.text("{n} mun.", n=within) if within else None
    said = " + ".join(part for part in (str(own) if own else None, municipal) if part)
    return said.replace(" ", "\N{NO-BREAK SPACE}") or None


def _link(state: StateAtAGlance, locale: Locale) -> Component:
    return html.A(state.name, href=locale.link(f"/estados/{state.state_code}"))


def _year(found: bool, date: str | None, locale: Locale) -> str | None:
    """Years keep the table narrow; the file of each state has the day."""
    if not found:
        return None
    return date[:4] if date else locale.text("sí, sin fecha")


def _sorted(states: Sequence[StateAtAGlance], order: str, index: str) -> list[StateAtAGlance]:
    """In the order of a column, ties by name; states without a value come last whichever way it is."""
    value = ORDERS[order.removeprefix("-")]
    named = by_name(states)
    having = [state for state in named if value(state, index) is not None]
    without = [state for state in named if value(state, index) is None]
    having.sort(key=lambda state: value(state, index), reverse=order.startswith("-"))  # type: ignore[arg-type,return-value]
    return having + without


def _when(found: bool, date: str | None) -> str | None:
    """Sorts by date; documented without a date comes after every date."""
    return (date or "9999") if found else None


def by_name(states: Sequence[StateAtAGlance]) -> list[StateAtAGlance]:
    """The states in the order of their names, as readers look them up."""
    return sorted(states, key=lambda state: folded(state.name))


def folded(name: str) -> str:
    """A name without accents and capitals, to sort by."""
    return "".join(mark for mark in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(mark))


PAGES = (Page("/estados", show, nav=N_("Estados"), order=30),)
