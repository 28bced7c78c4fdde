"""The whole way once: fetch, parse, combine, check, build beside, publish. A failed run leaves the last release served."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import Table

from data.lean import give_memory_back, keep_pandas_out
from data.published import ReleaseInfo, new_release_id
from data.schema import TABLES, schema_version
from etl.fetch import FetchOutcome, SourceUnavailableError, fetch_source, open_web
from etl.inputs import input_hash
from etl.progress import Reporter, Silence
from etl.release import Draft, Store, open_store
from etl.snapshots import SnapshotStore
from etl.sources.spec import SourceError, SourceSpec, load_specs, require_known
from etl.stores.publication import OWN_TABLES
from etl.stores.rows import arrow_table
from settings import ROOT, Settings

if TYPE_CHECKING:
    from etl.sources.reading import Source

OnStep = Callable[[str], None]
Ahead = dict[str, tuple[FetchOutcome, "Source"]]
"""Sources that were parsed before the run, by id, with the copies that they were parsed from."""


@dataclass(frozen=True)
class SourceResult:
    """How a source fared: by which way it was had, and what came of its rows."""

    source_id: str
    via: str
    read: int
    loaded: int
    rejected: int
    ignored: int


@dataclass(frozen=True)
class RunResult:
    """What a run did. ``published`` is False when nothing had changed; the counts are then those of the release served."""

    release_id: str
    published: bool
    seconds: float
    sources: Sequence[SourceResult]
    findings: Mapping[str, int]
    tables: Mapping[str, int]
    warnings: Sequence[str] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The result as the command prints it with ``--json``."""
        return {
            "release_id": self.release_id,
            "published": self.published,
            "seconds": round(self.seconds, 2),
            "sources": [vars(source) for source in self.sources],
            "findings": {severity: self.findings.get(severity, 0) for severity in ("error", "warning", "notice")},
            "tables": dict(self.tables),
        }


def run(
    settings: Settings,
    reporter: Reporter,
    *,
    only: Sequence[str] = (),
    offline: bool = False,
    on_step: OnStep = lambda step: None,
    ahead: Ahead | None = None,
) -> RunResult:
    """Fetch the sources (``only`` those named; the others come from disk), and publish a release if anything changed.

    ``on_step`` hears the name of each step as it begins; ``ahead`` is what ``parse_ahead`` gave. Raises the errors of the steps, each with a message for people;
    whatever is raised, the release that was served before is served still.
    """
    started = time.monotonic()
    keep_pandas_out()
    specs = load_specs(settings.sources_dir)
    require_known(only, [spec.source_id for spec in specs], settings.sources_dir)
    with closing(open_store(settings, on_step)) as store, store.run_lock():
        on_step("fetch")
        outcomes = _fetch(specs, settings, reporter, only, offline)
        copies = [copy for outcome in outcomes for copy in (*outcome.copies, *outcome.earlier)]
        inputs = input_hash(copies, settings.sources_dir)
        current = store.current()
        if current is not None and current.input_hash == inputs:
            return _unchanged(store, current, outcomes, started)
        return _publish(specs, outcomes, inputs, store, settings, reporter, on_step, ahead or {}, started)


def parse_ahead(settings: Settings, but: str) -> Ahead:
    """Every source but one, parsed from the copies on disk: for whoever will run soon and has to wait until then.

    Takes what is true by now; a source of which the run finds other copies is parsed again. One that cannot be parsed is
    left to the run, which says so.
    """
    give_memory_back()
    from etl.sources.registry import parse_source

    specs = [spec for spec in load_specs(settings.sources_dir) if spec.source_id != but]
    parsed: Ahead = {}
    with suppress(SourceUnavailableError, SourceError):
        for spec, outcome in zip(specs, _fetch(specs, settings, Silence(), [], offline=True), strict=True):
            parsed[spec.source_id] = outcome, parse_source(spec, outcome.copies, settings.sources_dir, outcome.earlier)
    return parsed


def _fetch(
    specs: Sequence[SourceSpec], settings: Settings, reporter: Reporter, only: Sequence[str], offline: bool
) -> list[FetchOutcome]:
    snapshots = SnapshotStore(settings.snapshots_dir)
    with open_web(settings, offline=offline) as web:
        return [
            fetch_source(spec, snapshots, settings, reporter, web=web if not only or spec.source_id in only else None)
            for spec in specs
        ]


