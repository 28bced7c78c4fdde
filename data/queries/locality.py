"""One member of OGP Local: its plans, its commitments with every mark, its institutions, its ids, its city challenge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select

from data.queries.findings import said
from data.queries.ogp_local import MemberCommitment, member_commitments
from data.schema.actors import actors, participations
from data.schema.commitments import commitment_ids, commitments
from data.schema.findings import finding_sides, findings
from data.schema.members import localities, multicity_facts
from data.schema.places import countries, municipalities, states
from data.schema.plans import plans
from data.schema.ratings import commitment_ratings


@dataclass(frozen=True)
class Locality:
    """A member, or a place only mentioned (`is_explicit` False). Everything that no page read says is None."""

    locality_id: str
    name: str
    country_code: str
    country_es: str
    country_en: str
    region: str | None
    joined_year: int | None
    cohort: str | None
    status: str | None
    ogp_code: str | None
    legacy_prefix: str | None
    state_code: str | None
    state_name: str | None
    municipality_code: str | None
    municipality_name: str | None
    population: int | None
    is_explicit: bool
    member_page_url: str | None
    source_url: str | None

    @property
    def place(self) -> str | None:
        """The name in Mexico's registers."""
        return self.municipality_name or self.state_name


@dataclass(frozen=True)
class OtherRecord:
    """Another record of a plan: what it knows beside the main one."""

    plan_id: str
    name_es: str | None
    status: str | None
    status_as_of: str | None
    has_final_report: bool | None
    published_on: str | None


@dataclass(frozen=True)
class LocalPlan:
    """An action plan of the member; `others` are further records of the same plan, which are not counted again."""

    plan_id: str
    number: int | None
    name_es: str | None
    name_en: str | None
    starts_on: str | None
    ends_on: str | None
    published_on: str | None
    declared_commitments: int | None
    forum: str | None
    document_url: str | None
    note: str | None
    others: tuple[OtherRecord, ...]


@dataclass(frozen=True)
class LocalCommitment:
    """A commitment of the member: what it is, when, and its ids by register.

    `marks` are what was coded of it, by (reviewer, criterion): the values that editions give, in their order.
    """

    commitment_id: str
    plan_id: str
    number: str | None
    title_es: str | None
    title_en: str | None
    starts_on: str | None
    ends_on: str | None
    warning: str | None
    source_url: str | None
    ids: tuple[tuple[str, str, str], ...]
    marks: Mapping[tuple[str, str], tuple[str, ...]]
    known: MemberCommitment


@dataclass(frozen=True)
class SameCommitment:
    """A commitment that another member has under its own id."""

    commitment_id: str
    other_id: str
    locality_id: str | None
    name: str | None
    place: str | None


@dataclass(frozen=True)
class LocalActor:
    """An organisation in the plans or commitments of the member: its roles and in how many things."""

    actor_id: str
    name: str
    kind: str
    roles: tuple[str, ...]
    things: int


@dataclass(frozen=True)
class CityFact:
    """A fact of the Multi-City Challenge about the city; `value` counts `unit`, None where the fact is no figure."""

    kind: str
    name: str
    value: float | None
    qualifier: str | None
    unit: str | None
    happened_on: str | None
    edition: str
    source_url: str | None


@dataclass(frozen=True)
class Contradiction:
    """What sources say differently of the member, each side with its date and address."""

    message_es: str
    message_en: str
    sides: tuple[tuple[str, str, str | None, str | None], ...]


