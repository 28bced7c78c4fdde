"""The national plans among those of every country: what each completed, a point a plan, and where Mexico's lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from dash.development.base_component import Component

from data.queries.compare import COMPLETION, EDITION, CountryProfile, Graded
from data.queries.national_plan import COUNTRY, NationalPlan
from layouts.compare_countries import country_name
from layouts.components.chart import chart
from layouts.components.island import Node
from layouts.components.points import LARGE, SMALL, Point, Scale, plane, points, remark, rule
from layouts.components.tables import Column, Key, table
from layouts.components.view import Data, Source, view
from layouts.i18n import Locale
from layouts.page import Visit
from layouts.plan_names import plan_name

MARKS = (0, 25, 50, 75, 100)
# Points of one height are this far apart, in percent: their own width on a small telephone.
APART = 3.6
# Pixels from one point to the one above it, and points' worth of room for the words above and below a row.
STEP, ABOVE, BELOW = 11, 3, 2
EDGES = 68


@dataclass(frozen=True)
class Row:
    """The plans with one number: Mexico's `plan`, and each country with the plan's year and how it was graded."""

    plan: NationalPlan
    countries: Sequence[tuple[CountryProfile, str | None, Graded]]

    @property
    def rated(self) -> list[tuple[CountryProfile, str | None, Graded]]:
        """Those of which something was graded, the least complete first."""
        having = [each for each in self.countries if _share(each[2]) is not None]
        return sorted(having, key=lambda each: (_share(each[2]), each[0].country_code))

    @property
    def own(self) -> float:
        """What Mexico completed, 0 to 1."""
        return next(share for each in self.rated if _is_own(each[0]) and (share := _share(each[2])) is not None)

    @property
    def median(self) -> float:
        """What the country in the middle completed, 0 to 1."""
        return median(share for each in self.rated if (share := _share(each[2])) is not None)


def world_view(
    visit: Visit,
    plans: Sequence[NationalPlan],
    profiles: Mapping[str, CountryProfile],
    sources: Sequence[Source],
    edition: str | None,
) -> Component | None:
    """Completion of the plans with the numbers of `plans`; None where the edition graded none of Mexico's."""
    locale, _ = visit.locale, visit.locale.text
    rows = [row for plan in plans if (row := _row(plan, profiles)) is not None]
    if not rows:
        return None
    figure, height = _figure(rows, locale)
    return view(
        visit,
        key="mundo",
        sentence=_sentence(rows, locale),
        text=_text(plans, rows, locale),
        keys=[Key("level-4", _("México")), Key("level-2", _("Otros países"))],
        figure=chart(figure, key="mundo", locale=locale, height=height),
        table=_table(rows, locale),
        sources=sources,
        as_of=locale.date(edition) if edition else None,
        data=Data("commitment_ratings", {"criterion": COMPLETION, "edition": EDITION}),
    )


def _row(plan: NationalPlan, profiles: Mapping[str, CountryProfile]) -> Row | None:
    having = [
        (country, found.year, found.graded[COMPLETION])
        for country in profiles.values()
        if (found := country.plans.get(plan.number)) is not None
    ]
    graded = any(_is_own(country) and one.rated for country, _, one in having)
    return Row(plan, having) if graded else None


def _share(graded: Graded) -> float | None:
    return graded.share("complete")


def _is_own(country: CountryProfile) -> bool:
    return country.country_code == COUNTRY


