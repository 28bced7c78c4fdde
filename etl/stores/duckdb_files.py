"""Releases written as DuckDB files: built under another name in the same folder, then renamed, then pointed to.

Whatever moment a run is killed at, the pointer names a whole file. What the run leaves (files whose names begin with
``.building-``, or a whole release that the pointer does not list) the next run clears away.
"""

from __future__ import annotations

import fcntl
import getpass
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any

import duckdb
import duckdb_sqlalchemy
import pyarrow as pa
from sqlalchemy import Engine, Executable, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateTable, ExecutableDDLElement

from data.duckdb_releases import (
    POINTER,
    SUFFIX,
    DuckdbReleases,
    Pointer,
    file_hash,
    hash_path,
    open_release_file,
    reader_engine,
)
from data.published import ReleaseError, ReleaseInfo
from data.schema import TABLES, key_columns
from etl.manifest import flush
from etl.stores.publication import LISTED, Draft, OnStep, RunInProgressError, Store, begun, explained, unconstrained
from etl.stores.rows import ROWS_AT_ONCE, arrow_table, in_order, is_in_order, slices
from etl.stores.verification import verify
from settings import Settings

BUILDING = ".building-"
LOCK = ".run.lock"
# The oldest format that DuckDB still writes: every version since 1.0 opens it.
STORAGE_VERSION = "v0.10.2"
# In MB. A draft has as much as its tables took, which are let go one by one. What is larger is verified with more than
# what is verified at first: not all that this takes can go to files.
LEAST_MEMORY, VERIFYING_MEMORY = 32, (48, 512, 8_192)
# What does not fit goes to files beside the draft, and is cleared away with it; more threads would only need more memory.
DRAFT: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": STORAGE_VERSION,
    "memory_limit": f"{LEAST_MEMORY}MB",
    "threads": 1,
}
_FREE_SPACE = "Free space on its disk, or keep fewer releases (APERTURA_KEEP_RELEASES)."
_PERMISSION = "Let this account write there, or name another folder in APERTURA_RELEASES_DIR."
REMEDIES = {
    "No space left": _FREE_SPACE,
    "Disk quota": _FREE_SPACE,
    "File too large": _FREE_SPACE,
    "Permission denied": _PERMISSION,
    "Read-only file system": _PERMISSION,
    "Not a directory": _PERMISSION,
    "File exists": _PERMISSION,
}
_DIALECT = duckdb_sqlalchemy.Dialect()


