"""``/plan-nacional``: what each national plan promised, what was reported of it and what the review found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from data.indicators.completion import completion
from data.queries.citations import Citation, citations
from data.queries.compare import country_profiles, edition_date
from data.queries.national_plan import (
    BoardProgress,
    CommitmentSummary,
    NationalPlan,
    PublishedTotal,
    board_progress,
    completion_by_plan,
    national_events,
    national_plans,
    own_copies,
    plan_commitments,
    published_totals,
)
from layouts.area_names import area_name
from layouts.components.cited import cited
from layouts.components.island import Children, Node, with_attributes
from layouts.components.texts import empty
from layouts.i18n import N_
from layouts.page import Page, PageView, Visit
from layouts.plan_board import board_view, reported_view
from layouts.plan_list import areas_view, has_subject, list_view, subjects
from layouts.plan_names import mark, plan_name, plan_years
from layouts.plan_ratings import ambition_view, results_view
from layouts.plan_reviews import found_complete
from layouts.plan_views import completion_view, timeline_view
from layouts.plan_world import world_view

SOURCES = ("national_plans", "national_board", "ogp_commitments", "ogp_pages")
REVIEWED = ("ogp_commitments",)
CURATED = ("national_plans",)
# The views of the page by what readers look for.
PARTS = (
    ("compromisos", N_("Los compromisos, uno por uno")),
    ("cumplimiento", N_("Cumplimiento")),
    ("mundo", N_("Entre los demás países")),
    ("reportado", N_("Reportado y verificado")),
    ("tablero", N_("Tablero")),
    ("ambicion", N_("Ambición")),
    ("resultados", N_("Primeros resultados")),
    ("areas", N_("Áreas de política")),
    ("linea", N_("Línea de tiempo")),
)
# Where the marked number of a headline stands until the words around it are translated.
_MARKED = "\0"


def show(visit: Visit) -> PageView:
    """The plans, or one of them."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        plans = national_plans(connection)
        summaries = plan_commitments(connection)
        progress = board_progress(connection)
        totals = published_totals(connection)
        events = national_events(connection)
        profiles, edition = country_profiles(connection), edition_date(connection)
        known = {one.source_id: one for one in citations(connection, SOURCES, own_copies())}
    options = [(plan.plan_id, f"{plan_name(plan, locale)}, {plan_years(plan, locale)}") for plan in plans]
    chosen = visit.query.choice("plan", _("Plan"), options, every=_("Todos los planes"))
    subject = visit.query.choice("tema", _("Tema"), subjects(summaries, locale), every=_("Todos los temas"))
    shown = [plan for plan in plans if chosen in (None, plan.plan_id)]
    ids = {plan.plan_id for plan in shown}
    kept = [item for item in summaries if item.plan_id in ids and (subject is None or has_subject(item, subject))]
    if subject is not None:
        # What is published of a plan as a whole says nothing of its commitments on one subject.
        totals, tagged = [], {item.plan_id for item in kept}
        shown = [replace(plan, declared=None) for plan in shown if plan.plan_id in tagged]
    listing = list_view(visit, shown, kept, progress, _some(known, SOURCES), whole=subject is None)
    # Of other countries' commitments on one subject nothing comparable is known.
    compared = () if subject is not None else shown
    world = world_view(visit, compared, profiles, cited(_some(known, REVIEWED), locale), edition)
    views: list[Node] = [
        completion_view(visit, shown, completion_by_plan(kept), kept, _some(known, REVIEWED)),
        *([world] if world is not None else []),
        *_reported(visit, shown, kept, totals, progress, known),
        ambition_view(visit, shown, kept, totals, _some(known, ("ogp_commitments", "ogp_pages", "national_plans"))),
        results_view(visit, shown, kept, totals, _some(known, ("national_plans", "ogp_pages"))),
        areas_view(visit, kept, _some(known, ("ogp_commitments", "ogp_pages", "national_plans"))),
        listing,
    ]
    timeline = timeline_view(visit.unfiltered, plans, events, visit.release.built_at.year, _some(known, CURATED))
    content: list[Node] = [_contents(visit, [*views, timeline]), *views]
    if not shown:
        nothing = empty(
            _("Ningún compromiso corresponde a estos filtros."), [(locale.link(visit.path), _("Ver todos"))]
        )
        content = [html.Section(nothing, className="view")]
    return PageView(
        title=_("Plan nacional"),
        kicker=_("Plan nacional"),
        sentence=_sentence(visit, shown, kept, subject),
        text=_text(visit, shown, kept),
        filters=visit.query.form(),
        content=content,
        still=[timeline],
    )


