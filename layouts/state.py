"""``/estados/<state_code>``: the file of one state, for reading and for paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlsplit

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation, citations
from data.queries.state_file import StateFile, state_file
from data.queries.states import METRIC_EDITION
from layouts.components.island import Node
from layouts.components.texts import Fact, facts
from layouts.declaration_words import counted, declared
from layouts.i18n import Locale
from layouts.page import Missing, Page, PageView, Visit
from layouts.state_openness import exercises_view, plans_view, secretariat_view, steps_view
from layouts.state_surroundings import contradictions_view, guarantor_view, members_view, metric_view

SOURCES = ("state_exercises", "ogp_local", "metrica", "reference")


def show(visit: Visit) -> PageView:
    """The file of the state whose code the address has; `Missing` where there is none."""
    locale, _ = visit.locale, visit.locale.text
    code = visit.place["state_code"]
    with visit.release.connect() as connection:
        found = state_file(connection, code)
        asked = dict.fromkeys([*SOURCES, *(found.contradicting_sources if found else ())])
        named = {citation.source_id: citation for citation in citations(connection, list(asked))}
    if found is None:
        raise Missing(
            _("No hay una entidad con la clave {code}: van de 01 a 32.", code=code[:20]),
            [(locale.link("/estados"), _("Ver las 32 entidades"))],
        )
    return PageView(
        title=found.place.name,
        kicker=html.Span([html.A(_("Estados"), href=locale.link("/estados")), f" · {found.place.state_code}"]),
        sentence=_sentence(found, locale),
        text=_text(found, locale),
        content=[_facts(found, locale), html.Div(_views(visit, found, named), className="state-file")],
    )


def _views(visit: Visit, found: StateFile, named: Mapping[str, Citation]) -> list[Node]:
    def of(*source_ids: str) -> list[Citation]:
        return [named[source_id] for source_id in source_ids if source_id in named]

    place = found.place
    return [
        steps_view(visit, place, found.steps, of("state_exercises", "ogp_local")),
        secretariat_view(visit, place, found.secretariat, of("state_exercises")),
        plans_view(visit, place, found.plans, of("state_exercises", "ogp_local")),
        exercises_view(visit, place, found.exercises, found.declaration, of("state_exercises")),
        metric_view(visit, place, found.indices, found.institutions, found.later_scores, of("metrica")),
        guarantor_view(visit, place, found.guarantor, of("reference")),
        members_view(visit, place, found.members, found.challenge_cities, of("ogp_local")),
        contradictions_view(visit, place, found.contradictions, of(*found.contradicting_sources)),
        _documents(visit, found, list(named.values())),
    ]


def _sentence(found: StateFile, locale: Locale) -> str:
    """What the state has, in one sentence: plans and steps, or that nothing was found."""
    _ = locale.text
    steps = _("evidencia de {n} de los {of} pasos de la cocreación", n=found.done, of=len(found.steps))
    if found.own_plans:
        plans = locale.plural("{n} plan de acción", "{n} planes de acción", len(found.own_plans))
        return _("{state}: {plans} y {steps}.", state=found.place.name, plans=plans, steps=steps)
    if found.done or found.exercises:
        return _("{state}: ningún plan de acción documentado y {steps}.", state=found.place.name, steps=steps)
    return _("{state}: ningún hecho de la apertura documentado en las fuentes reunidas.", state=found.place.name)


def _text(found: StateFile, locale: Locale) -> str:
    _ = locale.text
    said = [part for part in (declared(found.declaration, locale), counted(found.declaration, locale)) if part]
    if found.contradictions:
        said.append(
            locale.plural(
                "Sobre esta entidad las fuentes se contradicen en {n} punto.",
                "Sobre esta entidad las fuentes se contradicen en {n} puntos.",
                len(found.contradictions),
            )
        )
    return " ".join(said)


def _facts(found: StateFile, locale: Locale) -> Component:
    _ = locale.text
    years = sorted({date[:4] for plan in found.own_plans if (date := plan.starts_on or plan.published_on)})
    index = found.index("GA")
    member = next((one for one in found.members if one.municipality is None), None)
    national = None
    if index is not None and index.national is not None:
        national = _("media nacional publicada: {n}", n=locale.number(index.national, 2))
    seats = found.secretariat.balance if found.secretariat else None
    return facts(
        [
            Fact(
                _("planes de acción de la entidad"),
                locale.number(len(found.own_plans)) if found.own_plans else None,
                when=", ".join(years) or None,
            ),
            Fact(
                _("compromisos con título"),
                locale.number(found.listed_commitments) if found.listed_commitments else None,
                _("de al menos {n}", n=found.known_commitments)
                if found.known_commitments > found.listed_commitments
                else None,
            ),
            Fact(
                _("desequilibrio del secretariado"),
                None if seats is None else locale.number(seats.value, 2),
                when=locale.date(found.secretariat.composition_as_of) if seats and found.secretariat else None,
                note=_("hasta 0.33 es equilibrio") if seats else None,
            ),
            Fact(
                _("Métrica de Gobierno Abierto"),
                locale.number(index.value, 2) if index is not None and index.value is not None else None,
                _("de 1"),
                METRIC_EDITION,
                national,
            ),
            Fact(
                _("en OGP Local desde"),
                str(member.joined_year) if member is not None and member.joined_year else None,
                when=_("se retiró después") if member is not None and member.status == "withdrawn" else None,
            ),
        ],
        locale,
    )


def _documents(visit: Visit, found: StateFile, sources: Sequence[Citation]) -> Component:
    """Every document in which something of this file was read, with its whole address, which paper needs.

    On paper the sources of all views are told here, once, with the address of the file and the release it is of.
    """
    locale = visit.locale
    addresses = [
        found.declaration.source_url if found.declaration else None,
        *(step.source_url for step in found.steps),
        found.secretariat.source_url if found.secretariat else None,
        *(plan.source_url for plan in found.plans),
        *(exercise.source_url for exercise in found.exercises),
        *(score.source_url for score in found.later_scores),
        *(event.source_url for event in (found.guarantor.events if found.guarantor else ())),
        *(member.page_url for member in found.members),
        *(side.source_url for one in found.contradictions for side in one.sides),
    ]
    unique = sorted(dict.fromkeys(address for address in addresses if address), key=lambda one: urlsplit(one).netloc)
    heading = locale.plural("{n} documento leído", "{n} documentos leídos", len(unique))
    text = locale.text("La dirección en que se leyó cada hecho; no prueba que siga respondiendo.")
    items = [html.Li(html.A(_without_scheme(address), href=address, rel="external")) for address in unique]
    listed = html.Ol(items, className="documents")
    return html.Section([html.H2(heading), html.P(text), listed, _imprint(visit, sources)], className="view")


def _without_scheme(address: str) -> str:
    """An address as people write it: ``milenio.com/region/pactan-itei``."""
    return address.partition("://")[2].removeprefix("www.").removesuffix("/") or address


def _imprint(visit: Visit, sources: Sequence[Citation]) -> Component:
    """What a sheet of paper must say of itself: its address, the release, and the sources with their dates."""
    locale, _ = visit.locale, visit.locale.text
    dated = sorted((source for source in sources if source.as_of), key=attrgetter("as_of"))
    named = [
        _(
            "{names} ({date})",
            names=", ".join(locale.pick(one.title_es, one.title_en) or "" for one in group),
            date=locale.date(date),
        )
        for date, group in groupby(dated, key=attrgetter("as_of"))
    ]
    said = [
        _("Esta ficha: {address}.", address=f"{visit.host}{locale.link(visit.path)}"),
        _(
            "Versión de los datos: {id}, del {date}.",
            id=visit.release.release_id,
            date=locale.date(visit.release.built_at),
        ),
        _("Fuentes y fecha de su copia: {sources}.", sources="; ".join(named)),
    ]
    return html.P(" ".join(said), className="on-paper")


PAGES = (Page("/estados/<state_code>", show),)
