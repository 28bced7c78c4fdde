"""From a source to its copies on disk: live, else the web archive, else the newest copy we have.

What was tried is kept: each step leaves an ``Attempt``, so that readers can see which one served and why. Without a
``Web`` no socket is opened: that is all there is to working offline.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from etl.fetching.content import ContentError, check_content
from etl.fetching.exchange import Answer, Request, WebError, graphql
from etl.fetching.personal import blank_personal
from etl.progress import Reporter
from etl.snapshots import Copy, SnapshotError, SnapshotStore
from etl.sources.spec import FileSpec, LiveSpec, SourceSpec
from settings import Settings

if TYPE_CHECKING:  # the client takes half a second to load: offline runs do without
    from etl.fetching.web import Web

Step = Literal["live", "archive", "snapshot"]
Outcome = Literal["new", "same", "not_modified", "used", "older", "absent", "failed"]
"""``new``: a new copy; ``same``: the bytes we had; ``not_modified``: the host says so; ``used``: the newest on disk;
``older``: the archive's capture is not newer than that; ``absent``: nothing there; ``failed``: see the detail."""

SERVED: frozenset[Outcome] = frozenset({"new", "same", "not_modified", "used"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One step on the way of a file. ``status`` is the HTTP status where there was one, ``bytes`` those received."""

    source_id: str
    file: str
    via: Step
    url: str | None
    status: int | None
    outcome: Outcome
    detail: str
    seconds: float
    bytes: int


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """The copies of a source to read, in the order of its files, and every step that led to them. ``earlier`` are the
    copies before those, oldest first, of the files whose history counts."""

    source_id: str
    copies: tuple[Copy, ...]
    attempts: tuple[Attempt, ...]
    earlier: tuple[Copy, ...] = ()

    def served_by(self, file: str) -> Step | None:
        """The step that gave this file to this run: ``snapshot`` when it was not asked for or could not be had."""
        return next((a.via for a in self.attempts if a.file == file and a.outcome in SERVED), None)


class SourceUnavailableError(Exception):
    """A required file cannot be had in any way; the message tells each step. ``attempts`` holds those made so far."""

    def __init__(self, message: str, attempts: tuple[Attempt, ...]) -> None:
        super().__init__(message)
        self.attempts = attempts


def open_web(settings: Settings, *, offline: bool) -> AbstractContextManager[Web | None]:
    """The client for one run, as a context manager; offline it gives None."""
    if offline:
        return nullcontext()
    from etl.fetching.web import Web

    return Web(settings)


def fetch_source(
    spec: SourceSpec, store: SnapshotStore, settings: Settings, reporter: Reporter, *, web: Web | None
) -> FetchOutcome:
    """Get the files of a source, each the best way there is; ``web`` None means from disk only.

    Raises ``SourceUnavailableError`` when a required file is nowhere, ``SnapshotError`` when the copies on disk are
    damaged. Whatever goes wrong on the web is an attempt that failed, never an error.
    """
    attempts: list[Attempt] = []
    copies: list[Copy] = []
    for file in spec.files:
        way = _Way(spec.source_id, file, store, settings, reporter, web)
        copy = way.go()
        attempts.extend(way.attempts)
        if copy is not None:
            copies.append(copy)
        elif file.required:
            raise SourceUnavailableError(_nowhere(way, store), tuple(attempts))
    return FetchOutcome(spec.source_id, tuple(copies), tuple(attempts), earlier_copies(spec, store, copies))


def earlier_copies(spec: SourceSpec, store: SnapshotStore, copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """The copies on disk before the given ones, oldest first, of the files of a source whose history counts."""
    return tuple(old for copy in copies if spec.file(copy.file).history for old in store.earlier(copy))


@dataclass(slots=True)
class _Result:
    """What a step came to."""

    outcome: Outcome
    copy: Copy | None = None
    url: str | None = None
    status: int | None = None
    detail: str = ""
    bytes: int = 0


@dataclass(slots=True)
class _Way:
    """The way of one file."""

    source_id: str
    file: FileSpec
    store: SnapshotStore
    settings: Settings
    reporter: Reporter
    web: Web | None
    attempts: list[Attempt] = field(default_factory=list)

    def go(self) -> Copy | None:
        """Take the steps in their order until one serves."""
        live, web = self.file.live, self.web
        copy = None
        if live is not None and web is not None:
            url = live.url.replace("{board_url}", self.settings.board_url.rstrip("/"))
            copy = self._step("live", url, lambda newest: self._live(web, live, url, newest))
            if copy is None and live.method == "GET":
                copy = self._step("archive", url, lambda newest: self._archive(web, live, url, newest))
        return copy or self._step("snapshot", None, self._on_disk)

    def _step(self, via: Step, url: str | None, step: Callable[[Copy | None], _Result]) -> Copy | None:
        """Take one step, time it and note what became of it."""
        newest = self.store.newest(self.source_id, self.file.name)
        name = f"{self.source_id}/{self.file.name}"
        self.reporter.begin(f"{name} {via}")
        started = time.monotonic()
        try:
            result = step(newest)
        except (WebError, ContentError, SnapshotError, OSError) as error:
            result = _Result("failed", status=getattr(error, "status", None), detail=str(error))
        attempt = Attempt(
            source_id=self.source_id,
            file=self.file.name,
            via=via,
            url=result.url or url,
            status=result.status,
            outcome=result.outcome,
            detail=result.detail,
            seconds=round(time.monotonic() - started, 3),
            bytes=result.bytes,
        )
        self.attempts.append(attempt)
        self.reporter.end(f"{name}: {_in_words(attempt)}")
        return result.copy

    def _live(self, web: Web, live: LiveSpec, url: str, newest: Copy | None) -> _Result:
        if live.query is not None:
            request = graphql(url, live.query)
        elif newest is not None and newest.url == url:
            request = Request(url, etag=newest.etag, last_modified=newest.last_modified)
        else:  # validators of another address say nothing about this one
            request = Request(url)
        with self.store.incoming() as place:
            answer = web.download(request, place / "answer", self.reporter.advance)
            if answer.status == 304 and newest is not None:
                return _Result("not_modified", newest, url, answer.status, _tries(answer))
            check_content(place / "answer", live.expect, is_graphql=live.method == "GRAPHQL")
            self._blank(place / "answer")
            copy = self.store.keep(
                self.source_id,
                self.file.name,
                place / "answer",
                url=url,
                via="live",
                fetched_at=datetime.now(UTC),
                etag=answer.etag,
                last_modified=answer.last_modified,
            )
        return _kept(copy, newest, answer, url)

    def _archive(self, web: Web, live: LiveSpec, url: str, newest: Copy | None) -> _Result:
        from etl.fetching.archive import moment_of, newest_capture

        with self.store.incoming() as place:
            capture = newest_capture(web, self.settings.archive_url, url, live.expect, place)
            if capture is None:
                return _Result("absent", detail="the archive holds no good capture of this address")
            if newest is not None and newest.date[:10] >= capture.captured_at.date().isoformat():
                return _Result("older", url=capture.url, detail=f"not newer than {newest.snapshot_id}")
            answer = web.download(Request(capture.url), place / "answer", self.reporter.advance)
            check_content(place / "answer", live.expect)
            self._blank(place / "answer")
            copy = self.store.keep(
                self.source_id,
                self.file.name,
                place / "answer",
                url=answer.url,
                via="archive",
                fetched_at=datetime.now(UTC),
                captured_at=moment_of(answer.url) or capture.captured_at,
            )
        return _kept(copy, newest, answer, answer.url)

    def _blank(self, answer: Path) -> None:
        if self.file.personal:
            blank_personal(answer, self.file.personal, self.file.encoding)

    def _on_disk(self, newest: Copy | None) -> _Result:
        if newest is None:
            return _Result("absent", detail="no copy on disk")
        return _Result("used", newest, newest.url, None, newest.snapshot_id, newest.bytes)


def _kept(copy: Copy, newest: Copy | None, answer: Answer, url: str) -> _Result:
    is_new = newest is None or newest.snapshot_id != copy.snapshot_id
    return _Result("new" if is_new else "same", copy, url, answer.status, _tries(answer), answer.bytes)


def _tries(answer: Answer) -> str:
    return f"{answer.tries} tries" if answer.tries > 1 else ""


def _in_words(attempt: Attempt) -> str:
    size = f", {attempt.bytes:,} bytes" if attempt.bytes else ""
    detail = f" ({attempt.detail})" if attempt.detail else ""
    return f"{attempt.via} {attempt.outcome.replace('_', ' ')}{detail}{size}, {attempt.seconds:.1f} s"


def _nowhere(way: _Way, store: SnapshotStore) -> str:
    steps = "; ".join(f"{attempt.via}: {attempt.detail or attempt.outcome}" for attempt in way.attempts)
    folder: Path = store.root / way.source_id
    return (
        f"{way.source_id}: {way.file.name} cannot be had ({steps}); check the address in "
        f"etl/sources/{way.source_id}.yml and the network, or restore a copy in {folder}"
    )
