"""DuckDB files in trouble: full disks, closed folders, damaged pointers and files. The site goes on serving."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from data.database import Database
from etl.release import ReleaseError, ReleaseInfo, Store, open_store
from etl.stores import duckdb_files
from settings import Settings
from tests.both_engines import contents, publish
from tests.publications import PROCESSES, ended, publish_as_nobody, publish_in_bytes, start

pytestmark = pytest.mark.slow

# Less than the smallest release needs.
TOO_FEW_BYTES = 600_000


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account can pass through, as pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="apertura-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def files(folder: Path) -> Iterator[Store]:
    opened = open_store(Settings(releases_dir=folder))
    yield opened
    opened.close()


@pytest.fixture
def two(files: Store) -> tuple[ReleaseInfo, ReleaseInfo]:
    """The first and the second of two releases."""
    return publish(files, contents(n01="Uno"), 1), publish(files, contents(n01="Dos"), 2)


def served(store: Store) -> tuple[str | None, str | None]:
    """What a new process of the site serves, and what it says is wrong."""
    database = Database(store.settings)
    handle = database.current()
    database.close()
    return handle.release_id if handle else None, database_problem(store)


def database_problem(store: Store) -> str | None:
    database = Database(store.settings)
    database.current()
    problem = database.problem
    database.close()
    return problem


def test_the_files_are_what_they_say(files: Store, folder: Path, two: tuple[ReleaseInfo, ReleaseInfo]) -> None:
    first, second = (info.release_id for info in two)
    assert json.loads((folder / "current").read_text()) == {"current": second, "published": [second, first]}
    checked = subprocess.run(
        ["sha256sum", "--check", *(path.name for path in folder.glob("*.sha256"))],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(checked.stdout.splitlines()) == [f"{first}.duckdb: OK", f"{second}.duckdb: OK"]


def test_every_duckdb_since_1_0_opens_a_release(files: Store, two: tuple[ReleaseInfo, ReleaseInfo]) -> None:
    database = Database(files.settings)
    handle = database.current()
    assert handle is not None
    with handle.connect() as connection:
        tags = connection.scalar(text("SELECT tags FROM duckdb_databases() WHERE NOT internal"))
    database.close()
    assert tags == {"storage_version": "v1.0.0+"}


@pytest.mark.parametrize("pointer", [b"", b"\x00\xff", b"{}", b'{"current": "../../etc/passwd", "published": []}'])
def test_a_corrupt_pointer_leaves_the_newest_release_served(
    files: Store, folder: Path, two: tuple[ReleaseInfo, ReleaseInfo], pointer: bytes
) -> None:
    first, second = two
    (folder / "current").write_bytes(pointer)
    release_id, problem = served(files)
    assert release_id == second.release_id
    assert problem is not None
    assert "current cannot be used" in problem
    assert "etl rollback" in problem
    assert files.current() == second
    files.rollback(first.release_id)
    assert served(files) == (first.release_id, None)
    assert files.releases() == [second, first]


def test_the_next_run_mends_a_corrupt_pointer_and_loses_no_release(
    files: Store, folder: Path, two: tuple[ReleaseInfo, ReleaseInfo]
) -> None:
    (folder / "current").write_text("?")
    third = publish(files, contents(n01="Tres"), 3)
    assert third.previous_release_id == two[1].release_id
    assert served(files) == (third.release_id, None)
    assert files.releases() == [third, two[1], two[0]]


@pytest.mark.parametrize("damage", ["truncated", "overwritten", "removed", "without its hash"])
def test_a_damaged_release_leaves_the_one_before_served(
    files: Store, folder: Path, two: tuple[ReleaseInfo, ReleaseInfo], damage: str
) -> None:
    first, second = two
    path = folder / f"{second.release_id}.duckdb"
    whole = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "overwritten":
        path.write_bytes(whole[:500_000] + b"\xff" * 4096 + whole[504_096:])
    else:
        (path if damage == "removed" else path.with_name(f"{path.name}.sha256")).unlink()
    release_id, problem = served(files)
    assert release_id == first.release_id
    assert problem is not None
    assert second.release_id in problem
    assert files.current() == first
    assert files.releases() == [first]
    with pytest.raises(ReleaseError, match="There is no release"):
        files.rollback(second.release_id)
    third = publish(files, contents(n01="Tres"), 3)
    assert served(files) == (third.release_id, None)


def test_a_process_that_serves_goes_on_when_everything_is_damaged(
    files: Store, folder: Path, two: tuple[ReleaseInfo, ReleaseInfo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.database.CHECK_SECONDS", 0.0)
    database = Database(files.settings)
    assert database.current() is not None
    for path in folder.iterdir():
        path.unlink()
    handle = database.current()
    assert handle is not None
    assert handle.info == two[1]
    with handle.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM commitments")) == 1
    database.close()


@pytest.mark.parametrize("limit", [TOO_FEW_BYTES, 4096, 10])
def test_a_full_disk_is_told_and_leaves_nothing(
    files: Store, folder: Path, two: tuple[ReleaseInfo, ReleaseInfo], limit: int
) -> None:
    before = {path.name for path in folder.iterdir()}
    told = PROCESSES.SimpleQueue()
    process = start(publish_in_bytes, files.settings, contents(n01="Tres"), 3, limit, told)
    assert ended(process) == 0
    message = told.get()
    assert str(folder) in message
    assert "Free space" in message
    assert {path.name for path in folder.iterdir()} == before
    assert files.current() == two[1]
    assert publish(files, contents(n01="Cuatro"), 4) == files.current()


def test_a_folder_that_may_not_be_written_is_told(
    files: Store, folder: Path, two: tuple[ReleaseInfo, ReleaseInfo]
) -> None:
    folder.chmod(0o555)
    (folder / ".run.lock").chmod(0o444)
    told = PROCESSES.SimpleQueue()
    assert ended(start(publish_as_nobody, files.settings, contents(n01="Tres"), 3, told)) == 0
    message = told.get()
    assert f"{folder} cannot be written" in message
    assert "APERTURA_RELEASES_DIR" in message
    assert served(files) == (two[1].release_id, None)
    folder.chmod(0o755)


@pytest.mark.parametrize(("megabytes", "is_published"), [((4, 512), True), ((4, 4), False)])
def test_what_takes_more_memory_to_verify_gets_more(
    files: Store, monkeypatch: pytest.MonkeyPatch, megabytes: tuple[int, ...], is_published: bool
) -> None:
    monkeypatch.setattr(duckdb_files, "VERIFYING_MEMORY", megabytes)
    tables = contents(n01="Uno")
    [country] = tables["countries"]
    tables["countries"] += [country | {"country_code": f"{'X' * 40} {number}"} for number in range(60_000)]
    if is_published:
        assert publish(files, tables, 1).rows["countries"] == 60_001
    else:
        with pytest.raises(ReleaseError, match="Out of Memory"):
            publish(files, tables, 1)
        assert files.current() is None


def test_a_folder_that_is_a_file_is_told(folder: Path) -> None:
    (folder / "file").touch()
    for name in ("file", "file/releases"):
        store = open_store(Settings(releases_dir=folder / name))
        with pytest.raises(ReleaseError, match=r"cannot be written.*APERTURA_RELEASES_DIR"):
            publish(store, contents(n01="Uno"))
