"""``/ogp-local``: the places that take part in OGP Local, in the world and in Mexico, and what the Mexican ones promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation, citations
from data.queries.ogp_local import (
    COUNTRY,
    Member,
    MemberCommitment,
    PublishedTotal,
    member_commitments,
    members,
    plan_counts,
    published_totals,
)
from data.schema import label
from layouts.actor_names import folded
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.paging import page_of, paging
from layouts.components.tables import Column, table
from layouts.components.texts import Fact, empty, facts
from layouts.components.view import Data, view
from layouts.i18n import N_, Locale
from layouts.locality_names import cohort_name, member_link, member_name, region_name
from layouts.ogp_local_views import GROUPS, groups_view, mexico_view, totals_view
from layouts.page import Page, PageView, Visit

SOURCES = ("ogp_local",)
BY_PAGE = 25
PUBLISHED = ("national_aggregates", "ogp_local")


def show(visit: Visit) -> PageView:
    """The members that fit the filters, those of Mexico with their commitments, and the published totals."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        every = members(connection)
        plans = plan_counts(connection)
        promised = member_commitments(connection)
        totals = published_totals(connection)
        named = {one.source_id: one for one in citations(connection, ("ogp_local", "national_aggregates"))}
    group, kept, asked = _asked(visit, every)
    explicit = [member for member in kept if member.is_explicit]
    mexican = [member for member in explicit if member.country_code == COUNTRY]
    sources = [named[source] for source in SOURCES if source in named]
    content: list[Node] = []
    if explicit:
        content += [_facts(explicit, mexican, promised, plans, sources, locale)]
    if mexican:
        content.append(mexico_view(visit, mexican, plans, promised, sources))
    if explicit:
        content.append(
            groups_view(visit, group, explicit, sources, _rows(visit, explicit, {"membership_explicit": "true"}))
        )
    if not asked:
        content.append(totals_view(visit, totals, explicit, [named[one] for one in PUBLISHED if one in named]))
    content.append(_list(visit, kept, sources))
    return PageView(
        title=_("OGP Local"),
        kicker=_("OGP Local"),
        sentence=_sentence(explicit, mexican, locale),
        text=_text(explicit, totals, locale) if not asked else None,
        filters=visit.query.form(),
        content=content,
    )


def _asked(visit: Visit, every: Sequence[Member]) -> tuple[str, list[Member], bool]:
    """How to group, the members that fit, and whether any filter is set."""
    query, locale, _ = visit.query, visit.locale, visit.locale.text
    text = query.search("q", _("Buscar un lugar"))
    countries = sorted(
        {(one.country_code, locale.pick(one.country_es, one.country_en) or one.country_code) for one in every},
        key=lambda pair: folded(pair[1]),
    )
    country = query.choice("pais", _("País"), countries)
    regions = sorted({one.region for one in every if one.region})
    region = query.choice(
        "region", _("Región"), [(name, region_name(name, locale)) for name in regions], every=_("Todas")
    )
    cohorts = sorted({one.cohort for one in every if one.cohort})
    named = [(name, cohort_name(name, locale)) for name in cohorts]
    cohort = query.choice("generacion", _("Generación"), named, every=_("Todas"))
    groups = [(name, _(words)) for name, words in GROUPS.items()]
    group = query.choice("por", _("Agrupar por"), groups, "generacion") or "generacion"
    kept = [
        one
        for one in every
        if country in (None, one.country_code)
        and region in (None, one.region)
        and cohort in (None, one.cohort)
        and (text is None or any(folded(text) in folded(name) for name in (one.name, member_name(one, locale))))
    ]
    return group, kept, any((text, country, region, cohort))


def _facts(
    explicit: Sequence[Member],
    mexican: Sequence[Member],
    promised: Sequence[MemberCommitment],
    plans: Mapping[str, int],
    sources: Sequence[Citation],
    locale: Locale,
) -> Component:
    """Members, those of Mexico, their plans and commitments."""
    _ = locale.text
    when = cut_off(sources, locale)
    own = {member.locality_id for member in mexican}
    commitments = [one for one in promised if one.locality_id in own]
    shared = len({frozenset((one.commitment_id, one.same_as)) for one in commitments if one.same_as})
    countries = len({member.country_code for member in explicit})
    withdrawn = sum(member.status == "withdrawn" for member in mexican)
    return facts(
        [
            Fact(
                _("miembros con nombre"),
                locale.number(len(explicit)),
                locale.plural("en {n} país", "en {n} países", countries),
                when,
            ),
            Fact(
                _("en México"),
                locale.number(len(mexican)),
                None,
                when,
                locale.plural("{n} se retiró", "{n} se retiraron", withdrawn) if withdrawn else None,
            ),
            Fact(
                _("planes de los miembros de México"),
                locale.number(sum(plans.get(code, 0) for code in own)),
                None,
                when,
            ),
            Fact(
                _("compromisos encontrados en México"),
                locale.number(len(commitments)),
                None,
                when,
                locale.plural("{n} está bajo dos miembros a la vez", "{n} están bajo dos miembros a la vez", shared)
                if shared
                else None,
            ),
        ],
        locale,
    )


