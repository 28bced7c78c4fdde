"""Takes back the newest import of a round: its copy leaves the disk, and the release before it is served again."""

from __future__ import annotations

import os
from dataclasses import dataclass

from etl.fetch import earlier_copies
from etl.inputs import input_hash
from etl.manifest import Manifest, flush, read_manifest, write_manifest
from etl.progress import Reporter
from etl.release import open_store
from etl.run import run
from etl.snapshots import Copy, SnapshotError, SnapshotStore
from etl.sources.spec import load_specs
from etl.survey.phases import Phases
from etl.survey.rounds import SOURCE_ID, file_of, read_round
from settings import Settings


def withdraw(store: SnapshotStore, round_id: str) -> Copy:
    """Remove the newest copy of a round, so that the one before is the newest again; returns what was removed.

    A kill in between leaves at most a file that no manifest lists, which is no copy. Raises ``SnapshotError`` when
    nothing was imported, or the disk refuses.
    """
    copy = store.newest(SOURCE_ID, file_of(round_id))
    if copy is None:
        raise SnapshotError(f"La ronda {round_id} no tiene importaciones que deshacer.")
    folder = copy.path.parent
    files = {name: entry for name, entry in read_manifest(folder).files.items() if name != copy.file}
    with store.incoming() as place:
        if files:
            write_manifest(folder, Manifest(files=files), place)
            copy.path.unlink()
        else:
            os.rename(folder, place / "withdrawn")
            flush(folder.parent)
    return copy


@dataclass(frozen=True)
class Undone:
    """The release that is served then, whether it is one from before, and the hash of the file whose answers are gone."""

    release_id: str
    is_earlier: bool
    sha256: str | None


def undo(settings: Settings, reporter: Reporter, round_id: str, phases: Phases) -> Undone:
    """Undo the newest import of a round.

    Where nothing else changed meanwhile, the release of before the import is served again under its own id. Otherwise
    a new one is built without the import, so that what came from other sources since is not lost.
    """
    phases.begin("undo")
    snapshots, store = SnapshotStore(settings.snapshots_dir), open_store(settings)
    with store.run_lock():
        taken_back = read_round(snapshots, round_id)
        withdraw(snapshots, round_id)
    sha256 = taken_back["imports"][-1]["sha256"] if taken_back else None
    specs = load_specs(settings.sources_dir)
    copies = []
    for spec in specs:
        newest = snapshots.copies(spec.source_id, [file.name for file in spec.files])
        copies += [*newest, *earlier_copies(spec, snapshots, newest)]
    inputs = input_hash(copies, settings.sources_dir)
    earlier = next((info for info in store.releases() if info.input_hash == inputs), None)
    if earlier is not None:
        store.rollback(earlier.release_id)
        return Undone(earlier.release_id, True, sha256)
    return Undone(run(settings, reporter, offline=True, on_step=phases.step).release_id, False, sha256)
