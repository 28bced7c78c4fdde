"""The way of a file, against real servers: live, else the web archive, else the newest copy on disk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.fetch import SourceUnavailableError
from etl.snapshots import Copy, SnapshotError, SnapshotStore
from tests.etl.fetching import NOBODY, fetch, file, quick, source, step
from tests.servers import Captured, archive, body, cut_off, in_turn, serve, status, validated

TABLE = b"a,b\r\n1,2\r\n"
NEWER = b"a,b\r\n3,4\r\n"
MONDAY = "Mon, 02 Nov 2026 10:00:00 GMT"


def bundled(root: Path, content: bytes = TABLE, day: str = "2020-01-31", **more: Any) -> Copy:
    """Put a copy under ``root``, as of this day."""
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    told = {"url": None, "via": "bundled", "fetched_at": moment, **more}
    return SnapshotStore(root).keep("tried", "a.csv", content, **told)


def test_a_live_answer_is_kept_as_a_copy_of_today(tmp_path: Path) -> None:
    with serve({"/a.csv": body(TABLE, ETag='"1"', Last_Modified=MONDAY)}) as site:
        outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path)
    [copy] = outcome.copies
    assert copy.path.read_bytes() == TABLE
    assert (copy.via, copy.url, copy.etag, copy.last_modified) == ("live", f"{site.url}/a.csv", '"1"', MONDAY)
    [attempt] = outcome.attempts
    assert (attempt.via, attempt.outcome, attempt.status, attempt.bytes) == ("live", "new", 200, len(TABLE))
    assert outcome.served_by("a.csv") == "live"
    assert SnapshotStore(tmp_path).audit() == []


def test_every_question_carries_our_name_and_a_contact_address(tmp_path: Path) -> None:
    with serve({"/a.csv": body(TABLE)}) as site:
        fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path, quick(contact="https://example.org/contact"))
    assert [seen.path for seen in site.seen] == ["/robots.txt", "/a.csv"]
    assert {seen.headers["User-Agent"] for seen in site.seen} == {"Apertura/1.0 (+https://example.org/contact)"}


def test_an_answer_equal_to_the_newest_copy_makes_no_new_one(tmp_path: Path) -> None:
    kept = bundled(tmp_path)
    with serve({"/a.csv": body(TABLE)}) as site:
        outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path)
    assert outcome.copies == (kept,)
    assert step(outcome, "live").outcome == "same"


def test_an_unchanged_file_is_asked_for_with_its_validators_and_not_sent_again(tmp_path: Path) -> None:
    with serve({"/a.csv": validated(TABLE, '"1"', MONDAY)}) as site:
        spec = source(file("a.csv", f"{site.url}/a.csv"))
        first = fetch(spec, tmp_path)
        second = fetch(spec, tmp_path)
    assert second.copies == first.copies
    attempt = step(second, "live")
    assert (attempt.outcome, attempt.status, attempt.bytes) == ("not_modified", 304, 0)
    asked = site.asked("/a.csv")[-1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"1"', MONDAY)
    assert second.served_by("a.csv") == "live"


def test_the_validators_of_another_address_are_not_sent(tmp_path: Path) -> None:
    bundled(tmp_path, url="https://example.org/a.csv", etag='"1"')
    with serve({"/a.csv": validated(TABLE, '"1"', MONDAY)}) as site:
        outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path)
    assert site.asked("/a.csv")[0].headers["If-None-Match"] is None
    assert step(outcome, "live").outcome == "same"


def test_a_304_that_nobody_asked_for_is_a_failure(tmp_path: Path) -> None:
    kept = bundled(tmp_path)
    with serve({"/a.csv": status(304)}) as site:
        outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path)
    assert (step(outcome, "live").outcome, outcome.copies) == ("failed", (kept,))


def test_a_missing_page_is_looked_for_in_the_archive(tmp_path: Path) -> None:
    bundled(tmp_path)
    with serve({"/a.csv": status(404)}) as site:
        captures = [Captured("20210203040506", TABLE), Captured("20220203040506", NEWER)]
        with serve(archive({f"{site.url}/a.csv": captures})) as web_archive:
            outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path, quick(archive_url=web_archive.url))
    [copy] = outcome.copies
    assert copy.path.read_bytes() == NEWER
    assert (copy.via, copy.date) == ("archive", "2022-02-03")
    assert copy.url == f"{web_archive.url}/web/20220203040506id_/{site.url}/a.csv"
    assert [(attempt.via, attempt.outcome) for attempt in outcome.attempts] == [("live", "failed"), ("archive", "new")]
    assert (step(outcome, "live").status, step(outcome, "live").detail) == (404, "the host answered 404 Not Found")
    assert outcome.served_by("a.csv") == "archive"


def test_an_address_with_a_query_is_found_in_the_archive(tmp_path: Path) -> None:
    with serve({}) as site:
        address = f"{site.url}/export?format=csv&gid=16"
        with serve(archive({address: [Captured("20220203040506", TABLE)]})) as web_archive:
            outcome = fetch(source(file("a.csv", address)), tmp_path, quick(archive_url=web_archive.url))
    assert outcome.copies[0].path.read_bytes() == TABLE


def test_captures_of_errors_and_of_pages_are_passed_over(tmp_path: Path) -> None:
    with serve({}) as site:
        captures = [
            Captured("20210101000000", TABLE),
            Captured("20220101000000", b"<html>parked</html>", kind="text/html"),
            Captured("20230101000000", b"gone", status=404),
        ]
        with serve(archive({f"{site.url}/a.csv": captures})) as web_archive:
            outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path, quick(archive_url=web_archive.url))
    assert outcome.copies[0].date == "2021-01-01"


def test_a_capture_older_than_our_copy_is_not_even_fetched(tmp_path: Path) -> None:
    kept = bundled(tmp_path, day="2024-07-06")
    with serve({}) as site, serve(archive({f"{site.url}/a.csv": [Captured("20220203040506", NEWER)]})) as web_archive:
        outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path, quick(archive_url=web_archive.url))
    assert outcome.copies == (kept,)
    assert step(outcome, "archive").outcome == "older"
    assert [seen.path for seen in web_archive.seen] == ["/robots.txt", "/cdx/search/cdx"]


@pytest.mark.parametrize(
    ("index", "outcome", "detail"),
    [
        (body(b"[]"), "absent", "no good capture"),
        (body(b""), "absent", "no good capture"),
        (body(b"<html>sorry</html>"), "failed", "something else than a list"),
        (body(b'[["timestamp"], ["yesterday"]]'), "failed", "something else than a list"),
        (body(b'{"error": 1}'), "failed", "something else than a list"),
        (status(503), "failed", "503"),
    ],
    ids=["no rows", "no bytes", "a page", "no timestamp", "no list", "down"],
)
def test_an_archive_that_has_nothing_or_answers_nonsense_leaves_the_copy_on_disk(
    tmp_path: Path, index: Any, outcome: str, detail: str
) -> None:
    kept = bundled(tmp_path)
    with serve({}) as site, serve({"/cdx/search/cdx": index}) as web_archive:
        got = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path, quick(archive_url=web_archive.url))
    assert got.copies == (kept,)
    assert step(got, "archive").outcome == outcome
    assert detail in step(got, "archive").detail


def test_when_nothing_answers_the_newest_copy_serves_and_every_step_is_told(tmp_path: Path) -> None:
    bundled(tmp_path, TABLE, "2019-01-01")
    kept = bundled(tmp_path, NEWER, "2020-01-01")
    outcome = fetch(source(file("a.csv", f"{NOBODY}/a.csv")), tmp_path)
    assert outcome.copies == (kept,)
    told = [(attempt.via, attempt.outcome) for attempt in outcome.attempts]
    assert told == [("live", "failed"), ("archive", "failed"), ("snapshot", "used")]
    assert "connection failed" in step(outcome, "live").detail
    assert step(outcome, "snapshot").detail == "tried/2020-01-01/a.csv"
    assert outcome.served_by("a.csv") == "snapshot"


def test_a_file_without_an_address_comes_from_disk(tmp_path: Path) -> None:
    kept = bundled(tmp_path)
    outcome = fetch(source(file("a.csv")), tmp_path)
    assert outcome.copies == (kept,)
    assert [attempt.via for attempt in outcome.attempts] == ["snapshot"]


def test_a_required_file_that_is_nowhere_names_each_step_and_the_remedy(tmp_path: Path) -> None:
    with serve({"/a.csv": status(404)}) as site, pytest.raises(SourceUnavailableError) as caught:
        fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path)
    for words in (
        "tried: a.csv cannot be had",
        "live: the host answered 404",
        "archive: ",
        "snapshot: no copy on disk",
    ):
        assert words in str(caught.value)
    assert f"restore a copy in {tmp_path / 'tried'}" in str(caught.value)
    assert [attempt.via for attempt in caught.value.attempts] == ["live", "archive", "snapshot"]


def test_an_optional_file_may_be_nowhere(tmp_path: Path) -> None:
    kept = bundled(tmp_path)
    outcome = fetch(source(file("b.csv", required=False), file("a.csv")), tmp_path)
    assert outcome.copies == (kept,)
    assert outcome.served_by("b.csv") is None


def test_several_files_of_a_host_are_asked_for_one_at_a_time_and_its_rules_once(tmp_path: Path) -> None:
    names = ["a.csv", "b.csv", "c.csv"]
    with serve({f"/{name}": body(TABLE) for name in names}) as site:
        outcome = fetch(source(*(file(name, f"{site.url}/{name}") for name in names)), tmp_path)
    assert [seen.path for seen in site.seen] == ["/robots.txt", "/a.csv", "/b.csv", "/c.csv"]
    assert site.busiest == 1
    assert [copy.file for copy in outcome.copies] == names


def test_a_failure_then_an_answer_tells_how_many_tries_it_took(tmp_path: Path) -> None:
    with serve({"/a.csv": in_turn(cut_off(b"a,", 10), status(500), body(TABLE))}) as site:
        outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path, quick(fetch_tries=3))
    assert (step(outcome, "live").outcome, step(outcome, "live").detail) == ("new", "3 tries")


def test_a_cut_off_answer_never_becomes_a_copy(tmp_path: Path) -> None:
    kept = bundled(tmp_path)
    with serve({"/a.csv": cut_off(b"a,b\r\n9,", 4096)}) as site:
        outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path)
    assert outcome.copies == (kept,)
    assert SnapshotStore(tmp_path).audit() == []
    assert list((tmp_path / ".incoming").iterdir()) == []


def test_copies_that_cannot_be_written_fail_the_step_and_the_copy_on_disk_serves(tmp_path: Path) -> None:
    kept = bundled(tmp_path)
    (tmp_path / ".incoming").rmdir()
    (tmp_path / ".incoming").write_bytes(b"in the way")
    with serve({"/a.csv": body(NEWER)}) as site:
        outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path)
    assert step(outcome, "live").outcome == "failed"
    assert outcome.copies == (kept,)


def test_a_damaged_copy_on_disk_stops_the_source_with_its_name(tmp_path: Path) -> None:
    bundled(tmp_path).path.write_bytes(b"altered")
    with pytest.raises(SnapshotError, match=r"a\.csv: differs from manifest\.json"):
        fetch(source(file("a.csv")), tmp_path)


def test_offline_opens_no_socket(tmp_path: Path) -> None:
    kept = bundled(tmp_path)
    with serve({"/a.csv": body(NEWER)}) as site, _sockets() as events:
        outcome = fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path, offline=True)
        assert events == []
    assert outcome.copies == (kept,)
    assert [attempt.via for attempt in outcome.attempts] == ["snapshot"]
    assert site.seen == []


def test_the_watch_for_sockets_sees_a_run_that_is_not_offline(tmp_path: Path) -> None:
    bundled(tmp_path)
    with serve({"/a.csv": body(NEWER)}) as site, _sockets() as events:
        fetch(source(file("a.csv", f"{site.url}/a.csv")), tmp_path)
        assert "socket.connect" in events


_watching: list[list[str]] = []
_hooked: list[Any] = []


def _hear(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith("socket."):
        for events in _watching:
            events.append(event)


@contextmanager
def _sockets() -> Iterator[list[str]]:
    """Every socket event of this process within the block; audit hooks stay, so one is enough for all tests."""
    if _hear not in _hooked:
        sys.addaudithook(_hear)
        _hooked.append(_hear)
    events: list[str] = []
    _watching.append(events)
    try:
        yield events
    finally:
        _watching.remove(events)
