"""``/diagnostico/encuesta``: what the guarantor bodies answered; what was only published stands apart from what we compute."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.indicators.published import possible_counts
from data.indicators.survey import Share, SurveyIndicators, SurveyReturn
from data.queries.citations import Citation, citations
from data.queries.survey import (
    PublishedFigure,
    StateReturn,
    SurveyItem,
    SurveyRound,
    items,
    non_response,
    published_figures,
    round_indicators,
    round_returns,
    rounds,
    state_returns,
)
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Part, bars, table
from layouts.components.texts import empty, note
from layouts.components.view import Data, view
from layouts.diagnosis_parts import kicker, part_links
from layouts.i18n import N_, Locale
from layouts.page import Page, PageView, Visit

NAMES = {
    "response": N_("organismos que respondieron"),
    "latest_active": N_("organismos con su ejercicio más reciente activo"),
    "guarantor_convener": N_("ejercicios convocados por el organismo garante"),
    "civil_society_promoter": N_("ejercicios promovidos por la sociedad civil"),
    "judiciary": N_("ejercicios en que participó el poder judicial"),
    "legislature": N_("ejercicios en que participó el poder legislativo"),
    "municipal": N_("ejercicios en que participaron autoridades municipales"),
    "action_plan": N_("ejercicios con compromisos en un plan de acción"),
    "without_exercises": N_("organismos que declaran no tener ejercicios"),
}
PERCENT = "percent"


def show(visit: Visit) -> PageView:
    """One round of the survey, the newest unless another is asked for."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        every = rounds(connection)
        chosen = _chosen(visit, every)
        content: list[Node] = [empty(_("Esta versión no tiene rondas de la encuesta."), [])]
        sentence = _("No hay rondas de la encuesta.")
        if chosen is not None:
            published = published_figures(connection, chosen)
            returns = round_returns(connection, chosen.round_id)
            asked = items(connection, chosen.instrument)
            bodies = state_returns(connection, chosen.round_id, returns)
            sources = citations(connection, ["national_aggregates", "state_survey"])
            computed = round_indicators(returns, chosen)
            sentence = survey_sentence(chosen, published, computed, locale)
            content = _computed(visit, chosen, computed, returns, asked, bodies, sources)
            # Beside a computed round stand the figures of the newest one that was published, never in the same picture.
            shown = next((one for one in (chosen, *every) if published_figures(connection, one)), None)
            if shown is not None:
                content.append(_published(visit, shown, published_figures(connection, shown), sources))
            content.append(_questionnaire(visit, chosen, asked, sources))
    return PageView(
        title=_("Encuesta"),
        kicker=kicker(locale),
        sentence=sentence,
        text=_("La comisión pregunta a los organismos garantes por los ejercicios de apertura de su entidad."),
        filters=visit.query.form(),
        content=[part_links(visit), *content],
    )


def survey_sentence(
    chosen: SurveyRound, published: Sequence[PublishedFigure], computed: SurveyIndicators | None, locale: Locale
) -> str:
    """Who answered, and what the exercises were; from answers where there are any, else as published."""
    _ = locale.text
    if computed is not None:
        return _(
            "En {round} respondieron {n} de {of} organismos garantes, con {exercises} ejercicios de apertura.",
            round=chosen.round_id,
            n=locale.number(computed.response.numerator),
            of=locale.number(computed.response.denominator),
            exercises=locale.number(computed.exercises),
        )
    figures = {figure.same_as: figure for figure in published}
    response, exercises = figures.get("response"), figures.get("exercises")
    if response is None or exercises is None:
        return _("De la ronda {round} no hay respuestas ni cifras publicadas.", round=chosen.round_id)
    words = {
        "round": chosen.round_id,
        "n": locale.number(response.value),
        "of": locale.number(chosen.bodies_asked),
        "exercises": locale.number(exercises.value),
    }
    if response.is_derived:
        return _(
            "En {round} se publicaron {exercises} ejercicios de apertura; respondieron, según se deduce, {n} de {of} "
            "organismos garantes.",
            **words,
        )
    return _(
        "En {round} respondieron {n} de {of} organismos garantes y se publicaron {exercises} ejercicios de apertura.",
        **words,
    )


def _chosen(visit: Visit, every: Sequence[SurveyRound]) -> SurveyRound | None:
    if not every:
        return None
    options = [(one.round_id, one.round_id) for one in every]
    round_id = visit.query.choice("ronda", visit.locale.text("Ronda"), options, every[0].round_id)
    return next(one for one in every if one.round_id == round_id)


