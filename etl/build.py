"""From parsed sources to the tables of a release: combined, derived, checked, accounted for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from data.schema import TABLES
from etl.checks.findings import all_findings, finding_rows
from etl.checks.tables import Origin, check_tables, origin_of
from etl.derive import commitment_progress, exercise_steps
from etl.diff import cell_text
from etl.fetch import Attempt, FetchOutcome
from etl.history import status_history
from etl.resolve import Tables, combine
from etl.sources.reading import FileCount, Source
from etl.sources.spec import SourceError, SourceSpec
from etl.stores.rows import arrow_table, in_order_of_key
from etl.table_rows import TableRow


class BuildError(SourceError):
    """The tables do not hold what they must: nothing is published, and the message says what is wrong and where."""


@dataclass(frozen=True)
class Built:
    """The tables of a release as columns, and what came of the rows of each source."""

    tables: Mapping[str, pa.Table]
    counts: Mapping[str, FileCount]
    findings: Counter[str]


def build(sources: Sequence[Source], outcomes: Iterable[FetchOutcome]) -> Built:
    """All tables of a release but ``releases``, ``release_tables``, ``changes`` and ``change_subjects``.

    Raises ``BuildError`` when rows of a source are unaccounted for or an assertion of its YAML does not hold.
    """
    columns, refused = check_tables(combine([(source.spec.priority, source.tables) for source in sources]))
    tables = RowsOf(columns)
    derived: Tables = {
        "commitment_progress": list(commitment_progress(tables)),
        "exercise_steps": list(exercise_steps(tables)),
        "commitment_status_history": list(status_history(tables, sources)),
    }
    _refuse(sources, refused)
    asserted: list[TableRow] = []
    for source in sources:
        _check_account(source)
        asserted += _check_assertions(source, refused)
        # What it gave is in the columns now; a large source is not kept twice.
        source.tables.clear()
    derived |= finding_rows(all_findings(sources, tables))
    derived |= _provenance(sources, outcomes)
    derived["source_assertions"] = asserted
    derived["finding_sources"] = _finding_sources(sources, derived["finding_sides"])
    severities = Counter(row["severity"] for row in derived["findings"])
    columns |= {
        name: arrow_table(table, derived.get(name, [])) for name, table in TABLES.items() if name not in columns
    }
    in_order = {name: in_order_of_key(table, columns.pop(name)) for name, table in TABLES.items()}
    return Built(in_order, {source.source_id: total(source) for source in sources}, severities)


class RowsOf(Mapping[str, list[TableRow]]):
    """Tables of columns, seen as rows: made when they are asked for, since few are."""

    def __init__(self, columns: Mapping[str, pa.Table]) -> None:
        self._columns = columns
        self._rows: dict[str, list[TableRow]] = {}

    def __getitem__(self, name: str) -> list[TableRow]:
        if name not in self._rows:
            self._rows[name] = self._columns[name].to_pylist()
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def total(source: Source) -> FileCount:
    """The counts of all files of a source together."""
    counts = source.counts.values()
    return FileCount(
        sum(count.read for count in counts),
        sum(count.loaded for count in counts),
        sum(count.rejected for count in counts),
        sum(count.ignored for count in counts),
    )


def _refuse(sources: Iterable[Source], refused: Mapping[Origin, str]) -> None:
    """Move the source rows whose table rows failed a check from loaded to rejected, with the reason."""
    for source in sources:
        source.refuse({origin[1:]: reason for origin, reason in refused.items() if origin[0] == source.source_id})


def _check_account(source: Source) -> None:
    for file, count in source.counts.items():
        if count.read != count.loaded + count.rejected + count.ignored:
            raise BuildError(
                f"{source.source_id}/{file}: {count.read} rows read, but {count.loaded} loaded + {count.rejected} rejected + "
                f"{count.ignored} ignored; the parser lost rows"
            )


def _check_assertions(source: Source, refused: Mapping[Origin, str]) -> list[TableRow]:
    """Hold the rows that a source gave, less the refused ones, against what its YAML asserts; the counts as rows."""
    counted: list[TableRow] = []
    for position, assertion in enumerate(source.spec.assertions, 1):
        rows = sum(
            origin_of(row) not in refused and all(row.get(column) == value for column, value in assertion.where.items())
            for row in source.tables.get(assertion.table, [])
        )
        if rows < assertion.min or (assertion.max is not None and rows > assertion.max):
            where = f" where {assertion.where}" if assertion.where else ""
            bounds = f"at least {assertion.min}" + (
                f" and at most {assertion.max}" if assertion.max is not None else ""
            )
            raise BuildError(
                f"{source.source_id}.yml asserts {bounds} rows in {assertion.table}{where}; there are {rows}. "
                "Check the newest copy of the source; if it is right, change the assertion"
                + _first_reason(source.source_id, refused)
            )
        conditions = [f"{column} = {cell_text(value)}" for column, value in assertion.where.items()]
        counted.append(
            {
                "source_id": source.source_id,
                "position": position,
                "table_name": assertion.table,
                "condition": ", ".join(conditions) or None,
                "rows_at_least": assertion.min,
                "rows_at_most": assertion.max,
                "rows_found": rows,
            }
        )
    return counted


def _finding_sources(sources: Iterable[Source], sides: Iterable[TableRow]) -> list[TableRow]:
    """Which sources each finding is about: the one whose parser made it, and those that it quotes."""
    pairs = {
        (found["finding_id"], source.source_id)
        for source in sources
        for found in finding_rows(source.findings)["findings"]
    }
    pairs |= {(side["finding_id"], side["source_id"]) for side in sides if side["source_id"] is not None}
    return [{"finding_id": finding_id, "source_id": source_id} for finding_id, source_id in sorted(pairs)]


def _first_reason(source_id: str, refused: Mapping[Origin, str]) -> str:
    reasons = [f"{origin[2]}: {reason}" for origin, reason in refused.items() if origin[0] == source_id]
    return f". Rows refused: {len(reasons)}, the first at {reasons[0]}" if reasons else ""


def _provenance(sources: Sequence[Source], outcomes: Iterable[FetchOutcome]) -> Tables:
    return {
        "sources": [_source_row(source.spec) for source in sources],
        "source_warnings": [
            {"source_id": source.source_id, "warning": warning}
            for source in sources
            for warning in source.spec.warnings
        ],
        "snapshots": [row for source in sources for row in _snapshot_rows(source)],
        "fetch_attempts": [row for outcome in outcomes for row in _attempt_rows(outcome.attempts)],
        "rejected_rows": [
            {
                "source_id": rejected.source_id,
                "file": rejected.file,
                "position": rejected.position,
                "reason": rejected.reason,
                "raw": json.dumps(rejected.raw, ensure_ascii=False, default=str),
            }
            for source in sources
            for rejected in source.rejected
        ],
    }


def _source_row(spec: SourceSpec) -> TableRow:
    texts = ("title", "summary", "publisher", "license", "coverage", "personal_data")
    return {
        "source_id": spec.source_id,
        **{f"{name}_es": getattr(spec, name).es for name in texts},
        **{f"{name}_en": getattr(spec, name).en for name in texts},
        "license_url": spec.license_url,
        "address": spec.address,
        "cadence": spec.cadence,
    }


def _snapshot_rows(source: Source) -> Iterable[TableRow]:
    # Of an earlier copy only its history is in the release, and no row of its own.
    earlier = [(copy, FileCount()) for old in source.earlier for copy in old.copies.values()]
    newest = [(copy, source.counts.get(copy.file, FileCount())) for copy in source.copies.values()]
    for copy, count in newest + earlier:
        yield {
            "snapshot_id": copy.snapshot_id,
            "source_id": copy.source_id,
            "file": copy.file,
            "fetched_at": copy.fetched_at,
            "via": copy.via,
            "url": copy.url,
            "sha256": copy.sha256,
            "bytes": copy.bytes,
            "rows_read": count.read,
            "rows_loaded": count.loaded,
            "rows_rejected": count.rejected,
            "rows_ignored": count.ignored,
        }


def _attempt_rows(attempts: Sequence[Attempt]) -> Iterable[TableRow]:
    positions: Counter[tuple[str, str]] = Counter()
    for attempt in attempts:
        positions[attempt.source_id, attempt.file] += 1
        yield {
            "source_id": attempt.source_id,
            "file": attempt.file,
            "position": positions[attempt.source_id, attempt.file],
            "via": "bundled" if attempt.via == "snapshot" else attempt.via,
            "url": attempt.url,
            "outcome": attempt.outcome,
            "detail": attempt.detail or None,
        }
