"""What the diagnosis reads of states, exercises, secretariats, local commitments and guarantor bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, select

from data.indicators.authenticity import Documents
from data.indicators.balance import Balance, balance
from data.indicators.smart import Fields, Mark, smart_marks
from data.schema.commitments import commitments
from data.schema.local import (
    declarations,
    exercise_models,
    exercise_steps,
    exercises,
    technical_secretariats,
)
from data.schema.places import guarantor_bodies, guarantor_body_events, states
from data.schema.plans import plan_jurisdictions, plan_models, plans
from data.schema.ratings import commitment_ratings

RATED = ("specificity", "verifiable", "relevant")


@dataclass(frozen=True)
class Evidence:
    """The evidence of a step: when (partial date), and where it was published; each None where it is not known."""

    happened_on: str | None
    source_url: str | None


@dataclass(frozen=True)
class StateSteps:
    """A state and the evidence of each step that has any; other steps have none that was found."""

    state_code: str
    name: str
    evidence: Mapping[str, Evidence]


@dataclass(frozen=True)
class ExerciseDocuments:
    """An exercise, the models it follows, and what is documented of it. National exercises have no state."""

    exercise_id: str
    name: str
    level: str
    state_code: str | None
    state: str | None
    models: tuple[str, ...]
    documents: Documents
    source_url: str | None


@dataclass(frozen=True)
class Seats:
    """The seats of a technical secretariat, None where no source counts them, as of a partial date."""

    state_code: str
    state: str
    government: int | None
    civil_society: int | None
    guarantor: int | None
    autonomous: int | None
    as_of: str | None
    source_url: str | None

    @property
    def balance(self) -> Balance | None:
        """Government against civil society; None where a side is not known."""
        return balance(self.government, self.civil_society)


@dataclass(frozen=True)
class LocalCommitment:
    """A commitment of a local plan, the state it belongs to, and its five marks."""

    commitment_id: str
    title_es: str | None
    title_en: str | None
    state_code: str | None
    state: str | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class BodyEvent:
    """Something that became of a body, when (partial date; of the article where `is_article_date`), and who follows it."""

    event: str
    happened_on: str | None
    is_article_date: bool
    source_url: str | None


@dataclass(frozen=True)
class GuarantorBody:
    """A guarantor body as last read, and what became of it."""

    body_id: str
    state_code: str | None
    state: str | None
    acronym: str | None
    name: str
    status: str
    successor: str | None
    events: tuple[BodyEvent, ...]


def state_steps(connection: Connection) -> list[StateSteps]:
    """The 32 states by code, each with the steps that are documented."""
    steps = exercise_steps.c
    query = select(steps.state_code, steps.step, steps.happened_on, steps.source_url).where(steps.state == "evidence")
    found: dict[str, dict[str, Evidence]] = defaultdict(dict)
    for code, step, happened_on, url in connection.execute(query):
        found[code][step] = Evidence(happened_on, url)
    named = select(states.c.state_code, states.c.name).order_by(states.c.state_code)
    return [StateSteps(code, name, found[code]) for code, name in connection.execute(named)]


def exercise_documents(connection: Connection) -> list[ExerciseDocuments]:
    """Every documented exercise by state and name, the national ones last."""
    models = _models(connection)
    reported, evaluated = (
        _models_with(connection, column) for column in (plans.c.has_final_report, plans.c.has_independent_evaluation)
    )
    declared = set(connection.scalars(select(declarations.c.state_code).where(declarations.c.has_evidence)))
    tables = select(exercise_steps.c.state_code).where(
        exercise_steps.c.step.in_(("tables", "tables_act")), exercise_steps.c.state == "evidence"
    )
    with_tables = set(connection.scalars(tables))
    query = (
        select(exercises, states.c.name.label("state"))
        .outerjoin(states, states.c.state_code == exercises.c.state_code)
        .order_by(exercises.c.state_code.nulls_last(), exercises.c.level.desc(), exercises.c.name)
    )
    found = []
    for row in connection.execute(query).mappings():
        followed = models[row["exercise_id"]]
        documents = Documents(secretariat=row["has_secretariat"], status=row["status"])
        # Declaration, tables and reports are known of states: they say nothing of what a municipality does by itself.
        if row["level"] == "state":
            code = row["state_code"]
            documents = replace(
                documents,
                declaration=code in declared or None,
                cocreation_tables=code in with_tables or None,
                report=any((code, model) in reported for model in followed) or None,
                evaluation=any((code, model) in evaluated for model in followed) or None,
            )
        names = ("exercise_id", "name", "level", "state_code", "state")
        about = {name: row[name] for name in names}
        found.append(
            ExerciseDocuments(**about, models=tuple(followed), documents=documents, source_url=row["source_url"])
        )
    return found


def secretariat_seats(connection: Connection) -> list[Seats]:
    """The technical secretariats, by state."""
    columns = technical_secretariats.c
    query = (
        select(
            columns.state_code,
            states.c.name,
            columns.seats_government,
            columns.seats_civil_society,
            columns.seats_guarantor,
            columns.seats_autonomous,
            columns.composition_as_of_on,
            columns.source_url,
        )
        .join(states, states.c.state_code == columns.state_code)
        .order_by(columns.state_code)
    )
    return [Seats(*row) for row in connection.execute(query)]


def local_commitments(connection: Connection) -> list[LocalCommitment]:
    """The commitments of Mexican local plans, by state and id, with their marks from the fields that are known."""
    ratings = _ratings(connection)
    place = plan_jurisdictions.alias()
    query = (
        select(
            commitments.c.commitment_id,
            commitments.c.title_es,
            commitments.c.title_en,
            commitments.c.lead_institution,
            commitments.c.starts_on,
            commitments.c.ends_on,
            states.c.state_code,
            states.c.name,
        )
        .outerjoin(place, (place.c.plan_id == commitments.c.plan_id) & (place.c.place_kind == "state"))
        .outerjoin(states, states.c.state_code == place.c.place_id)
        .where(commitments.c.country_code == "MX", commitments.c.scope != "national")
        .order_by(states.c.state_code.nulls_last(), commitments.c.commitment_id)
    )
    found: dict[str, LocalCommitment] = {}
    for commitment_id, es, en, lead, starts_on, ends_on, code, state in connection.execute(query):
        marks = smart_marks(
            Fields(responsible=lead, starts_on=starts_on, ends_on=ends_on, ratings=ratings[commitment_id])
        )
        found.setdefault(commitment_id, LocalCommitment(commitment_id, es, en, code, state, tuple(marks)))
    return list(found.values())


def guarantor_list(connection: Connection) -> list[GuarantorBody]:
    """The guarantor bodies, the national one first, then by state."""
    columns = guarantor_body_events.c
    events: dict[str, list[BodyEvent]] = defaultdict(list)
    happened = select(
        columns.body_id, columns.event, columns.happened_on, columns.is_article_date, columns.source_url
    ).order_by(columns.body_id, columns.happened_on.nulls_last())
    for body_id, *event in connection.execute(happened):
        events[body_id].append(BodyEvent(*event))
    bodies = guarantor_bodies.c
    query = (
        select(bodies.body_id, bodies.state_code, states.c.name, bodies.acronym, bodies.name.label("body"))
        .add_columns(bodies.status, bodies.successor)
        .outerjoin(states, states.c.state_code == bodies.state_code)
        .order_by(bodies.state_code.nulls_first())
    )
    return [
        GuarantorBody(row[0], row[1], row[2], row[3], row[4], row[5], row[6], tuple(events[row[0]]))
        for row in connection.execute(query)
    ]


def _models_with(connection: Connection, column: ColumnElement[bool]) -> set[tuple[str, str]]:
    """States and models of which a plan has what the column says."""
    query = (
        select(plan_jurisdictions.c.place_id, plan_models.c.model)
        .join(plans, plans.c.plan_id == plan_jurisdictions.c.plan_id)
        .join(plan_models, plan_models.c.plan_id == plans.c.plan_id)
        .where(plan_jurisdictions.c.place_kind == "state")
        .where(column)
    )
    return {(code, model) for code, model in connection.execute(query)}


def _ratings(connection: Connection) -> Mapping[str, dict[str, str]]:
    """The coded values by commitment and criterion; of several, that of the report and edition that sort last."""
    columns = commitment_ratings.c
    query = (
        select(columns.commitment_id, columns.criterion, columns.value_code)
        .join(commitments, commitments.c.commitment_id == columns.commitment_id)
        .where(commitments.c.country_code == "MX", commitments.c.scope != "national")
        .where(columns.criterion.in_(RATED), columns.value_code.is_not(None))
        .order_by(columns.commitment_id, columns.report, columns.edition)
    )
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for commitment_id, criterion, value in connection.execute(query):
        found[commitment_id][criterion] = value
    return found


def _models(connection: Connection) -> Mapping[str, list[str]]:
    columns = exercise_models.c
    query = select(columns.exercise_id, columns.model).order_by(columns.exercise_id, columns.model)
    found: dict[str, list[str]] = defaultdict(list)
    for exercise_id, model in connection.execute(query):
        found[exercise_id].append(model)
    return found
