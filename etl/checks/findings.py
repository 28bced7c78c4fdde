"""Everything the checks found, as rows: what parsers noticed, impossible dates, contradictions, doubtful matches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from data.schema import TABLES, key_columns
from etl.checks.contradictions import Contradicted, contradictions
from etl.checks.doubtful_matches import doubtful_matches
from etl.diff import row_key
from etl.resolve import Tables, TablesRead
from etl.sources.reading import Found, Source
from etl.table_rows import TableRow


def all_findings(sources: Iterable[Source], tables: TablesRead) -> list[Found]:
    """The findings of a run, in a fixed order."""
    found = [finding for source in sources for finding in source.findings]
    found += impossible_dates(tables)
    found += contradictions(tables)
    found += doubtful_matches(tables)
    return found


def impossible_dates(tables: TablesRead) -> Iterator[Found]:
    """A warning for every row that ends before it starts, compared as far as both dates are known."""
    for name in tables:
        columns = TABLES[name].columns
        if "starts_on" not in columns or "ends_on" not in columns:
            continue
        keys = key_columns(TABLES[name])
        for row in tables[name]:
            start, end = row.get("starts_on"), row.get("ends_on")
            if start and end and end[: len(start)] < start[: len(end)]:
                key = row_key(row[column] for column in keys)
                yield Found(
                    "warning",
                    "ends_before_start",
                    f"Termina ({end}) antes de empezar ({start}).",
                    f"It ends ({end}) before it starts ({start}).",
                    name,
                    key,
                    row.get("state_code"),
                    ((row["source_id"], f"{start} – {end}", None, row.get("source_url")),),
                )


def finding_rows(found: Sequence[Found]) -> Tables:
    """The tables ``findings`` and ``finding_sides``; the id of a finding is stable as long as it says the same."""
    findings: dict[str, TableRow] = {}
    sides: list[TableRow] = []
    for finding in found:
        said = "|".join(side[1] for side in finding.sides)
        parts = [finding.check_id, finding.table_name or "", finding.row_key or "", finding.message_es, said]
        identity = f"{finding.check_id}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:10]}"
        if identity in findings:
            continue
        findings[identity] = {
            "finding_id": identity,
            "severity": finding.severity,
            "check_id": finding.check_id,
            "table_name": finding.table_name,
            "row_key": finding.row_key,
            "state_code": finding.state_code,
            "message_es": finding.message_es,
            "message_en": finding.message_en,
        }
        abouts = finding.abouts if isinstance(finding, Contradicted) else (None,) * len(finding.sides)
        quoted = zip(finding.sides, abouts, strict=True)
        for position, ((source_id, says, as_of, url), about) in enumerate(quoted, 1):
            sides.append(
                {
                    "finding_id": identity,
                    "position": position,
                    "source_id": source_id,
                    "says": says,
                    "about_es": about.es if about else None,
                    "about_en": about.en if about else None,
                    "as_of": as_of,
                    "source_url": url,
                }
            )
    return {"findings": list(findings.values()), "finding_sides": sides}
