"""Who takes part in open government in Mexico: organisations, what in, as what, and what was published about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, func, select

from data.schema.actors import actor_aliases, actors, participations
from data.schema.commitments import commitments
from data.schema.figures import indicators
from data.schema.local import exercise_models, exercise_powers, exercises
from data.schema.places import states
from data.schema.plans import plan_models, plans

COUNTRY = "MX"
# Kinds that are public institutions; the others are not counted beside the published total of institutions.
PUBLIC = (
    "federal_executive",
    "state_executive",
    "legislative",
    "judicial",
    "municipal",
    "autonomous",
    "guarantor",
    "trust",
)
CIVIL = ("civil_society",)
PUBLISHED = ("public_institutions_participating", "csos_participating", "authorities", "state_authorities")
POWERS = ("executive", "legislative", "judicial", "municipal")
# Shares of exercises that were published only as such, by the power they are about.
PUBLISHED_POWERS = {
    "legislative": "exercises_with_legislature",
    "judicial": "exercises_with_judiciary",
    "municipal": "exercises_with_municipal_authorities",
}
# What is neither a plan nor an exercise has its level and model by what it is.
_LEVELS = {"technical_secretariat": "state", "challenge": "municipal", "process": "national"}
_MODELS = {"challenge": ("multi_city_challenge",)}

_OWN_PLAN = case((participations.c.subject_kind == "plan", participations.c.subject_id), else_=commitments.c.plan_id)


@dataclass(frozen=True)
class Actor:
    """An organisation: its kind, its state (None: none or not known), and its other names."""

    actor_id: str
    name: str
    acronym: str | None
    kind: str
    state_code: str | None
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Participation:
    """An organisation in one thing in one role.

    `plan_id` is the main record of the plan, also for a commitment of it; None for what belongs to no plan. `level` is
    ``national``, ``state`` or ``municipal``; `models` are those the plan or exercise follows, empty where none is said.
    """

    actor_id: str
    subject_kind: str
    subject_id: str
    role: str
    state_code: str | None
    plan_id: str | None
    level: str
    models: tuple[str, ...]


@dataclass(frozen=True)
class Models:
    """The models of openness that plans (by their main record) and exercises follow."""

    by_plan: Mapping[str, Sequence[str]]
    by_exercise: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class PublishedCount:
    """A published count: of what, how many, as of when ("" where nobody says), by whom."""

    indicator: str
    value: int
    as_of: str
    reference: str
    qualifier: str | None
    source_url: str | None


@dataclass(frozen=True)
class ExercisePower:
    """Whether a power took part in an exercise: ``yes``, ``no``, or ``unknown`` where no source says."""

    exercise_id: str
    power: str
    took_part: str
    state_code: str | None
    models: tuple[str, ...]


@dataclass(frozen=True)
class PublishedShare:
    """A published share of exercises in percent, with numerator and denominator where they were published."""

    percent: float
    numerator: int | None
    denominator: int | None
    as_of: str


def followed_models(connection: Connection) -> Models:
    """The models of every plan and exercise that follows one."""
    own = func.coalesce(plans.c.same_as_plan_id, plans.c.plan_id)
    of_plans = (
        select(own, plan_models.c.model).join(plans, plans.c.plan_id == plan_models.c.plan_id).distinct().order_by(own)
    )
    by_plan: dict[str, list[str]] = defaultdict(list)
    for plan_id, model in connection.execute(of_plans.order_by(plan_models.c.model)):
        by_plan[plan_id].append(model)
    by_exercise: dict[str, list[str]] = defaultdict(list)
    of_exercises = select(exercise_models.c.exercise_id, exercise_models.c.model)
    for exercise_id, model in connection.execute(of_exercises.order_by(exercise_models.c.model)):
        by_exercise[exercise_id].append(model)
    return Models(by_plan, by_exercise)


def all_actors(connection: Connection) -> Mapping[str, Actor]:
    """Every organisation, by id, in the order of the id."""
    other: dict[str, list[str]] = defaultdict(list)
    for actor_id, alias in connection.execute(
        select(actor_aliases.c.actor_id, actor_aliases.c.alias).order_by(actor_aliases.c.alias)
    ):
        other[actor_id].append(alias)
    columns = actors.c
    query = select(columns.actor_id, columns.name, columns.acronym, columns.kind, columns.state_code)
    return {
        row.actor_id: Actor(row.actor_id, row.name, row.acronym, row.kind, row.state_code, tuple(other[row.actor_id]))
        for row in connection.execute(query.order_by(columns.actor_id))
    }


def participations_in_mexico(connection: Connection, followed: Models) -> list[Participation]:
    """Every participation in something Mexican, in the order of its id. What happens in other countries is left out."""
    found = []
    for row in connection.execute(_PARTICIPATIONS):
        models = (
            _MODELS.get(row.subject_kind)
            or followed.by_exercise.get(row.exercise_id)
            or followed.by_plan.get(row.plan_id, ())
        )
        found.append(
            Participation(
                actor_id=row.actor_id,
                subject_kind=row.subject_kind,
                subject_id=row.subject_id,
                role=row.role,
                state_code=row.state_code,
                plan_id=row.plan_id,
                level=row.scope or row.level or _LEVELS[row.subject_kind],
                models=tuple(models),
            )
        )
    return found


def subjects_abroad(connection: Connection) -> tuple[str, ...]:
    """The ids of the plans and commitments of other countries that some participation names."""
    columns = participations.c
    query = (
        select(columns.subject_id)
        .distinct()
        .outerjoin(
            commitments,
            and_(columns.subject_kind == "commitment", commitments.c.commitment_id == columns.subject_id),
        )
        .join(plans, plans.c.plan_id == _OWN_PLAN)
        .where(plans.c.country_code != COUNTRY)
        .order_by(columns.subject_id)
    )
    return tuple(connection.scalars(query))


def without_participation(connection: Connection) -> frozenset[str]:
    """The ids of organisations that no source names in anything, in any country."""
    query = select(actors.c.actor_id).where(actors.c.actor_id.not_in(select(participations.c.actor_id)))
    return frozenset(connection.scalars(query))


def published_counts(connection: Connection) -> list[PublishedCount]:
    """The published totals of institutions and organisations, the newest first, undated ones last."""
    columns = indicators.c
    query = (
        select(
            columns.indicator,
            columns.value,
            columns.as_of,
            columns.reference,
            columns.qualifier,
            columns.source_url,
        )
        .where(columns.indicator.in_(PUBLISHED), columns.scope == "national")
        .order_by(columns.as_of.desc(), columns.indicator, columns.reference)
    )
    return [
        PublishedCount(row.indicator, int(row.value), row.as_of, row.reference, row.qualifier, row.source_url)
        for row in connection.execute(query)
    ]


def exercise_participation(connection: Connection, followed: Models) -> list[ExercisePower]:
    """Each power of each exercise, by exercise and power."""
    columns = exercise_powers.c
    query = (
        select(columns.exercise_id, columns.power, columns.took_part, exercises.c.state_code)
        .join(exercises, exercises.c.exercise_id == columns.exercise_id)
        .order_by(columns.exercise_id, columns.power)
    )
    return [
        ExercisePower(row[0], row[1], row[2], row[3], tuple(followed.by_exercise.get(row[0], ())))
        for row in connection.execute(query)
    ]


def published_power_shares(connection: Connection) -> Mapping[str, PublishedShare]:
    """The newest published share of exercises in which a power took part, by power."""
    columns = indicators.c
    query = (
        select(columns.indicator, columns.value, columns.numerator, columns.denominator, columns.as_of)
        .where(columns.indicator.in_(PUBLISHED_POWERS.values()), columns.scope == "national")
        .order_by(columns.as_of)
    )
    newest = {row.indicator: row for row in connection.execute(query)}
    return {
        power: PublishedShare(row.value, _whole(row.numerator), _whole(row.denominator), row.as_of)
        for power, indicator in PUBLISHED_POWERS.items()
        if (row := newest.get(indicator)) is not None
    }


def state_names(connection: Connection) -> Mapping[str, str]:
    """The names of the 32 states, by code."""
    query = select(states.c.state_code, states.c.name).order_by(states.c.state_code)
    return {row[0]: row[1] for row in connection.execute(query)}


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


_PARTICIPATIONS = (
    select(
        participations.c.actor_id,
        participations.c.subject_kind,
        participations.c.subject_id,
        participations.c.role,
        participations.c.state_code,
        func.coalesce(plans.c.same_as_plan_id, plans.c.plan_id).label("plan_id"),
        plans.c.scope,
        exercises.c.exercise_id,
        exercises.c.level,
    )
    .select_from(
        participations.outerjoin(
            commitments,
            and_(
                participations.c.subject_kind == "commitment",
                commitments.c.commitment_id == participations.c.subject_id,
            ),
        )
        .outerjoin(plans, plans.c.plan_id == _OWN_PLAN)
        .outerjoin(
            exercises,
            and_(participations.c.subject_kind == "exercise", exercises.c.exercise_id == participations.c.subject_id),
        )
    )
    .where((plans.c.plan_id.is_(None)) | (plans.c.country_code == COUNTRY))
    .order_by(participations.c.participation_id)
)
