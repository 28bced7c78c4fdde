"""The copies on disk: what is kept, in which order, and what a damaged one says."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.snapshots import Copy, SnapshotError, SnapshotStore
from settings import ROOT

BUNDLED = ROOT / "data" / "snapshots"
STEPS_ON_DISK = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod"}
NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def keep(
    store: SnapshotStore, content: bytes | Path, moment: datetime = NOON, file: str = "a.csv", **more: Any
) -> Copy:
    return store.keep("tried", file, content, **{"url": None, "via": "live", "fetched_at": moment, **more})


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


def test_every_bundled_file_has_the_hash_of_its_manifest_and_there_is_no_other() -> None:
    assert SnapshotStore(BUNDLED).audit() == []


def test_the_bundled_files_are_those_that_the_sources_name() -> None:
    found = {path.relative_to(BUNDLED).parent.as_posix() for path in BUNDLED.glob("*/*/manifest.json")}
    assert found == {
        "national_board/2019-11-22",
        "national_plans/2026-11-23",
        "ogp_commitments/2017-03-30",
        "ogp_commitments/2024-07-06",
        "ogp_pages/2026-11-23",
        "ogp_local/2026-11-23",
        "state_exercises/2026-11-23",
        "state_survey/2026-11-23",
        "metrica/2026-11-23",
        "national_aggregates/2026-11-23",
        "reference/2026-11-23",
    }


def test_a_bundled_copy_says_where_it_came_from() -> None:
    board = SnapshotStore(BUNDLED).newest("national_board", "board.json")
    assert board is not None
    assert (board.snapshot_id, board.via) == ("national_board/2019-11-22/board.json", "bundled")
    assert (board.fetched_at, board.url) == ("2019-11-22", "https://github.com/llucio/AGA-Tablero")
    assert len(json.loads(board.path.read_bytes())["data"]["plan"][0]["compromisos"]) == 13


def test_the_audit_finds_an_alien_a_missing_an_altered_and_a_misplaced_file(tmp_path: Path) -> None:
    shutil.copytree(BUNDLED / "ogp_local", tmp_path / "ogp_local")
    folder = tmp_path / "ogp_local" / "2026-11-23"
    (folder / "alien.csv").write_bytes(b"x")
    (folder / "multicity.csv").unlink()
    (folder / "localities.csv").write_bytes(b"x")
    (tmp_path / "stray.csv").write_bytes(b"x")
    problems = "\n".join(SnapshotStore(tmp_path).audit())
    assert problems.count("\n") == 3
    for words in (
        "alien.csv: not listed",
        "multicity.csv: listed in",
        "localities.csv: differs",
        "stray.csv: a file out",
    ):
        assert words in problems


def test_the_audit_goes_on_after_a_folder_it_cannot_read(tmp_path: Path) -> None:
    for source_id in ("metrica", "ogp_local", "reference"):
        shutil.copytree(BUNDLED / source_id, tmp_path / source_id)
    (tmp_path / "metrica" / "2026-11-23").rename(tmp_path / "metrica" / "last-year")
    (tmp_path / "ogp_local" / "2026-11-23" / "manifest.json").write_text("{")
    (tmp_path / "reference" / "2026-11-23" / "states.csv").unlink()
    named, broken, missing = SnapshotStore(tmp_path).audit()
    assert "last-year: not a date" in named
    assert "manifest.json: not a manifest" in broken
    assert "states.csv: listed" in missing


def test_a_copy_is_kept_with_everything_known_about_it(store: SnapshotStore) -> None:
    kept = keep(store, b"a,b\r\n1,2\r\n", url="https://example.org/a.csv", etag='"1"', last_modified="Mon, 01 Jan 2024")
    assert kept == store.newest("tried", "a.csv")
    assert kept.path.read_bytes() == b"a,b\r\n1,2\r\n"
    assert kept.sha256 == hashlib.sha256(b"a,b\r\n1,2\r\n").hexdigest()
    assert (kept.date, kept.fetched_at, kept.bytes) == ("2026-11-23", "2026-11-23T12:00:00Z", 10)
    assert (kept.url, kept.via, kept.etag) == ("https://example.org/a.csv", "live", '"1"')
    assert store.audit() == []


def test_a_file_given_as_a_path_is_moved_in(store: SnapshotStore, tmp_path: Path) -> None:
    with store.incoming() as place:
        (place / "x").write_bytes(b"moved")
        assert keep(store, place / "x").path.read_bytes() == b"moved"
        assert not (place / "x").exists()


def test_equal_content_makes_no_new_copy(store: SnapshotStore) -> None:
    first = keep(store, b"same")
    assert keep(store, b"same", datetime(2027, 1, 1, tzinfo=UTC), via="archive") == first


def test_equal_content_from_the_same_address_takes_over_its_new_validators(store: SnapshotStore) -> None:
    keep(store, b"same", url="https://example.org/a", etag='"1"')
    keep(store, b"other", file="b.csv")
    again = keep(store, b"same", url="https://example.org/a", etag='"2"')
    assert (again.date, again.etag, store.newest("tried", "a.csv")) == ("2026-11-23", '"2"', again)
    assert keep(store, b"same", url="https://example.org/elsewhere", etag='"3"').etag == '"2"'
    assert store.audit() == []


def test_another_content_on_the_same_day_gets_its_time_and_is_the_newest(store: SnapshotStore) -> None:
    dates = [keep(store, content, NOON).date for content in (b"1", b"2", b"3")]
    assert dates == ["2026-11-23", "2026-11-23T120000Z", "2026-11-23T120001Z"]
    newest = store.newest("tried", "a.csv")
    assert newest is not None
    assert newest.path.read_bytes() == b"3"


def test_another_file_of_the_day_joins_its_folder(store: SnapshotStore) -> None:
    keep(store, b"1")
    assert keep(store, b"2", file="b.csv").date == "2026-11-23"
    assert [copy.file for copy in store.copies("tried", ["b.csv", "none.csv", "a.csv"])] == ["b.csv", "a.csv"]
    assert store.audit() == []


def test_the_newest_copy_of_a_file_may_stand_in_an_older_folder_than_that_of_another(store: SnapshotStore) -> None:
    keep(store, b"1", datetime(2024, 7, 6, tzinfo=UTC), file="a.csv")
    keep(store, b"2", datetime(2025, 1, 1, tzinfo=UTC), file="b.csv")
    assert [copy.date for copy in store.copies("tried", ["a.csv", "b.csv"])] == ["2024-07-06", "2025-01-01"]


def test_an_archived_copy_is_dated_by_its_capture(store: SnapshotStore) -> None:
    kept = keep(store, b"1", via="archive", captured_at=datetime(2021, 5, 4, tzinfo=UTC))
    assert (kept.date, kept.fetched_at) == ("2021-05-04", "2026-11-23T12:00:00Z")


def test_content_older_than_the_newest_copy_is_refused(store: SnapshotStore) -> None:
    keep(store, b"1")
    with pytest.raises(SnapshotError, match=r"2020-01-01, older than the copy of 2026-11-23.*clock"):
        keep(store, b"2", datetime(2020, 1, 1, tzinfo=UTC))


def test_nothing_on_disk_is_no_copy(store: SnapshotStore) -> None:
    assert store.newest("tried", "a.csv") is None
    assert store.copies("tried", ["a.csv"]) == []


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "a.csv").write_bytes(b"other"), r"a\.csv: differs .* restore the original"),
        (lambda folder: (folder / "a.csv").unlink(), r"a\.csv: listed .* cannot be read .* restore it"),
        (
            lambda folder: (folder / "manifest.json").write_text("{"),
            r"manifest\.json: not a manifest, the file: .* restore",
        ),
        (lambda folder: (folder / "manifest.json").write_text('{"files": {}, "note": ""}'), r"note: Extra inputs"),
        (lambda folder: (folder / "manifest.json").write_text('{"files": {"a.csv": {}}}'), r"files\.a\.csv\.sha256"),
        (lambda folder: (folder / "manifest.json").unlink(), r"manifest\.json: cannot be read .* restore it"),
        (lambda folder: folder.rename(folder.with_name("2026-13-01")), r"2026-13-01: not a date; name the folder"),
    ],
)
def test_a_damaged_folder_is_told_with_its_file_and_remedy(store: SnapshotStore, damage: Any, message: str) -> None:
    damage(keep(store, b"1").path.parent)
    with pytest.raises(SnapshotError, match=message):
        store.newest("tried", "a.csv")


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a", "a//b", "", ".hidden", "manifest.json", "a b"])
def test_a_name_that_could_leave_its_folder_is_refused(store: SnapshotStore, name: str) -> None:
    with pytest.raises(SnapshotError, match="cannot name a copy"):
        keep(store, b"1", file=name)


@pytest.mark.parametrize("source_id", ["../up", "", "Upper", ".incoming"])
def test_a_source_that_could_leave_the_folder_is_refused(store: SnapshotStore, source_id: str) -> None:
    with pytest.raises(SnapshotError, match="is no source id"):
        store.keep(source_id, "a.csv", b"1", url=None, via="live", fetched_at=NOON)


def test_a_disk_that_refuses_is_told_and_leaves_the_copies_as_they_were(store: SnapshotStore) -> None:
    first = keep(store, b"1")

    def keep_too_much() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        told = rf"{os.strerror(errno.EFBIG)}\); free space or check the permissions"
        with pytest.raises(SnapshotError, match=told):
            keep(store, b"x" * 5000)

    assert _child(keep_too_much) == 0
    assert store.newest("tried", "a.csv") == first
    assert store.audit() == []


@pytest.mark.parametrize("existing", [False, True], ids=["new folder", "existing folder"])
def test_a_kill_at_any_step_leaves_the_old_copy_or_the_whole_new_one(tmp_path: Path, existing: bool) -> None:
    outcomes = []
    for number in range(1, 20):
        store = SnapshotStore(tmp_path / str(number))
        keep(store, b"old")
        if existing:
            keep(store, b"other", NOON.replace(day=24), file="b.csv")
        status = _child(partial(_keep_and_die, store, number))
        newest = store.newest("tried", "a.csv")
        assert newest is not None
        outcomes.append(newest.path.read_bytes())
        assert keep(store, b"next", NOON.replace(day=25)) == store.newest("tried", "a.csv")
        if status == 0:
            break
        assert status == -signal.SIGKILL
    assert outcomes == sorted(outcomes, reverse=True), "once it is there, it stays"
    assert len(outcomes) > 5
    assert set(outcomes) == {b"old", b"new"}


def test_what_a_killed_run_left_behind_is_swept_after_a_day(store: SnapshotStore) -> None:
    leftovers = [store.root / ".incoming" / name for name in ("yesterday", "now")]
    for leftover in leftovers:
        leftover.mkdir(parents=True)
    os.utime(leftovers[0], (0, 0))
    keep(store, b"1")
    assert [leftover.exists() for leftover in leftovers] == [False, True]


@given(st.lists(st.binary(max_size=20), max_size=6), st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_the_newest_copy_is_always_the_last_one_kept(
    tmp_path_factory: Any, contents: list[bytes], gaps: list[int]
) -> None:
    store = SnapshotStore(tmp_path_factory.mktemp("copies"))
    moment = NOON
    for content, days in zip(contents, gaps, strict=False):
        moment = moment.fromtimestamp(moment.timestamp() + days * 86_400, UTC)
        assert keep(store, content, moment) == store.newest("tried", "a.csv")
        newest = store.newest("tried", "a.csv")
        assert newest is not None
        assert newest.path.read_bytes() == content
    assert contents == [] or store.audit() == []


def _child(commands: Callable[[], object]) -> int:
    """Run ``commands`` in a process of its own; its exit status, 0 when they end well and -9 when it was killed."""
    pid = os.fork()
    if pid == 0:
        try:
            commands()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _keep_and_die(store: SnapshotStore, number: int) -> None:
    """Keep a copy, but end this process, as ``kill -9`` does, just before its n-th step on the disk."""
    left = number

    def step(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in STEPS_ON_DISK and str(store.root) in str(arguments[0]):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    keep(store, b"new", NOON.replace(day=24))
