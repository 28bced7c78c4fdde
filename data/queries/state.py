"""One state: everything the release knows of it, for its file. The Metric and the guarantor are in ``state_context``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, Select, func, select

from data.indicators.balance import Balance, balance
from data.queries.states import PLAN_MODELS
from data.schema.actors import actors, participations
from data.schema.commitments import commitments
from data.schema.figures import method_terms
from data.schema.local import (
    declaration_signatories,
    declarations,
    exercise_models,
    exercise_municipalities,
    exercise_powers,
    exercise_steps,
    exercises,
    technical_secretariats,
)
from data.schema.places import states
from data.schema.plans import plan_jurisdictions, plan_models, plans


@dataclass(frozen=True)
class State:
    """A state as such; `population_2020` in persons, `municipality_count` None where it is not known."""

    state_code: str
    name: str
    official_name: str
    capital: str
    population_2020: int
    municipality_count: int | None


@dataclass(frozen=True)
class Declaration:
    """The declaration of a state: evidence, date (partial), who signed it, and where that was read.

    `counted_in_2022` says whether the slides of 2022 count the state among those with an exercise; None: they do not say.
    """

    has_evidence: bool
    signed_on: str | None
    listed_by_inai: bool | None
    unsigned_in_press: bool | None
    counted_in_2022: bool | None
    source_url: str | None
    signatories: tuple[str, ...]


@dataclass(frozen=True)
class StepEvidence:
    """One of the 13 steps: its code, its name in plain Spanish, whether evidence was found, when and where."""

    step: str
    plain_name: str | None
    has_evidence: bool
    happened_on: str | None
    source_url: str | None


@dataclass(frozen=True)
class Member:
    """An organisation with its kind and, where it has one, its role as the source writes it."""

    actor_id: str
    name: str
    kind: str
    role: str


@dataclass(frozen=True)
class Secretariat:
    """A technical secretariat. Seats are counts, None where no source gives them; dates are partial."""

    installed_on: str | None
    listed_2017_12: str | None
    listed_2018_12: str | None
    government: int | None
    civil_society: int | None
    guarantor: int | None
    autonomous: int | None
    has_facilitator: bool | None
    composition_as_of: str | None
    source_url: str | None
    note: str | None
    members: tuple[Member, ...]

    @property
    def balance(self) -> Balance | None:
        """The balance between government and civil society; None where the seats of either are not known."""
        return balance(self.government, self.civil_society)


@dataclass(frozen=True)
class LocalCommitment:
    """A commitment of a local plan, with its titles as the sources give them."""

    commitment_id: str
    number: str | None
    title_es: str | None
    title_en: str | None
    lead_institution: str | None


@dataclass(frozen=True)
class LocalPlan:
    """A plan of the state or of its municipalities. Several records of one plan are one entry: `other_ids` are the others.

    `declared` is how many commitments the plan says it has (None: nobody says), `commitments` those listed by title.
    """

    plan_id: str
    other_ids: tuple[str, ...]
    scope: str
    number: int | None
    name_es: str | None
    name_en: str | None
    starts_on: str | None
    ends_on: str | None
    published_on: str | None
    declared: int | None
    status: str | None
    status_as_of: str | None
    has_final_report: bool | None
    source_url: str | None
    models: tuple[str, ...]
    commitments: tuple[LocalCommitment, ...]

    @property
    def is_state_plan(self) -> bool:
        """Whether it counts as an action plan of the state: the state promises in it, and it is more than being prepared."""
        return (
            self.scope == "state" and self.status != "in_preparation" and not set(self.models).isdisjoint(PLAN_MODELS)
        )


@dataclass(frozen=True)
class Exercise:
    """An opening exercise. `powers` says by power ``yes``, ``no`` or ``unknown``; dates are partial."""

    exercise_id: str
    name: str
    level: str
    starts_on: str | None
    ends_on: str | None
    status: str | None
    status_as_of: str | None
    source_url: str | None
    models: tuple[str, ...]
    municipalities: tuple[str, ...]
    powers: Mapping[str, str] = field(default_factory=dict)
    participants: tuple[Member, ...] = ()

    def named(self, role: str) -> list[Member]:
        """The organisations with a role (``convener``, ``promoter``)."""
        return [member for member in self.participants if member.role == role]


def state(connection: Connection, state_code: str) -> State | None:
    """A state by its code; None where there is none with it."""
    columns = states.c
    row = connection.execute(
        select(
            columns.state_code,
            columns.name,
            columns.official_name,
            columns.capital,
            columns.population_2020,
            columns.municipality_count,
        ).where(columns.state_code == state_code)
    ).first()
    return State(*row) if row else None


def declaration(connection: Connection, state_code: str) -> Declaration | None:
    """What is known of the declaration of a state; None where no source has a row of it."""
    row = connection.execute(select(declarations).where(declarations.c.state_code == state_code)).first()
    if row is None:
        return None
    signatories = connection.execute(
        select(declaration_signatories.c.signatory)
        .where(declaration_signatories.c.state_code == state_code)
        .order_by(declaration_signatories.c.position)
    ).scalars()
    return Declaration(
        row.has_evidence,
        row.signed_on,
        row.listed_by_inai,
        row.unsigned_in_press_2017_09,
        row.counted_in_exercises_2022,
        row.source_url,
        tuple(signatories),
    )


def steps(connection: Connection, state_code: str) -> list[StepEvidence]:
    """The 13 steps of a state, in their order."""
    columns = exercise_steps.c
    query = (
        select(columns.step, method_terms.c.plain_label_es, columns.state, columns.happened_on, columns.source_url)
        .outerjoin(method_terms, (method_terms.c.catalog == "cocreation_steps") & (method_terms.c.code == columns.step))
        .where(columns.state_code == state_code)
        .order_by(method_terms.c.position)
    )
    return [
        StepEvidence(row.step, row.plain_label_es, row.state == "evidence", row.happened_on, row.source_url)
        for row in connection.execute(query)
    ]


def secretariat(connection: Connection, state_code: str) -> Secretariat | None:
    """The technical secretariat of a state with its members; None where no source speaks of one."""
    row = connection.execute(
        select(technical_secretariats).where(technical_secretariats.c.state_code == state_code)
    ).first()
    if row is None:
        return None
    return Secretariat(
        installed_on=row.installed_on,
        listed_2017_12=row.listed_2017_12,
        listed_2018_12=row.listed_2018_12,
        government=row.seats_government,
        civil_society=row.seats_civil_society,
        guarantor=row.seats_guarantor,
        autonomous=row.seats_autonomous,
        has_facilitator=row.has_facilitator,
        composition_as_of=row.composition_as_of_on,
        source_url=row.source_url,
        note=row.note,
        members=tuple(_participants(connection, "technical_secretariat", [state_code])[state_code]),
    )


def local_plans(connection: Connection, state_code: str) -> list[LocalPlan]:
    """The plans of a state and of its municipalities, oldest first, plans in preparation last.

    A plan that two sources record is one entry: the fuller record gives it, the other fills what that leaves open. The
    commitments are those of both records: what only one of them has is a promise too.
    """
    query = (
        select(*_PLAN_COLUMNS, func.coalesce(plans.c.same_as_plan_id, plans.c.plan_id).label("kept_id"))
        .where(plans.c.plan_id.in_(_plans_of(state_code)))
        .order_by(plans.c.same_as_plan_id.is_not(None), plans.c.plan_id)
    )
    records: dict[str, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        records[row["kept_id"]].append(row)
    all_ids = [record["plan_id"] for kept in records.values() for record in kept]
    listed = _commitments(connection, all_ids)
    models = _lists(connection, plan_models.c.plan_id, plan_models.c.model, all_ids)
    found = [
        _plan(kept, models, [one for record in kept for one in listed[record["plan_id"]]]) for kept in records.values()
    ]
    return sorted(found, key=lambda plan: (plan.published_on or plan.starts_on or "9999", plan.plan_id))


def state_exercises(connection: Connection, state_code: str) -> list[Exercise]:
    """The exercises of a state, those of the state first, each by its start (unknown last)."""
    columns = exercises.c
    rows = connection.execute(select(exercises).where(columns.state_code == state_code)).all()
    ids = [row.exercise_id for row in rows]
    models = _lists(connection, exercise_models.c.exercise_id, exercise_models.c.model, ids)
    places = _lists(connection, exercise_municipalities.c.exercise_id, exercise_municipalities.c.municipality, ids)
    powers = _powers(connection, ids)
    participants = _participants(connection, "exercise", ids)
    found = [
        Exercise(
            exercise_id=row.exercise_id,
            name=row.name,
            level=row.level,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            status=row.status,
            status_as_of=row.status_as_of_on,
            source_url=row.source_url,
            models=tuple(models[row.exercise_id]),
            municipalities=tuple(places[row.exercise_id]),
            powers=powers[row.exercise_id],
            participants=tuple(participants[row.exercise_id]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.level != "state", one.starts_on or "9999", one.exercise_id))


_PLAN_COLUMNS = [
    plans.c[name]
    for name in (
        "plan_id",
        "scope",
        "number",
        "name_es",
        "name_en",
        "starts_on",
        "ends_on",
        "published_on",
        "declared_commitments",
        "status",
        "status_as_of_on",
        "has_final_report",
        "source_url",
    )
]


def _plans_of(state_code: str) -> Select[Any]:
    """The plans with the state, or one of its municipalities, among their places."""
    columns = plan_jurisdictions.c
    itself = (columns.place_kind == "state") & (columns.place_id == state_code)
    within = (columns.place_kind == "municipality") & columns.place_id.startswith(state_code)
    return select(columns.plan_id).where(itself | within)


def _plan(
    records: Sequence[RowMapping], models: Mapping[str, Sequence[str]], listed: Sequence[LocalCommitment]
) -> LocalPlan:
    def first(column: str) -> Any:
        return next((record[column] for record in records if record[column] is not None), None)

    return LocalPlan(
        plan_id=records[0]["plan_id"],
        other_ids=tuple(record["plan_id"] for record in records[1:]),
        scope=records[0]["scope"],
        number=first("number"),
        name_es=first("name_es"),
        name_en=first("name_en"),
        starts_on=first("starts_on"),
        ends_on=first("ends_on"),
        published_on=first("published_on"),
        declared=first("declared_commitments"),
        status=first("status"),
        status_as_of=first("status_as_of_on"),
        has_final_report=first("has_final_report"),
        source_url=first("source_url"),
        models=tuple(dict.fromkeys(model for record in records for model in models[record["plan_id"]])),
        commitments=tuple(listed),
    )


def _commitments(connection: Connection, plan_ids: Sequence[str]) -> Mapping[str, list[LocalCommitment]]:
    columns = commitments.c
    query = (
        select(
            columns.plan_id,
            columns.commitment_id,
            columns.number,
            columns.title_es,
            columns.title_en,
            columns.lead_institution,
        )
        .where(columns.plan_id.in_(plan_ids))
        .order_by(columns.commitment_id)
    )
    found: dict[str, list[LocalCommitment]] = defaultdict(list)
    for plan_id, *rest in connection.execute(query):
        found[plan_id].append(LocalCommitment(*rest))
    return found


def _participants(connection: Connection, kind: str, subject_ids: Sequence[str]) -> Mapping[str, list[Member]]:
    query = (
        select(participations.c.subject_id, actors.c.actor_id, actors.c.name, actors.c.kind, participations.c.role)
        .join(actors, actors.c.actor_id == participations.c.actor_id)
        .where(participations.c.subject_kind == kind, participations.c.subject_id.in_(subject_ids))
        .order_by(participations.c.role, actors.c.kind, actors.c.name)
    )
    found: dict[str, list[Member]] = defaultdict(list)
    for subject_id, *rest in connection.execute(query):
        found[subject_id].append(Member(*rest))
    return found


def _powers(connection: Connection, exercise_ids: Sequence[str]) -> Mapping[str, dict[str, str]]:
    columns = exercise_powers.c
    query = select(columns.exercise_id, columns.power, columns.took_part).where(columns.exercise_id.in_(exercise_ids))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for exercise_id, power, took_part in connection.execute(query):
        found[exercise_id][power] = took_part
    return found


def _lists(connection: Connection, key: Column[Any], value: Column[Any], ids: Sequence[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one, text in connection.execute(select(key, value).where(key.in_(ids)).order_by(key, value)):
        found[one].append(text)
    return found