def locality(connection: Connection, locality_id: str) -> Locality | None:
    """The member, or None where there is none of that id."""
    columns = localities.c
    query = (
        select(
            columns.locality_id,
            columns.name,
            columns.country_code,
            countries.c.name_es.label("country_es"),
            countries.c.name_en.label("country_en"),
            columns.region,
            columns.joined_year,
            columns.cohort,
            columns.status,
            columns.ogp_code,
            columns.legacy_prefix,
            columns.state_code,
            states.c.name.label("state_name"),
            columns.municipality_code,
            municipalities.c.name.label("municipality_name"),
            columns.population,
            columns.membership_explicit.label("is_explicit"),
            columns.member_page_url,
            columns.source_url,
        )
        .join(countries, countries.c.country_code == columns.country_code)
        .outerjoin(states, states.c.state_code == columns.state_code)
        .outerjoin(municipalities, municipalities.c.municipality_code == columns.municipality_code)
        .where(columns.locality_id == locality_id)
    )
    row = connection.execute(query).first()
    return None if row is None else Locality(**row._mapping)


def local_plans(connection: Connection, locality_id: str) -> list[LocalPlan]:
    """The plans of the member, the oldest first."""
    columns = plans.c
    own = select(columns.plan_id).where(columns.locality_id == locality_id)
    query = select(plans).where(or_(columns.locality_id == locality_id, columns.same_as_plan_id.in_(own)))
    rows = connection.execute(query.order_by(columns.starts_on, columns.published_on, columns.plan_id)).all()
    others: dict[str, list[OtherRecord]] = defaultdict(list)
    for row in rows:
        if row.same_as_plan_id is not None:
            others[row.same_as_plan_id].append(
                OtherRecord(
                    row.plan_id, row.name_es, row.status, row.status_as_of_on, row.has_final_report, row.published_on
                )
            )
    found = [
        LocalPlan(
            plan_id=row.plan_id,
            number=row.number,
            name_es=row.name_es,
            name_en=row.name_en,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            published_on=row.published_on,
            declared_commitments=row.declared_commitments,
            forum=row.forum,
            document_url=row.document_url,
            note=row.note,
            others=tuple(others[row.plan_id]),
        )
        for row in rows
        if row.same_as_plan_id is None
    ]
    return sorted(found, key=lambda plan: (plan.number or 99, plan.starts_on or plan.published_on or ""))


def local_commitments(connection: Connection, member: Locality) -> list[LocalCommitment]:
    """The commitments of the member, by plan and id."""
    columns = commitments.c
    query = select(commitments).where(columns.locality_id == member.locality_id)
    rows = connection.execute(query.order_by(columns.plan_id, columns.number, columns.commitment_id)).all()
    known = {
        one.commitment_id: one
        for one in member_commitments(connection, member.country_code)
        if one.locality_id == member.locality_id
    }
    marks, ids = _marks(connection, member.locality_id), _ids(connection, member.locality_id)
    return [
        LocalCommitment(
            commitment_id=row.commitment_id,
            plan_id=row.plan_id,
            number=row.number,
            title_es=row.title_es,
            title_en=row.title_en,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            warning=row.warning,
            source_url=row.source_url,
            ids=tuple(ids[row.commitment_id]),
            marks={key: tuple(dict.fromkeys(values)) for key, values in marks[row.commitment_id].items()},
            known=known[row.commitment_id],
        )
        for row in rows
    ]


def same_commitments(connection: Connection, found: list[LocalCommitment]) -> list[SameCommitment]:
    """The other members that have some of these commitments under their own ids."""
    pairs = {one.known.same_as: one.commitment_id for one in found if one.known.same_as}
    if not pairs:
        return []
    query = (
        select(
            commitments.c.commitment_id,
            commitments.c.locality_id,
            localities.c.name,
            func.coalesce(municipalities.c.name, states.c.name),
        )
        .outerjoin(localities, localities.c.locality_id == commitments.c.locality_id)
        .outerjoin(municipalities, municipalities.c.municipality_code == localities.c.municipality_code)
        .outerjoin(states, states.c.state_code == localities.c.state_code)
        .where(commitments.c.commitment_id.in_(list(pairs)))
        .order_by(commitments.c.commitment_id)
    )
    return [SameCommitment(pairs[row[0]], row[0], row[1], row[2], row[3]) for row in connection.execute(query)]


