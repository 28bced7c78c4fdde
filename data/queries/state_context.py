"""What surrounds the openness of a state: the Metric beside the country, its guarantor body, OGP Local, contradictions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from data.queries.findings import said
from data.queries.states import METRIC_EDITION
from data.schema import VOCABULARIES
from data.schema.figures import metric_institutions, metric_scores
from data.schema.findings import finding_sides, findings
from data.schema.members import localities, multicity_facts
from data.schema.places import guarantor_bodies, guarantor_body_events, municipalities

# The columns of the institutions by the index they hold.
_INDICES = {
    "GA": "open_government",
    "T": "transparency",
    "P": "participation",
    "TG": "transparency_government",
    "TC": "transparency_citizen",
    "PG": "participation_government",
    "PC": "participation_citizen",
}


@dataclass(frozen=True)
class MetricIndex:
    """An index of the Metric of 2017, 0 to 1: of the state, as published for the country, and the mean we compute.

    `national` is None where none was published; `mean` is that of all institutions measured in the country.
    """

    index: str
    value: float | None
    national: float | None
    mean: float | None


@dataclass(frozen=True)
class LaterScore:
    """A figure of a later edition, as the press gave it: a value from 0 to 1, a place, or both."""

    edition: str
    index: str
    value: float | None
    rank: int | None
    source_url: str | None


@dataclass(frozen=True)
class GuarantorEvent:
    """What became of a guarantor body: what, when (partial; of the press note where `is_article_date`), who followed."""

    event: str
    happened_on: str | None
    is_article_date: bool
    successor: str | None
    source_url: str | None


@dataclass(frozen=True)
class Guarantor:
    """The transparency guarantor of a state: its name as of a date, and what became of it, in order."""

    acronym: str | None
    name: str
    name_as_of: str | None
    status: str
    successor: str | None
    website: str | None
    events: tuple[GuarantorEvent, ...]


@dataclass(frozen=True)
class LocalMember:
    """A member of OGP Local in a state: the state itself (`municipality` None) or one of its municipalities."""

    locality_id: str
    name: str
    municipality: str | None
    joined_year: int | None
    status: str | None
    page_url: str | None


@dataclass(frozen=True)
class Said:
    """What one of the sources that contradict each other says, and where."""

    source_id: str | None
    says_es: str
    says_en: str
    as_of: str | None
    source_url: str | None


@dataclass(frozen=True)
class Contradiction:
    """Something a check found about the state, with what each source says."""

    finding_id: str
    severity: str
    message_es: str
    message_en: str
    sides: tuple[Said, ...]


def metric(connection: Connection, state_code: str) -> tuple[list[MetricIndex], int | None]:
    """The seven indices of 2017 of a state, and how many of its institutions were measured (None where not known)."""
    columns = metric_scores.c
    query = select(columns.place, columns.indicator, columns.value, columns.institution_count).where(
        columns.edition == METRIC_EDITION, columns.place.in_([state_code, "MX"])
    )
    values: dict[tuple[str, str], float | None] = {}
    measured: int | None = None
    for place, index, value, count in connection.execute(query):
        values[place, index] = value
        measured = count if place == state_code else measured
    means = metric_means(connection)
    return [
        MetricIndex(index, values.get((state_code, index)), values.get(("MX", index)), means.get(index))
        for index in _INDICES
    ], measured


def later_scores(connection: Connection, state_code: str) -> list[LaterScore]:
    """What was published of the state in the editions after 2017."""
    columns = metric_scores.c
    query = (
        select(columns.edition, columns.indicator, columns.value, columns.rank, columns.source_url)
        .where(columns.place == state_code, columns.edition != METRIC_EDITION)
        .order_by(columns.edition, columns.indicator)
    )
    return [LaterScore(*row) for row in connection.execute(query)]


def guarantor(connection: Connection, state_code: str) -> Guarantor | None:
    """The guarantor body of a state with what became of it; None where the release has none."""
    body = connection.execute(select(guarantor_bodies).where(guarantor_bodies.c.state_code == state_code)).first()
    if body is None:
        return None
    columns = guarantor_body_events.c
    events = connection.execute(
        select(columns.event, columns.happened_on, columns.is_article_date, columns.successor, columns.source_url)
        .where(columns.body_id == body.body_id)
        .order_by(columns.happened_on)
    )
    return Guarantor(
        body.acronym,
        body.name,
        body.name_as_of_on,
        body.status,
        body.successor,
        body.website,
        tuple(GuarantorEvent(*row) for row in events),
    )


def local_members(connection: Connection, state_code: str) -> list[LocalMember]:
    """The members of OGP Local in a state, the state itself first."""
    columns = localities.c
    query = (
        select(
            columns.locality_id,
            columns.name,
            municipalities.c.name,
            columns.joined_year,
            columns.status,
            columns.member_page_url,
        )
        .outerjoin(municipalities, municipalities.c.municipality_code == columns.municipality_code)
        .where(columns.state_code == state_code)
        .order_by(columns.municipality_code.is_not(None), columns.joined_year, columns.name)
    )
    return [LocalMember(*row) for row in connection.execute(query)]


def challenge_cities(connection: Connection, state_code: str) -> list[str]:
    """The cities of a state in the Multi-City Challenge of 2020."""
    columns = multicity_facts.c
    query = select(columns.city).where(columns.kind == "participating_city", columns.state_code == state_code)
    return list(connection.execute(query.order_by(columns.city)).scalars())


def contradictions(connection: Connection, state_code: str) -> list[Contradiction]:
    """What the checks found about a state, the graver first."""
    query = (
        select(findings, finding_sides.c.source_id, *said(), finding_sides.c.as_of, finding_sides.c.source_url)
        .outerjoin(finding_sides, finding_sides.c.finding_id == findings.c.finding_id)
        .where(findings.c.state_code == state_code)
        .order_by(findings.c.finding_id, finding_sides.c.position)
    )
    rows = connection.execute(query).all()
    sides: dict[str, list[Said]] = defaultdict(list)
    for row in rows:
        if row.says_es is not None:
            sides[row.finding_id].append(Said(row.source_id, row.says_es, row.says_en, row.as_of, row.source_url))
    first = {row.finding_id: row for row in rows}
    found = [
        Contradiction(finding_id, row.severity, row.message_es, row.message_en, tuple(sides[finding_id]))
        for finding_id, row in first.items()
    ]
    severities = list(VOCABULARIES["severity"])
    return sorted(found, key=lambda one: severities.index(one.severity))


def metric_means(connection: Connection) -> Mapping[str, float | None]:
    """The mean of each index over all institutions measured in the country."""
    means = [func.avg(metric_institutions.c[column]) for column in _INDICES.values()]
    row = connection.execute(select(*means).where(metric_institutions.c.edition == METRIC_EDITION)).one()
    return dict(zip(_INDICES, row, strict=True))
