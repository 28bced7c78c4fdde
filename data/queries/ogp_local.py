"""The members of OGP Local that sources name, their plans and commitments in Mexico, and the totals that were published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from data.indicators.completion import REVIEWER as IRM
from data.indicators.completion import Coding, final_coding
from data.schema.commitments import commitment_links, commitments
from data.schema.figures import indicators
from data.schema.findings import finding_sides, findings
from data.schema.members import localities
from data.schema.places import countries, municipalities, states
from data.schema.plans import plans
from data.schema.ratings import commitment_ratings

COUNTRY = "MX"
LOCAL = "local_monitoring"
CLOSING = "end_of_commitment_report"
INCEPTION = "inception_report"
MEMBERS_WORLD = "ogp_local_members_world"
MEMBERS_CHECK = "ogp_local_members"


@dataclass(frozen=True)
class Member:
    """A place that sources name in OGP Local.

    `is_explicit` is False where a page only mentions the place; `status` is None unless a page says it. `region` and
    `cohort` are OGP's words. The names of state and municipality are those of Mexico's registers.
    """

    locality_id: str
    name: str
    country_code: str
    country_es: str
    country_en: str
    region: str | None
    joined_year: int | None
    cohort: str | None
    status: str | None
    is_explicit: bool
    state_code: str | None
    state_name: str | None
    municipality_name: str | None
    source_url: str | None


@dataclass(frozen=True)
class MemberCommitment:
    """A commitment of a member, by what is known of its result.

    `completion` is the IRM's grade, `closing` that of the local report at its end, `verifiable` the mark of the inception
    report (``yes``, ``no``, None); three voices, never merged. `same_as` is the id under which another member has it.
    """

    commitment_id: str
    locality_id: str
    plan_id: str
    completion: str | None
    closing: str | None
    verifiable: str | None
    has_inception: bool
    same_as: str | None


@dataclass(frozen=True)
class PublishedTotal:
    """A published number of members of the world, what says so in both languages, and when."""

    value: int
    says_es: str
    says_en: str
    as_of: str | None
    source_url: str | None


def members(connection: Connection) -> list[Member]:
    """Every place named in OGP Local, by country and name."""
    return [Member(**row._mapping) for row in connection.execute(_MEMBERS)]


def plan_counts(connection: Connection) -> Mapping[str, int]:
    """The plans of each member; two records of one plan count once."""
    query = (
        select(plans.c.locality_id, func.count())
        .where(plans.c.locality_id.is_not(None), plans.c.same_as_plan_id.is_(None))
        .group_by(plans.c.locality_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def member_commitments(connection: Connection, country_code: str = COUNTRY) -> list[MemberCommitment]:
    """The commitments of the members of a country, by member and id."""
    query = (
        select(commitments.c.commitment_id, commitments.c.locality_id, commitments.c.plan_id)
        .where(commitments.c.locality_id.is_not(None), commitments.c.country_code == country_code)
        .order_by(commitments.c.locality_id, commitments.c.commitment_id)
    )
    rows = connection.execute(query).all()
    rated = _ratings(connection, country_code)
    same = _same(connection)
    return [
        MemberCommitment(
            commitment_id=commitment_id,
            locality_id=locality_id,
            plan_id=plan_id,
            completion=_irm(rated[commitment_id]),
            closing=_value(rated[commitment_id], LOCAL, CLOSING, "completion"),
            verifiable=_value(rated[commitment_id], LOCAL, INCEPTION, "verifiable"),
            has_inception=any(one.report == INCEPTION for one in rated[commitment_id]),
            same_as=same.get(commitment_id),
        )
        for commitment_id, locality_id, plan_id in rows
    ]


def published_totals(connection: Connection) -> list[PublishedTotal]:
    """The totals of members that pages and documents give, by value: they contradict one another."""
    columns = indicators.c
    printed = select(columns.value, columns.reference, columns.as_of, columns.source_url).where(
        columns.indicator == MEMBERS_WORLD
    )
    found = [
        PublishedTotal(int(row.value), row.reference, row.reference, row.as_of or None, row.source_url)
        for row in connection.execute(printed)
    ]
    sides = (
        select(
            finding_sides.c.says,
            finding_sides.c.about_es,
            finding_sides.c.about_en,
            finding_sides.c.as_of,
            finding_sides.c.source_url,
        )
        .join(findings, findings.c.finding_id == finding_sides.c.finding_id)
        .where(findings.c.check_id == MEMBERS_CHECK)
    )
    for says, about_es, about_en, as_of, source_url in connection.execute(sides):
        if says.isdigit():
            found.append(PublishedTotal(int(says), about_es, about_en, as_of, source_url))
    return sorted(found, key=lambda one: (one.value, one.says_es))


_MEMBERS = (
    select(
        localities.c.locality_id,
        localities.c.name,
        localities.c.country_code,
        countries.c.name_es.label("country_es"),
        countries.c.name_en.label("country_en"),
        localities.c.region,
        localities.c.joined_year,
        localities.c.cohort,
        localities.c.status,
        localities.c.membership_explicit.label("is_explicit"),
        localities.c.state_code,
        states.c.name.label("state_name"),
        municipalities.c.name.label("municipality_name"),
        localities.c.source_url,
    )
    .select_from(
        localities.join(countries, countries.c.country_code == localities.c.country_code)
        .outerjoin(municipalities, municipalities.c.municipality_code == localities.c.municipality_code)
        .outerjoin(states, states.c.state_code == localities.c.state_code)
    )
    .order_by(localities.c.country_code, localities.c.name, localities.c.locality_id)
)


@dataclass(frozen=True)
class _Rating:
    reviewer: str
    report: str
    criterion: str
    edition: str
    value_code: str | None


def _ratings(connection: Connection, country_code: str) -> Mapping[str, Sequence[_Rating]]:
    columns = commitment_ratings.c
    query = (
        select(
            columns.commitment_id,
            columns.reviewer,
            columns.report,
            columns.criterion,
            columns.edition,
            columns.value_code,
        )
        .join(commitments, commitments.c.commitment_id == columns.commitment_id)
        .where(commitments.c.locality_id.is_not(None), commitments.c.country_code == country_code)
        .order_by(columns.commitment_id, columns.edition)
    )
    found: dict[str, list[_Rating]] = defaultdict(list)
    for commitment_id, *rest in connection.execute(query):
        found[commitment_id].append(_Rating(*rest))
    return found


def _irm(ratings: Sequence[_Rating]) -> str | None:
    codings = [
        Coding(one.report, one.edition, one.value_code)
        for one in ratings
        if one.reviewer == IRM and one.criterion == "completion"
    ]
    final = final_coding(codings)
    return final.value_code if final else None


def _value(ratings: Sequence[_Rating], reviewer: str, report: str, criterion: str) -> str | None:
    return next(
        (
            one.value_code
            for one in ratings
            if (one.reviewer, one.report, one.criterion) == (reviewer, report, criterion)
        ),
        None,
    )


def _same(connection: Connection) -> Mapping[str, str]:
    """The other id of each commitment that stands under two members, both ways."""
    columns = commitment_links.c
    query = select(columns.commitment_id, columns.other_commitment_id).where(columns.link == "same_commitment")
    pairs = [(row[0], row[1]) for row in connection.execute(query)]
    return {**dict(pairs), **{other: one for one, other in pairs}}
