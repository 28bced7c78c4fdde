"""The 32 states in the Metric of 2017: how open their institutions were beside how much they let people take part."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation
from data.queries.states import METRIC_EDITION, StateAtAGlance
from layouts.components.chart import chart
from layouts.components.cited import cited
from layouts.components.island import Node
from layouts.components.point_names import named_apart
from layouts.components.points import LARGE, SMALL, Point, Scale, plane, points, rule
from layouts.components.tables import Column, Key, table
from layouts.components.view import Data, view
from layouts.i18n import Locale
from layouts.page import Visit

OPENNESS, TAKING_PART = "T", "P"
HEIGHT = 400
# Marks of a scale lie a tenth apart.
TENTHS = 10


def plane_view(
    visit: Visit,
    states: Sequence[StateAtAGlance],
    means: Mapping[str, float | None],
    sources: Sequence[Citation],
) -> Component | None:
    """Transparency and participation of `states`, in their order; None where the release has no mean to hold them against."""
    locale, _ = visit.locale, visit.locale.text
    open_mean, part_mean = means.get(OPENNESS), means.get(TAKING_PART)
    known = [state for state in states if OPENNESS in state.metric and TAKING_PART in state.metric]
    if open_mean is None or part_mean is None or not known:
        return None
    above = [state for state in known if _open(state) > open_mean and _part(state) > part_mean]
    return view(
        visit,
        key="dos-indices",
        sentence=locale.plural(
            "{n} de {of} entidades supera la media del país en transparencia y también en participación",
            "{n} de {of} entidades superan la media del país en transparencia y también en participación",
            len(above),
            of=locale.number(len(known)),
        ),
        text=_(
            "Métrica de Gobierno Abierto {year}, de 0 a 1; las líneas son las medias de todas las instituciones medidas: "
            "transparencia {open}, participación {part}.",
            year=METRIC_EDITION,
            open=locale.number(open_mean, 2),
            part=locale.number(part_mean, 2),
        ),
        keys=[Key("level-4", _("Por encima de las dos medias")), Key("level-2", _("Las demás"))],
        figure=chart(
            _figure(known, above, (open_mean, part_mean), locale), key="dos-indices", locale=locale, height=HEIGHT
        ),
        table=_table(states, locale),
        sources=cited(sources, locale),
        as_of=METRIC_EDITION,
        data=Data("metric_scores", {"edition": METRIC_EDITION, "scope": "state", "indicator": [OPENNESS, TAKING_PART]}),
    )


def _open(state: StateAtAGlance) -> float:
    return state.metric[OPENNESS]


def _part(state: StateAtAGlance) -> float:
    return state.metric[TAKING_PART]


def _figure(
    known: Sequence[StateAtAGlance],
    above: Sequence[StateAtAGlance],
    means: tuple[float, float],
    locale: Locale,
) -> dict[str, Any]:
    across = _scale(locale.text("Transparencia"), [*map(_open, known), means[0]], locale)
    up = _scale(locale.text("Participación"), [*map(_part, known), means[1]], locale)
    ends = {state.state_code for state in (*_ends_of(known, _open), *_ends_of(known, _part))}
    named = [
        Point(_open(state), _part(state), _words(state, locale), state.name if state.state_code in ends else None)
        for state in known
    ]
    placed = named_apart(named, (), across, up, HEIGHT)
    drawn = {state.state_code: point for state, point in zip(known, placed, strict=True)}
    standing_out = {state.state_code for state in above}
    return {
        "data": [
            rule((means[0], up.first), (means[0], up.last)),
            rule((across.first, means[1]), (across.last, means[1])),
            points([point for code, point in drawn.items() if code not in standing_out], "level-2", SMALL),
            points([point for code, point in drawn.items() if code in standing_out], "level-4", LARGE),
        ],
        "layout": plane(across, up),
    }


def _ends_of(known: Sequence[StateAtAGlance], value: Any) -> tuple[StateAtAGlance, StateAtAGlance]:
    return min(known, key=value), max(known, key=value)


def _scale(name: str, values: Sequence[float], locale: Locale) -> Scale:
    """From the tenth below the lowest value to the one above the highest."""
    first, last = math.floor(min(values) * TENTHS), math.ceil(max(values) * TENTHS)
    marks = [(tenth / TENTHS, locale.number(tenth / TENTHS, 1)) for tenth in range(first, last + 1)]
    return Scale(name, first / TENTHS, last / TENTHS, marks)


def _words(state: StateAtAGlance, locale: Locale) -> list[str]:
    return [
        state.name,
        locale.text("Transparencia: {value}", value=locale.number(_open(state), 2)),
        locale.text("Participación: {value}", value=locale.number(_part(state), 2)),
    ]


def _table(states: Sequence[StateAtAGlance], locale: Locale) -> Component:
    _ = locale.text
    columns = [Column(_("Entidad"), "row"), Column(_("Transparencia"), "number"), Column(_("Participación"), "number")]
    rows: list[list[Node]] = [
        [
            html.A(state.name, href=locale.link(f"/estados/{state.state_code}")),
            *(
                locale.number(state.metric[index], 2) if index in state.metric else None
                for index in (OPENNESS, TAKING_PART)
            ),
        ]
        for state in states
    ]
    return table(_("Transparencia y participación de cada entidad"), columns, rows, locale)
