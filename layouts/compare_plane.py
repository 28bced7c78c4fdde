"""What the plans of every country aimed for beside what they completed: a point a plan, those of some countries named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash.development.base_component import Component

from data.queries.compare import COMPLETION, EDITION, IMPACT, CountryProfile, Graded, PlanProfile
from layouts.compare_countries import counted, country_name, number_counted, plan_title, share_counted
from layouts.components.chart import chart
from layouts.components.island import Node
from layouts.components.point_names import named_apart
from layouts.components.points import LARGE, SMALL, Point, Scale, plane, points, rule
from layouts.components.tables import Column, Key, table
from layouts.components.view import Data, Source, view
from layouts.i18n import Locale
from layouts.page import Visit

HEIGHT = 420
HALF = 0.5
MARKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class PlanOf:
    """A plan and its country; `aimed` and `done` are shares from 0 to 1, None where nothing was coded."""

    country: CountryProfile
    plan: PlanProfile

    @property
    def aimed(self) -> float | None:
        """Commitments with a moderate or transformative potential impact."""
        return share_counted(self.plan.graded[IMPACT])

    @property
    def done(self) -> float | None:
        """Complete commitments."""
        return share_counted(self.plan.graded[COMPLETION])


def plane_view(
    visit: Visit,
    every: Sequence[CountryProfile],
    shown: Sequence[CountryProfile],
    sources: Sequence[Source],
    edition: str | None,
) -> Component:
    """Ambition and completion of the plans of `every` country, those of `shown` by name."""
    locale, _ = visit.locale, visit.locale.text
    plans = [PlanOf(country, plan) for country in every for plan in country.plans.values()]
    known = [one for one in plans if one.aimed is not None and one.done is not None]
    named = {country.country_code for country in shown}
    return view(
        visit,
        key="ambicion-y-cumplimiento",
        sentence=_sentence(known, locale),
        text=_text([one for one in plans if one.country.country_code in named], locale),
        keys=[
            Key("level-4", ", ".join(country_name(each, locale) for each in shown)),
            Key("level-2", _("Otros países")),
        ],
        figure=chart(_figure(known, named, locale), key="ambicion-y-cumplimiento", locale=locale, height=HEIGHT),
        table=_table(plans, locale),
        sources=sources,
        as_of=locale.date(edition) if edition else None,
        data=Data("commitment_ratings", {"criterion": [IMPACT, COMPLETION], "edition": EDITION}),
    )


def _figure(known: Sequence[PlanOf], named: set[str | None], locale: Locale) -> dict[str, Any]:
    apart = [one for one in known if one.country.country_code in named]
    others = [one for one in known if one.country.country_code not in named]
    marks = [(mark, locale.percent(mark / 100)) for mark in MARKS]
    across = Scale(locale.text("De impacto moderado o transformador"), -4, 104, marks)
    up = Scale(locale.text("Completos"), -4, 104, marks)
    around = [_point(one, locale) for one in others]
    own = [_point(one, locale, _short(one, locale)) for one in apart]
    traces = [
        rule((50, -4), (50, 104)),
        rule((-4, 50), (104, 50)),
        points(around, "level-2", SMALL),
        points(named_apart(own, around, across, up, HEIGHT), "level-4", LARGE),
    ]
    return {"data": traces, "layout": plane(across, up)}


def _point(one: PlanOf, locale: Locale, name: str | None = None) -> Point:
    aimed = counted(one.plan.graded[IMPACT], locale)
    done = counted(one.plan.graded[COMPLETION], locale)
    words = [
        country_name(one.country, locale),
        plan_title(one.plan, locale),
        locale.text("Impacto: {value}", value=aimed),
        locale.text("Completos: {value}", value=done),
    ]
    return Point(100 * (one.aimed or 0), 100 * (one.done or 0), words, name)


def _short(one: PlanOf, locale: Locale) -> str:
    return f"{country_name(one.country, locale)} {one.plan.number}"


def _sentence(known: Sequence[PlanOf], locale: Locale) -> str:
    both = sum((one.aimed or 0) > HALF and (one.done or 0) > HALF for one in known)
    return locale.plural(
        "Ambición y cumplimiento: de {total} planes con ambos datos, {n} pasó de la mitad en los dos",
        "Ambición y cumplimiento: de {total} planes con ambos datos, {n} pasaron de la mitad en los dos",
        both,
        total=locale.number(len(known)),
    )


def _text(own: Sequence[PlanOf], locale: Locale) -> str:
    said = locale.text(
        "Cada punto es un plan: más a la derecha, más ambición; más arriba, más cumplimiento. Las líneas marcan la mitad "
        "de los compromisos con valor."
    )
    missing = [_short(one, locale) for one in own if one.aimed is None or one.done is None]
    if not missing:
        return said
    apart = locale.text("Sin alguno de los dos datos: {plans}.", plans=", ".join(missing))
    return f"{said} {apart}"


def _table(plans: Sequence[PlanOf], locale: Locale) -> Component:
    _ = locale.text
    columns = [
        Column(_("País"), "row"),
        Column(_("Plan")),
        Column(_("De impacto moderado o transformador"), "number"),
        Column(_("Con valor de impacto"), "number"),
        Column(_("Completos"), "number"),
        Column(_("Con valor de cumplimiento"), "number"),
    ]
    rows: list[list[Node]] = [
        [
            country_name(one.country, locale),
            plan_title(one.plan, locale),
            *_numbers(one.plan.graded[IMPACT], locale),
            *_numbers(one.plan.graded[COMPLETION], locale),
        ]
        for one in plans
    ]
    return table(_("Ambición y cumplimiento de cada plan"), columns, rows, locale)


def _numbers(graded: Graded, locale: Locale) -> list[Node]:
    """How many count, of how many; both "sin dato" where nothing was coded."""
    return [locale.number(number_counted(graded)), locale.number(graded.rated)] if graded.rated else [None, None]