class DuckdbStore(Store):
    """The releases in one folder (``releases_dir``)."""

    published: DuckdbReleases

    def __init__(self, settings: Settings, on_step: OnStep) -> None:
        super().__init__(settings, DuckdbReleases(settings.releases_dir), on_step)
        self.folder = settings.releases_dir
        self._locked = False
        self._readers: dict[str, Engine] = {}

    @contextmanager
    def run_lock(self) -> Iterator[None]:
        """Hold a lock of the operating system on a file of the folder; it ends with the process, however that ends.

        Raises RunInProgressError, which says who holds it.
        """
        with self._lock_file() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(lock.fileno(), 1000, 0).decode() or "a process that has just started"
                raise RunInProgressError(
                    f"Another run is publishing in {self.folder}: {holder}. Wait for it."
                ) from None
            lock.truncate(0)
            # Only told, never relied on: a disk too full for this line is found out about when the release is written.
            with suppress(OSError):
                lock.write(f"process {os.getpid()} of {_account()} on {socket.gethostname()}, since {_now()}".encode())
            self._locked = True
            try:
                yield
            finally:
                self._locked = False
                lock.truncate(0)

    def _lock_file(self) -> FileIO:
        with explained(f"The folder of releases {self.folder} cannot be written", REMEDIES):
            self.folder.mkdir(parents=True, exist_ok=True)
            return FileIO(self.folder / LOCK, "a+")

    def begin(self, release_id: str) -> Draft:
        """Start a draft beside the releases, under ``run_lock``. Raises ReleaseError without it."""
        if not self._locked:
            raise ReleaseError("A draft is begun under run_lock().")
        with explained(f"The folder of releases {self.folder} cannot be written", REMEDIES):
            self._clear_leftovers()
            if self.published.path(release_id).exists():
                raise ReleaseError(f"Release {release_id} exists already.")
            return begun(DuckdbDraft(self, release_id))

    def read_table(self, release_id: str, table_name: str) -> pa.Table:
        """The rows of a table of a release, as Arrow columns; no rows where it lacks the table. Raises ReleaseError."""
        with self._reading(release_id) as driver:
            if not _has_table(driver, table_name):
                return arrow_table(TABLES[table_name], [])
            return driver.table(table_name).to_arrow_table()

    def read_parts(self, release_id: str, table: Table) -> Iterator[pa.Table]:
        """The same in the order of the key and some thousand rows at a time, at least one part."""
        with self._reading(release_id) as driver:
            yield from _parts(driver, table) if _has_table(driver, table.name) else [arrow_table(table, [])]

    @contextmanager
    def _reading(self, release_id: str) -> Iterator[Any]:
        path = self.published.path(release_id)
        if not path.exists():
            raise ReleaseError(f"There is no release {release_id} in {self.folder}. {LISTED}")
        with explained(f"Release {path} does not open", {}), self._reader(path, release_id).connect() as connection:
            yield connection.connection.driver_connection

    def close(self) -> None:
        """Close the releases that were read."""
        for release_id in list(self._readers):
            self._readers.pop(release_id).dispose()

    def _reader(self, path: Path, release_id: str) -> Engine:
        # Opening takes far longer than reading a table, and whoever reads one table reads them all.
        if release_id not in self._readers:
            self._readers[release_id] = reader_engine(path, release_id)
        return self._readers[release_id]

    def point_to(self, release_id: str, published: list[str]) -> None:
        """Write the pointer beside, force it to the disk, and put it in place of the old one."""
        text = Pointer(current=release_id, published=sorted(published, reverse=True)).model_dump_json()
        beside = self.folder / f"{BUILDING}{POINTER}"
        with explained(f"The pointer in {self.folder} cannot be written", REMEDIES):
            try:
                beside.write_text(text + "\n", encoding="utf-8")
                flush(beside)
                os.replace(beside, self.folder / POINTER)
            finally:
                beside.unlink(missing_ok=True)
            flush(self.folder)

    def remove(self, release_id: str) -> None:
        """Remove a release's files. Readers who have it open keep reading it until they close it."""
        path = self.published.path(release_id)
        if reader := self._readers.pop(release_id, None):
            reader.dispose()
        with explained(f"Release {path} cannot be removed", REMEDIES):
            path.unlink(missing_ok=True)
            hash_path(path).unlink(missing_ok=True)

    def _point_to(self, release_id: str) -> None:
        self.point_to(release_id, self.published.release_ids())

    def _clear_leftovers(self) -> None:
        for path in self.folder.glob(f"{BUILDING}*"):
            remove_path(path)
        try:
            pointer = self.published.read_pointer()
        except ReleaseError:
            pointer = None
        # Without a pointer that can be read nobody can tell what was published: then everything stays.
        on_disk = {path.name.partition(SUFFIX)[0] for path in self.folder.glob(f"*{SUFFIX}*")}
        for release_id in on_disk - set(pointer.published) if pointer else ():
            self.remove(release_id)


