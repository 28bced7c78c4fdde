"""``/diagnostico``: the commission's diagnosis at a glance, one sentence for each of its four parts."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.diagnosis import exercise_documents, secretariat_seats, state_steps
from data.queries.findings import Finding, findings_of
from data.queries.survey import published_figures, round_indicators, round_returns, rounds
from data.schema.vocabularies import codes
from layouts.components.texts import Fact, facts
from layouts.diagnosis_authenticity import authenticity_sentence, seat_years
from layouts.diagnosis_coverage import coverage_sentence
from layouts.diagnosis_parts import PARTS, part_links
from layouts.diagnosis_quality import quality_sentence
from layouts.diagnosis_survey import survey_sentence
from layouts.i18n import N_, Locale
from layouts.page import Page, PageView, Visit


def show(visit: Visit) -> PageView:
    """The four parts, each by what it answers."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        every = rounds(connection)
        survey = _("No hay rondas de la encuesta.")
        if every:
            newest = every[0]
            computed = round_indicators(round_returns(connection, newest.round_id), newest)
            survey = survey_sentence(newest, published_figures(connection, newest), computed, locale)
        states, exercises = state_steps(connection), exercise_documents(connection)
        seats, found = secretariat_seats(connection), findings_of(connection)
    documented = sum(bool(state.evidence) for state in states)
    known = [one.balance for one in seats if one.balance is not None]
    built = locale.date(visit.release.built_at)
    answers = [
        survey,
        coverage_sentence(states, None, locale),
        authenticity_sentence(exercises, locale),
        quality_sentence(found, locale),
    ]
    return PageView(
        title=_("Diagnóstico"),
        kicker=_("Diagnóstico de la apertura en las entidades"),
        sentence=_(
            "De {n} de {of} entidades encontramos evidencia de algún paso de la cocreación; de ninguna, de todos.",
            n=documented,
            of=len(states),
        )
        if not any(len(state.evidence) == len(codes("cocreation_step")) for state in states)
        else _(
            "De {n} de {of} entidades encontramos evidencia de algún paso de la cocreación.",
            n=documented,
            of=len(states),
        ),
        text=_("Se rehace con cada versión de los datos, en cuatro partes."),
        content=[
            part_links(visit),
            facts(
                [
                    Fact(
                        _("entidades con algún paso documentado"), locale.number(documented), _of(states, locale), built
                    ),
                    Fact(_("ejercicios documentados"), locale.number(len(exercises)), when=built),
                    Fact(
                        _("secretariados balanceados"),
                        locale.number(sum(one.is_balanced for one in known)),
                        when=built,
                        note=_("de {n} con asientos conocidos, {years}", n=len(known), years=seat_years(seats, locale)),
                    ),
                    Fact(
                        _("contradicciones o datos que no cuadran"), locale.number(_contradictions(found)), when=built
                    ),
                ],
                locale,
            ),
            *(_part(path, name, said, locale) for (path, name), said in zip(PARTS[1:], answers, strict=True)),
        ],
    )


def _of(states: Sequence[object], locale: Locale) -> str:
    return locale.text("de {n}", n=len(states))


def _contradictions(found: Sequence[Finding]) -> int:
    return sum(one.contradicts for one in found)


def _part(path: str, name: str, said: str, locale: Locale) -> Component:
    link = html.A(locale.text("Ver «{part}»", part=locale.text(name)), href=locale.link(path))
    return html.Section([html.H2(said), html.P(link)], className="view")


PAGES = (Page("/diagnostico", show, nav=N_("Diagnóstico"), order=60),)
