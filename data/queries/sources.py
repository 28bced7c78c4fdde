"""The sources as the release knows them: what they are, the copies that were read, by which way, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select, true

from data.indicators.freshness import Freshness, freshness
from data.queries.findings import Finding, RejectedRow, findings_of, rejected_rows_of
from data.schema.findings import findings
from data.schema.provenance import (
    fetch_attempts,
    finding_sources,
    release_tables,
    snapshots,
    source_assertions,
    source_warnings,
    sources,
)

# What a step on the web comes to when it shows that our copy is what is published today.
CONFIRMED = ("new", "same", "not_modified")


@dataclass(frozen=True)
class Rows:
    """What became of rows: read = loaded + ignored + rejected."""

    read: int
    loaded: int
    ignored: int
    rejected: int

    def __add__(self, other: Rows) -> Rows:
        return Rows(
            self.read + other.read,
            self.loaded + other.loaded,
            self.ignored + other.ignored,
            self.rejected + other.rejected,
        )


NO_ROWS = Rows(0, 0, 0, 0)


@dataclass(frozen=True)
class SourceCopy:
    """A copy that the release was read from. `current_on` (``YYYY-MM-DD``) is when its content was current,
    `fetched_at` (date or moment, ISO) when it was got; `bytes` is its size."""

    snapshot_id: str
    file: str
    fetched_at: str
    via: str
    url: str | None
    sha256: str
    bytes: int
    rows: Rows

    @property
    def current_on(self) -> str:
        """The date that the copy's folder is named after."""
        return self.snapshot_id.split("/")[1][:10]


@dataclass(frozen=True)
class SourceAtAGlance:
    """A source with its copies. `findings` counts by severity; `confirmed` says that this release's run found on the web
    that a copy is what is published; `freshness` is None where there is no copy."""

    source_id: str
    title_es: str
    title_en: str
    summary_es: str
    summary_en: str
    publisher_es: str
    publisher_en: str
    license_es: str
    license_en: str
    license_url: str | None
    address: str | None
    cadence: str
    coverage_es: str
    coverage_en: str
    personal_data_es: str
    personal_data_en: str
    warnings: tuple[str, ...]
    copies: tuple[SourceCopy, ...]
    findings: Mapping[str, int]
    confirmed: bool
    freshness: Freshness | None

    def oldest_days(self, built_at: str) -> int | None:
        """The age of the oldest copy in use, in days at `built_at`: a source may have files of different years."""
        if self.freshness is None or self.confirmed:
            return self.freshness.days if self.freshness else None
        return freshness(self.cadence, min(copy.current_on for copy in self.copies), built_at).days

    @property
    def rows(self) -> Rows:
        """The rows of all copies together."""
        return sum((copy.rows for copy in self.copies), NO_ROWS)

    @property
    def vias(self) -> tuple[str, ...]:
        """By which ways the copies came, each once."""
        return tuple(dict.fromkeys(copy.via for copy in self.copies))

    @property
    def last_fetched_at(self) -> str | None:
        """When the newest copy was got."""
        return max((copy.fetched_at for copy in self.copies), default=None)


@dataclass(frozen=True)
class Attempt:
    """One step on the way of a file, in order: what was asked where, and what came of it."""

    file: str
    position: int
    via: str
    url: str | None
    outcome: str
    detail: str | None


@dataclass(frozen=True)
class SourceAssertion:
    """Rows that a table must have from the source (`at_most` None: no upper bound), and those that it has."""

    table_name: str
    condition: str | None
    at_least: int
    at_most: int | None
    found: int


@dataclass(frozen=True)
class SourceFile:
    """All that the release knows of one source."""

    source: SourceAtAGlance
    attempts: tuple[Attempt, ...]
    assertions: tuple[SourceAssertion, ...]
    findings: tuple[Finding, ...]
    rejected: tuple[RejectedRow, ...]