def _contents(visit: Visit, views: Sequence[Node]) -> Component:
    """The way to each part of a long page, for those that are on it."""
    locale = visit.locale
    there = {getattr(part, "id", None) for part in views}
    links = [html.A(locale.text(name), href=f"#{key}") for key, name in PARTS if key in there]
    named = {"aria-label": locale.text("En esta página")}
    return with_attributes(html.Nav(links, className="line contents"), named)


def _reported(
    visit: Visit,
    shown: Sequence[NationalPlan],
    kept: Sequence[CommitmentSummary],
    totals: Sequence[PublishedTotal],
    progress: Sequence[BoardProgress],
    known: dict[str, Citation],
) -> list[Node]:
    """What institutions report, beside what was verified: the totals, and the board commitment by commitment."""
    own = {item.commitment_id for item in kept}
    on_board = [found for found in progress if found.commitment_id in own]
    views: list[Node] = []
    if totals:
        views.append(reported_view(visit, shown, kept, totals, _some(known, CURATED + REVIEWED)))
    if on_board:
        views.append(board_view(visit, kept, on_board, _some(known, ("national_board",))))
    return views


def _some(known: dict[str, Citation], source_ids: Sequence[str]) -> list[Citation]:
    return [known[source_id] for source_id in source_ids if source_id in known]


def _sentence(
    visit: Visit, shown: Sequence[NationalPlan], kept: Sequence[CommitmentSummary], subject: str | None
) -> Children:
    locale, _ = visit.locale, visit.locale.text
    if not shown:
        return _("Aquí no hay compromisos que mostrar.")
    counted = completion(item.grade for item in kept)
    one = plan_name(shown[0], locale) if len(shown) == 1 else _("{n} planes nacionales", n=locale.number(len(shown)))
    about = _("{plan}, «{subject}»", plan=one, subject=area_name(subject, locale)) if subject else one
    if not counted.rated:
        return locale.plural(
            "{plan}: {n} compromiso, sin dato de cuánto se cumplió.",
            "{plan}: {n} compromisos, y de ninguno hay dato de cuánto se cumplió.",
            counted.listed + sum(plan.unlisted for plan in shown),
            plan=about,
        )
    if len(shown) > 1 and not subject:
        return found_complete(shown, completion_by_plan(kept), locale)
    said = locale.plural(
        "{plan}: de {total} compromisos evaluados, la revisión independiente encontró completo {done}.",
        "{plan}: de {total} compromisos evaluados, la revisión independiente encontró completos {done}.",
        counted.complete,
        plan=about,
        total=locale.number(counted.rated),
        done=_MARKED,
    )
    before, after = said.split(_MARKED)
    return [before, mark(locale.number(counted.complete)), after]


def _text(visit: Visit, shown: Sequence[NationalPlan], kept: Sequence[CommitmentSummary]) -> str | None:
    """What the denominator leaves out, and what is never merged."""
    locale = visit.locale
    unlisted = sum(plan.unlisted for plan in shown)
    unrated = sum(item.grade is None for item in kept) + unlisted
    if not shown or not unrated:
        return None
    apart = locale.text(
        "Lo que reportó el gobierno, lo que dice el tablero y lo que encontró la revisión independiente van por separado."
    )
    said = [apart]
    if unlisted:
        untitled = locale.plural(
            "De {n} compromiso no encontramos ni el título.",
            "De {n} compromisos no encontramos ni el título.",
            unlisted,
        )
        said.insert(0, untitled)
    if unrated < len(kept) + unlisted:
        more = locale.plural(
            "De {n} compromiso más no encontramos calificación de su cumplimiento.",
            "De otros {n} compromisos no encontramos calificación de su cumplimiento.",
            unrated,
        )
        said.insert(0, more)
    return " ".join(said)


PAGES = (Page("/plan-nacional", show, nav=N_("Plan nacional"), order=10),)
