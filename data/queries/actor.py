"""One organisation: its names, everything it took part in, and who else took part in the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from data.schema.actors import actor_aliases, actors, participations
from data.schema.commitments import commitments
from data.schema.local import exercises
from data.schema.members import multicity_facts
from data.schema.places import states
from data.schema.plans import plans


@dataclass(frozen=True)
class Alias:
    """Another name and what sort of name it is (``acronym``, ``earlier_name``, ``spelling``, ``translation``)."""

    name: str
    basis: str


@dataclass(frozen=True)
class ActorFile:
    """An organisation by itself; `state_name` is None where it belongs to no state or none is known."""

    actor_id: str
    name: str
    acronym: str | None
    kind: str
    state_code: str | None
    state_name: str | None
    country_code: str | None
    aliases: tuple[Alias, ...]
    source_url: str | None
    note: str | None
    source_id: str


@dataclass(frozen=True)
class Involvement:
    """The organisation in one thing in one role.

    `title_es` and `title_en` name a commitment, exercise or challenge, as far as the source does. `plan_id` is the plan
    itself or that of the commitment, under its main record; `scope` and `locality_id` are of that plan. `as_of` is a
    partial date, None where the source gives none.
    """

    subject_kind: str
    subject_id: str
    role: str
    role_in_source: str | None
    state_code: str | None
    state_name: str | None
    title_es: str | None
    title_en: str | None
    plan_id: str | None
    scope: str | None
    locality_id: str | None
    as_of: str | None
    source_url: str | None
    note: str | None
    source_id: str


@dataclass(frozen=True)
class Partner:
    """Another organisation, and the things that both take part in, as (kind, id)."""

    actor_id: str
    name: str
    kind: str
    shared: tuple[tuple[str, str], ...]


def actor_file(connection: Connection, actor_id: str) -> ActorFile | None:
    """The organisation, or None where there is none of that id."""
    columns = actors.c
    query = (
        select(actors, states.c.name.label("state_name"))
        .outerjoin(states, states.c.state_code == columns.state_code)
        .where(columns.actor_id == actor_id)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    named = (
        select(actor_aliases.c.alias, actor_aliases.c.basis)
        .where(actor_aliases.c.actor_id == actor_id)
        .order_by(actor_aliases.c.basis, actor_aliases.c.alias)
    )
    return ActorFile(
        actor_id=row.actor_id,
        name=row.name,
        acronym=row.acronym,
        kind=row.kind,
        state_code=row.state_code,
        state_name=row.state_name,
        country_code=row.country_code,
        aliases=tuple(Alias(*alias) for alias in connection.execute(named)),
        source_url=row.source_url,
        note=row.note,
        source_id=row.source_id,
    )


def involvements(connection: Connection, actor_id: str) -> list[Involvement]:
    """Everything the organisation took part in, in any country, by kind, thing and role."""
    rows = connection.execute(_INVOLVEMENTS.where(participations.c.actor_id == actor_id)).all()
    challenges = _challenges(connection) if any(row.subject_kind == "challenge" for row in rows) else {}
    return [_involvement(row, challenges) for row in rows]


def partners(connection: Connection, actor_id: str) -> list[Partner]:
    """The other organisations in the same things: those that share most first, then by name."""
    own, other = participations.alias("own"), participations.alias("other")
    query = (
        select(actors.c.actor_id, actors.c.name, actors.c.kind, other.c.subject_kind, other.c.subject_id)
        .distinct()
        .select_from(
            own.join(
                other, and_(other.c.subject_kind == own.c.subject_kind, other.c.subject_id == own.c.subject_id)
            ).join(actors, actors.c.actor_id == other.c.actor_id)
        )
        .where(own.c.actor_id == actor_id, other.c.actor_id != actor_id)
    )
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row[0], row[1], row[2]].append((row[3], row[4]))
    shown = [Partner(*who, tuple(sorted(shared))) for who, shared in found.items()]
    return sorted(shown, key=lambda one: (-len(one.shared), one.name, one.actor_id))


def _of_kind(kind: str, key: ColumnElement[str]) -> ColumnElement[bool]:
    return and_(participations.c.subject_kind == kind, key == participations.c.subject_id)


_OWN_PLAN = case((participations.c.subject_kind == "plan", participations.c.subject_id), else_=commitments.c.plan_id)
_INVOLVEMENTS = (
    select(
        participations.c.subject_kind,
        participations.c.subject_id,
        participations.c.role,
        participations.c.role_in_source,
        participations.c.state_code,
        participations.c.as_of_on,
        participations.c.source_url,
        participations.c.note,
        participations.c.source_id,
        states.c.name.label("state_name"),
        commitments.c.title_es,
        commitments.c.title_en,
        exercises.c.name.label("exercise"),
        func.coalesce(plans.c.same_as_plan_id, plans.c.plan_id).label("plan_id"),
        plans.c.scope,
        plans.c.locality_id,
    )
    .select_from(
        participations.outerjoin(commitments, _of_kind("commitment", commitments.c.commitment_id))
        .outerjoin(plans, plans.c.plan_id == _OWN_PLAN)
        .outerjoin(exercises, _of_kind("exercise", exercises.c.exercise_id))
        .outerjoin(states, states.c.state_code == participations.c.state_code)
    )
    .order_by(
        participations.c.subject_kind,
        participations.c.subject_id,
        participations.c.role,
        participations.c.participation_id,
    )
)


def _involvement(row: Row[*tuple[Any, ...]], challenges: Mapping[str, str]) -> Involvement:
    title = row.exercise or challenges.get(row.subject_id)
    return Involvement(
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        role=row.role,
        role_in_source=row.role_in_source,
        state_code=row.state_code,
        state_name=row.state_name,
        title_es=row.title_es or title,
        title_en=row.title_en,
        plan_id=row.plan_id,
        scope=row.scope,
        locality_id=row.locality_id,
        as_of=row.as_of_on,
        source_url=row.source_url,
        note=row.note,
        source_id=row.source_id,
    )


def _challenges(connection: Connection) -> Mapping[str, str]:
    """The names of city challenges and of the proposals in them, by id: a fact's id begins with its challenge's."""
    columns = multicity_facts.c
    named: dict[str, str] = {}
    for fact_id, edition, city, name in connection.execute(
        select(columns.fact_id, columns.edition, columns.city, columns.name)
    ):
        named[fact_id] = ": ".join(part for part in (edition, city, name) if part)
        named[fact_id.partition(":")[0]] = edition
    return named


def same_thing(one: Involvement) -> tuple[str, str]:
    """What tells things apart: kind and id."""
    return one.subject_kind, one.subject_id


def things(found: Sequence[Involvement]) -> list[Involvement]:
    """One involvement for each thing, the first of each."""
    return list({same_thing(one): one for one in reversed(found)}.values())[::-1]