def _publish(
    specs: Sequence[SourceSpec],
    outcomes: Sequence[FetchOutcome],
    inputs: str,
    store: Store,
    settings: Settings,
    reporter: Reporter,
    on_step: OnStep,
    ahead: Ahead,
    started: float,
) -> RunResult:
    # Tables come and go once here: Arrow's own pool would keep their memory, the system's gives it back.
    give_memory_back()
    pa.set_memory_pool(pa.system_memory_pool())
    # Only a run that has something to build pays for what it takes.
    from etl.build import build
    from etl.release import content_hash
    from etl.sources.registry import parse_source

    on_step("parse")
    reporter.begin("leer y verificar")
    sources = [
        _still_true(ahead.pop(spec.source_id, None), spec, outcome)
        or parse_source(spec, outcome.copies, settings.sources_dir, outcome.earlier)
        for spec, outcome in zip(specs, outcomes, strict=True)
    ]
    on_step("build")
    built = build(sources, outcomes)
    # What the parsers gave is in the tables now; a large source is not kept twice.
    del sources
    previous = store.current()
    built_at = datetime.now(UTC).replace(microsecond=0)
    identity = new_release_id(built_at, inputs)
    counts, findings = built.counts, built.findings
    tables = {name: columns for name, columns in built.tables.items() if name not in OWN_TABLES}
    # So that each table is let go once it is written.
    del built
    info = ReleaseInfo(
        release_id=identity,
        built_at=built_at,
        input_hash=inputs,
        content_hash=content_hash(tables),
        schema_version=schema_version(),
        git_commit=_git_commit(),
        previous_release_id=previous.release_id if previous else None,
        rows={name: len(rows) for name, rows in tables.items()},
    )
    reporter.end(f"leer y verificar: {sum(info.rows.values()):,} filas en {len(tables)} tablas")
    on_step("write")
    with store.begin(identity) as draft:
        for name in list(tables):
            draft.write(name, tables.pop(name))
        # After the tables, which are then in the draft and no longer in memory.
        if previous is not None:
            _write_changes(draft, store, previous.release_id, built_at)
        info = draft.publish(info)
    return RunResult(
        identity,
        True,
        time.monotonic() - started,
        [
            SourceResult(outcome.source_id, _via(outcome), count.read, count.loaded, count.rejected, count.ignored)
            for outcome in outcomes
            for count in [counts[outcome.source_id]]
        ],
        findings,
        info.rows,
    )


def _still_true(ahead: tuple[FetchOutcome, Source] | None, spec: SourceSpec, found: FetchOutcome) -> Source | None:
    """What was parsed ahead of a source, if its description and its copies are the same now."""
    if ahead is None:
        return None
    then, source = ahead
    same = (source.spec, then.copies, then.earlier) == (spec, found.copies, found.earlier)
    return source if same else None


def _write_changes(draft: Draft, store: Store, previous: str, at: datetime) -> None:
    """The changes of every release since the first, those of the draft last, and what they are about."""
    from etl.changes import changes_of

    def before(declared: Table) -> Iterator[pa.Table]:
        return store.read_parts(previous, declared)

    draft.settle()
    for name in ("changes", "change_subjects"):
        for rows in before(TABLES[name]):
            draft.write(name, arrow_table(TABLES[name], rows))
    # What was read of a release stays in memory until then.
    store.close()
    for changes, subjects in changes_of(before, draft.read_parts, draft.release_id, at):
        draft.write("changes", changes)
        draft.write("change_subjects", subjects)


def _unchanged(store: Store, current: ReleaseInfo, outcomes: Sequence[FetchOutcome], started: float) -> RunResult:
    counts: dict[str, Counter[str]] = {outcome.source_id: Counter() for outcome in outcomes}
    for row in store.read_table(current.release_id, "snapshots").to_pylist():
        for name in ("read", "loaded", "rejected", "ignored"):
            counts[row["source_id"]][name] += row[f"rows_{name}"] or 0
    findings = Counter(row["severity"] for row in store.read_table(current.release_id, "findings").to_pylist())
    sources = [
        SourceResult(
            o.source_id, _via(o), **{n: counts[o.source_id][n] for n in ("read", "loaded", "rejected", "ignored")}
        )
        for o in outcomes
    ]
    return RunResult(current.release_id, False, time.monotonic() - started, sources, findings, current.rows)


def _via(outcome: FetchOutcome) -> str:
    """The way that served the source; with several files, the freshest way any of them took."""
    ways = {outcome.served_by(copy.file) for copy in outcome.copies}
    return next((way for way in ("live", "archive") if way in ways), "bundled")


def _git_commit() -> str | None:
    """The commit of the code, None outside of a checkout.

    On a server the checkout is root's and the run is not: git then has to be told that its owner is trusted.
    """
    try:
        done = subprocess.run(
            ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
