"""Views of the national plans that several pages show: completion by the IRM, and the plans on a line of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.indicators.completion import GRADES, REPORTS, REVIEWER, Completion
from data.queries.citations import Citation
from data.queries.national_plan import CommitmentSummary, NationalPlan, PlanEvent
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node, with_attributes
from layouts.components.tables import Bar, Column, Part, bars, table
from layouts.components.view import Data, view
from layouts.page import Visit
from layouts.plan_names import GRADE_CLASSES, grade_keys, grade_name, outside, plan_name, plan_years
from layouts.plan_reviews import reviewed


def completion_parts(counted: Completion, visit: Visit) -> list[Part]:
    """The four grades as parts of a bar; none where nothing was rated."""
    if not counted.rated:
        return []
    return [
        Part(
            counted.of(grade) / counted.rated,
            GRADE_CLASSES[grade],
            f"{grade_name(grade, visit.locale)}: {visit.locale.number(counted.of(grade))}",
        )
        for grade in GRADES
    ]


def completion_view(
    visit: Visit,
    plans: Sequence[NationalPlan],
    counts: Mapping[str, Completion],
    summaries: Sequence[CommitmentSummary],
    citations: Sequence[Citation],
) -> Component:
    """Completion by plan as the IRM coded it, each bar with its denominator, and the reports that say so."""
    locale, _ = visit.locale, visit.locale.text
    rows = [_completion_bar(visit, plan, counts.get(plan.plan_id)) for plan in plans]
    shown = {plan.plan_id for plan in plans}
    rule = _(
        "Cumplimiento según el Mecanismo de Revisión Independiente (IRM) de OGP: cuenta el informe de fin de "
        "periodo y, si no lo hay, el de avance. El denominador son los compromisos con calificación."
    )
    own = [item for item in summaries if item.plan_id in shown]
    return view(
        visit,
        key="cumplimiento",
        sentence=_completion_sentence(visit, plans, counts),
        text=" ".join(part for part in (rule, reviewed(own, locale)) if part),
        keys=grade_keys(locale),
        figure=bars(
            _("Compromisos por plan y grado de cumplimiento"),
            (_("Plan"), _("Cumplimiento"), _("Completos")),
            rows,
            locale,
        ),
        sources=cited(citations, locale),
        as_of=_read_on(visit, own) or cut_off(citations, locale),
        data=graded_rows(own),
    )


def graded_rows(items: Sequence[CommitmentSummary]) -> Data:
    """The rows that the completion of some commitments is read from."""
    ids = [item.commitment_id for item in items]
    return Data(
        "commitment_ratings",
        {"criterion": "completion", "reviewer": REVIEWER, "report": REPORTS, "commitment_id": ids},
    )


def timeline_view(
    visit: Visit,
    plans: Sequence[NationalPlan],
    events: Sequence[PlanEvent],
    last_year: int,
    citations: Sequence[Citation],
) -> Component:
    """The plans on a line from the first one to `last_year`, and what happened meanwhile."""
    _ = visit.locale.text
    return view(
        visit,
        key="linea",
        sentence=_timeline_sentence(visit, plans, events),
        text=_(
            "Cada barra es un plan y cada marca, un hecho del proceso nacional. El último renglón es de los hechos que no son de un plan."
        ),
        figure=html.Div(
            [_timeline(visit, plans, events, last_year), *_since(visit, plans, events)], className="stacked"
        ),
        table=_events_table(visit, plans, events),
        sources=cited(citations, visit.locale),
        as_of=cut_off(citations, visit.locale),
        data=Data("plan_events", listed=True),
    )


def _read_on(visit: Visit, summaries: Sequence[CommitmentSummary]) -> str | None:
    """The date of the copies that the grades were read from; the newest, should there be several."""
    dates = [item.graded_on for item in summaries if item.graded_on]
    return visit.locale.date(max(dates)) if dates else None


def _completion_bar(visit: Visit, plan: NationalPlan, counted: Completion | None) -> Bar:
    locale = visit.locale
    name = html.A(plan_name(plan, locale), href=locale.link("/plan-nacional", plan=plan.plan_id))
    detail = plan_years(plan, locale)
    if counted is None or not counted.rated:
        return Bar(name, [], None, detail)
    value = locale.text("{n} de {total}", n=locale.number(counted.complete), total=locale.number(counted.rated))
    return Bar(name, completion_parts(counted, visit), value, detail)


def _completion_sentence(visit: Visit, plans: Sequence[NationalPlan], counts: Mapping[str, Completion]) -> str:
    locale = visit.locale
    rated = [(plan, counts[plan.plan_id]) for plan in plans if plan.plan_id in counts and counts[plan.plan_id].rated]
    if not rated:
        return locale.text("Compromiso por compromiso, no hay dato de cuánto se cumplió")
    best = max(rated, key=lambda pair: pair[1].share or 0)
    worst = min(rated, key=lambda pair: pair[1].share or 0)
    if best[0] is worst[0]:
        return locale.text(
            "El IRM dio por completo el {share} de lo evaluado: {n} de {total} compromisos",
            share=locale.percent(best[1].share or 0),
            n=locale.number(best[1].complete),
            total=locale.number(best[1].rated),
        )
    return locale.text(
        "Del {best} el IRM dio por completo el {high}; del {worst}, el {low}",
        best=_inside(plan_name(best[0], locale)),
        high=locale.percent(best[1].share or 0),
        worst=_inside(plan_name(worst[0], locale)),
        low=locale.percent(worst[1].share or 0),
    )


def _inside(name: str) -> str:
    """A name as it stands inside a sentence."""
    return name[:1].lower() + name[1:]


def _timeline_sentence(visit: Visit, plans: Sequence[NationalPlan], events: Sequence[PlanEvent]) -> str:
    locale = visit.locale
    ended = _last_end(plans)
    if not ended or not events:
        return locale.text("Los planes nacionales en el tiempo")
    after = [event for event in events if event.happened_on[:4] > ended]
    return locale.plural(
        "El último plan terminó en {year}; desde entonces hay registro de {n} hecho del proceso",
        "El último plan terminó en {year}; desde entonces hay registro de {n} hechos del proceso",
        len(after),
        year=ended,
    )


def _last_end(plans: Sequence[NationalPlan]) -> str | None:
    """The year in which the last plan ended."""
    return max((plan.ends_on[:4] for plan in plans if plan.ends_on), default=None)


def _since(visit: Visit, plans: Sequence[NationalPlan], events: Sequence[PlanEvent]) -> list[Component]:
    """What happened since the last plan ended, in words."""
    locale, ended = visit.locale, _last_end(plans)
    items = [
        html.Li(
            [
                html.Span(locale.date(event.happened_on), className="since-when"),
                html.Span(outside(locale.pick(event.event_es, event.event_en) or "", event.source_url)),
            ]
        )
        for event in events
        if ended and event.happened_on[:4] > ended
    ]
    return [html.Ol(items, className="since")] if items else []


def _timeline(visit: Visit, plans: Sequence[NationalPlan], events: Sequence[PlanEvent], last_year: int) -> Component:
    locale = visit.locale
    dates = [plan.earlier_starts_on or plan.starts_on for plan in plans] + [event.happened_on for event in events]
    first = min((int(date[:4]) for date in dates if date), default=last_year)
    scale = _Scale(first, last_year + 1)
    known = {plan.plan_id for plan in plans}
    rows = [
        _row(visit, scale, plan_name(plan, locale), plan, [e for e in events if _belongs(e, plan, plans)])
        for plan in plans
    ]
    others = [event for event in events if not any(_belongs(event, plan, plans) for plan in plans)]
    if others and known:
        rows.append(_row(visit, scale, locale.text("Sin plan"), None, others))
    step = 3 if last_year - first > 8 else 1
    marked = [year for year in range(first, last_year + 1, step) if scale.share(str(year)) < _LAST_LABEL]
    years = [html.Span(str(year), style={"left": scale.place(str(year))}) for year in marked]
    # The line ends with the year of the release.
    years.append(html.Span(locale.text("hoy"), className="now"))
    axis = with_attributes(html.Div(years, className="timeline-years"), {"aria-hidden": "true"})
    return html.Div([axis, html.Ol(rows, className="timeline-rows")], className="timeline")


# Beyond this part of the line a year would be written over its end.
_LAST_LABEL = 0.92


class _Scale:
    """Partial dates as places on a line, in percent from its left end."""

    def __init__(self, first_year: int, end_year: int) -> None:
        self.first, self.years = first_year, max(end_year - first_year, 1)

    def share(self, written: str, *, end: bool = False) -> float:
        """Where a date lies, 0 to 1; a year or month is its first day, or with `end` its last."""
        year, month, day = [int(part) for part in written.split("-")] + [0] * (3 - len(written.split("-")))
        if end:
            year, month, day = year, month or 12, day or 30
        place = year - self.first + (max(month, 1) - 1) / 12 + (max(day, 1) - 1) / 365
        return min(max(place / self.years, 0), 1)

    def place(self, written: str) -> str:
        """The same for a style."""
        return f"{100 * self.share(written):.2f}%"


def _belongs(event: PlanEvent, plan: NationalPlan, plans: Sequence[NationalPlan]) -> bool:
    """Whether an event is of a plan; those of an earlier record of a plan (MX-P1) are of that plan (MX-P1E)."""
    if event.plan_id is None:
        return False
    if event.plan_id in {other.plan_id for other in plans}:
        return event.plan_id == plan.plan_id
    return plan.earlier_plan_id == event.plan_id


def _row(visit: Visit, scale: _Scale, name: str, plan: NationalPlan | None, events: Sequence[PlanEvent]) -> Component:
    locale = visit.locale
    drawn: list[Node] = []
    said = locale.plural("{n} hecho", "{n} hechos", len(events))
    heading: list[Node] = [name]
    starts = (plan.earlier_starts_on or plan.starts_on) if plan else None
    if plan is not None and starts is not None:
        left, right = scale.share(starts), scale.share(plan.ends_on or starts, end=True)
        drawn.append(html.B(style={"left": f"{100 * left:.2f}%", "width": f"{100 * max(right - left, 0.005):.2f}%"}))
        heading = [html.A(name, href=locale.link("/plan-nacional", plan=plan.plan_id))]
    if plan is not None:
        heading += [" ", html.Small(plan_years(plan, locale))]
    drawn += [html.I(style={"left": scale.place(event.happened_on)}, title=_titled(event, visit)) for event in events]
    track = with_attributes(html.Div(drawn, className="timeline-track", role="img"), {"aria-label": said})
    return html.Li([html.Div(heading, className="timeline-name"), track])


def _titled(event: PlanEvent, visit: Visit) -> str:
    words = visit.locale.pick(event.event_es, event.event_en)
    return f"{visit.locale.date(event.happened_on)}: {words}"


def _events_table(visit: Visit, plans: Sequence[NationalPlan], events: Sequence[PlanEvent]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    rows: list[list[Node]] = [
        [
            locale.date(event.happened_on),
            outside(locale.pick(event.event_es, event.event_en) or "", event.source_url),
            next((plan_name(plan, locale) for plan in plans if _belongs(event, plan, plans)), "—"),
        ]
        for event in events
    ]
    return table(
        _("Hechos del proceso nacional"),
        [Column(_("Fecha")), Column(_("Qué pasó"), kind="row"), Column(_("Plan"))],
        rows,
        locale,
    )
