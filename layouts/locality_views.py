"""The views of one member of OGP Local: commitments with their marks, plans, institutions, ids, city challenge."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation
from data.queries.locality import (
    CityFact,
    Contradiction,
    LocalActor,
    LocalCommitment,
    Locality,
    LocalPlan,
    SameCommitment,
)
from data.schema import label
from layouts.actor_names import actor_link
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Column, table
from layouts.components.view import Data, view
from layouts.i18n import Locale
from layouts.locality_plans import plan_years
from layouts.page import Visit
from layouts.plan_names import title_language
from layouts.written_words import city_fact_said

IRM, LOCAL = "explorer_coding", "local_monitoring"
NUMERIC_IDS = ("ogp", "ogp_legacy_local")


def commitments_view(
    visit: Visit,
    member: Locality,
    plans: Sequence[LocalPlan],
    found: Sequence[LocalCommitment],
    same: Sequence[SameCommitment],
    citations: Sequence[Citation],
) -> Component:
    """Each commitment with the marks of each voice, side by side."""
    locale, _ = visit.locale, visit.locale.text
    inception = sum(one.known.has_inception for one in found)
    at = {one.commitment_id: one for one in same}
    columns = [
        Column(_("Compromiso"), "row"),
        Column(_("Periodo")),
        Column(_("¿Verificable?")),
        Column(_("Informe inicial")),
        Column(_("Cierre, órgano local")),
        Column(_("Cierre, IRM")),
    ]
    rows = [_commitment_row(one, plans, at.get(one.commitment_id), locale) for one in found]
    return view(
        visit,
        key="compromisos",
        sentence=locale.plural(
            "{n} compromiso; con informe inicial, {inception}",
            "{n} compromisos; con informe inicial, {inception}",
            len(found),
            inception=locale.number(inception),
        ),
        text=_(
            "El informe inicial revisa el diseño, no el resultado. El cierre lo dicen el órgano local de seguimiento o el "
            "IRM, cada uno en su columna; «sin dato» es que no se leyó ninguno."
        ),
        figure=table(_("Compromisos, con lo que dice cada voz"), columns, rows, locale, cards=True),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=Data("commitments", {"locality_id": member.locality_id}, listed=True),
    )


def actors_view(
    visit: Visit,
    actors: Sequence[LocalActor],
    plans: Sequence[LocalPlan],
    found: Sequence[LocalCommitment],
    citations: Sequence[Citation],
) -> Component:
    """Who takes part in the plans and commitments."""
    locale, _ = visit.locale, visit.locale.text
    columns = [
        Column(_("Organización"), "row"),
        Column(_("Tipo")),
        Column(_("Papeles")),
        Column(_("En cuántos planes o compromisos"), "number"),
    ]
    rows: list[list[Node]] = [
        [
            actor_link(one.actor_id, one.name, locale),
            label("actor_kind", one.kind, locale.code),
            ", ".join(label("role", role, locale.code) for role in one.roles),
            locale.number(one.things),
        ]
        for one in actors
    ]
    civil = sum(one.kind == "civil_society" for one in actors)
    subjects = [plan.plan_id for plan in plans] + [one.commitment_id for one in found]
    return view(
        visit,
        key="instituciones",
        sentence=locale.plural(
            "Consta {n} organización; de la sociedad civil, {civil}",
            "Constan {n} organizaciones; de la sociedad civil, {civil}",
            len(actors),
            civil=locale.number(civil),
        ),
        figure=table(_("Organizaciones en los planes y compromisos"), columns, rows, locale, cards=True),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=Data("participations", {"subject_id": subjects}),
    )


def ids_view(
    visit: Visit, member: Locality, found: Sequence[LocalCommitment], citations: Sequence[Citation]
) -> Component:
    """Under which id each register has each commitment."""
    locale, _ = visit.locale, visit.locale.text
    used = sorted({register for one in found for register, _, _ in one.ids})
    columns = [Column(_("Compromiso"), "row"), *(Column(label("id_register", name, locale.code)) for name in used)]
    rows: list[list[Node]] = [
        [
            html.A(_title(one, locale), href=f"#{one.commitment_id}", lang=_language(one, locale)),
            *(_ids_in(one, register, locale) for register in used),
        ]
        for one in found
    ]
    both = {register for register in used if register in NUMERIC_IDS}
    text = None
    if len(both) > 1:
        text = _(
            "Hasta 2020 OGP numeró con el prefijo {legacy}; después volvió a empezar con {code}: el mismo número en los dos "
            "registros es otro compromiso.",
            legacy=member.legacy_prefix or "",
            code=member.ogp_code or "",
        )
    return view(
        visit,
        key="identificadores",
        sentence=locale.plural(
            "En {n} registro tienen identificador", "En {n} registros tienen identificador", len(used)
        ),
        text=text,
        figure=table(_("Identificador de cada compromiso en cada registro"), columns, rows, locale, cards=True),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=Data("commitment_ids", {"commitment_id": [one.commitment_id for one in found]}),
    )


def city_view(visit: Visit, code: str, found: Sequence[CityFact], citations: Sequence[Citation]) -> Component:
    """What is known of the city in the Multi-City Challenge."""
    locale, _ = visit.locale, visit.locale.text
    columns = [Column(_("Clase"), "row"), Column(_("Qué")), Column(_("Valor"), "number"), Column(_("Fuente"))]
    rows: list[list[Node]] = [
        [
            label("multicity_kind", one.kind, locale.code),
            city_fact_said(one.name, locale),
            _value(one, locale) or "",
            html.A(_("Ver la fuente"), href=one.source_url, rel="noopener") if one.source_url else None,
        ]
        for one in found
    ]
    return view(
        visit,
        key="reto",
        sentence=_("También está en {edition}", edition=found[0].edition),
        text=_("Otro programa, con sus propias reglas: no es un plan ante OGP."),
        figure=table(_("Lo que se sabe de la ciudad en el reto"), columns, rows, locale, cards=True),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=Data("multicity_facts", {"municipality_code": code}, listed=True),
    )


def contradictions_view(
    visit: Visit, member: Locality, found: Sequence[Contradiction], citations: Sequence[Citation]
) -> Component:
    """What sources say differently, each side with its date."""
    locale, _ = visit.locale, visit.locale.text
    columns = [Column(_("Qué no coincide"), "row"), Column(_("Quién dice qué"))]
    rows: list[list[Node]] = [
        [
            locale.pick(one.message_es, one.message_en),
            html.Ul([html.Li(_side(side, locale)) for side in one.sides], className="plain"),
        ]
        for one in found
    ]
    return view(
        visit,
        key="contradicciones",
        sentence=locale.plural(
            "{n} dato en que las fuentes no coinciden", "{n} datos en que las fuentes no coinciden", len(found)
        ),
        figure=table(_("Datos en que las fuentes no coinciden"), columns, rows, locale, cards=True),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=Data("findings", {"table_name": "localities", "row_key": member.locality_id}, listed=True),
    )


def _commitment_row(
    one: LocalCommitment, plans: Sequence[LocalPlan], same: SameCommitment | None, locale: Locale
) -> list[Node]:
    plan = next((plan for plan in plans if plan.plan_id == one.plan_id), None)
    said: list[Node] = [html.Span(_linked_title(one, locale), id=one.commitment_id)]
    notes = [plan_years(plan, locale)] if plan else []
    if one.warning:
        notes.append(label("row_warning", one.warning, locale.code))
    said += [" ", html.Small(" · ".join(notes))]
    if same is not None:
        said += [" ", html.Small(_same(same, locale))]
    return [
        html.Span(said),
        _period(one, locale),
        _marks(one, "verifiable", locale),
        _inception(one, locale),
        label("rating_value", one.known.closing, locale.code) or None,
        label("rating_value", one.known.completion, locale.code) or None,
    ]


def _same(same: SameCommitment, locale: Locale) -> list[Node]:
    place = (same.place if locale.code == "es" else None) or same.name or same.other_id
    address = f"{locale.link(f'/ogp-local/{same.locality_id}')}#{same.other_id}" if same.locality_id else None
    shown: Node = html.A(place, href=address) if address else place
    return [locale.text("El mismo compromiso está también en"), " ", shown]


def _inception(one: LocalCommitment, locale: Locale) -> Node:
    """What the inception report says of novelty and ambition."""
    said = [
        label("rating_value", value, locale.code)
        for criterion in ("inception_novelty", "inception_ambition")
        for value in one.marks.get((LOCAL, criterion), ())
    ]
    return "; ".join(said) or None


def _marks(one: LocalCommitment, criterion: str, locale: Locale) -> Node:
    """The values of each voice with its name; several editions of one that disagree stand one after another."""
    names = {LOCAL: locale.text("órgano local"), IRM: locale.text("IRM")}
    said = [
        f"{' / '.join(label('rating_value', value, locale.code) for value in one.marks[reviewer, criterion])} ({name})"
        for reviewer, name in names.items()
        if (reviewer, criterion) in one.marks
    ]
    return "; ".join(said) or None


def _period(one: LocalCommitment, locale: Locale) -> Node:
    if one.starts_on is None and one.ends_on is None:
        return None
    return f"{locale.date(one.starts_on)} – {locale.date(one.ends_on)}"


def _title(one: LocalCommitment, locale: Locale) -> str:
    return locale.pick(one.title_es, one.title_en) or one.commitment_id


def _linked_title(one: LocalCommitment, locale: Locale) -> Node:
    title: Node = _title(one, locale)
    shown: Node = html.A(title, href=one.source_url, rel="noopener") if one.source_url else title
    other = _language(one, locale)
    return html.Span(shown, lang=other) if other else shown


def _language(one: LocalCommitment, locale: Locale) -> str | None:
    """The language of the title where it is not the reader's."""
    return title_language(one.title_es, one.title_en, locale)


def _ids_in(one: LocalCommitment, register: str, locale: Locale) -> Node:
    """The ids in a register; how each came about is said where it was not read."""
    found = [
        register_id if basis == "read" else f"{register_id} ({label('id_basis', basis, locale.code)})"
        for name, register_id, basis in one.ids
        if name == register
    ]
    return ", ".join(found) or ""


def _value(one: CityFact, locale: Locale) -> str | None:
    if one.value is None:
        return None
    number = locale.number(one.value)
    if one.qualifier not in (None, "exact"):
        return f"{label('value_qualifier', one.qualifier, locale.code)} {number}"
    return number


def _side(side: tuple[str, str, str | None, str | None], locale: Locale) -> list[Node]:
    es, en, as_of, address = side
    says = locale.pick(es, en)
    shown: Node = html.A(says, href=address, rel="noopener") if address else says
    return [shown, f" ({locale.date(as_of) if as_of else locale.text('sin fecha')})"]
