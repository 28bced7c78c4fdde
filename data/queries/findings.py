"""What the checks found: each finding with the sources it is about and what each side says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, select

from data.schema.findings import finding_sides, findings, rejected_rows
from data.schema.provenance import finding_sources

SEVERITIES = ("error", "warning", "notice")
# The check that asks whether two rows are one thing: it quotes both, and neither says anything against the other.
DOUBTFUL = "doubtful_match"


@dataclass(frozen=True)
class Side:
    """What one source says: its words, as of when (free text), and where."""

    source_id: str | None
    says_es: str
    says_en: str
    as_of: str | None
    source_url: str | None


@dataclass(frozen=True)
class Finding:
    """Something a check found. `table_name` and `row_key` say about which row (keys joined by ``|``), where it is one."""

    finding_id: str
    severity: str
    check_id: str
    table_name: str | None
    row_key: str | None
    state_code: str | None
    message_es: str
    message_en: str
    source_ids: tuple[str, ...]
    sides: tuple[Side, ...]

    @property
    def contradicts(self) -> bool:
        """Whether what is quoted does not fit together: two sources, or two figures of one."""
        return len(self.sides) > 1 and self.check_id != DOUBTFUL


@dataclass(frozen=True)
class RejectedRow:
    """A row of a source that could not be loaded: where it stood, why, and the row as JSON without personal data."""

    source_id: str
    file: str
    position: str
    reason: str
    raw: str


def findings_of(
    connection: Connection, *, source_id: str | None = None, severity: str | None = None, state_code: str | None = None
) -> list[Finding]:
    """The findings that meet all that is given, the gravest first, then by check and id."""
    wanted = _wanted(source_id, severity, state_code)
    sides, sources = _sides(connection, wanted), _sources(connection, wanted)
    grave = case({severity: place for place, severity in enumerate(SEVERITIES)}, value=findings.c.severity)
    query = select(findings).where(wanted).order_by(grave, findings.c.check_id, findings.c.finding_id)
    return [
        Finding(**row, source_ids=tuple(sources[row["finding_id"]]), sides=tuple(sides[row["finding_id"]]))
        for row in connection.execute(query).mappings()
    ]


def rejected_rows_of(connection: Connection, source_id: str | None = None) -> list[RejectedRow]:
    """The rejected rows of one source, or of all."""
    columns = rejected_rows.c
    query = select(columns.source_id, columns.file, columns.position, columns.reason, columns.raw)
    if source_id is not None:
        query = query.where(columns.source_id == source_id)
    order = (columns.source_id, columns.file, columns.position)
    return [RejectedRow(*row) for row in connection.execute(query.order_by(*order))]


def _wanted(source_id: str | None, severity: str | None, state_code: str | None) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [findings.c.finding_id.is_not(None)]
    if source_id is not None:
        about = select(finding_sources.c.finding_id).where(finding_sources.c.source_id == source_id)
        conditions.append(findings.c.finding_id.in_(about))
    if severity is not None:
        conditions.append(findings.c.severity == severity)
    if state_code is not None:
        conditions.append(findings.c.state_code == state_code)
    return and_(*conditions)


def said() -> tuple[ColumnElement[str], ColumnElement[str]]:
    """What a side says in Spanish and in English, as ``says_es`` and ``says_en``: its value, and what that value is."""
    columns = finding_sides.c
    words = (columns.about_es, columns.about_en)
    es, en = (columns.says + func.coalesce(literal(" · ") + about, "") for about in words)
    return es.label("says_es"), en.label("says_en")


def _sides(connection: Connection, wanted: ColumnElement[bool]) -> dict[str, list[Side]]:
    columns = finding_sides.c
    query = (
        select(columns.finding_id, columns.source_id, *said(), columns.as_of, columns.source_url)
        .join(findings, findings.c.finding_id == columns.finding_id)
        .where(wanted)
        .order_by(columns.finding_id, columns.position)
    )
    found: dict[str, list[Side]] = defaultdict(list)
    for finding_id, *side in connection.execute(query):
        found[finding_id].append(Side(*side))
    return found


def _sources(connection: Connection, wanted: ColumnElement[bool]) -> dict[str, list[str]]:
    query = (
        select(finding_sources.c.finding_id, finding_sources.c.source_id)
        .join(findings, findings.c.finding_id == finding_sources.c.finding_id)
        .where(wanted)
        .order_by(finding_sources.c.source_id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for finding_id, source_id in connection.execute(query):
        found[finding_id].append(source_id)
    return found
