"""``/diagnostico/autenticidad``: five conditions by exercise, the balance of secretariats, SMART marks of local commitments."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.indicators.authenticity import CONDITIONS, ConditionMark, marks_from_answers, marks_from_documents
from data.indicators.smart import CRITERIA, Mark
from data.indicators.survey import SurveyReturn
from data.queries.citations import Citation, citations
from data.queries.diagnosis import (
    ExerciseDocuments,
    LocalCommitment,
    Seats,
    exercise_documents,
    local_commitments,
    secretariat_seats,
)
from data.queries.method import MethodTerm, method_catalogs
from data.queries.survey import round_returns, rounds
from data.schema import label
from data.schema.vocabularies import codes
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Key, Part, bars, table
from layouts.components.texts import empty
from layouts.components.view import Data, view
from layouts.diagnosis_parts import kicker, mark, part_links, state_options
from layouts.i18n import Locale
from layouts.method_terms import SURVEY_ITEMS, column_words, term_name
from layouts.page import Page, PageView, Visit
from layouts.plan_names import titled


def show(visit: Visit) -> PageView:
    """All exercises, secretariats and local commitments, or those of a state or model."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        exercises, seats = exercise_documents(connection), secretariat_seats(connection)
        promised, catalogs = local_commitments(connection), method_catalogs(connection)
        computed = next((one for one in rounds(connection) if one.is_computed), None)
        returns = round_returns(connection, computed.round_id) if computed else []
        sources = citations(connection, ["state_exercises", "ogp_local"])
    places = [(one.state_code, one.state) for one in exercises] + [(one.state_code, one.state) for one in promised]
    options = state_options(places)
    state = visit.query.choice("estado", _("Entidad"), options, every=_("Todas"))
    models = [(code, label("opening_model", code, locale.code)) for code in codes("opening_model")]
    model = visit.query.choice("modelo", _("Modelo del ejercicio"), models, every=_("Todos"))
    shown = [one for one in exercises if state in (None, one.state_code) and (model is None or model in one.models)]
    seated = [one for one in seats if state in (None, one.state_code)]
    local = [one for one in promised if state in (None, one.state_code)]
    answered = [one for one in returns if state in (None, one.state_code)]
    names = catalogs["authenticity_conditions"]
    return PageView(
        title=_("Autenticidad y balance"),
        kicker=kicker(locale),
        sentence=authenticity_sentence(exercises, locale),
        text=_("Cinco condiciones por ejercicio, de lo que está documentado. No hay calificación única."),
        filters=visit.query.form(),
        content=[
            part_links(visit),
            *_conditions(visit, shown, names, sources),
            *_answers(visit, answered, names, computed.round_id if computed else None, sources),
            _balance(visit, seated, sources),
            _smart(visit, local, len(promised), catalogs["smart_criteria"], sources),
        ],
    )


def authenticity_sentence(exercises: Sequence[ExerciseDocuments], locale: Locale) -> str:
    """How many exercises show all five conditions, and how many none."""
    counted = [sum(mark.met is True for mark in marks_from_documents(one.documents)) for one in exercises]
    whole, none = sum(count == len(CONDITIONS) for count in counted), sum(count == 0 for count in counted)
    if not whole:
        return locale.text(
            "Con lo documentado, ninguno de {n} ejercicios muestra las cinco condiciones; de {none} no se muestra ni una.",
            n=locale.number(len(counted)),
            none=locale.number(none),
        )
    return locale.plural(
        "Con lo documentado, de {n} ejercicio, {all} muestra las cinco condiciones; {none}, ni una.",
        "Con lo documentado, de {n} ejercicios, {all} muestran las cinco condiciones; {none}, ni una.",
        len(counted),
        all=locale.number(whole),
        none=locale.number(none),
    )


