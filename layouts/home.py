"""``/``: how open government fares in Mexico, in one sentence, five figures, a map and a line of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation, citations
from data.queries.home import (
    Contradiction,
    Figure,
    contradictions,
    newest_figures,
    news,
    release_count,
)
from data.queries.national_plan import (
    CommitmentSummary,
    NationalPlan,
    completion_by_plan,
    national_events,
    national_plans,
    own_copies,
    plan_commitments,
)
from data.queries.row_places import RowRef, commitment_places
from data.queries.states import StateAtAGlance, states_at_a_glance
from layouts.components.cited import cited, cut_off
from layouts.components.island import Children, Node
from layouts.components.state_map import MapState, map_outlines, state_map
from layouts.components.tables import Column, table
from layouts.components.texts import Fact, facts
from layouts.components.view import FORMATS, Data, view
from layouts.home_news import MOST, news_section
from layouts.i18n import N_
from layouts.page import Page, PageView, Visit
from layouts.plan_names import outside
from layouts.plan_reviews import found_complete, reports_named
from layouts.plan_views import completion_view, timeline_view
from layouts.search import search_box
from layouts.state_layers import Asked, layer

SOURCES = ("ogp_commitments", "national_plans", "national_aggregates", "state_exercises", "ogp_local")
# The five figures, and the checks that found sources which say otherwise.
FIGURES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "states_signed_declaratoria": (
        N_("entidades firmaron la declaratoria"),
        ("signed_but_no_exercise", "dates_of_signature"),
    ),
    "states_with_exercise": (N_("entidades con ejercicio de apertura"), ("signed_but_no_exercise",)),
    "states_with_stl": (N_("entidades con secretariado técnico local"), ("secretariats_claimed_and_listed",)),
    "public_institutions_participating": (N_("instituciones públicas participantes"), ()),
    "csos_participating": (N_("organizaciones de la sociedad civil"), ("civil_society_organisations",)),
}
# The contradictions that the front page tells in full.
CHECKS = (
    "result_of_plan_2",
    "signed_but_no_exercise",
    "secretariats_claimed_and_listed",
    "civil_society_organisations",
    "dates_of_signature",
    "size_of_plan_1",
    "end_of_plan_4",
)


def show(visit: Visit) -> PageView:
    """The front page."""
    _ = visit.locale.text
    with visit.release.connect() as connection:
        plans = national_plans(connection)
        summaries = plan_commitments(connection)
        events = national_events(connection)
        figures = newest_figures(connection, list(FIGURES))
        disputed = contradictions(connection, CHECKS)
        states = states_at_a_glance(connection)
        brought, published = news(connection, MOST), release_count(connection)
        changed = [RowRef(change.table_name, change.row_key) for change in (brought.first if brought else ())]
        places = commitment_places(connection, changed)
        known = {citation.source_id: citation for citation in citations(connection, SOURCES, own_copies())}
    return PageView(
        title=_("¿Cómo vamos?"),
        kicker=_("Gobierno abierto en México · ¿Cómo vamos?"),
        sentence=_sentence(visit, plans, summaries),
        text=_text(visit, plans, summaries),
        content=[
            search_box(visit.locale),
            _facts(visit, figures, {item.check_id for item in disputed}, _some(known, "national_aggregates")),
            completion_view(visit, plans, completion_by_plan(summaries), summaries, _some(known, "ogp_commitments")),
            _coverage_view(visit, states, _some(known, "state_exercises", "ogp_local")),
            timeline_view(visit, plans, events, visit.release.built_at.year, _some(known, "national_plans")),
            *([_disputed_view(visit, disputed, known)] if disputed else []),
            news_section(visit, brought, places, published),
        ],
        still=[map_outlines()],
    )


def _sentence(visit: Visit, plans: Sequence[NationalPlan], summaries: Sequence[CommitmentSummary]) -> Children:
    if not any(item.grade for item in summaries):
        return visit.locale.text("De los compromisos de México no hay dato de cuánto se cumplió.")
    return found_complete(plans, completion_by_plan(summaries), visit.locale)


def _text(visit: Visit, plans: Sequence[NationalPlan], summaries: Sequence[CommitmentSummary]) -> str:
    """What the headline stands on, and what there is to find."""
    reports = reports_named(summaries, visit.locale)
    about = _about(visit, plans)
    if reports is None:
        return about
    unrated = sum(item.grade is None for item in summaries) + sum(plan.unlisted for plan in plans)
    apart = visit.locale.plural(
        "Lo dice el Mecanismo de Revisión Independiente (IRM): {reports}. De {n} compromiso más no encontramos calificación.",
        "Lo dice el Mecanismo de Revisión Independiente (IRM): {reports}. De otros {n} compromisos no encontramos calificación.",
        unrated,
        reports=reports,
    )
    return f"{apart} {about}"


def _about(visit: Visit, plans: Sequence[NationalPlan]) -> str:
    locale = visit.locale
    starts = [plan.earlier_starts_on or plan.starts_on for plan in plans]
    first = min((date[:4] for date in starts if date), default=None)
    if first is None:
        return locale.text("Lo que se prometió, quién lo prometió y qué quedó, con la fuente de cada número.")
    return locale.plural(
        "Desde {year} hay {n} plan de acción ante la Alianza para el Gobierno Abierto: qué se prometió, quién lo prometió y "
        "qué quedó, con la fuente de cada número.",
        "Desde {year} hay {n} planes de acción ante la Alianza para el Gobierno Abierto: qué se prometió, quién lo prometió y "
        "qué quedó, con la fuente de cada número.",
        len(plans),
        year=first,
    )


def _facts(visit: Visit, figures: Mapping[str, Figure], disputed: set[str], sources: Sequence[Citation]) -> Component:
    """The five figures, and under them where they come from."""
    locale, _ = visit.locale, visit.locale.text
    shown = [_fact(visit, name, checks, figures.get(key), disputed) for key, (name, checks) in FIGURES.items()]
    data = Data("indicators", {"indicator": list(FIGURES), "scope": "national"})
    links = [html.A(name, href=data.address(suffix, locale), download="") for suffix, name in FORMATS]
    said: list[Node] = [_("Fuente:"), " "]
    for source in cited(sources, locale):
        said += [html.A(source.name, href=source.address)]
    foot = html.Footer([html.Span(said), html.Span(links, className="get")], className="foot")
    return html.Section([facts(shown, locale), foot], id="cifras", className="stacked")


def _fact(visit: Visit, name: str, checks: Sequence[str], figure: Figure | None, disputed: set[str]) -> Fact:
    locale, _ = visit.locale, visit.locale.text
    if figure is None:
        return Fact(_(name), None)
    value = locale.number(figure.value)
    if figure.qualifier == "more_than":
        value = _("más de {n}", n=value)
    against = next((check for check in checks if check in disputed), None)
    links = html.A(_("no cuadra con otro dato"), href=f"#hallazgo-{against}") if against is not None else None
    of = _("de {n}", n=locale.number(figure.denominator)) if figure.denominator else None
    return Fact(_(name), value, of, locale.date(figure.as_of) if figure.as_of else _("sin fecha"), links)


def _coverage_view(visit: Visit, states: Sequence[StateAtAGlance], sources: Sequence[Citation]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    drawn = layer("cobertura", Asked(states, None, "GA", locale))
    shapes = {
        state.state_code: MapState(
            drawn.shown[state.state_code].status,
            f"{state.name}: {drawn.words(state.state_code)}",
            locale.link(f"/estados/{state.state_code}"),
        )
        for state in states
    }
    rows: list[list[Node]] = [
        [html.A(state.name, href=locale.link(f"/estados/{state.state_code}")), drawn.words(state.state_code)]
        for state in states
    ]
    more = html.P(html.A(_("Ver las capas y la tabla de las entidades"), href=locale.link("/estados")))
    return view(
        visit,
        key="estados",
        sentence=drawn.sentence,
        text=drawn.text,
        keys=drawn.keys,
        figure=html.Div([state_map(shapes, locale), more], className="stacked"),
        table=table(
            _("Hechos documentados por entidad"), [Column(_("Entidad"), "row"), Column(_("Documentados"))], rows, locale
        ),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=drawn.data,
        proofs=drawn.proofs,
        beside=True,
    )


def _disputed_view(visit: Visit, disputed: Sequence[Contradiction], known: Mapping[str, Citation]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    items = [html.Li(_disputed(visit, item, known), id=f"hallazgo-{item.check_id}") for item in disputed]
    return view(
        visit,
        key="contradicciones",
        sentence=locale.plural(
            "{n} dato publicado no cuadra con otro: esto dice cada fuente",
            "{n} datos publicados no cuadran con otros: esto dice cada fuente",
            len(disputed),
        ),
        text=_("No se promedia ni se elige: se muestran todas."),
        figure=html.Ul(items, className="disputed"),
        sources=cited(list(known.values()), locale),
        as_of=cut_off(list(known.values()), locale),
        data=Data("findings", {"check_id": [item.check_id for item in disputed]}, listed=True),
    )


def _disputed(visit: Visit, item: Contradiction, known: Mapping[str, Citation]) -> list[Component]:
    locale = visit.locale
    said = html.Strong(locale.pick(item.message_es, item.message_en))
    sides = []
    for side in item.sides:
        source = known.get(side.source_id or "")
        name = locale.pick(source.title_es, source.title_en) if source else side.source_id
        words = [part for part in (name, locale.date(side.as_of) if _is_date(side.as_of) else side.as_of) if part]
        sides.append(
            html.Li(
                [
                    outside(locale.pick(side.says_es, side.says_en) or "", side.source_url),
                    " ",
                    html.Small(", ".join(words)),
                ]
            )
        )
    return [said, html.Ul(sides)]


def _is_date(written: str | None) -> bool:
    return bool(written) and all(part.isdigit() for part in (written or "").split("-"))


def _some(known: Mapping[str, Citation], *source_ids: str) -> list[Citation]:
    return [known[source_id] for source_id in source_ids if source_id in known]


PAGES = (Page("/", show, order=0),)