def sources_at_a_glance(connection: Connection, built_at: str, source_id: str | None = None) -> list[SourceAtAGlance]:
    """All sources by id, or the one named; ages are measured at `built_at` (ISO), the moment of the release."""
    copies, warned = _copies(connection, source_id), _warnings(connection)
    counted, confirmed = _findings(connection), _confirmed(connection)
    query = select(sources).where(_only(sources.c.source_id, source_id)).order_by(sources.c.source_id)
    return [
        SourceAtAGlance(
            **row,
            warnings=tuple(warned[row["source_id"]]),
            copies=tuple(copies[row["source_id"]]),
            findings=counted[row["source_id"]],
            confirmed=row["source_id"] in confirmed,
            freshness=_freshness(
                row["cadence"], copies[row["source_id"]], built_at, confirmed=row["source_id"] in confirmed
            ),
        )
        for row in connection.execute(query).mappings()
    ]


def source_file(connection: Connection, source_id: str, built_at: str) -> SourceFile | None:
    """Everything about one source; None where the release has no such source."""
    found = sources_at_a_glance(connection, built_at, source_id)
    if not found:
        return None
    return SourceFile(
        found[0],
        tuple(_attempts(connection, source_id)),
        tuple(_assertions(connection, source_id)),
        tuple(findings_of(connection, source_id=source_id)),
        tuple(rejected_rows_of(connection, source_id)),
    )


def loaded_tables(connection: Connection, release_id: str) -> tuple[int, int]:
    """How many tables of a release have rows, and how many rows they have together."""
    columns = release_tables.c
    query = select(func.count(), func.sum(columns.row_count)).where(
        columns.release_id == release_id, columns.row_count > 0
    )
    tables, rows = connection.execute(query).one()
    return int(tables), int(rows or 0)


def finding_counts(connection: Connection) -> dict[str, int]:
    """How many findings there are, by severity."""
    query = select(findings.c.severity, func.count()).group_by(findings.c.severity)
    return dict(map(tuple, connection.execute(query)))


def _only(column: ColumnElement[str], value: str | None) -> ColumnElement[bool]:
    return true() if value is None else column == value


def _copies(connection: Connection, source_id: str | None) -> Mapping[str, list[SourceCopy]]:
    columns = snapshots.c
    query = select(snapshots).where(_only(columns.source_id, source_id)).order_by(columns.snapshot_id)
    found: dict[str, list[SourceCopy]] = defaultdict(list)
    for row in connection.execute(query):
        rows = Rows(row.rows_read or 0, row.rows_loaded or 0, row.rows_ignored or 0, row.rows_rejected or 0)
        copy = SourceCopy(row.snapshot_id, row.file, row.fetched_at, row.via, row.url, row.sha256, row.bytes, rows)
        found[row.source_id].append(copy)
    return found


def _warnings(connection: Connection) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for source_id, warning in connection.execute(select(source_warnings).order_by(source_warnings.c.warning)):
        found[source_id].append(warning)
    return found


def _findings(connection: Connection) -> Mapping[str, dict[str, int]]:
    query = (
        select(finding_sources.c.source_id, findings.c.severity, func.count())
        .join(findings, findings.c.finding_id == finding_sources.c.finding_id)
        .group_by(finding_sources.c.source_id, findings.c.severity)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for source_id, severity, count in connection.execute(query):
        found[source_id][severity] = count
    return found


def _confirmed(connection: Connection) -> frozenset[str]:
    columns = fetch_attempts.c
    query = select(columns.source_id).where(columns.via == "live", columns.outcome.in_(CONFIRMED)).distinct()
    return frozenset(connection.scalars(query))


def _freshness(cadence: str, copies: list[SourceCopy], built_at: str, *, confirmed: bool) -> Freshness | None:
    if not copies:
        return None
    return freshness(cadence, built_at if confirmed else max(copy.current_on for copy in copies), built_at)


def _attempts(connection: Connection, source_id: str) -> list[Attempt]:
    columns = fetch_attempts.c
    query = (
        select(columns.file, columns.position, columns.via, columns.url, columns.outcome, columns.detail)
        .where(columns.source_id == source_id)
        .order_by(columns.file, columns.position)
    )
    return [Attempt(*row) for row in connection.execute(query)]


def _assertions(connection: Connection, source_id: str) -> list[SourceAssertion]:
    columns = source_assertions.c
    query = (
        select(columns.table_name, columns.condition, columns.rows_at_least, columns.rows_at_most, columns.rows_found)
        .where(columns.source_id == source_id)
        .order_by(columns.position)
    )
    return [SourceAssertion(*row) for row in connection.execute(query)]
