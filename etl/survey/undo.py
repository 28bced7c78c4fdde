"""Takes back the newest import of a round: its copy leaves the disk, and the release before it is served again."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.round_copies import SOURCE_ID, file_of
from etl.fetch import earlier_copies
from etl.inputs import input_hash
from etl.manifest import MANIFEST, Entry, Manifest, flush, read_manifest, write_manifest
from etl.progress import Reporter
from etl.release import RunInProgressError, open_store
from etl.run import run
from etl.snapshots import Copy, SnapshotStore
from etl.sources.spec import load_specs
from etl.survey.phases import Phases
from etl.survey.rounds import round_in
from etl.survey.turns import NothingToUndoError, RoundChangedError, limit_of_patience, named, turn
from settings import Settings


@dataclass(frozen=True)
class Undone:
    """The release that is served then, whether it is one from before, and the hash of the file whose answers are gone."""

    release_id: str
    is_earlier: bool
    sha256: str | None


def withdraw(store: SnapshotStore, copy: Copy) -> None:
    """Remove a copy of a round, so that the one before is the newest again; one that is gone already stays so.

    A kill in between leaves at most a file that no manifest lists, which is no copy. Raises ``SnapshotError`` or
    ``OSError`` when the disk refuses.
    """
    with store.incoming() as place:
        _take_away(copy, place)


@contextmanager
def withdrawn(store: SnapshotStore, copy: Copy) -> Iterator[None]:
    """A copy of a round removed, and put back where it was when what is done without it fails."""
    folder = copy.path.parent
    with store.incoming() as place:
        manifest = read_manifest(folder)
        (place / "kept").mkdir()
        shutil.copy2(copy.path, place / "kept" / copy.file)
        _take_away(copy, place)
        try:
            yield
        except BaseException:
            folder.mkdir(exist_ok=True)
            os.replace(place / "kept" / copy.file, copy.path)
            write_manifest(folder, Manifest(files={copy.file: manifest.files[copy.file], **_files(folder)}), place)
            raise


def undo(settings: Settings, reporter: Reporter, round_id: str, phases: Phases, expected: str | None = None) -> Undone:
    """Undo the newest import of a round; with ``expected`` only if its copy has that hash.

    Where nothing else changed meanwhile, the release of before the import is served again under its own id. Otherwise
    a new one is built without the import, so that what came from other sources since is not lost. When that fails, the
    import stays. Raises ``NothingToUndoError``, ``RoundChangedError``, and what a run raises.
    """
    phases.begin("undo")
    snapshots, store = SnapshotStore(settings.snapshots_dir), open_store(settings)
    limit = limit_of_patience()
    while True:
        try:
            with ExitStack() as held:
                with turn(store, limit):
                    copy = snapshots.newest(SOURCE_ID, file_of(round_id))
                    if expected is not None and expected != named(copy):
                        raise RoundChangedError
                    if copy is None:
                        raise NothingToUndoError(round_id)
                    sha256 = round_in(copy)["imports"][-1]["sha256"]
                    held.enter_context(withdrawn(snapshots, copy))
                return _served_without(settings, reporter, phases, sha256)
        except RunInProgressError:
            if time.monotonic() > limit:
                raise


def _served_without(settings: Settings, reporter: Reporter, phases: Phases, sha256: str) -> Undone:
    """Serve what the copies on disk give, without building it anew where a release is there already."""
    snapshots, store = SnapshotStore(settings.snapshots_dir), open_store(settings)
    copies = []
    for spec in load_specs(settings.sources_dir):
        newest = snapshots.copies(spec.source_id, [file.name for file in spec.files])
        copies += [*newest, *earlier_copies(spec, snapshots, newest)]
    inputs = input_hash(copies, settings.sources_dir)
    earlier = next((info for info in store.releases() if info.input_hash == inputs), None)
    if earlier is not None:
        store.rollback(earlier.release_id)
        return Undone(earlier.release_id, True, sha256)
    return Undone(run(settings, reporter, offline=True, on_step=phases.step).release_id, False, sha256)


def _files(folder: Path) -> dict[str, Entry]:
    """The entries of a folder; none where the folder went with its only copy."""
    return dict(read_manifest(folder).files) if (folder / MANIFEST).is_file() else {}


def _take_away(copy: Copy, place: Path) -> None:
    folder = copy.path.parent
    files = _files(folder)
    if files.pop(copy.file, None) is None:
        return
    if files:
        write_manifest(folder, Manifest(files=files), place)
        copy.path.unlink()
    else:
        os.rename(folder, place / "withdrawn")
        flush(folder.parent)