def _figure(rows: Sequence[Row], locale: Locale) -> tuple[dict[str, Any], int]:
    """The rows one below the other, each point as high in its row as there are others before it; and the height."""
    own: list[Point] = []
    others: list[Point] = []
    rules, remarks = [], []
    ground = 0.0
    for row in reversed(rows):
        ground += BELOW
        heights = stacked([100 * (_share(graded) or 0) for _, _, graded in row.rated])
        for (country, year, graded), height in zip(row.rated, heights, strict=True):
            words = [country_name(country, locale), _plan(row, year, locale), _value(graded, locale)]
            point = Point(100 * (_share(graded) or 0), ground + height, words)
            (own if _is_own(country) else others).append(point)
        top = ground + max(heights) + 1
        rules.append(rule((100 * row.median, ground - 0.5), (100 * row.median, top)))
        said = locale.text("México {share}", share=locale.percent(row.own))
        remarks.append(remark(said, min(max(100 * row.own, 10), 90), ground, shift=-18))
        remarks.append(remark(_heading(row, locale), 0, top, anchor="left", shift=13))
        ground = top + ABOVE
    marks = [(mark, locale.percent(mark / 100)) for mark in MARKS]
    across = Scale(locale.text("Compromisos completos, de los evaluados"), -2, 102, marks)
    layout = plane(across, Scale("", 0, ground), remarks)
    traces = [*rules, points(others, "level-2", SMALL), points(own, "level-4", LARGE)]
    return {"data": traces, "layout": layout}, round(ground * STEP) + EDGES


def stacked(places: Sequence[float]) -> list[int]:
    """How high each of some places, in rising order, must lie so that none covers another: 0 is the ground."""
    last: list[float] = []
    heights = []
    for place in places:
        height = next((i for i, before in enumerate(last) if place - before >= APART), len(last))
        last[height : height + 1] = [place]
        heights.append(height)
    return heights


def _heading(row: Row, locale: Locale) -> str:
    return locale.plural(
        "{plan}: {n} país, mediana {median}",
        "{plan}: {n} países, mediana {median}",
        len(row.rated),
        plan=plan_name(row.plan, locale),
        median=locale.percent(row.median),
    )


def _sentence(rows: Sequence[Row], locale: Locale) -> str:
    said = [
        locale.text(
            "{plan}, México {own} y la mediana de {n} países {median}",
            plan=_inside(plan_name(row.plan, locale)),
            own=locale.percent(row.own),
            n=locale.number(len(row.rated)),
            median=locale.percent(row.median),
        )
        for row in rows
    ]
    return locale.text("Completado de lo evaluado: {plans}", plans="; ".join(said))


def _inside(name: str) -> str:
    return name[:1].lower() + name[1:]


def _text(plans: Sequence[NationalPlan], rows: Sequence[Row], locale: Locale) -> str:
    said = locale.text(
        "Cada punto es el plan de un país y la línea, la mediana. Una sola edición de la codificación del IRM para todos, "
        "que se compara entre países; cuenta el informe de fin de periodo y, si no lo hay, el de avance."
    )
    graded = {row.plan.plan_id for row in rows}
    missing = [_inside(plan_name(plan, locale)) for plan in plans if plan.plan_id not in graded]
    if not missing:
        return said
    apart = locale.text("Sin dato en ella de México: {plans}.", plans=", ".join(missing))
    return f"{said} {apart}"


def _table(rows: Sequence[Row], locale: Locale) -> Component:
    _ = locale.text
    columns = [
        Column(_("País"), "row"),
        Column(_("Plan")),
        Column(_("Año")),
        Column(_("Completos"), "number"),
        Column(_("Evaluados"), "number"),
        Column(_("Parte"), "number"),
    ]
    written: list[list[Node]] = []
    for row in rows:
        unknown = [each for each in row.countries if _share(each[2]) is None]
        for country, year, graded in [*reversed(row.rated), *unknown]:
            share = _share(graded)
            numbers: list[Node] = [None, None, None]
            if share is not None:
                counts = (graded.counts["complete"], graded.rated)
                numbers = [*(locale.number(count) for count in counts), locale.percent(share)]
            written.append([country_name(country, locale), plan_name(row.plan, locale), year, *numbers])
    return table(_("Compromisos completos de cada plan, de más a menos"), columns, written, locale)


def _plan(row: Row, year: str | None, locale: Locale) -> str:
    name = plan_name(row.plan, locale)
    return locale.text("{plan}, {year}", plan=name, year=year) if year else name


def _value(graded: Graded, locale: Locale) -> str:
    return locale.text(
        "{n} de {of} completos ({share})",
        n=locale.number(graded.counts["complete"]),
        of=locale.number(graded.rated),
        share=locale.percent(_share(graded) or 0),
    )