def _list(visit: Visit, kept: Sequence[Member], sources: Sequence[Citation]) -> Component:
    """Every place that fits, those only mentioned marked as such."""
    locale, _ = visit.locale, visit.locale.text
    shown = sorted(
        kept,
        key=lambda one: (
            not one.is_explicit,
            folded(locale.pick(one.country_es, one.country_en) or ""),
            folded(one.name),
        ),
    )
    span = page_of(visit, len(shown), BY_PAGE)
    here = span.of(shown)
    explicit, mentioned = [one for one in here if one.is_explicit], [one for one in here if not one.is_explicit]
    figure: list[Node] = []
    if explicit:
        figure.append(_member_table(_("Miembros que una página llama así"), explicit, locale))
    if mentioned:
        figure.append(
            _member_table(_("Lugares que una página solo menciona, sin decir que sean miembros"), mentioned, locale)
        )
    if not shown:
        figure = [empty(_("Ningún lugar corresponde a estos filtros."), [(locale.link("/ogp-local"), _("Ver todos"))])]
    return view(
        visit,
        key="lista",
        sentence=locale.plural("{n} lugar", "{n} lugares, uno por uno", len(shown)),
        figure=html.Div([*figure, *paging(visit, span, "lista")], className="stacked"),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=_rows(visit, kept, {}, listed=True),
    )


def _member_table(caption: str, found: Sequence[Member], locale: Locale) -> Component:
    _ = locale.text
    columns = [
        Column(_("Miembro o lugar"), "row"),
        Column(_("País")),
        Column(_("Región")),
        Column(_("Ingreso"), "number"),
        Column(_("Situación")),
    ]
    rows: list[list[Node]] = [
        [
            member_link(member, locale),
            locale.pick(member.country_es, member.country_en),
            region_name(member.region, locale) if member.region else None,
            str(member.joined_year) if member.joined_year else None,
            label("membership_status", member.status, locale.code) or None,
        ]
        for member in found
    ]
    return table(caption, columns, rows, locale, cards=True)


def _rows(visit: Visit, found: Sequence[Member], also: Mapping[str, str], *, listed: bool = False) -> Data | None:
    """The address of exactly these members."""
    if not found:
        return None
    values = visit.query.values()
    columns = {"pais": "country_code", "region": "region", "generacion": "cohort"}
    filters: dict[str, str | Sequence[str]] = {columns[name]: values[name] for name in columns if name in values}
    if "q" in values:
        filters = {"locality_id": [member.locality_id for member in found]}
    return Data("localities", {**filters, **also}, listed)


def _sentence(explicit: Sequence[Member], mexican: Sequence[Member], locale: Locale) -> str:
    if not explicit:
        return locale.text("Ningún miembro de OGP Local, que se sepa, corresponde a estos filtros.")
    if not mexican:
        return locale.plural(
            "Con estos filtros consta {n} miembro de OGP Local, y no es de México.",
            "Con estos filtros constan {n} miembros de OGP Local, ninguno de México.",
            len(explicit),
        )
    return locale.plural(
        "De OGP Local consta {n} miembro con nombre; de México, {mexican}.",
        "De OGP Local constan {n} miembros con nombre; de México, {mexican}.",
        len(explicit),
        mexican=locale.number(len(mexican)),
    )


def _text(explicit: Sequence[Member], totals: Sequence[PublishedTotal], locale: Locale) -> str | None:
    latest = max((one for one in totals if one.as_of), key=lambda one: one.as_of or "", default=None)
    if latest is None:
        return None
    return locale.text(
        "El total más reciente publicado es {n} ({when}); la lista de esta página solo tiene los que una página leída nombra.",
        n=locale.number(latest.value),
        when=locale.date(latest.as_of),
    )


PAGES = (Page("/ogp-local", show, nav=N_("OGP Local"), order=40),)