def _published(
    visit: Visit, chosen: SurveyRound, figures: Sequence[PublishedFigure], sources: Sequence[Citation]
) -> Component:
    """What was published of the round, as it was printed; never mixed with what follows from answers."""
    locale, _ = visit.locale, visit.locale.text
    shares = [figure for figure in figures if figure.same_as in NAMES]
    plan = next((figure for figure in shares if figure.same_as == "action_plan"), None)
    sentence = _("Así se publicaron las cifras de {round}", round=chosen.round_id)
    if plan is not None and plan.unit == PERCENT:
        sentence = _(
            "Según lo publicado, {share} de los ejercicios de {round} tenía sus compromisos en un plan",
            share=locale.percent(plan.value / 100),
            round=chosen.round_id,
        )
    return view(
        visit,
        key="publicado",
        sentence=sentence,
        text=_(
            "Solo agregados publicados: las respuestas no son públicas y estas cifras no se mezclan con las calculadas. Un "
            "porcentaje sin conteo se acompaña de los conteos que lo producen."
        ),
        figure=bars(
            _("Cifras publicadas, ronda {round}", round=chosen.round_id),
            (_("Qué se publicó"), _("Proporción"), _("Como se imprimió")),
            [_published_bar(figure, locale) for figure in shares],
            locale,
        ),
        sources=cited(sources[:1], locale),
        as_of=locale.date(chosen.reported_on),
        data=Data("indicators", {"as_of": chosen.reported_on or "", "warning": "published_aggregate_only"}),
    )


def _published_bar(figure: PublishedFigure, locale: Locale) -> Bar:
    percent = figure.unit == PERCENT
    share = figure.value / 100 if percent else figure.value / (figure.denominator or figure.value)
    value = locale.percent(share) if percent else locale.number(figure.value)
    if not percent and figure.denominator:
        value = locale.text("{n} de {of}", n=value, of=locale.number(figure.denominator))
    return Bar(
        locale.text(NAMES[figure.same_as]),
        [Part(share, "completed", value), Part(1 - share, "not-started", locale.text("el resto"))],
        value,
        counts_words(figure, locale),
    )


def counts_words(figure: PublishedFigure, locale: Locale) -> str | None:
    """The count behind a published percentage: as published, or those that it can have been. None where printed roughly."""
    _ = locale.text
    if figure.is_derived:
        return _("no se imprimió: se deduce de otra cifra publicada")
    if figure.unit != PERCENT or figure.denominator is None:
        return None
    of = locale.number(figure.denominator)
    if figure.numerator is not None:
        return _("{n} de {of}", n=locale.number(figure.numerator), of=of)
    if figure.note:
        return _("de {of}; se imprimió como razón, sin conteo", of=of)
    possible = possible_counts(figure.value, int(figure.denominator))
    if len(possible) == 1:
        return _("de {of} solo pueden ser {n}", of=of, n=locale.number(possible[0]))
    if possible:
        return _("de {of} pueden ser {n}", of=of, n=", ".join(locale.number(count) for count in possible))
    return _("ningún conteo de {of} da ese porcentaje", of=of)


def _computed(
    visit: Visit,
    chosen: SurveyRound,
    computed: SurveyIndicators | None,
    returns: Sequence[SurveyReturn],
    asked: Sequence[SurveyItem],
    bodies: Sequence[StateReturn],
    sources: Sequence[Citation],
) -> list[Node]:
    locale, _ = visit.locale, visit.locale.text
    if computed is None:
        return [
            note(
                _(
                    "Las respuestas de {round} por entidad y por ejercicio no son públicas: no hay indicadores calculados, "
                    "ni preguntas sin respuesta, ni cifras por entidad. Es «sin dato», no cero.",
                    round=chosen.round_id,
                )
            )
        ]
    shares = computed.shares()
    rows = [_share_bar(_(NAMES[name]), share, locale) for name, share in shares.items() if name in NAMES]
    own = cited(sources[1:], locale)
    as_of = cut_off(sources[1:], locale)
    data = Data("survey_answers", {"round_id": chosen.round_id})
    return [
        view(
            visit,
            key="calculado",
            sentence=_("Calculado de las respuestas de {round}", round=chosen.round_id),
            text=_("Quien no contestó una pregunta se queda en el denominador."),
            figure=bars(_("Indicadores calculados"), (_("Indicador"), _("Proporción"), _("De cuántos")), rows, locale),
            sources=own,
            as_of=as_of,
            data=data,
        ),
        view(
            visit,
            key="sin-respuesta",
            sentence=_("Preguntas que quedaron sin respuesta"),
            figure=bars(
                _("Preguntas sin respuesta, de más a menos"),
                (_("Pregunta"), _("Sin respuesta"), _("De cuántos")),
                [
                    _silence_bar(locale.pick(item.heading_es, item.heading_en) or item.variable, count.share, locale)
                    for item, count in non_response(returns, asked)
                ],
                locale,
            ),
            sources=own,
            as_of=as_of,
            data=data,
        ),
        view(
            visit,
            key="entidades",
            sentence=_("Entidad por entidad"),
            figure=_bodies_table(bodies, locale),
            sources=own,
            as_of=as_of,
            data=Data("survey_respondents", {"round_id": chosen.round_id}),
        ),
    ]


