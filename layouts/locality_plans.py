"""The plans of one member of OGP Local: a bar each, of its commitments by what is known of them."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation
from data.queries.locality import LocalCommitment, LocalPlan
from data.schema import label
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Key, Part, bars, table
from layouts.components.view import Data, view
from layouts.i18n import Locale
from layouts.ogp_local_views import known_keys, known_parts
from layouts.page import Visit


def plans_view(
    visit: Visit, plans: Sequence[LocalPlan], found: Sequence[LocalCommitment], citations: Sequence[Citation]
) -> Component:
    """Each plan once, declared commitments that were not found hatched; the table has what its other records add."""
    locale, _ = visit.locale, visit.locale.text
    own = {plan.plan_id: [one for one in found if one.plan_id == plan.plan_id] for plan in plans}
    longest = max(max(len(own[plan.plan_id]), plan.declared_commitments or 0) for plan in plans) or 1
    doubled = sum(bool(plan.others) for plan in plans)
    missing = any((plan.declared_commitments or 0) > len(own[plan.plan_id]) for plan in plans)
    keys = [Key(drawn, words) for drawn, words in known_keys(locale)]
    ids = [plan.plan_id for plan in plans] + [other.plan_id for plan in plans for other in plan.others]
    return view(
        visit,
        key="planes",
        sentence=locale.plural("{n} plan de acción ante OGP Local", "{n} planes de acción ante OGP Local", len(plans)),
        text=locale.plural(
            "{n} plan está también en la relación de planes estatales y aquí cuenta una vez.",
            "{n} planes están también en la relación de planes estatales y aquí cuentan una vez.",
            doubled,
        )
        if doubled
        else None,
        keys=[*keys, *([Key("no-data", _("Declarado, sin encontrar"))] if missing else [])],
        figure=html.Div(
            bars(
                _("Compromisos de cada plan, por lo que se sabe de ellos"),
                (_("Plan"), _("Compromisos"), _("Registrados")),
                [_bar(plan, own[plan.plan_id], longest, locale) for plan in plans],
                locale,
            ),
            className="lengths",
        ),
        table=_table(plans, own, locale),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=Data("plans", {"plan_id": ids}),
    )


def plan_years(plan: LocalPlan, locale: Locale) -> str:
    """``Plan 2, 2019–2021``; ``Plan 3, hasta 2024`` where its start is not known."""
    number = locale.text("Plan {n}", n=plan.number) if plan.number else locale.text("Plan")
    years = [date[:4] if date else None for date in (plan.starts_on, plan.ends_on)]
    if years[0] is None:
        return locale.text("{plan}, hasta {year}", plan=number, year=years[1]) if years[1] else number
    return f"{number}, {'–'.join(dict.fromkeys(year for year in years if year))}"


def _bar(plan: LocalPlan, own: Sequence[LocalCommitment], longest: int, locale: Locale) -> Bar:
    _ = locale.text
    parts = known_parts([one.known for one in own], longest, locale)
    missing = (plan.declared_commitments or 0) - len(own)
    if missing > 0:
        words = _("declarados, sin encontrar: {n}", n=locale.number(missing))
        parts.append(Part(missing / longest, "no-data", words))
    declared = plan.declared_commitments
    detail = _("declara {n}", n=locale.number(declared)) if declared is not None else None
    return Bar([_name(plan, locale)], parts, locale.number(len(own)), detail)


def _table(plans: Sequence[LocalPlan], own: dict[str, list[LocalCommitment]], locale: Locale) -> Component:
    _ = locale.text
    columns = [
        Column(_("Plan"), "row"),
        Column(_("Publicado")),
        Column(_("Compromisos registrados"), "number"),
        Column(_("Declarados"), "number"),
        Column(_("Foro")),
        Column(_("Situación")),
    ]
    rows: list[list[Node]] = [
        [
            _name(plan, locale),
            locale.date(plan.published_on) if plan.published_on else None,
            locale.number(len(own[plan.plan_id])),
            locale.number(plan.declared_commitments) if plan.declared_commitments is not None else None,
            html.Span(plan.forum, lang="en") if plan.forum else None,
            _standing(plan, locale),
        ]
        for plan in plans
    ]
    return table(_("Planes presentados ante OGP Local"), columns, rows, locale, cards=True)


def _name(plan: LocalPlan, locale: Locale) -> Node:
    name = plan_years(plan, locale)
    return html.A(name, href=plan.document_url, rel="noopener") if plan.document_url else name


def _standing(plan: LocalPlan, locale: Locale) -> Node:
    """What the other records of the plan say of where it stands."""
    said = []
    for other in plan.others:
        if other.status:
            when = locale.date(other.status_as_of) if other.status_as_of else locale.text("sin fecha")
            said.append(f"{label('exercise_status', other.status, locale.code)} ({when})")
        if other.has_final_report:
            said.append(locale.text("con informe final"))
    return "; ".join(said) or None