def local_actors(connection: Connection, locality_id: str) -> list[LocalActor]:
    """Who takes part in the plans and commitments of the member: those in most things first, then by name."""
    own_plans = select(plans.c.plan_id).where(plans.c.locality_id == locality_id)
    own_commitments = select(commitments.c.commitment_id).where(commitments.c.locality_id == locality_id)
    columns = participations.c
    query = (
        select(actors.c.actor_id, actors.c.name, actors.c.kind, columns.role, columns.subject_id)
        .join(actors, actors.c.actor_id == columns.actor_id)
        .where(
            or_(
                and_(columns.subject_kind == "plan", columns.subject_id.in_(own_plans)),
                and_(columns.subject_kind == "commitment", columns.subject_id.in_(own_commitments)),
            )
        )
        .order_by(actors.c.name, actors.c.actor_id, columns.role)
    )
    roles: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    things: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in connection.execute(query):
        who = (row[0], row[1], row[2])
        roles[who][row[3]] = None
        things[who].add(row[4])
    found = [LocalActor(*who, tuple(roles[who]), len(things[who])) for who in roles]
    return sorted(found, key=lambda one: (-one.things, one.name))


def city_facts(connection: Connection, municipality_code: str) -> list[CityFact]:
    """What is known of the city in the Multi-City Challenge, by kind and name."""
    columns = multicity_facts.c
    query = (
        select(
            columns.kind,
            columns.name,
            columns.value,
            columns.qualifier,
            columns.unit,
            columns.happened_on,
            columns.edition,
            columns.source_url,
        )
        .where(columns.municipality_code == municipality_code)
        .order_by(columns.kind, columns.name)
    )
    return [CityFact(*row) for row in connection.execute(query)]


def contradictions(connection: Connection, locality_id: str) -> list[Contradiction]:
    """What the checks found about the member."""
    columns = finding_sides.c
    query = (
        select(findings.c.finding_id, findings.c.message_es, findings.c.message_en)
        .add_columns(*said(), columns.as_of, columns.source_url)
        .outerjoin(finding_sides, columns.finding_id == findings.c.finding_id)
        .where(findings.c.table_name == "localities", findings.c.row_key == locality_id)
        .order_by(findings.c.finding_id, columns.position)
    )
    found: dict[tuple[str, str, str], list[tuple[str, str, str | None, str | None]]] = defaultdict(list)
    for finding_id, es, en, says_es, says_en, as_of, source_url in connection.execute(query):
        found[finding_id, es, en] += [(says_es, says_en, as_of, source_url)] if says_es else []
    return [Contradiction(key[1], key[2], tuple(sides)) for key, sides in found.items()]


def _marks(connection: Connection, locality_id: str) -> Mapping[str, dict[tuple[str, str], list[str]]]:
    columns = commitment_ratings.c
    query = (
        select(columns.commitment_id, columns.reviewer, columns.criterion, columns.value_code)
        .join(commitments, commitments.c.commitment_id == columns.commitment_id)
        .where(commitments.c.locality_id == locality_id, columns.value_code.is_not(None))
        .order_by(columns.commitment_id, columns.criterion, columns.edition, columns.report)
    )
    found: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for commitment_id, reviewer, criterion, value in connection.execute(query):
        found[commitment_id][reviewer, criterion].append(value)
    return found


def _ids(connection: Connection, locality_id: str) -> Mapping[str, list[tuple[str, str, str]]]:
    columns = commitment_ids.c
    query = (
        select(columns.commitment_id, columns.register, columns.register_id, columns.basis)
        .join(commitments, commitments.c.commitment_id == columns.commitment_id)
        .where(commitments.c.locality_id == locality_id)
        .order_by(columns.commitment_id, columns.register, columns.register_id)
    )
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for commitment_id, *rest in connection.execute(query):
        found[commitment_id].append((rest[0], rest[1], rest[2]))
    return found
