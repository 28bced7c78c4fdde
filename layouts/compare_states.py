"""States as small multiples: what is documented of each, the Metric, and the plans, on the same scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.indicators.coverage import Occurrence
from data.queries.citations import Citation
from data.queries.state import LocalPlan
from data.queries.states import METRIC_EDITION, StateAtAGlance
from data.schema import label
from layouts.components.cited import cited, cut_off
from layouts.components.gauge import gauge
from layouts.components.island import Node
from layouts.components.tables import Column, table
from layouts.components.texts import no_data
from layouts.components.view import Data, view
from layouts.first_dates import since_date
from layouts.i18n import Locale
from layouts.page import Visit
from layouts.state_layers import INDICES, STEPS


def state_views(
    visit: Visit,
    states: Sequence[StateAtAGlance],
    chosen: Sequence[StateAtAGlance],
    plans: Mapping[str, Sequence[LocalPlan]],
    sources: Sequence[Citation],
) -> list[Component]:
    """The three views of a comparison; `states` are all of them, for the mean that the Metric is compared with."""
    known = {source.source_id: source for source in sources}
    documented = [known[name] for name in ("state_exercises", "ogp_local") if name in known]
    measured = [known[name] for name in ("metrica",) if name in known]
    return [
        _openness(visit, chosen, documented),
        _metric(visit, states, chosen, measured),
        _plans(visit, chosen, plans, documented),
    ]


def _openness(visit: Visit, chosen: Sequence[StateAtAGlance], sources: Sequence[Citation]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    panels = []
    for state in chosen:
        steps: Node = _("{n} de {of}", n=state.steps, of=STEPS) if state.steps else None
        rows: list[list[Node]] = [[name, value] for name, value in _facts(state, locale)]
        rows.append(
            [
                _("pasos con evidencia"),
                html.Span([steps if steps else no_data(locale), gauge(state.steps / STEPS if state.steps else None)]),
            ]
        )
        panels.append(
            _panel(state, table(state.name, [Column(_("Hecho"), "row"), Column(_("Desde"))], rows, locale), locale)
        )
    levels = [_("{state}, {n}", state=state.name, n=state.coverage.level) for state in chosen]
    return view(
        visit,
        key="hechos",
        sentence=_("Hechos documentados, de cuatro: {states}.", states="; ".join(levels)),
        text=_("Son hechos distintos: no se suman ni se promedian. «Sin dato» no es un no."),
        figure=html.Div(panels, className="multiples"),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        proofs=[
            Data("declarations", {"state_code": _codes(chosen)}),
            Data("exercises", {"state_code": _codes(chosen)}),
            Data("technical_secretariats", {"state_code": _codes(chosen)}),
            Data("plan_jurisdictions", {"place_kind": "state", "place_id": _codes(chosen)}),
            Data("exercise_steps", {"state_code": _codes(chosen)}),
        ],
    )


def _facts(state: StateAtAGlance, locale: Locale) -> list[tuple[str, Node]]:
    """The four facts of a state with their date."""
    _ = locale.text
    exercises = locale.plural("{n} ejercicio estatal", "{n} ejercicios estatales", state.state_exercises)
    signed = [Occurrence(state.declaration.signed_on)] if state.declaration.has_evidence else []
    return [
        (_("declaratoria"), _since(signed, locale)),
        (_("ejercicio"), exercises if state.state_exercises else None),
        (_("secretariado técnico"), _since(state.secretariat, locale)),
        (_("primer plan de acción"), _since(state.plans, locale)),
    ]


def _metric(
    visit: Visit, states: Sequence[StateAtAGlance], chosen: Sequence[StateAtAGlance], sources: Sequence[Citation]
) -> Component:
    locale, _ = visit.locale, visit.locale.text
    means = {index: _mean(states, index) for index in INDICES}
    panels = []
    for state in chosen:
        rows: list[list[Node]] = [
            [
                label("metric_index", index, locale.code),
                gauge(state.metric.get(index), means[index]),
                locale.number(state.metric[index], 2) if index in state.metric else None,
            ]
            for index in INDICES
        ]
        columns = [Column(_("Índice"), "row"), Column(_("De 0 a 1")), Column(_("Valor"), "number")]
        panels.append(_panel(state, table(state.name, columns, rows, locale), locale))
    having = [state for state in chosen if INDICES[0] in state.metric]
    sentence = _("Sin dato de la Métrica para estas entidades")
    if having:
        best = max(having, key=lambda state: state.metric[INDICES[0]])
        sentence = _(
            "{state} tiene el índice de gobierno abierto más alto de las elegidas: {value}",
            state=best.name,
            value=locale.number(best.metric[INDICES[0]], 2),
        )
    return view(
        visit,
        key="metrica",
        sentence=sentence,
        text=_("Métrica {year}, de 0 a 1. La marca es la media simple de las 32 entidades.", year=METRIC_EDITION),
        figure=html.Div(panels, className="multiples"),
        sources=cited(sources, locale),
        as_of=METRIC_EDITION,
        data=Data("metric_scores", {"edition": METRIC_EDITION, "state_code": _codes(chosen)}),
    )


def _plans(
    visit: Visit,
    chosen: Sequence[StateAtAGlance],
    plans: Mapping[str, Sequence[LocalPlan]],
    sources: Sequence[Citation],
) -> Component:
    locale, _ = visit.locale, visit.locale.text
    own = {state.state_code: [plan for plan in plans[state.state_code] if plan.is_state_plan] for state in chosen}
    counts = {plan.plan_id: max(plan.declared or 0, len(plan.commitments)) for found in own.values() for plan in found}
    most = max(counts.values(), default=0)
    panels = []
    for state in chosen:
        rows = [_plan(plan, counts[plan.plan_id], most, locale) for plan in own[state.state_code]]
        columns = [Column(_("Plan"), "row"), Column(_("Compromisos"))]
        nothing = html.P([_("Planes de acción: "), no_data(locale)])
        panels.append(_panel(state, table(state.name, columns, rows, locale) if rows else nothing, locale))
    return view(
        visit,
        key="planes",
        sentence=_(
            "{plans} de las entidades elegidas",
            plans=locale.plural("{n} plan de acción", "{n} planes de acción", len(counts)),
        ),
        text=_("Compromisos: los declarados o los que se conocen por título, lo que sea más; misma escala en todas."),
        figure=html.Div(panels, className="multiples"),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("plan_jurisdictions", {"place_kind": "state", "place_id": _codes(chosen)}),
    )


def _plan(plan: LocalPlan, count: int, most: int, locale: Locale) -> list[Node]:
    name = locale.pick(plan.name_es, plan.name_en) or plan.plan_id
    since = plan.published_on or plan.starts_on
    when = locale.date(since[:4]) if since else locale.text("sin fecha")
    shown: Node = None
    if count:
        shown = html.Span([locale.number(count), gauge(count / most, status="completed")])
    return [html.Span([name, " ", html.Small(when)]), shown]


def _panel(state: StateAtAGlance, inside: Component, locale: Locale) -> Component:
    link = html.A(state.name, href=locale.link(f"/estados/{state.state_code}"))
    return html.Div([html.H3(link), inside], className="panel")


def _codes(chosen: Sequence[StateAtAGlance]) -> list[str]:
    return [state.state_code for state in chosen]


def _mean(states: Sequence[StateAtAGlance], index: str) -> float | None:
    values = [state.metric[index] for state in states if index in state.metric]
    return sum(values) / len(values) if values else None


def _since(occurrences: Sequence[Occurrence], locale: Locale) -> str | None:
    if not occurrences:
        return None
    return since_date(occurrences, locale) or locale.text("sí, sin fecha")
