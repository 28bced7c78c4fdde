"""Several people at one round: nobody's answers are lost, and what fails halfway leaves the round as it was."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.published import ReleaseError
from data.round_copies import SOURCE_ID, file_of, newest_copies
from etl.__main__ import main
from etl.progress import Silence
from etl.release import open_store
from etl.snapshots import SnapshotStore
from etl.survey.importing import Import, check, publish
from etl.survey.instrument import instruments
from etl.survey.phases import UNDOING, Phases
from etl.survey.turns import RoundChangedError
from etl.survey.undo import undo
from settings import Settings
from tests.etl.survey.answered import SaidReturn, as_csv, made_up_round, rows_of

pytestmark = pytest.mark.slow

RETURNS = made_up_round(exercises=3, answering=2, without=0)


@dataclass
class FullDisk(Phases):
    """A run whose disk is full when it begins to write."""

    def step(self, name: str) -> None:
        if name == "begun":
            raise OSError("No space left on device")


@pytest.fixture
def own(installation: Settings, tmp_path: Path) -> Settings:
    """An installation of a test's own, without any import; the folder of its copies and releases is its alone."""
    shutil.copytree(installation.snapshots_dir, tmp_path / "snapshots")
    shutil.copytree(installation.releases_dir, tmp_path / "releases")
    return installation.model_copy(
        update={"snapshots_dir": tmp_path / "snapshots", "releases_dir": tmp_path / "releases"}
    )


def checked(own: Settings, body: SaidReturn) -> Import:
    """The return of one body, checked."""
    path = own.releases_dir.parent / f"{body.state_code}.csv"
    path.write_bytes(as_csv(rows_of([body])))
    return check(path, "2026", instruments()["2026"], own)


def published(own: Settings, body: SaidReturn) -> Import:
    """The return of one body, published."""
    result = checked(own, body)
    publish(result, own, Silence(), Phases(UNDOING))
    return result


def answering(own: Settings) -> int:
    """How many bodies the round has."""
    return next((len(copy.answered) for copy in newest_copies(own.snapshots_dir, "2026")), 0)


def test_of_two_checked_against_the_same_round_only_the_first_is_published(own: Settings) -> None:
    first, second = checked(own, RETURNS[0]), checked(own, RETURNS[1])
    publish(first, own, Silence(), Phases(UNDOING))
    with pytest.raises(RoundChangedError):
        publish(second, own, Silence(), Phases(UNDOING))
    assert (answering(own), second.release_id) == (1, None)
    published(own, RETURNS[1])
    assert answering(own) == 2, "and the second once it was checked anew, with nobody's answers lost"


def test_what_is_undone_is_what_was_seen(own: Settings) -> None:
    published(own, RETURNS[0])
    seen = newest_copies(own.snapshots_dir, "2026")[0].sha256
    published(own, RETURNS[1])
    with pytest.raises(RoundChangedError):
        undo(own, Silence(), "2026", Phases(UNDOING), seen)
    assert answering(own) == 2
    undo(own, Silence(), "2026", Phases(UNDOING), newest_copies(own.snapshots_dir, "2026")[0].sha256)
    assert answering(own) == 1


def test_the_newest_copies_tell_what_undoing_would_bring_back(own: Settings) -> None:
    assert newest_copies(own.snapshots_dir, "2026") == []
    assert newest_copies(own.snapshots_dir / "nowhere", "2026") == []
    imports = [published(own, body) for body in RETURNS[:2]]
    newest, before = newest_copies(own.snapshots_dir, "2026")
    assert (newest.upload_sha256, newest.bodies) == (imports[1].sha256, 1)
    assert newest.answered == {body.state_code for body in RETURNS}
    assert before.upload_sha256 == imports[0].sha256
    assert before.answered == {RETURNS[0].state_code}
    kept = SnapshotStore(own.snapshots_dir).newest(SOURCE_ID, file_of("2026"))
    assert kept is not None
    assert (newest.sha256, newest.kept_at) == (kept.sha256, kept.fetched_at)


@pytest.mark.parametrize("earlier", [0, 1])
def test_an_undoing_that_fails_leaves_the_import(own: Settings, earlier: int) -> None:
    for body in RETURNS[: earlier + 1]:
        published(own, body)
    store = open_store(own)
    before, served = newest_copies(own.snapshots_dir, "2026"), store.current()
    assert served is not None
    for info in store.releases():
        if info.release_id != served.release_id:
            (own.releases_dir / f"{info.release_id}.duckdb").unlink()
    with pytest.raises(ReleaseError, match="No space left"):
        undo(own, Silence(), "2026", FullDisk(UNDOING))
    assert newest_copies(own.snapshots_dir, "2026") == before
    assert SnapshotStore(own.snapshots_dir).audit() == []
    assert store.current() == served


def test_a_publication_that_fails_leaves_the_round(own: Settings) -> None:
    published(own, RETURNS[0])
    before, served = newest_copies(own.snapshots_dir, "2026"), open_store(own).current()
    with pytest.raises(ReleaseError, match="No space left"):
        publish(checked(own, RETURNS[1]), own, Silence(), FullDisk(UNDOING))
    assert newest_copies(own.snapshots_dir, "2026") == before
    assert open_store(own).current() == served


def test_a_failure_is_an_object_for_who_asked_for_one(
    own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APERTURA_SNAPSHOTS_DIR", str(own.snapshots_dir))
    monkeypatch.setenv("APERTURA_RELEASES_DIR", str(own.releases_dir))
    assert main(["import-survey", "--round", "2026", "--undo", "--json"]) == 1
    failure = json.loads(capsys.readouterr().out)["failure"]
    assert failure == {"reason": "nothing_to_undo", "message": "La ronda 2026 no tiene importaciones que deshacer."}
    path = own.releases_dir.parent / "una.csv"
    path.write_bytes(as_csv(rows_of(RETURNS[:1])))
    expecting = ["import-survey", str(path), "--round", "2026", "--accept-warnings", "--json", "--expect"]
    assert main([*expecting, "0" * 64]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["stopped"], told["release_id"], told["seen"]) == ("changed", None, "none")
    assert told["preview"]["new_states"] == [RETURNS[0].state_code], "and what would change now"
    assert main([*expecting, told["seen"]]) == 0
