"""The commission's survey: its rounds, what bodies answered, the indicators of each round, and figures only published.

What is computed from answers and what was only ever published as an aggregate are different types and never meet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data.indicators.survey import (
    ACTIVE,
    ItemNonResponse,
    SurveyExercise,
    SurveyIndicators,
    SurveyReturn,
    item_non_response,
    latest_exercise,
    survey_indicators,
)
from data.round_copies import SOURCE_ID, file_of
from data.schema.figures import indicators
from data.schema.places import guarantor_bodies, states
from data.schema.provenance import snapshots
from data.schema.survey import survey_answers, survey_item_options, survey_items, survey_respondents, survey_rounds

COMPUTED = "computed"
PUBLISHED_AS = {
    "ogl_responding": "response",
    "ogl_latest_exercise_active": "latest_active",
    "exercises_ogl_convener": "guarantor_convener",
    "exercises_cso_promoter": "civil_society_promoter",
    "exercises_with_judiciary": "judiciary",
    "exercises_with_legislature": "legislature",
    "exercises_with_municipal_authorities": "municipal",
    "exercises_with_action_plan": "action_plan",
    "exercises_mapped": "exercises",
}
"""The published figures of a round, and the name of the field of ``SurveyIndicators`` that asks the same."""


@dataclass(frozen=True)
class SurveyRound:
    """A round. ``is_computed`` is False where only aggregates were published; ``reported_on`` is a partial date."""

    round_id: str
    instrument: str
    is_computed: bool
    reported_on: str | None
    bodies_asked: int
    note: str | None


@dataclass(frozen=True)
class PublishedFigure:
    """A figure of a round as it was published. ``same_as`` is the field of ``SurveyIndicators`` that asks the same.

    ``value`` is in ``unit`` (percent, or a count); numerator and denominator are None where they were not published.
    """

    indicator: str
    same_as: str
    value: float
    unit: str
    numerator: float | None
    denominator: float | None
    as_of: str
    reference: str
    source_id: str
    source_url: str | None
    note: str | None
    qualifier: str | None = None

    @property
    def is_derived(self) -> bool:
        """Whether it was not printed but follows from others that were."""
        return self.qualifier == "derived"


@dataclass(frozen=True)
class SurveyItem:
    """An item of an instrument, with the labels of its options by code as (Spanish, English)."""

    item_id: str
    variable: str
    answer_type: str
    heading_es: str
    heading_en: str
    question_es: str | None
    question_en: str | None
    part: str | None
    is_reconstructed: bool
    is_optional: bool
    published_result: str | None
    published_result_es: str | None
    options: dict[str, tuple[str, str | None]]


@dataclass(frozen=True)
class StateReturn:
    """A state in a round. Everything after ``answered`` is None where the body did not answer: no data, not zero.

    ``latest_active`` is None, too, where the body has no exercise or did not give the status of its latest one.
    ``missing_answers`` counts blank and "does not know" over all exercises of the body.
    """

    state_code: str
    state: str
    body: str | None
    answered: bool
    declares_no_exercise: bool | None
    exercises: int | None
    latest_active: bool | None
    with_plan: int | None
    missing_answers: int | None


def rounds(connection: Connection) -> list[SurveyRound]:
    """All rounds, newest first."""
    query = select(survey_rounds).order_by(survey_rounds.c.round_id.desc())
    return [
        SurveyRound(
            row["round_id"],
            row["instrument"],
            row["basis"] == COMPUTED,
            row["reported_on"],
            row["bodies_asked"],
            row["note"],
        )
        for row in connection.execute(query).mappings()
    ]


def served_copy(connection: Connection, round_id: str) -> str | None:
    """The SHA-256 of the file of a round that this release was built from; None where it has none of that round."""
    columns = snapshots.c
    query = select(columns.sha256).where(columns.source_id == SOURCE_ID, columns.file == file_of(round_id))
    return connection.scalar(query.order_by(columns.fetched_at.desc(), columns.snapshot_id.desc()).limit(1))


def published_figures(connection: Connection, survey_round: SurveyRound) -> list[PublishedFigure]:
    """The figures of a round as published: those dated the day of its report. Empty for a round without a report."""
    if survey_round.reported_on is None:
        return []
    query = select(indicators).where(
        indicators.c.as_of == survey_round.reported_on, indicators.c.indicator.in_(list(PUBLISHED_AS))
    )
    found = [
        PublishedFigure(
            indicator=row["indicator"],
            same_as=PUBLISHED_AS[row["indicator"]],
            **{name: row[name] for name in ("value", "unit", "numerator", "denominator", "as_of", "reference")},
            **{name: row[name] for name in ("source_id", "source_url", "note", "qualifier")},
        )
        for row in connection.execute(query).mappings()
    ]
    return sorted(found, key=lambda figure: list(PUBLISHED_AS).index(figure.indicator))


def round_returns(connection: Connection, round_id: str) -> list[SurveyReturn]:
    """What every body returned in a round, by state code; those that did not answer are among them."""
    answers = survey_answers.c
    query = (
        select(
            answers.state_code, answers.exercise_position, answers.exercise_name, answers.variable, answers.answer_code,
            answers.answer_text, answers.no_answer_reason,
        )
        .where(answers.round_id == round_id, answers.exercise_position > 0)
        .order_by(answers.state_code, answers.exercise_position, answers.item_id, answers.option_position)
    )  # fmt: skip
    names: dict[tuple[str, int], str] = {}
    codes: dict[tuple[str, int], dict[str, list[str]]] = defaultdict(dict)
    texts: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    reasons: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for state, position, name, variable, code, text, reason in connection.execute(query):
        exercise = state, position
        names[exercise] = name or ""
        if code is not None:
            codes[exercise].setdefault(variable, []).append(code)
        elif text is not None:
            texts[exercise][variable] = text
        elif reason is not None:
            reasons[exercise][variable] = reason
    exercises: dict[str, list[SurveyExercise]] = defaultdict(list)
    for (state, position), name in names.items():
        found = SurveyExercise(position, name, codes[state, position], texts[state, position], reasons[state, position])
        exercises[state].append(found)
    respondents = survey_respondents.c
    bodies = (
        select(respondents.state_code, respondents.response, respondents.declares_no_exercise)
        .where(respondents.round_id == round_id)
        .order_by(respondents.state_code)
    )
    return [
        SurveyReturn(state, response == "answered", bool(denies), exercises.get(state, []))
        for state, response, denies in connection.execute(bodies)
    ]


def round_indicators(returns: Sequence[SurveyReturn], survey_round: SurveyRound) -> SurveyIndicators | None:
    """The computed indicators of a round from its returns; None for one of which only aggregates were published."""
    return survey_indicators(returns, survey_round.bodies_asked) if survey_round.is_computed else None


def items(connection: Connection, instrument: str) -> list[SurveyItem]:
    """The items of an instrument with their options, in the order of the questionnaire."""
    options: dict[str, dict[str, tuple[str, str | None]]] = defaultdict(dict)
    option = survey_item_options.c
    chosen = select(option.item_id, option.option_code, option.label_es, option.label_en)
    for item_id, code, es, en in connection.execute(
        chosen.where(option.instrument == instrument).order_by(option.item_id, option.position)
    ):
        options[item_id][code] = es, en
    query = select(survey_items).where(survey_items.c.instrument == instrument).order_by(survey_items.c.item_id)
    found = [
        (
            row["position"] or 0,
            SurveyItem(
                heading_es=row["heading_es"] or row["topic"],
                heading_en=row["heading_en"] or row["topic"],
                is_optional=bool(row["is_optional"]),
                options=options.get(row["item_id"], {}),
                **{name: row[name] for name in _AS_STORED},
            ),
        )
        for row in connection.execute(query).mappings()
    ]
    return [item for _, item in sorted(found, key=lambda pair: (pair[0], pair[1].item_id))]


_AS_STORED = (
    "item_id", "variable", "answer_type", "question_es", "question_en", "part", "is_reconstructed", "published_result",
    "published_result_es",
)  # fmt: skip


def non_response(
    returns: Sequence[SurveyReturn], asked: Sequence[SurveyItem]
) -> list[tuple[SurveyItem, ItemNonResponse]]:
    """The items that are asked of every exercise with how often they have no answer, most often first."""
    compulsory = [item for item in asked if not item.is_optional]
    counted = zip(compulsory, item_non_response(returns, [item.variable for item in compulsory]), strict=True)
    found = [(item, count) for item, count in counted if count.asked]
    return sorted(found, key=lambda pair: (-(pair[1].share.percent or 0), pair[0].item_id))


def state_returns(connection: Connection, round_id: str, returns: Sequence[SurveyReturn]) -> list[StateReturn]:
    """Each state in a round, by state code, with the name the body gave or else the one of the register."""
    register = guarantor_bodies.c
    query = (
        select(states.c.state_code, states.c.name, survey_respondents.c.respondent_name, register.name.label("body"))
        .join(survey_respondents, survey_respondents.c.state_code == states.c.state_code)
        .outerjoin(guarantor_bodies, register.body_id == survey_respondents.c.body_id)
        .where(survey_respondents.c.round_id == round_id)
    )
    names = {row.state_code: (row.name, row.respondent_name or row.body) for row in connection.execute(query)}
    return [_state_return(body, *names[body.state_code]) for body in returns]


def _state_return(body: SurveyReturn, state: str, name: str | None) -> StateReturn:
    if not body.answered:
        return StateReturn(body.state_code, state, name, False, None, None, None, None, None)
    latest = latest_exercise(body.exercises)
    status = latest.codes.get("status_latest") if latest is not None else None
    return StateReturn(
        body.state_code,
        state,
        name,
        True,
        body.declares_no_exercise,
        len(body.exercises),
        bool(ACTIVE & set(status)) if status else None,
        sum(exercise.has("plan_documented", "yes") for exercise in body.exercises),
        sum(reason in ("blank", "does_not_know") for e in body.exercises for reason in e.no_answer.values()),
    )