def _conditions(
    visit: Visit, shown: Sequence[ExerciseDocuments], terms: Sequence[MethodTerm], sources: Sequence[Citation]
) -> list[Node]:
    locale, _ = visit.locale, visit.locale.text
    if not shown:
        return [
            empty(
                _("Ningún ejercicio documentado cumple estas condiciones."),
                [(visit.query.link(estado=None, modelo=None), _("Ver todos"))],
            )
        ]
    filtered = bool(visit.query.values())
    marks = {one.exercise_id: marks_from_documents(one.documents) for one in shown}
    rows: list[list[Node]] = [
        [_exercise(one, locale), *(_condition(found, locale) for found in marks[one.exercise_id])] for one in shown
    ]
    columns = [Column(_("Ejercicio"), "row"), *(Column(term_name(term, locale)) for term in terms)]
    data = Data("exercises", {"exercise_id": [one.exercise_id for one in shown]} if filtered else {})
    return [
        view(
            visit,
            key="condiciones",
            sentence=_("De cada condición, en cuántos ejercicios hay algo documentado"),
            text=_("Un documento muestra que se cumple; su falta no muestra que no. Rayado: sin dato."),
            keys=[
                Key("verified", _("se cumple")),
                Key("not-started", _("no se cumple")),
                Key("no-data", _("sin dato")),
            ],
            figure=bars(
                _("Las cinco condiciones, sobre {n} ejercicios", n=len(shown)),
                (_("Condición"), _("Ejercicios"), _("Se cumple")),
                [_condition_bar(term, [marks[one.exercise_id] for one in shown], locale) for term in terms],
                locale,
            ),
            table=table(_("Las cinco condiciones, ejercicio por ejercicio"), columns, rows, locale, cards=True),
            sources=cited(sources[:1], locale),
            as_of=cut_off(sources, locale),
            proofs=[data, Data("declarations"), Data("plans", {"scope": "state", "country_code": "MX"})],
        )
    ]


def _condition_bar(term: MethodTerm, marks: Sequence[Sequence[ConditionMark]], locale: Locale) -> Bar:
    found = [one.met for row in marks for one in row if one.condition == term.code]
    return _marks_bar(term_name(term, locale), found, locale)


def _marks_bar(name: str, found: Sequence[bool | None], locale: Locale) -> Bar:
    """One bar for one condition or criterion: met, not met; what is left is no data."""
    met, unmet = sum(one is True for one in found), sum(one is False for one in found)
    parts = [
        Part(met / len(found), "verified", f"{locale.text('se cumple')}: {met}"),
        Part(unmet / len(found), "not-started", f"{locale.text('no se cumple')}: {unmet}"),
    ]
    said = locale.text("{n} de {of}", n=locale.number(met), of=locale.number(len(found)))
    return Bar(name, [part for part in parts if part.share], said if met or unmet else None)


def _exercise(one: ExerciseDocuments, locale: Locale) -> Node:
    """The exercise with its state; its own page is the state's."""
    where = one.state or label("exercise_level", one.level, locale.code)
    if one.state_code:
        return html.Span([one.name, html.Br(), html.A(where, href=locale.link(f"/estados/{one.state_code}"))])
    return html.Span([one.name, html.Br(), html.Small(where)])


def _condition(found: ConditionMark, locale: Locale) -> Node:
    if found.decided_by is None:
        return mark(found.met, locale)
    words = (
        locale.text(SURVEY_ITEMS[found.decided_by])
        if found.decided_by in SURVEY_ITEMS
        else column_words(found.decided_by, locale)
    )
    return mark(found.met, locale, words)


def _answers(
    visit: Visit,
    returns: Sequence[SurveyReturn],
    terms: Sequence[MethodTerm],
    round_id: str | None,
    sources: Sequence[Citation],
) -> list[Node]:
    """The same conditions from the answers of the newest round that has any; apart from the documents."""
    locale, _ = visit.locale, visit.locale.text
    marks = [marks_from_answers(exercise) for body in returns for exercise in body.exercises]
    if round_id is None or not marks:
        return []
    return [
        view(
            visit,
            key="encuesta",
            sentence=_("Las mismas condiciones, según las respuestas de {round}", round=round_id),
            figure=bars(
                _("Las cinco condiciones, según {n} respuestas", n=len(marks)),
                (_("Condición"), _("Ejercicios"), _("Se cumple")),
                [_condition_bar(term, marks, locale) for term in terms],
                locale,
            ),
            sources=cited(sources[:1], locale),
            data=Data("survey_answers", {"round_id": round_id}),
        )
    ]


