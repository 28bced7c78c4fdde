"""The commitments of the national plans as rows, and the policy areas they are tagged with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.indicators.completion import GRADES
from data.queries.citations import Citation
from data.queries.national_plan import BoardProgress, CommitmentSummary, NationalPlan
from data.schema.policy_areas import area_key
from data.schema.vocabularies import label
from layouts.area_names import TAGGED_BY, area_name, area_shown
from layouts.components.cited import cited, cut_off
from layouts.components.folds import fold_list
from layouts.components.island import Node
from layouts.components.paging import page_of, paging
from layouts.components.tables import Bar, Column, Part, bars, table
from layouts.components.texts import empty, no_data
from layouts.components.view import Data, view
from layouts.i18n import Locale
from layouts.page import Visit
from layouts.plan_board import activities_said
from layouts.plan_names import (
    GRADE_CLASSES,
    commitment_title,
    grade_name,
    plan_name,
    titled,
    values_said,
)
from layouts.states import folded

ORDERS = ("plan", "titulo", "cumplimiento")
# The vocabularies whose tags are subjects of policy; values of OGP and development goals are something else.
SUBJECTS = ("explorer_2017", "ogp_page", "ogp_listing")
MOST_AREAS = 12
BY_PAGE = 20


def list_view(
    visit: Visit,
    plans: Sequence[NationalPlan],
    items: Sequence[CommitmentSummary],
    progress: Sequence[BoardProgress],
    citations: Sequence[Citation],
    whole: bool,
) -> Component:
    """One row a commitment, sorted as the address says, page by page. `whole`: the items are all of these plans."""
    locale, _ = visit.locale, visit.locale.text
    order = visit.query.order("orden", ORDERS, "plan")
    by_plan = {plan.plan_id: plan for plan in plans}
    on_board = {found.commitment_id: found for found in progress}
    span = page_of(visit, len(items), BY_PAGE)
    rows = [
        _row(visit, item, by_plan[item.plan_id], on_board.get(item.commitment_id))
        for item in span.of(_sorted(visit, items, order))
    ]
    caption = _("Compromisos, con lo que se sabe de cada uno")
    drawn = table(caption, _columns(visit, order), rows, locale, cards=True)
    return view(
        visit,
        key="compromisos",
        sentence=locale.plural("{n} compromiso, con su fuente", "{n} compromisos, uno por uno", len(items)),
        text=_("Aquí van de {n} en {n}; la descarga los trae todos.", n=BY_PAGE) if span.pages > 1 else None,
        figure=html.Div([drawn, *paging(visit, span, "compromisos")], className="stacked")
        if items
        else empty(_("Ningún compromiso corresponde a estos filtros."), [(locale.link(visit.path), _("Ver todos"))]),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=Data("commitments", _kept(items, whole), listed=True),
    )


def _kept(items: Sequence[CommitmentSummary], whole: bool) -> Mapping[str, str | Sequence[str]]:
    """The filters of the download: whole plans by their ids, for an address of 84 commitments would be too long."""
    if whole:
        return {"scope": "national", "plan_id": sorted({item.plan_id for item in items})}
    return {"commitment_id": [item.commitment_id for item in items]}


def areas_view(visit: Visit, items: Sequence[CommitmentSummary], citations: Sequence[Citation]) -> Component:
    """The policy areas of the commitments, under the vocabulary that tags most of them."""
    locale, _ = visit.locale, visit.locale.text
    tagged = tagged_by_vocabulary(items)
    vocabulary = max(SUBJECTS, key=lambda name: len(tagged[name]))
    counted = Counter(area for areas in tagged[vocabulary].values() for area in areas)
    total = len(tagged[vocabulary])
    shown = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_AREAS]
    offered = {area_key(tag): tag for tag, _name in subjects(items, locale)}
    rows = [_area_bar(visit, area, offered[area_key(area)], count, total) for area, count in shown]
    text = _(
        "Según {vocabulary}, que cubre {n} de {listed} compromisos. Uno puede tener varias áreas; la fuente las escribe en "
        "inglés y la traducción es nuestra. Cada fuente etiqueta a su manera y por eso no se suman.",
        vocabulary=label("policy_vocabulary", vocabulary, locale.code),
        n=locale.number(total),
        listed=locale.number(len(items)),
    )
    ids = sorted(tagged[vocabulary])
    sources = [citation for citation in citations if citation.source_id in TAGGED_BY[vocabulary]]
    drawn = bars(
        locale.plural("El área más frecuente", "Las {n} áreas más frecuentes", len(rows)),
        (_("Área"), _("Parte de los compromisos etiquetados"), _("Compromisos")),
        rows,
        locale,
    )
    return view(
        visit,
        key="areas",
        sentence=_areas_sentence(visit, shown, total),
        text=text if rows else None,
        figure=fold_list(len(rows), _("Ver las áreas"), drawn)
        if rows
        else empty(_("Estos compromisos no llevan etiquetas de área.")),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("commitment_policy_areas", {"vocabulary": vocabulary, "commitment_id": ids}) if ids else None,
    )


def tagged_by_vocabulary(items: Sequence[CommitmentSummary]) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """By vocabulary of subjects: the tags of each commitment that has any."""
    found: dict[str, dict[str, list[str]]] = {name: defaultdict(list) for name in SUBJECTS}
    for item in items:
        for vocabulary, area in item.policy_areas:
            if vocabulary in found:
                found[vocabulary][item.commitment_id].append(area)
    return found


def subjects(items: Sequence[CommitmentSummary], locale: Locale) -> list[tuple[str, str]]:
    """Every subject that a commitment is tagged with, whatever the vocabulary and spelling: a tag and its name, by name."""
    tags = sorted({area for item in items for vocabulary, area in item.policy_areas if vocabulary in SUBJECTS})
    first = {area_key(tag): tag for tag in reversed(tags)}
    named = [(tag, area_name(tag, locale)) for tag in first.values()]
    return sorted(named, key=lambda pair: folded(pair[1]))


def has_subject(item: CommitmentSummary, subject: str) -> bool:
    """Whether a commitment is tagged with a subject in any vocabulary of subjects, however it is spelt."""
    key = area_key(subject)
    return any(area_key(area) == key and vocabulary in SUBJECTS for vocabulary, area in item.policy_areas)


def _columns(visit: Visit, order: str) -> list[Column]:
    _ = visit.locale.text

    def sortable(name: str, value: str) -> Column:
        link = visit.query.link(orden=None if value == ORDERS[0] else value)
        return Column(name, "row" if value == "titulo" else "text", link, "ascending" if order == value else None)

    return [
        sortable(_("Plan y número"), "plan"),
        sortable(_("Compromiso"), "titulo"),
        sortable(_("Cumplimiento (IRM)"), "cumplimiento"),
        Column(_("Impacto o ambición (IRM)")),
        Column(_("Primeros resultados (IRM)")),
        Column(_("Actividades (tablero)")),
        Column(_("Responsable")),
    ]


def _row(visit: Visit, item: CommitmentSummary, plan: NationalPlan, board: BoardProgress | None) -> list[Node]:
    locale = visit.locale
    shown = titled(item.commitment_id, item.title_es, item.title_en, locale)
    aims = [*item.ratings.get("potential_impact", ()), *item.ratings.get("ambition", ())]
    return [
        html.Span(f"{plan_name(plan, locale)}, {item.number or item.commitment_id}", className="unbroken"),
        html.A(shown, href=locale.link(f"/plan-nacional/{item.commitment_id}"), className="clamped"),
        _grade(visit, item.grade),
        values_said("rating_value", aims, locale),
        values_said("rating_value", item.ratings.get("early_results", ()), locale),
        activities_said(visit, board) if board else None,
        html.Span(item.lead_institution, className="clamped") if item.lead_institution else None,
    ]


def _grade(visit: Visit, grade: str | None) -> Node:
    if grade is None:
        return no_data(visit.locale)
    swatch = html.Span(className=f"swatch {GRADE_CLASSES.get(grade, 'no-data')}")
    return html.Span([swatch, grade_name(grade, visit.locale)], className="graded")


def _sorted(visit: Visit, items: Sequence[CommitmentSummary], order: str) -> list[CommitmentSummary]:
    if order == "titulo":
        return sorted(
            items,
            key=lambda item: commitment_title(
                item.commitment_id, item.title_es, item.title_en, visit.locale
            ).casefold(),
        )
    if order == "cumplimiento":
        places = {grade: place for place, grade in enumerate(GRADES)}
        return sorted(items, key=lambda item: places.get(item.grade or "", len(GRADES)))
    return list(items)


def _area_bar(visit: Visit, area: str, subject: str, count: int, total: int) -> Bar:
    locale = visit.locale
    name = html.A(area_shown(area, locale), href=visit.query.link(tema=subject))
    said = locale.text("{n} de {total}", n=locale.number(count), total=locale.number(total))
    rest = Part(1 - count / total, "not-started", locale.text("sin esta etiqueta"))
    return Bar(name, [Part(count / total, "level-3", said), rest], said)


def _areas_sentence(visit: Visit, shown: Sequence[tuple[str, int]], total: int) -> Node | list[Node]:
    locale = visit.locale
    if not shown:
        return locale.text("No hay áreas de política publicadas para estos compromisos")
    area, count = shown[0]
    said = locale.text(
        "«{area}» es el área más frecuente: {n} de {total} compromisos",
        area="\0",
        n=locale.number(count),
        total=locale.number(total),
    )
    before, after = said.split("\0")
    return [before, area_shown(area, locale), after]
