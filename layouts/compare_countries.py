"""Countries as small multiples: one panel a country, one bar a plan, the same scale from 0 to 100 % everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.compare import (
    COMPLETION,
    EDITION,
    IMPACT,
    SCALES,
    SPECIFICITY,
    CountryProfile,
    Graded,
    PlanProfile,
)
from data.schema import label
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Key, Part, bars, table
from layouts.components.view import Data, Source, view
from layouts.i18n import N_, Locale
from layouts.page import Visit
from layouts.plan_names import capital

_LEVELS = ("level-4", "level-3", "level-2", "level-1")
# The status class of each value, from the best to the worst.
CLASSES: Mapping[str, Sequence[str]] = {
    COMPLETION: ("verified", "completed", "started", "not-started"),
    IMPACT: _LEVELS,
    SPECIFICITY: _LEVELS,
}
# What is counted in the value beside a bar: the best value, or the two best.
COUNTED = {COMPLETION: 1, IMPACT: 2, SPECIFICITY: 2}
VIEWS = (
    (
        COMPLETION,
        "cumplimiento",
        N_("Cumplimiento: completos, {shares}"),
        N_(
            "¿Se hizo? Al lado de cada barra, los completos: cuenta el informe de fin de periodo y, si no lo hay, el de "
            "avance."
        ),
    ),
    (
        IMPACT,
        "ambicion",
        N_("Ambición: de impacto moderado o transformador, {shares}"),
        N_("¿Cambiaría las cosas? Al lado de cada barra, los de impacto potencial moderado o transformador."),
    ),
    (
        SPECIFICITY,
        "especificidad",
        N_("Especificidad: media o alta, {shares}"),
        N_("¿Se puede comprobar? Al lado de cada barra, los de especificidad media o alta."),
    ),
)


def country_views(
    visit: Visit, panels: Sequence[CountryProfile], count: int, sources: Sequence[Source], edition: str | None
) -> list[Component]:
    """A view for each of the three measures. `edition` is the date of the copy that all of it was read from."""
    return [_view(visit, one, panels, count, sources, edition) for one in VIEWS]


def country_name(country: CountryProfile, locale: Locale) -> str:
    """The name of a country in the reader's language."""
    return locale.pick(country.name_es, country.name_en) or str(country.country_code)


def plan_title(plan: PlanProfile, locale: Locale) -> str:
    """``Plan 2 (2013)``."""
    if plan.year is None:
        return locale.text("Plan {n}", n=plan.number)
    return locale.text("Plan {n} ({year})", n=plan.number, year=plan.year)


def share_counted(graded: Graded) -> float | None:
    """The share of the values in `COUNTED`, 0 to 1; None where nothing was rated."""
    return graded.share(*SCALES[graded.criterion][: COUNTED[graded.criterion]])


def number_counted(graded: Graded) -> int:
    """How many commitments have one of these values."""
    return sum(graded.counts[value] for value in SCALES[graded.criterion][: COUNTED[graded.criterion]])


def counted(graded: Graded, locale: Locale) -> str | None:
    """``5 de 26 (19%)``: those counted, of those rated; None where nothing was rated."""
    share = share_counted(graded)
    if share is None:
        return None
    return locale.text(
        "{n} de {of} ({share})",
        n=locale.number(number_counted(graded)),
        of=locale.number(graded.rated),
        share=locale.percent(share),
    )


def _view(
    visit: Visit,
    measure: tuple[str, str, str, str],
    panels: Sequence[CountryProfile],
    count: int,
    sources: Sequence[Source],
    edition: str | None,
) -> Component:
    locale, _ = visit.locale, visit.locale.text
    criterion, key, reading, counted = measure
    shares = "; ".join(_share(country, criterion, count, locale) for country in panels)
    drawn = [_panel(country, criterion, count, locale) for country in panels]
    limits = _("El denominador son los compromisos con valor; los que no lo tienen se cuentan aparte.")
    return view(
        visit,
        key=key,
        sentence=_(reading, shares=shares),
        text=f"{_(counted)} {limits}",
        figure=html.Div(drawn, className="multiples"),
        sources=sources,
        keys=[
            *(
                Key(status, label("rating_value", value, locale.code))
                for status, value in zip(CLASSES[criterion], SCALES[criterion], strict=True)
            ),
            Key("no-data", _("sin dato")),
        ],
        table=_table(criterion, panels, count, locale),
        as_of=locale.date(edition) if edition else None,
        data=Data("commitment_ratings", {"criterion": criterion, "edition": EDITION}),
    )


def _panel(country: CountryProfile, criterion: str, count: int, locale: Locale) -> Component:
    _ = locale.text
    rows = [_bar(plan, plan.graded[criterion], locale) for plan in country.plans.values()]
    name = capital(_title(country, count, locale))
    caption = _("{country}: {measure}", country=name, measure=label("criterion", criterion, locale.code))
    drawn = bars(caption, (_("Plan"), _("Reparto"), _("Valor")), rows, locale)
    return html.Div([html.H3(name), drawn], className="panel" if country.country_code else "panel usual")


def _share(country: CountryProfile, criterion: str, count: int, locale: Locale) -> str:
    """``México 34%``: the share of what is counted, all plans together."""
    share = share_counted(country.total(criterion))
    said = locale.percent(share) if share is not None else locale.text("sin dato")
    return f"{_title(country, count, locale)} {said}"


def _title(country: CountryProfile, count: int, locale: Locale) -> str:
    return country_name(country, locale) if country.country_code else locale.text("los {n} países juntos", n=count)


def _bar(plan: PlanProfile, graded: Graded, locale: Locale) -> Bar:
    parts = [
        Part(
            graded.counts[value] / graded.rated,
            status,
            f"{label('rating_value', value, locale.code)}: {graded.counts[value]}",
        )
        for status, value in zip(CLASSES[graded.criterion], SCALES[graded.criterion], strict=True)
        if graded.rated and graded.counts[value]
    ]
    return Bar(plan_title(plan, locale), parts, counted(graded, locale), _apart(graded, locale))


def _apart(graded: Graded, locale: Locale) -> str | None:
    return locale.text("{n} aparte", n=locale.number(graded.apart)) if graded.apart else None


def _table(criterion: str, panels: Sequence[CountryProfile], count: int, locale: Locale) -> Component:
    """The panels as one table: a row for each country and plan, a column for each value."""
    _ = locale.text
    values = SCALES[criterion]
    columns = [
        Column(_("País"), "row"),
        Column(_("Plan")),
        *(Column(label("rating_value", value, locale.code), "number") for value in values),
        Column(_("Con valor"), "number"),
        Column(_("Aparte o sin valor"), "number"),
    ]
    rows: list[list[Node]] = []
    for country in panels:
        for plan in country.plans.values():
            graded = plan.graded[criterion]
            numbers: list[Node] = [locale.number(graded.counts[value]) if graded.rated else None for value in values]
            apart = [locale.number(graded.rated), locale.number(graded.apart)]
            rows.append([capital(_title(country, count, locale)), plan_title(plan, locale), *numbers, *apart])
    return table(_("Compromisos por valor, país y plan"), columns, rows, locale)