def _balance(visit: Visit, seated: Sequence[Seats], sources: Sequence[Citation]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    if not seated:
        return empty(_("No se documenta un secretariado técnico en esta entidad."), [])
    known = [one.balance for one in seated if one.balance is not None]
    columns = [
        Column(_("Entidad"), "row"),
        Column(_("Gobierno"), "number"),
        Column(_("Sociedad civil"), "number"),
        Column(_("Organismo garante"), "number"),
        Column(_("Autónomos"), "number"),
        Column(_("Desbalance, de 0 a 1"), "number"),
        Column(_("¿Balanceado?")),
        Column(_("Al")),
    ]
    return view(
        visit,
        key="balance",
        sentence=locale.plural(
            "{balanced} de {n} secretariado con asientos conocidos estaba balanceado, {years}",
            "{balanced} de {n} secretariados con asientos conocidos estaban balanceados, {years}",
            len(known),
            years=seat_years(seated, locale),
            balanced=sum(one.is_balanced for one in known),
        )
        if known
        else _("De los secretariados técnicos de aquí no se conocen los asientos"),
        text=_(
            "Balanceado: la diferencia entre gobierno y sociedad civil no pasa de un tercio de sus asientos. De {n} no se "
            "conocen los asientos.",
            n=len(seated) - len(known),
        ),
        figure=table(
            _("Asientos de los secretariados técnicos"),
            columns,
            [_seats(one, locale) for one in seated],
            locale,
            cards=True,
        ),
        sources=cited(sources[:1], locale),
        as_of=cut_off(sources[:1], locale),
        data=Data("technical_secretariats", {"state_code": [one.state_code for one in seated]}),
    )


def seat_years(seats: Sequence[Seats], locale: Locale) -> str:
    """``2015–2018``: the years in which known seats were counted."""
    years = sorted({one.as_of[:4] for one in seats if one.as_of and one.balance is not None})
    return "–".join(dict.fromkeys([years[0], years[-1]])) if years else locale.text("sin fecha")


def _seats(one: Seats, locale: Locale) -> list[Node]:
    _, found = locale.text, one.balance
    counts = (one.government, one.civil_society, one.guarantor, one.autonomous)
    return [
        html.A(one.state, href=locale.link(f"/estados/{one.state_code}")),
        *(None if count is None else locale.number(count) for count in counts),
        None if found is None else locale.number(found.value, 2),
        None if found is None else (_("sí") if found.is_balanced else _("no")),
        locale.date(one.as_of) if one.as_of else None,
    ]


def _smart(
    visit: Visit, local: Sequence[LocalCommitment], every: int, terms: Sequence[MethodTerm], sources: Sequence[Citation]
) -> Component:
    locale, _ = visit.locale, visit.locale.text
    if not local:
        return empty(_("No se documentan compromisos locales en esta entidad."), [])
    names = {term.code: term_name(term, locale) for term in terms}
    met = sum(any(one.met for one in commitment.marks) for commitment in local)
    columns = [Column(_("Compromiso"), "row"), *(Column(names[criterion]) for criterion in CRITERIA)]
    rows: list[list[Node]] = [
        [_promise(one, locale), *(_smart_mark(found, locale) for found in one.marks)] for one in local
    ]
    return view(
        visit,
        key="smart",
        sentence=locale.plural(
            "De {n} compromiso local, {met} cumple algún criterio SMART con los datos que hay",
            "De {n} compromisos locales, {met} cumplen algún criterio SMART con los datos que hay",
            len(local),
            met=met,
        ),
        text=_(
            "Solo se leen campos. La mayoría no los tiene: «sin dato» no quiere decir que el compromiso esté mal escrito."
        ),
        figure=bars(
            _("Los cinco criterios, sobre {n} compromisos", n=len(local)),
            (_("Criterio"), _("Compromisos"), _("Se cumple")),
            [
                _marks_bar(
                    names[name], [one.met for item in local for one in item.marks if one.criterion == name], locale
                )
                for name in CRITERIA
            ],
            locale,
        ),
        table=table(_("Los cinco criterios, compromiso por compromiso"), columns, rows, locale, cards=True),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data(
            "commitments",
            {"country_code": "MX", "scope.ne": "national"}
            if len(local) == every
            else {"commitment_id": [one.commitment_id for one in local]},
        ),
    )


def _promise(one: LocalCommitment, locale: Locale) -> Node:
    title = titled(one.commitment_id, one.title_es, one.title_en, locale)
    parts: list[Node] = [title, html.Br(), html.Small(one.commitment_id)]
    if one.state_code:
        parts += [" ", html.A(one.state, href=locale.link(f"/estados/{one.state_code}"))]
    return html.Span(parts)


def _smart_mark(found: Mark, locale: Locale) -> Node:
    if found.field is None:
        return mark(found.met, locale)
    words = column_words(found.field, locale) if "." in found.field else label("criterion", found.field, locale.code)
    return mark(found.met, locale, words)


PAGES = (Page("/diagnostico/autenticidad", show),)
