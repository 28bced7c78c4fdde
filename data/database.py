"""The site's way to the data: the current release, followed while the process lives, and older ones on request.

    database = Database(settings())
    release = database.current()                 # None until something is published
    with release.connect() as connection:
        rows = connection.execute(select(states.c.name)).all()

Queries are SQLAlchemy Core on the tables of ``data.schema`` and run unchanged on both engines. Nothing is opened before
the first call, so the application may be imported, and forked, freely.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from data.duckdb_releases import DuckdbReleases
from data.postgres_releases import PostgresReleases
from data.published import OpenedRelease, PublishedReleases, ReleaseError, ReleaseInfo
from settings import Settings

__all__ = ["Database", "ReleaseError", "ReleaseHandle", "published_releases"]

CHECK_SECONDS = 1.0
OLDER_RELEASES_OPEN = 3

logger = logging.getLogger(__name__)


class ReleaseHandle:
    """One open release. It may be kept for a whole request: it answers from the same release until the end."""

    def __init__(self, opened: OpenedRelease) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self._users = 0
        self._retired = False

    @property
    def info(self) -> ReleaseInfo:
        """What the release records of itself: hashes, schema version, rows by table."""
        return self._opened.info

    @property
    def release_id(self) -> str:
        """The id of the release; what caches and ETags are keyed on."""
        return self._opened.info.release_id

    @property
    def built_at(self) -> datetime:
        """When the release was built; an aware datetime."""
        return self._opened.info.built_at

    @property
    def path(self) -> Path | None:
        """The file of the release, where it is one."""
        return self._opened.path

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A read-only connection to this release, for one thread; raises SQLAlchemyError when the engine fails."""
        with self._lock:
            self._users += 1
        try:
            with self._opened.engine.connect() as connection:
                yield connection
        finally:
            with self._lock:
                self._users -= 1
                last = self._retired and self._users == 0
            if last:
                self._opened.close()

    def retire(self) -> None:
        """Close the release after its last query. A reader who still holds the handle can go on asking."""
        with self._lock:
            self._retired = True
            idle = self._users == 0
        if idle:
            self._opened.close()


class Database:
    """The published releases of one installation, for one process with any number of threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._inherited: list[object] = []
        self._start()
        start_anew = weakref.WeakMethod(self._start_after_fork)
        os.register_at_fork(after_in_child=lambda: (method := start_anew()) and method())

    def _start(self) -> None:
        self._releases = published_releases(self._settings)
        self._checking = threading.Lock()
        self._opening_older = threading.Lock()
        self._current: ReleaseHandle | None = None
        self._older: OrderedDict[str, ReleaseHandle] = OrderedDict()
        self._next_check = 0.0
        self._problem: str | None = None

    def current(self) -> ReleaseHandle | None:
        """The current release; None while there is none that opens (``problem`` then says why).

        The pointer is looked at once a second at most. One thread opens a new release while the others go on with the
        one they have. Where the pointer or its release is damaged, the newest release that opens is served.
        """
        if time.monotonic() >= self._next_check and self._checking.acquire(blocking=self._current is None):
            try:
                # Those who waited for the first opening find it done.
                if time.monotonic() >= self._next_check:
                    self._follow()
                    self._next_check = time.monotonic() + CHECK_SECONDS
            finally:
                self._checking.release()
        return self._current

    def release(self, release_id: str) -> ReleaseHandle:
        """A published release by id, for ``?corte=``; raises ReleaseError when it is not published or does not open."""
        current = self.current()
        if current is not None and current.release_id == release_id:
            return current
        with self._opening_older:
            handle = self._older.pop(release_id, None)
            if handle is None:
                if release_id not in self._releases.release_ids():
                    raise ReleaseError(f"There is no published release {release_id}.")
                handle = ReleaseHandle(self._releases.open(release_id))
            self._older[release_id] = handle
            if len(self._older) > OLDER_RELEASES_OPEN:
                self._older.popitem(last=False)[1].retire()
            return handle

    def release_ids(self) -> list[str]:
        """The ids of the published releases, newest first; raises ReleaseError when they cannot be listed."""
        return self._releases.release_ids()

    @property
    def problem(self) -> str | None:
        """Why what is served is not what the pointer names, or why nothing is served; None when all is well."""
        return self._problem

    def close(self) -> None:
        """Close everything after its last query; the next call opens anew."""
        for handle in [*self._older.values(), *([self._current] if self._current else [])]:
            handle.retire()
        self._releases.close()
        self._start()

    def _start_after_fork(self) -> None:
        # Connections must not cross a fork, and closing them here would close the parent's: they are only set aside.
        self._inherited.append((self._releases, self._current, self._older))
        self._start()

    def _follow(self) -> None:
        """Make the release that the pointer names the current one, or the newest that opens."""
        problem, handle = None, self._current
        try:
            wanted = self._releases.pointer()
            candidates = ([wanted] if wanted else []) + self._others(wanted)
        except ReleaseError as error:
            problem, wanted, candidates = str(error), None, self._others(None)
        for release_id in candidates:
            try:
                handle = self._opened(release_id)
                break
            except ReleaseError as error:
                problem = problem or str(error)
        self._serve(handle, problem)

    def _others(self, wanted: str | None) -> list[str]:
        """What to fall back to, newest first. Empty while what is wanted is what we have: the usual case, once a second."""
        if self._current is not None and wanted == self._current.release_id:
            return []
        try:
            return [release_id for release_id in self._releases.release_ids() if release_id != wanted]
        except ReleaseError:
            return []

    def _opened(self, release_id: str) -> ReleaseHandle:
        if self._current is not None and self._current.release_id == release_id:
            return self._current
        return ReleaseHandle(self._releases.open(release_id))

    def _serve(self, handle: ReleaseHandle | None, problem: str | None) -> None:
        if problem and problem != self._problem:
            logger.error("%s Serving: %s", problem, handle.release_id if handle else "nothing")
        before, self._current, self._problem = self._current, handle, problem
        if before is not None and before is not handle:
            before.retire()


def published_releases(settings: Settings) -> PublishedReleases:
    """Where the site reads releases: the read-only login of ``database_url`` where one is set, else ``releases_dir``."""
    if settings.database_url:
        return PostgresReleases(settings.reader_url or settings.database_url)
    return DuckdbReleases(settings.releases_dir)