def _share_bar(name: str, share: Share, locale: Locale) -> Bar:
    value = locale.text("{n} de {of}", n=locale.number(share.numerator), of=locale.number(share.denominator))
    percent = share.percent
    parts: list[Part] = []
    if percent is not None:
        silent = share.unanswered / share.denominator
        parts = [
            Part(percent / 100, "verified", value),
            Part(max(0.0, 1 - percent / 100 - silent), "not-started", locale.text("el resto")),
        ]
    return Bar(
        name,
        parts,
        value if percent is not None else None,
        locale.percent(percent / 100) if percent is not None else None,
    )


def _silence_bar(name: str, share: Share, locale: Locale) -> Bar:
    """What was answered is filled; what was not stays hatched, and is what the value counts."""
    answered = share.denominator - share.numerator
    parts = [Part(answered / share.denominator, "verified", f"{locale.text('con respuesta')}: {answered}")]
    value = locale.text("{n} de {of}", n=locale.number(share.numerator), of=locale.number(share.denominator))
    return Bar(name, parts, value, locale.percent(share.numerator / share.denominator))


def _bodies_table(bodies: Sequence[StateReturn], locale: Locale) -> Component:
    _ = locale.text
    columns = [
        Column(_("Entidad"), "row"),
        Column(_("Respondió")),
        Column(_("Ejercicios"), "number"),
        Column(_("Con plan"), "number"),
        Column(_("Sin respuesta"), "number"),
    ]
    rows: list[list[Node]] = [
        [
            html.A(body.state, href=locale.link(f"/estados/{body.state_code}")),
            _("sí") if body.answered else _("no"),
            *(None if n is None else locale.number(n) for n in (body.exercises, body.with_plan, body.missing_answers)),
        ]
        for body in bodies
    ]
    return table(_("Respuestas por entidad"), columns, rows, locale, cards=True)


def _questionnaire(
    visit: Visit, chosen: SurveyRound, asked: Sequence[SurveyItem], sources: Sequence[Citation]
) -> Component:
    """The items of the instrument, and what was published of each."""
    locale, _ = visit.locale, visit.locale.text
    rebuilt = sum(item.is_reconstructed for item in asked)
    columns = [
        Column(_("Pregunta"), "row"),
        Column(_("Respuestas que se ofrecen")),
        Column(_("Lo que se publicó de ella")),
    ]
    rows: list[list[Node]] = [
        [
            locale.pick(item.heading_es, item.heading_en),
            "; ".join(locale.pick(es, en) or code for code, (es, en) in item.options.items()) or _("abierta"),
            locale.pick(item.published_result_es, item.published_result),
        ]
        for item in asked
    ]
    sentence = locale.plural("{n} pregunta en el cuestionario", "{n} preguntas en el cuestionario", len(asked))
    return view(
        visit,
        key="cuestionario",
        sentence=sentence,
        text=locale.plural(
            "{n} se reconstruyó de los resultados publicados: no es la redacción original.",
            "{n} se reconstruyeron de los resultados publicados: no es la redacción original.",
            rebuilt,
        )
        if rebuilt
        else None,
        figure=table(
            _("Preguntas del cuestionario de {round}", round=chosen.instrument), columns, rows, locale, cards=True
        ),
        sources=cited(sources[1:], locale),
        as_of=cut_off(sources[1:], locale),
        data=Data("survey_items", {"instrument": chosen.instrument}, listed=True),
    )


PAGES = (Page("/diagnostico/encuesta", show),)
