"""One commitment of a national plan: what it says of itself, its board, its ratings, its ids, who takes part, what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, and_, or_, select

from data.queries.national_plan import COUNTRY
from data.schema.actors import actors, participations
from data.schema.changes import changes
from data.schema.commitments import (
    actions,
    activities,
    commitment_ids,
    commitment_links,
    commitment_policy_areas,
    commitments,
)
from data.schema.findings import findings
from data.schema.provenance import snapshots
from data.schema.ratings import commitment_ratings
from data.schema.vocabularies import codes

DEADLINES = ("ends_on", "deadline_in_text_on")


@dataclass(frozen=True)
class Commitment:
    """A commitment as its row says; dates are partial, None is no data."""

    commitment_id: str
    ogp_id: str | None
    plan_id: str
    number: str | None
    title_es: str | None
    title_en: str | None
    title_board: str | None
    theme: str | None
    starts_on: str | None
    ends_on: str | None
    lead_institution: str | None
    supporting_institutions: str | None
    ogp_status: str | None
    source_url: str | None
    source_id: str
    warning: str | None


@dataclass(frozen=True)
class Activity:
    """A real activity of an action; `status` None where the board says none."""

    activity_id: str
    title: str | None
    starts_on: str | None
    ends_on: str | None
    deadline_in_text_on: str | None
    status: str | None
    evidence_url: str | None
    warning: str | None

    @property
    def deadline(self) -> str | None:
        """The end, else the deadline written in the title."""
        return self.ends_on or self.deadline_in_text_on


@dataclass(frozen=True)
class Action:
    """An action with its real activities in their order; `placeholders` counts those without content."""

    action_id: str
    title: str | None
    weight: float | None
    starts_on: str | None
    ends_on: str | None
    responsible: str | None
    is_placeholder: bool
    warning: str | None
    date_warning: str | None
    source_id: str
    activities: Sequence[Activity]
    placeholders: int


@dataclass(frozen=True)
class Rating:
    """One coded judgement, with the exact text of the source and the date of the copy it was read from."""

    criterion: str
    reviewer: str
    report: str
    edition: str
    value_code: str | None
    value_raw: str | None
    no_value_reason: str | None
    report_year: int | None
    source_url: str | None
    source_id: str
    read_on: str | None


@dataclass(frozen=True)
class RegisterId:
    """An id that some register gives the commitment, and how it was matched."""

    commitment_id: str
    register: str
    register_id: str
    basis: str


@dataclass(frozen=True)
class Participant:
    """An organisation that takes part, and its role as coded and as the source writes it."""

    actor_id: str
    name: str
    kind: str
    role: str
    role_in_source: str | None


@dataclass(frozen=True)
class Linked:
    """Another commitment that is the same one, or whose text was copied."""

    commitment_id: str
    link: str
    title_es: str | None
    title_en: str | None


@dataclass(frozen=True)
class DeadlineChange:
    """A deadline that a release found changed; `old` and `new` are partial dates or None."""

    row_key: str
    column: str
    old: str | None
    new: str | None
    changed_at: str


def national_commitment(connection: Connection, commitment_id: str) -> Commitment | None:
    """A commitment of the national plans by its id here; None for any other id."""
    names = Commitment.__dataclass_fields__
    query = select(*(commitments.c[name] for name in names)).where(
        commitments.c.commitment_id == commitment_id,
        commitments.c.country_code == COUNTRY,
        commitments.c.scope == "national",
    )
    row = connection.execute(query).one_or_none()
    return Commitment(*row) if row else None


def also_called(connection: Connection, register_id: str) -> list[RegisterId]:
    """The national commitments that some register calls by an id, for a reader who comes with that one."""
    columns = commitment_ids.c
    query = (
        select(columns.commitment_id, columns.register, columns.register_id, columns.basis)
        .join(commitments, commitments.c.commitment_id == columns.commitment_id)
        .where(columns.register_id == register_id, commitments.c.country_code == COUNTRY)
        .where(commitments.c.scope == "national")
        .order_by(columns.commitment_id, columns.register)
    )
    return [RegisterId(*row) for row in connection.execute(query)]


def register_ids(connection: Connection, commitment_id: str) -> list[RegisterId]:
    """Every id of a commitment, by register."""
    columns = commitment_ids.c
    query = (
        select(columns.commitment_id, columns.register, columns.register_id, columns.basis)
        .where(columns.commitment_id == commitment_id)
        .order_by(columns.register, columns.register_id)
    )
    return [RegisterId(*row) for row in connection.execute(query)]


def board_actions(connection: Connection, commitment_id: str) -> list[Action]:
    """The actions of a commitment in their order, placeholders too, each with its real activities."""
    real: dict[str, list[Activity]] = defaultdict(list)
    placeholders: dict[str, int] = defaultdict(int)
    names = list(Activity.__dataclass_fields__)
    asked = (
        select(activities.c.action_id, activities.c.is_placeholder, *(activities.c[name] for name in names))
        .join(actions, actions.c.action_id == activities.c.action_id)
        .where(actions.c.commitment_id == commitment_id)
        .order_by(activities.c.position, activities.c.activity_id)
    )
    for action_id, is_placeholder, *values in connection.execute(asked):
        if is_placeholder:
            placeholders[action_id] += 1
        else:
            real[action_id].append(Activity(*values))
    columns = [name for name in Action.__dataclass_fields__ if name not in ("activities", "placeholders")]
    query = (
        select(*(actions.c[name] for name in columns))
        .where(actions.c.commitment_id == commitment_id)
        .order_by(actions.c.position, actions.c.action_id)
    )
    return [
        Action(**row, activities=real[row["action_id"]], placeholders=placeholders[row["action_id"]])
        for row in connection.execute(query).mappings()
    ]


def ratings(connection: Connection, commitment_id: str) -> list[Rating]:
    """Every judgement about a commitment, those without a value too, by criterion, reviewer and report."""
    names = [name for name in Rating.__dataclass_fields__ if name != "read_on"]
    columns = commitment_ratings.c
    query = (
        select(*(columns[name] for name in names), snapshots.c.fetched_at.label("read_on"))
        .outerjoin(snapshots, snapshots.c.snapshot_id == columns.snapshot_id)
        .where(columns.commitment_id == commitment_id)
        .order_by(columns.criterion, columns.reviewer, columns.report, columns.edition)
    )
    found = [Rating(**row) for row in connection.execute(query).mappings()]
    return [replace(rating, read_on=rating.read_on[:10]) if rating.read_on else rating for rating in found]


def policy_areas(connection: Connection, commitment_id: str) -> list[tuple[str, str]]:
    """The tags of a commitment as (vocabulary, tag)."""
    columns = commitment_policy_areas.c
    query = (
        select(columns.vocabulary, columns.policy_area)
        .where(columns.commitment_id == commitment_id)
        .order_by(columns.vocabulary, columns.policy_area)
    )
    return [(vocabulary, area) for vocabulary, area in connection.execute(query)]


def participants(connection: Connection, commitment_id: str) -> list[Participant]:
    """The organisations that take part in a commitment, in the order of the roles, then by name."""
    query = (
        select(actors.c.actor_id, actors.c.name, actors.c.kind, participations.c.role, participations.c.role_in_source)
        .join(actors, actors.c.actor_id == participations.c.actor_id)
        .where(participations.c.subject_kind == "commitment", participations.c.subject_id == commitment_id)
    )
    order = list(codes("role"))
    found = [Participant(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda person: (order.index(person.role), person.name))


def linked(connection: Connection, commitment_id: str) -> list[Linked]:
    """The commitments that this one is linked to."""
    query = (
        select(commitments.c.commitment_id, commitment_links.c.link, commitments.c.title_es, commitments.c.title_en)
        .join(commitments, commitments.c.commitment_id == commitment_links.c.other_commitment_id)
        .where(commitment_links.c.commitment_id == commitment_id)
        .order_by(commitments.c.commitment_id)
    )
    return [Linked(*row) for row in connection.execute(query)]


def warnings_about(connection: Connection, commitment_id: str) -> list[tuple[str, str, str]]:
    """What checks found about a commitment itself, as (severity, Spanish, English), each sentence once.

    What they found about its actions stands with the actions.
    """
    query = (
        select(findings.c.severity, findings.c.message_es, findings.c.message_en)
        .where(findings.c.table_name == "commitments", findings.c.row_key == commitment_id)
        .distinct()
    )
    found = [(severity, es, en) for severity, es, en in connection.execute(query)]
    return sorted(found, key=lambda row: (list(codes("severity")).index(row[0]), row[1]))


def deadline_changes(connection: Connection, commitment_id: str) -> list[DeadlineChange]:
    """Every change of a deadline of a commitment's actions and activities between releases, oldest first."""
    own = select(actions.c.action_id).where(actions.c.commitment_id == commitment_id)
    below = select(activities.c.activity_id).where(activities.c.action_id.in_(own))
    columns = changes.c
    query = (
        select(columns.row_key, columns.column_name, columns.old, columns.new, columns.changed_at)
        .where(columns.kind == "changed", columns.column_name.in_(DEADLINES))
        .where(
            or_(
                and_(columns.table_name == "actions", columns.row_key.in_(own)),
                and_(columns.table_name == "activities", columns.row_key.in_(below)),
            )
        )
        .order_by(columns.changed_at, columns.row_key)
    )
    return [DeadlineChange(*row) for row in connection.execute(query)]


def board_was_compared(connection: Connection) -> bool:
    """Whether two copies of the board have ever been compared: some release changed its actions or activities."""
    query = select(changes.c.change_id).where(changes.c.table_name.in_(["actions", "activities"])).limit(1)
    return connection.execute(query).first() is not None
