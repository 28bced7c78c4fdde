"""``/ogp-local/<locality_id>``: one member of OGP Local, what it promised and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html

from data.queries.citations import Citation, citations
from data.queries.locality import (
    CityFact,
    Contradiction,
    LocalActor,
    LocalCommitment,
    Locality,
    LocalPlan,
    SameCommitment,
    city_facts,
    contradictions,
    local_actors,
    local_commitments,
    local_plans,
    locality,
    same_commitments,
)
from data.schema import label
from layouts.components.cited import cut_off
from layouts.components.island import Children, Node
from layouts.components.texts import Fact, empty, facts, note
from layouts.i18n import Locale
from layouts.locality_names import cohort_name, place_name, region_name
from layouts.locality_plans import plans_view
from layouts.locality_views import actors_view, city_view, commitments_view, contradictions_view, ids_view
from layouts.ogp_local_views import voices
from layouts.page import Missing, Page, PageView, Visit

SOURCES = ("ogp_local", "state_exercises", "ogp_commitments")
LONGEST_ID = 120


@dataclass(frozen=True)
class _Read:
    """Everything the page reads from a release."""

    member: Locality
    plans: Sequence[LocalPlan]
    commitments: Sequence[LocalCommitment]
    same: Sequence[SameCommitment]
    actors: Sequence[LocalActor]
    city: Sequence[CityFact]
    contradictions: Sequence[Contradiction]
    citations: Sequence[Citation]


def show(visit: Visit) -> PageView:
    """The file of a member."""
    locale, _ = visit.locale, visit.locale.text
    read = _read(visit)
    member = read.member
    local = [one for one in read.citations if one.source_id == "ogp_local"]
    content: list[Node] = []
    if not member.is_explicit:
        content.append(note(_("Una página lo menciona entre lugares de OGP Local sin decir que sea miembro.")))
    content.append(_facts(read, locale))
    if read.plans:
        content.append(plans_view(visit, read.plans, read.commitments, read.citations))
    if read.commitments:
        content.append(commitments_view(visit, member, read.plans, read.commitments, read.same, read.citations))
    if not read.plans and not read.commitments:
        content.append(_nothing(locale))
    if read.actors:
        content.append(actors_view(visit, read.actors, read.plans, read.commitments, local))
    if read.commitments:
        content.append(ids_view(visit, member, read.commitments, local))
    if read.city and member.municipality_code:
        content.append(city_view(visit, member.municipality_code, read.city, local))
    if read.contradictions:
        content.append(contradictions_view(visit, member, read.contradictions, read.citations))
    return PageView(
        title=place_name(member, locale),
        kicker=_kicker(member, locale),
        sentence=_sentence(read, locale),
        text=_text(member, locale),
        content=content,
    )


def _read(visit: Visit) -> _Read:
    """Raises Missing for an id that no member has."""
    locale, _ = visit.locale, visit.locale.text
    locality_id = visit.place["locality_id"]
    with visit.release.connect() as connection:
        member = locality(connection, locality_id)
        if member is None:
            raise Missing(
                _("No hay un miembro de OGP Local con la clave «{locality_id}».", locality_id=locality_id[:LONGEST_ID]),
                [(locale.link("/ogp-local"), _("Ver todos los miembros"))],
            )
        plans = local_plans(connection, locality_id)
        order = {plan.plan_id: index for index, plan in enumerate(plans)}
        found = sorted(local_commitments(connection, member), key=lambda one: order.get(one.plan_id, len(order)))
        return _Read(
            member=member,
            plans=plans,
            commitments=found,
            same=same_commitments(connection, found),
            actors=local_actors(connection, locality_id),
            city=city_facts(connection, member.municipality_code) if member.municipality_code else [],
            contradictions=contradictions(connection, locality_id),
            citations=citations(connection, SOURCES),
        )


def _kicker(member: Locality, locale: Locale) -> Children:
    country = locale.pick(member.country_es, member.country_en) or member.country_code
    said: list[Node] = [
        html.A(locale.text("OGP Local"), href=locale.link("/ogp-local")),
        " · ",
        html.A(country, href=locale.link("/ogp-local", pais=member.country_code)),
    ]
    if member.state_code and member.state_name:
        said += [" · ", html.A(member.state_name, href=locale.link(f"/estados/{member.state_code}"))]
    return said


def _sentence(read: _Read, locale: Locale) -> str:
    name = place_name(read.member, locale)
    if not read.plans and not read.commitments:
        return locale.text("{name}: no se encontró ningún plan ante OGP Local.", name=name)
    planned = locale.plural("{n} plan", "{n} planes", len(read.plans))
    if not read.commitments:
        return locale.text("{name} presentó {plans}; no se leyó ningún compromiso.", name=name, plans=planned)
    promised = locale.plural("{n} compromiso", "{n} compromisos", len(read.commitments))
    said = voices([one.known for one in read.commitments], locale)
    if not said:
        return locale.text(
            "De {name} encontramos {commitments} en {plans}; de ninguno leímos que se completara.",
            name=name,
            commitments=promised,
            plans=planned,
        )
    return locale.text(
        "De {name} encontramos {commitments} en {plans}; dados por completos: {voices}.",
        name=name,
        commitments=promised,
        plans=planned,
        voices=said,
    )


def _text(member: Locality, locale: Locale) -> Children:
    """When it joined and whether it still is a member, as far as a page says so."""
    _ = locale.text
    if member.status == "withdrawn":
        standing = _("Se retiró de OGP Local.")
    elif member.status == "member":
        standing = _("Su página en OGP la presenta como miembro.")
    else:
        standing = _("Ninguna página leída dice si sigue siendo miembro.")
    said: list[Node] = [standing]
    address = member.member_page_url or member.source_url
    if address:
        said += [" ", html.A(_("Ver la página que se leyó"), href=address, rel="noopener")]
    return said


def _facts(read: _Read, locale: Locale) -> Node:
    _ = locale.text
    member = read.member
    when = cut_off(read.citations, locale)
    declared = [plan.declared_commitments for plan in read.plans if plan.declared_commitments is not None]
    items = [
        Fact(
            _("año de ingreso"),
            str(member.joined_year) if member.joined_year else None,
            when=_("generación {cohort}", cohort=cohort_name(member.cohort, locale)) if member.cohort else None,
        ),
        Fact(
            _("situación"),
            label("membership_status", member.status, locale.code) or None,
            when=_("según su página") if member.status else None,
        ),
        Fact(_("planes"), locale.number(len(read.plans)), None, when),
        Fact(
            _("compromisos encontrados"),
            locale.number(len(read.commitments)),
            None,
            when,
            locale.plural(
                "{n} de {of} planes dice cuántos tiene: {total}",
                "{n} de {of} planes dicen cuántos tienen: {total}",
                len(declared),
                of=len(read.plans),
                total=locale.number(sum(declared)),
            )
            if declared
            else None,
        ),
    ]
    if member.population is not None:
        items.append(Fact(_("habitantes, según OGP"), locale.number(member.population), None, when))
    if member.country_code != "MX" and member.region:
        items.append(Fact(_("región de OGP"), region_name(member.region, locale)))
    return facts(items, locale)


def _nothing(locale: Locale) -> Node:
    return html.Section(
        empty(
            locale.text("En las páginas leídas no aparece ningún plan de acción ni compromiso de este lugar."),
            [(locale.link("/ogp-local"), locale.text("Ver todos los miembros"))],
        ),
        className="view",
    )


PAGES = (Page("/ogp-local/<locality_id>", show),)
