"""The 32 states at a glance: what is documented of each, when, and what was published about all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from data.indicators.coverage import Coverage, Occurrence
from data.schema.figures import indicators, metric_scores
from data.schema.local import declarations, exercise_steps, exercises, technical_secretariats
from data.schema.members import localities, multicity_facts
from data.schema.places import municipalities, states
from data.schema.plans import plan_jurisdictions, plan_models, plans

# The plans that count as the action plan of a state: those of the two models in which the state itself promises.
PLAN_MODELS = ("cocreacion_snt", "ogp_local")
METRIC_EDITION = "2017"
# The published national figure that stands beside each of the four facts.
PUBLISHED = {
    "declaration": "states_signed_declaratoria",
    "exercise": "states_with_exercise",
    "secretariat": "states_with_stl",
    "plan": "states_with_pal",
}


@dataclass(frozen=True)
class Declaration:
    """What is known of a declaration: evidence of the signature and its date (partial), and two lists of the time."""

    has_evidence: bool
    signed_on: str | None
    listed_by_inai: bool | None
    unsigned_in_press: bool | None


@dataclass(frozen=True)
class StateAtAGlance:
    """One state. Numbers are counts; dates are partial; empty is "nothing found", which is not a no.

    `secretariat` and `plans` say when, one entry each; `plans` are those beyond preparation, `plans_in_preparation`
    counts the others. `is_member` is True, False (withdrawn) or None; `metric` has the indices from 0 to 1 by code.
    """

    state_code: str
    name: str
    declaration: Declaration
    state_exercises: int
    municipal_exercises: int
    secretariat: tuple[Occurrence, ...]
    plans: tuple[Occurrence, ...]
    plans_in_preparation: int
    steps: int
    is_member: bool | None
    member_municipalities: tuple[str, ...]
    challenge_cities: tuple[str, ...]
    metric: Mapping[str, float]

    @property
    def coverage(self) -> Coverage:
        """The four facts."""
        return Coverage(
            declaration=self.declaration.has_evidence,
            exercise=self.state_exercises > 0,
            secretariat=bool(self.secretariat),
            plan=bool(self.plans),
        )


@dataclass(frozen=True)
class PublishedFigure:
    """A national figure as published: how many states, of how many, as of when ("" where nobody says), by whom."""

    value: int
    denominator: int | None
    as_of: str
    reference: str
    source_url: str | None


def states_at_a_glance(connection: Connection) -> list[StateAtAGlance]:
    """The 32 states, by code."""
    exercised = _exercises(connection)
    planned, preparing = _plans(connection)
    stepped = _steps(connection)
    members, member_municipalities = _members(connection)
    cities = _challenge_cities(connection)
    measured = _metric(connection)
    return [
        StateAtAGlance(
            state_code=row.state_code,
            name=row.name,
            declaration=Declaration(
                bool(row.has_evidence), row.signed_on, row.listed_by_inai, row.unsigned_in_press_2017_09
            ),
            state_exercises=exercised.get((row.state_code, "state"), 0),
            municipal_exercises=exercised.get((row.state_code, "municipal"), 0),
            secretariat=_secretariat(row.secretariat, row.installed_on, row.listed_2017_12, row.listed_2018_12),
            plans=tuple(planned[row.state_code]),
            plans_in_preparation=preparing[row.state_code],
            steps=stepped.get(row.state_code, 0),
            is_member=members.get(row.state_code),
            member_municipalities=tuple(member_municipalities[row.state_code]),
            challenge_cities=tuple(cities[row.state_code]),
            metric=measured[row.state_code],
        )
        for row in connection.execute(_STATES)
    ]


def published_figures(connection: Connection) -> Mapping[str, PublishedFigure]:
    """The newest published figure beside each of the four facts, by fact (``declaration``, ``exercise``...)."""
    columns = indicators.c
    query = (
        select(
            columns.indicator,
            columns.value,
            columns.denominator,
            columns.as_of,
            columns.reference,
            columns.source_url,
        )
        .where(columns.indicator.in_(PUBLISHED.values()), columns.scope == "national")
        .order_by(columns.as_of)
    )
    newest = {row.indicator: row for row in connection.execute(query)}
    return {
        fact: PublishedFigure(
            int(row.value), int(row.denominator) if row.denominator else None, row.as_of, row.reference, row.source_url
        )
        for fact, name in PUBLISHED.items()
        if (row := newest.get(name)) is not None
    }


_STATES = (
    select(
        states.c.state_code,
        states.c.name,
        declarations.c.has_evidence,
        declarations.c.signed_on,
        declarations.c.listed_by_inai,
        declarations.c.unsigned_in_press_2017_09,
        technical_secretariats.c.state_code.label("secretariat"),
        technical_secretariats.c.installed_on,
        technical_secretariats.c.listed_2017_12,
        technical_secretariats.c.listed_2018_12,
    )
    .select_from(
        states.outerjoin(declarations, declarations.c.state_code == states.c.state_code).outerjoin(
            technical_secretariats, technical_secretariats.c.state_code == states.c.state_code
        )
    )
    .order_by(states.c.state_code)
)


def _secretariat(found: str | None, installed_on: str | None, *lists: str | None) -> tuple[Occurrence, ...]:
    if found is None:
        return ()
    seen = [date for date, listed in zip(("2017-12", "2018-12"), lists, strict=True) if listed == "installed"]
    return (Occurrence(installed_on, min(seen, default=None)),)


def _exercises(connection: Connection) -> dict[tuple[str, str], int]:
    query = (
        select(exercises.c.state_code, exercises.c.level, func.count())
        .where(exercises.c.state_code.is_not(None))
        .group_by(exercises.c.state_code, exercises.c.level)
    )
    return {(code, level): count for code, level, count in connection.execute(query)}


def _plans(connection: Connection) -> tuple[Mapping[str, list[Occurrence]], Mapping[str, int]]:
    """When the plans of each state came, and how many are only being prepared."""
    query = (
        select(plan_jurisdictions.c.place_id, plans.c.plan_id, plans.c.status)
        .add_columns(plans.c.published_on, plans.c.starts_on, plans.c.status_as_of_on)
        .join(plans, plans.c.plan_id == plan_jurisdictions.c.plan_id)
        .where(plan_jurisdictions.c.place_kind == "state", plans.c.scope == "state")
        .where(plans.c.plan_id.in_(select(plan_models.c.plan_id).where(plan_models.c.model.in_(PLAN_MODELS))))
        .where(plans.c.same_as_plan_id.is_(None))
        .order_by(plans.c.plan_id)
    )
    found: dict[str, list[Occurrence]] = defaultdict(list)
    preparing: dict[str, int] = defaultdict(int)
    for row in connection.execute(query):
        if row.status == "in_preparation":
            preparing[row.place_id] += 1
        else:
            dates = [date for date in (row.published_on, row.starts_on) if date]
            found[row.place_id].append(Occurrence(min(dates, default=None), row.status_as_of_on))
    return found, preparing


def _steps(connection: Connection) -> dict[str, int]:
    query = (
        select(exercise_steps.c.state_code, func.count())
        .where(exercise_steps.c.state == "evidence")
        .group_by(exercise_steps.c.state_code)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _members(connection: Connection) -> tuple[Mapping[str, bool], Mapping[str, Sequence[str]]]:
    """Which states are members of OGP Local themselves (False: withdrew), and which municipalities of each are."""
    query = (
        select(localities.c.state_code, municipalities.c.name, localities.c.status, localities.c.municipality_code)
        .outerjoin(municipalities, municipalities.c.municipality_code == localities.c.municipality_code)
        .where(localities.c.country_code == "MX", localities.c.state_code.is_not(None))
        .order_by(localities.c.name)
    )
    themselves: dict[str, bool] = {}
    within: dict[str, list[str]] = defaultdict(list)
    for code, name, status, municipality_code in connection.execute(query):
        if municipality_code is None:
            themselves[code] = status != "withdrawn"
        elif status != "withdrawn":
            within[code].append(name)
    return themselves, within


def _challenge_cities(connection: Connection) -> Mapping[str, Sequence[str]]:
    query = (
        select(multicity_facts.c.state_code, multicity_facts.c.city)
        .where(multicity_facts.c.kind == "participating_city", multicity_facts.c.state_code.is_not(None))
        .order_by(multicity_facts.c.city)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for code, city in connection.execute(query):
        found[code].append(city)
    return found


def _metric(connection: Connection) -> Mapping[str, Mapping[str, float]]:
    query = select(metric_scores.c.state_code, metric_scores.c.indicator, metric_scores.c.value).where(
        metric_scores.c.edition == METRIC_EDITION,
        metric_scores.c.scope == "state",
        metric_scores.c.value.is_not(None),
    )
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for code, index, value in connection.execute(query):
        found[code][index] = value
    return found