class DuckdbDraft(Draft):
    """A file being built; one transaction, so that the rows go straight to their place and not through the log."""

    store: DuckdbStore

    def __init__(self, store: DuckdbStore, release_id: str) -> None:
        super().__init__(store, release_id)
        self.path = store.folder / f"{BUILDING}{release_id}{SUFFIX}"
        self._megabytes, self._is_settled = 0.0, False
        try:
            self._connection = duckdb.connect(self.path, config=DRAFT)
        except duckdb.Error:
            self._remove_files()
            raise
        self._connection.execute("BEGIN")

    def create_tables(self) -> None:
        """Make the tables, empty and without keys."""
        # Keys are verified once at the end: their indexes would make the file two to four times as large, and reading
        # it no faster.
        for declared in TABLES.values():
            self._connection.execute(_sql(CreateTable(unconstrained(declared))))

    def discard(self) -> None:
        """Close and remove the file. Does nothing once it is published or discarded."""
        # A connection that failed on a full disk may fail again when it closes; the file goes all the same.
        with suppress(duckdb.Error):
            self._connection.close()
        self._remove_files()

    def _remove_files(self) -> None:
        for path in self.store.folder.glob(f"{BUILDING}{self.release_id}*"):
            remove_path(path)

    def _have_memory(self, size: int) -> None:
        if not self._is_settled:
            self._megabytes += size / 1_000_000
            if self._megabytes > LEAST_MEMORY:
                self._connection.execute(f"SET memory_limit = '{self._megabytes:.0f}MB'")

    def settle(self) -> None:
        """Commit to the file, which nobody sees yet: until then what came in takes memory."""
        with explained(f"The release cannot be written in {self.store.folder}", REMEDIES):
            self._connection.execute("COMMIT")
            self._connection.execute("CHECKPOINT")
            self._connection.execute("BEGIN")
        self._is_settled = True

    def read_parts(self, table: Table) -> Iterator[pa.Table]:
        """What was written of a table so far, in the order of the key and some thousand rows at a time."""
        with explained(f"The rows of {table.name} cannot be read in {self.store.folder}", REMEDIES):
            yield from _parts(self._connection, table)

    def _load(self, table: Table, columns: pa.Table) -> None:
        with explained(f"The rows of {table.name} cannot be written in {self.store.folder}", REMEDIES):
            self._have_memory(columns.nbytes)
            # Not by a view of the columns: the database would hold on to them until its transaction ends.
            self._connection.from_arrow(columns).insert_into(table.name)

    def _publish(self, info: ReleaseInfo) -> None:
        with explained(f"The release cannot be written in {self.store.folder}", REMEDIES):
            self._finish_file()
            self._verify(info)
            final = self.store.published.path(self.release_id)
            os.replace(hash_path(self.path), hash_path(final))
            os.replace(self.path, final)
            flush(self.store.folder)
            self.store.on_step("renamed")
        try:
            self.store.point_to(self.release_id, [self.release_id, *self._published_before()])
        except ReleaseError:
            self.store.remove(self.release_id)
            raise
        self.store.on_step("pointed")

    def _finish_file(self) -> None:
        self._connection.execute("COMMIT")
        self._connection.execute("CHECKPOINT")
        self.store.on_step("checkpointed")
        self._connection.close()
        flush(self.path)
        self.store.on_step("closed")
        hashed = hash_path(self.path)
        hashed.write_text(f"{file_hash(self.path)}  {self.release_id}{SUFFIX}\n", encoding="ascii")
        flush(hashed)

    def _verify(self, info: ReleaseInfo) -> None:
        for megabytes in VERIFYING_MEMORY:
            opened = open_release_file(self.path, self.release_id, f"{megabytes}MB")
            try:
                with opened.engine.connect() as connection:
                    verify(connection, info.rows)
                break
            except SQLAlchemyError as error:
                if not isinstance(error.__cause__, duckdb.OutOfMemoryException) or megabytes == VERIFYING_MEMORY[-1]:
                    raise
            finally:
                opened.close()
        self.store.on_step("verified")

    def _published_before(self) -> list[str]:
        return [found for found in self.store.published.release_ids() if found != self.release_id]

    def _prune(self, spared: set[str]) -> None:
        surplus = self._surplus(spared)
        if surplus:
            kept = [found for found in self.store.published.release_ids() if found not in surplus]
            # First off the list, then off the disk: a release that is listed is there.
            self.store.point_to(self.release_id, kept)
            self.store.on_step("unlisted")
        for release_id in surplus:
            self.store.remove(release_id)


def _has_table(driver: Any, name: str) -> bool:
    return (name,) in driver.execute("SHOW TABLES").fetchall()


def _parts(driver: Any, table: Table) -> Iterator[pa.Table]:
    """The rows of a table in order of key, a slice at a time: they lie in that order, and a slice is found by its number."""
    rows = driver.table(table.name)
    keys = [name for name in key_columns(table) if name in rows.columns]
    if not is_in_order(keys, rows.select(*keys).to_arrow_table()):
        yield from slices(in_order(keys, rows.to_arrow_table()))
        return
    for start in range(0, max(1, rows.count("*").fetchone()[0]), ROWS_AT_ONCE):
        yield driver.table(table.name).limit(ROWS_AT_ONCE, offset=start).to_arrow_table()


def _sql(statement: Executable | ExecutableDDLElement) -> str:
    return str(statement.compile(dialect=_DIALECT))  # type: ignore[union-attr]


def remove_path(path: Path) -> None:
    """Remove a file or a folder, if it is still there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
