"""What is known of one commitment beyond its board and its ratings: who, its SMART marks, its ids, its subjects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from data.indicators.smart import Mark
from data.queries.citations import Citation
from data.queries.commitment import Commitment, Linked, Participant, RegisterId
from data.schema import TABLES, column_info
from data.schema.vocabularies import VOCABULARIES, label
from layouts.area_names import TAGGED_BY, area_shown
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Column, table
from layouts.components.view import Data, view
from layouts.i18n import N_, Locale
from layouts.page import Visit
from layouts.plan_names import capital, in_spanish, titled
from layouts.written_words import role_said

RESPONSIBLE = ("lead", "responsible")
SMART_NAMES = {
    "specific": N_("Específico"),
    "measurable": N_("Medible"),
    "feasible": N_("Factible"),
    "relevant": N_("Relevante"),
    "time_bound": N_("Acotado al tiempo"),
}


# How OGP marks a commitment on its page; others are shown as it writes them.
OGP_STATUS = {"Active": N_("activo"), "Inactive": N_("inactivo")}


def people_section(
    visit: Visit,
    commitment: Commitment,
    people: Sequence[Participant],
    others: Sequence[Linked],
    sources: Sequence[Citation],
) -> Component:
    """Who is responsible and who takes part, the theme and the dates, and commitments that share the text."""
    locale, _ = visit.locale, visit.locale.text
    rows: list[tuple[str, Node | list[Node]]] = [
        (capital(label("role", role, locale.code)), [_named(visit, list(group))])
        for role, group in groupby(people, key=lambda person: person.role)
    ]
    # What the source writes stands beside who it was read as, since it says more than names.
    rows.append((_("Responsable, como lo escribe la fuente"), in_spanish(commitment.lead_institution, locale)))
    if commitment.supporting_institutions:
        rows.append((_("Apoyo, como lo escribe la fuente"), in_spanish(commitment.supporting_institutions, locale)))
    rows.append((_("Tema en el plan"), in_spanish(commitment.theme, locale)))
    if commitment.title_board and commitment.title_board != commitment.title_es:
        rows.append((_("Título en el tablero"), in_spanish(commitment.title_board, locale)))
    if commitment.starts_on or commitment.ends_on:
        rows.append(
            (
                _("Fechas"),
                _("de {start} a {end}", start=locale.date(commitment.starts_on), end=locale.date(commitment.ends_on)),
            )
        )
    if commitment.ogp_status:
        rows.append((_("Situación en OGP"), _(OGP_STATUS.get(commitment.ogp_status, commitment.ogp_status))))
    if others:
        rows.append((_("Comparte texto con"), [_linked(visit, others)]))
    listed = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in rows]
    named = [source for source in sources if source.source_id == commitment.source_id]
    return view(
        visit,
        key="quien",
        sentence=_people_said(visit, commitment, people),
        figure=html.Dl(listed, className="record"),
        sources=cited(named, locale),
        as_of=cut_off(named, locale),
        data=Data("commitments", {"commitment_id": commitment.commitment_id}),
    )


def _people_said(visit: Visit, commitment: Commitment, people: Sequence[Participant]) -> str:
    """Who answers for it, in one line."""
    locale = visit.locale
    responsible = next((person.name for person in people if person.role in RESPONSIBLE), commitment.lead_institution)
    if responsible is None:
        return locale.text("De quién es responsable no hay dato")
    others = len({person.actor_id for person in people if person.name != responsible})
    if not others:
        return locale.text("Responsable: {name}", name=responsible)
    return locale.plural(
        "Responsable: {name}; participa {n} organización más",
        "Responsable: {name}; participan {n} organizaciones más",
        others,
        name=responsible,
    )


def smart_view(visit: Visit, marks: Sequence[Mark], sources: Sequence[Citation]) -> Component:
    """The five marks, each with the field that decided it; there is no score."""
    locale, _ = visit.locale, visit.locale.text
    met, known_marks = sum(mark.met is True for mark in marks), sum(mark.met is not None for mark in marks)
    rows = [_mark(visit, mark) for mark in marks]
    columns = [Column(_("Criterio"), "row"), Column(_("Marca")), Column(_("Lo decide")), Column(_("Con el valor"))]
    return view(
        visit,
        key="smart",
        sentence=locale.plural(
            "Lectura SMART: cumple {met} de {n} marca con dato",
            "Lectura SMART: cumple {met} de {n} marcas con dato",
            known_marks,
            met=locale.number(met),
        )
        if known_marks
        else _("Lectura SMART: de ninguna marca hay dato"),
        text=_(
            "Cinco marcas y ninguna calificación única. Solo cuentan campos estructurados; de lo factible no hay fuente todavía."
        ),
        figure=table(_("Las cinco marcas y qué decidió cada una"), columns, rows, locale, cards=True),
        sources=cited(sources, locale),
    )


def ids_section(
    visit: Visit, ids: Sequence[RegisterId], commitment: Commitment, sources: Sequence[Citation]
) -> Component:
    """The id of the commitment in every register, and how it was matched."""
    locale, _ = visit.locale, visit.locale.text
    rows: list[list[Node]] = [
        [
            capital(label("id_register", entry.register, locale.code)),
            html.Code(entry.register_id),
            label("id_basis", entry.basis, locale.code),
        ]
        for entry in ids
    ]
    columns = [Column(_("Registro"), "row"), Column(_("Identificador")), Column(_("Base"))]
    named = {source.source_id: source for source in sources}
    return view(
        visit,
        key="identificadores",
        sentence=locale.plural(
            "Aquí se llama {id}; {n} registro le da una clave",
            "Aquí se llama {id}; {n} registros le dan una clave",
            len(ids),
            id=commitment.commitment_id,
        ),
        text=_("Una clave inferida por el orden no se leyó en ninguna parte."),
        figure=table(_("Claves por registro"), columns, rows, locale, cards=True),
        sources=cited([named[commitment.source_id]] if commitment.source_id in named else [], locale),
        data=Data("commitment_ids", {"commitment_id": commitment.commitment_id}, listed=True),
    )


def areas_section(
    visit: Visit, commitment: Commitment, areas: Sequence[tuple[str, str]], sources: Sequence[Citation]
) -> Component:
    """The tags of the commitment, by vocabulary."""
    locale, _ = visit.locale, visit.locale.text
    listed = [
        html.Div(
            [
                html.Dt(capital(label("policy_vocabulary", vocabulary, locale.code))),
                html.Dd(html.Ul([html.Li(area_shown(area, locale)) for area in _in_order(group)], className="plain")),
            ]
        )
        for vocabulary, group in groupby(areas, key=lambda pair: pair[0])
    ]
    tagged = {source for vocabulary, _area in areas for source in TAGGED_BY.get(vocabulary, ())}
    named = [source for source in sources if source.source_id in tagged]
    return view(
        visit,
        key="areas",
        sentence=_("Áreas de política"),
        text=_("Las fuentes las escriben en inglés; la traducción es nuestra."),
        figure=html.Dl(listed, className="record"),
        sources=cited(named, locale),
        as_of=cut_off(named, locale),
        data=Data("commitment_policy_areas", {"commitment_id": commitment.commitment_id}),
    )


def _in_order(tags: Iterable[tuple[str, str]]) -> list[str]:
    """The tags of a vocabulary as given, goals by their number."""
    return sorted((tag for _vocabulary, tag in tags), key=lambda tag: int(tag) if tag.isdigit() else 0)


def _named(visit: Visit, people: Sequence[Participant]) -> Component:
    locale = visit.locale
    said = {person.actor_id: _in_source(person, locale) for person in people}
    # What is said of all of them is said once, after the last.
    shared = len(people) > 1 and len(set(said.values())) == 1
    items = [_person(person, None if shared else said[person.actor_id], locale) for person in people]
    if shared and (words := said[people[0].actor_id]):
        items.append(html.Li(html.Small(locale.text("cada una: {role}", role=words))))
    return html.Ul(items, className="plain")


def _person(person: Participant, role: str | None, locale: Locale) -> Component:
    name: list[Node] = [html.A(person.name, href=locale.link(f"/actores/{person.actor_id}"))]
    return html.Li([*name, " ", html.Small(role)] if role else name)


def _in_source(person: Participant, locale: Locale) -> str | None:
    """The role that the source gives, where it says more than our own word."""
    if not person.role_in_source or person.role_in_source == person.role:
        return None
    return role_said(person.role_in_source, locale)


def _linked(visit: Visit, others: Sequence[Linked]) -> Component:
    locale = visit.locale
    items = [
        html.Li(
            [
                html.A(
                    titled(other.commitment_id, other.title_es, other.title_en, locale),
                    href=locale.link(f"/plan-nacional/{other.commitment_id}"),
                ),
                " ",
                html.Small(label("link_kind", other.link, locale.code)),
            ]
        )
        for other in others
    ]
    return html.Ul(items, className="plain")


def _mark(visit: Visit, mark: Mark) -> list[Node]:
    _ = visit.locale.text
    said = {True: _("cumple"), False: _("no cumple")}
    shown = said[mark.met] if mark.met is not None else None
    return [_(SMART_NAMES[mark.criterion]), shown, _field(visit, mark), _value(visit, mark)]


def _field(visit: Visit, mark: Mark) -> str | None:
    """The field that decided, in words: a column of a table, or a criterion of the reviewer."""
    if mark.field is None:
        return None
    table_name, _, column = mark.field.partition(".")
    if not column:
        return visit.locale.text("IRM: {criterion}", criterion=label("criterion", table_name, visit.locale.code))
    return column_info(TABLES[table_name].columns[column])["label"][visit.locale.data.code]


def _value(visit: Visit, mark: Mark) -> str | None:
    if mark.value is not None and mark.value in VOCABULARIES["rating_value"]:
        return label("rating_value", mark.value, visit.locale.code)
    return mark.value
