"""From an uploaded file to a release: read, check, show what would change, and publish only what has no error."""

from __future__ import annotations

import time
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.lean import collect_rarely
from data.round_copies import SOURCE_ID, file_of
from etl.manifest import hash_of
from etl.progress import Reporter
from etl.snapshots import SnapshotStore
from etl.sources.reading import Source
from etl.sources.registry import REFERENCE, parse_source
from etl.sources.spec import SourceError, load_spec
from etl.survey.answers import Reader
from etl.survey.container import FileRefusedError
from etl.survey.instrument import Instrument
from etl.survey.phases import CHECKING, Phases
from etl.survey.preview import Preview, preview
from etl.survey.reading import read_book
from etl.survey.report import Report
from etl.survey.returns import body_returns
from etl.survey.rounds import Imported, keep_round, merged_round, round_file, round_in
from etl.survey.rows import read_rows
from etl.survey.turns import RoundChangedError, limit_of_patience, named, turn
from settings import Settings

if TYPE_CHECKING:
    from etl.run import Ahead


@dataclass
class Import:
    """What came of a file: its report and preview. ``seen`` names how the round stood then (``turns.named``); ``content``
    is what the file of the round would be, None with errors and once it is kept; ``release_id`` is set once it is
    published."""

    round_id: str
    sha256: str
    report: Report
    preview: Preview | None = None
    seen: str | None = None
    content: bytes | None = field(default=None, repr=False)
    release_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The result as the command prints it with ``--json``."""
        return {
            "sha256": self.sha256,
            "report": self.report.as_json(),
            "preview": self.preview.as_json() if self.preview else None,
            "seen": self.seen,
            "release_id": self.release_id,
        }


def check_apart(
    path: Path, round_id: str, instrument: Instrument, settings: Settings, marked: Path | None, phases: Phases
) -> tuple[Import, Ahead]:
    """``check``, in a process of its own that ends with it, and the other sources, parsed meanwhile for ``publish``.
    Raises what ``check`` raises.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=collect_rarely) as apart:
        try:
            checked = apart.submit(check, path, round_id, instrument, settings, marked, phases)
            # What publishes can be loaded meanwhile, and what it publishes beside the round be read.
            for name in ("etl.build", "etl.changes", "etl.survey.undo"):
                import_module(name)
            from etl.run import parse_ahead

            ahead = parse_ahead(settings, but=SOURCE_ID)
            return checked.result(), ahead
        except BrokenExecutor as error:
            raise SourceError("El proceso que revisa el archivo se detuvo a la mitad; no se publicó nada.") from error


def check(
    path: Path,
    round_id: str,
    instrument: Instrument,
    settings: Settings,
    marked: Path | None = None,
    phases: Phases | None = None,
) -> Import:
    """Read a file and say what is wrong and what would change; changes nothing. ``marked`` is where to write the
    report as a workbook, if anywhere.

    A file that cannot be read at all is an error of the report. Raises ``OSError``, ``SnapshotError``, ``SourceError``.
    """
    report, phases = Report(), phases or Phases(CHECKING)
    phases.begin("read")
    try:
        book = read_book(path)
    except FileRefusedError as error:
        report.add("error", error.code, error.message)
        return Import(round_id, hash_of(path)[0] if path.is_file() else "", report)
    result = Import(round_id, hash_of(path)[0], report)
    phases.begin("check")
    reference = reference_of(settings)
    rows = read_rows(book, instrument, Reader(instrument, reference.states), report)
    returns = body_returns(rows, instrument, report)
    if not returns and not report.count("error"):
        report.add("error", "no_answers", "El archivo no tiene ninguna respuesta.", right="una fila por ejercicio")
    if not report.count("error"):
        phases.begin("compare")
        newest = SnapshotStore(settings.snapshots_dir).newest(SOURCE_ID, file_of(round_id))
        result.seen, before = named(newest), None if newest is None else round_in(newest)
        imported = Imported(result.sha256, tuple(report.states), report.warnings)
        bodies = {
            row["state_code"]: row["body_id"] for row in reference.tables["guarantor_bodies"] if row.get("state_code")
        }
        after = merged_round(before, round_id, instrument, returns, imported, bodies)
        names = {row["state_code"]: row["name"] for row in reference.tables["states"]}
        result.preview = preview(before, after, names)
        result.content = round_file(after)
    if marked is not None:
        from etl.survey.marked import write_workbook

        phases.begin("mark")
        write_workbook(report, book, marked)
    return result


def publish(result: Import, settings: Settings, reporter: Reporter, phases: Phases, ahead: Ahead | None = None) -> None:
    """Keep the round that ``check`` made and publish a release with it; ``result.release_id`` is then set. ``ahead`` is
    what was parsed of the other sources already.

    When the run fails, the copy is withdrawn and the release of before is served on. Raises what the run raises;
    ``RoundChangedError`` when the round is not as it was checked against, for what others published since would be lost;
    ValueError for a result with errors.
    """
    if result.content is None:
        raise ValueError("a file with errors is not published")
    # Only a publication pays for what builds a release.
    from etl.release import RunInProgressError, open_store
    from etl.run import run
    from etl.survey.undo import withdraw

    store, snapshots = open_store(settings), SnapshotStore(settings.snapshots_dir)
    limit = limit_of_patience()
    with turn(store, limit):
        newest = snapshots.newest(SOURCE_ID, file_of(result.round_id))
        if named(newest) != result.seen:
            raise RoundChangedError
        copy = keep_round(snapshots, result.round_id, result.content)
    # It is on the disk now, and the run has better uses for the memory.
    result.content = None
    try:
        while result.release_id is None:
            try:
                result.release_id = run(settings, reporter, offline=True, on_step=phases.step, ahead=ahead).release_id
            except RunInProgressError:
                if time.monotonic() > limit:
                    raise
                time.sleep(1)
    except BaseException:
        if newest is None or newest.snapshot_id != copy.snapshot_id:
            withdraw(snapshots, copy)
        raise


def reference_of(settings: Settings) -> Source:
    """The reference source as parsed from its newest copies: states, spellings, guarantor bodies."""
    spec = load_spec(settings.sources_dir / f"{REFERENCE}.yml")
    names = [file.name for file in spec.files]
    copies = SnapshotStore(settings.snapshots_dir).copies(REFERENCE, names)
    return parse_source(spec, copies, settings.sources_dir)
