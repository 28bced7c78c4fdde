"""Hosts that are slow, broken, huge, confused or strict: what we do, and what we say."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from etl.fetching.content import ContentError, check_content
from etl.fetching.exchange import Answer, Request, WebError
from etl.fetching.web import Web, check_redirect
from settings import Settings
from tests.etl.fetching import NOBODY, quick
from tests.servers import (
    Call,
    body,
    cut_off,
    dripping,
    dripping_headers,
    in_turn,
    redirect,
    serve,
    silent,
    status,
    stream,
)

TABLE = b"a,b\r\n1,2\r\n"
TWO_GIGABYTES = 2 * 1024**3


def download(url: str, folder: Path, settings: Settings | None = None) -> Answer:
    with Web(settings or quick()) as web:
        return web.download(Request(url), folder / "answer")


def refused(url: str, folder: Path, settings: Settings | None = None) -> WebError:
    with pytest.raises(WebError) as caught:
        download(url, folder, settings)
    return caught.value


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_passing_trouble_is_tried_three_times_with_growing_pauses(tmp_path: Path, code: int) -> None:
    with serve({"/a.csv": status(code)}) as site:
        error = refused(f"{site.url}/a.csv", tmp_path, quick(fetch_tries=3, fetch_pause_seconds=0.05))
    first, second, third = (seen.at for seen in site.asked("/a.csv"))
    assert second - first >= 0.05
    assert third - second >= 0.1
    assert error.status == code
    assert str(error).endswith("(3 tries)")


@pytest.mark.parametrize("code", [204, 400, 401, 403, 404, 410, 451])
def test_an_answer_that_stays_is_not_asked_for_again(tmp_path: Path, code: int) -> None:
    with serve({"/a.csv": status(code)}) as site:
        error = refused(f"{site.url}/a.csv", tmp_path, quick(fetch_tries=3))
    assert len(site.asked("/a.csv")) == 1
    assert error.status == code


def test_a_host_that_recovers_serves(tmp_path: Path) -> None:
    with serve({"/a.csv": in_turn(status(503), body(TABLE))}) as site:
        answer = download(f"{site.url}/a.csv", tmp_path, quick(fetch_tries=3))
    assert (answer.status, answer.bytes, answer.tries) == (200, len(TABLE), 2)
    assert (tmp_path / "answer").read_bytes() == TABLE


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_host_that_asks_us_to_wait_is_left_alone_that_long(tmp_path: Path, form: str) -> None:
    def busy(call: Call) -> None:
        # A date has whole seconds: three ahead leaves between two and three to wait.
        later = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
        call.answer(429, b"", {"Retry-After": "1" if form == "seconds" else later})

    with serve({"/a.csv": in_turn(busy, body(TABLE))}) as site:
        download(f"{site.url}/a.csv", tmp_path, quick(fetch_tries=2))
    first, second = (seen.at for seen in site.asked("/a.csv"))
    assert second - first >= 1


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_host_that_asks_for_more_than_a_run_can_wait_is_given_up_at_once(tmp_path: Path, form: str) -> None:
    told = "3600" if form == "seconds" else format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    with serve({"/a.csv": status(429, Retry_After=told)}) as site:
        error = refused(f"{site.url}/a.csv", tmp_path, quick(fetch_tries=3))
    assert len(site.asked("/a.csv")) == 1
    assert "asks us to come back in 3" in str(error)


@pytest.mark.parametrize("told", ["soon", "-5", "1e3", "Mon, 99 Xyz 2026"])
def test_a_wish_to_wait_that_says_nothing_is_passed_over(tmp_path: Path, told: str) -> None:
    with serve({"/a.csv": in_turn(status(503, Retry_After=told), body(TABLE))}) as site:
        assert download(f"{site.url}/a.csv", tmp_path, quick(fetch_tries=2)).tries == 2


@pytest.mark.parametrize(
    "reply", [silent(), dripping(0.02), dripping_headers(0.02)], ids=["silent", "drip", "drip headers"]
)
def test_a_host_that_takes_too_long_is_given_up(tmp_path: Path, reply: Any) -> None:
    with serve({"/a.csv": reply}) as site:
        error = refused(f"{site.url}/a.csv", tmp_path, quick(fetch_timeout_seconds=0.1))
    assert str(error) == "the host took too long to answer"


def test_a_time_out_is_tried_again(tmp_path: Path) -> None:
    with serve({"/a.csv": in_turn(silent(), body(TABLE))}) as site:
        answer = download(f"{site.url}/a.csv", tmp_path, quick(fetch_timeout_seconds=2, fetch_tries=2))
    assert answer.tries == 2


def test_a_body_shorter_than_its_declared_length_is_cut_off(tmp_path: Path) -> None:
    with serve({"/a.csv": cut_off(TABLE, 4096)}) as site:
        error = refused(f"{site.url}/a.csv", tmp_path, quick(fetch_tries=2))
    assert "the answer was cut off" in str(error)
    assert f"received {len(TABLE)} bytes, expected 4096" in str(error)
    assert len(site.asked("/a.csv")) == 2


@pytest.mark.parametrize("declared", [True, False], ids=["length told", "length not told"])
def test_two_gigabytes_are_stopped_at_the_limit_and_in_little_memory(tmp_path: Path, declared: bool) -> None:
    limit = 8_000_000
    with serve({"/a.csv": stream(TWO_GIGABYTES, declared=declared)}) as site:
        tracemalloc.start()
        error = refused(f"{site.url}/a.csv", tmp_path, quick(fetch_max_bytes=limit, fetch_tries=3))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert str(error) == "the answer is larger than the limit of 8,000,000 bytes"
    assert len(site.asked("/a.csv")) == 1
    assert peak < limit / 2
    saved = tmp_path / "answer"
    assert not saved.exists() if declared else saved.stat().st_size <= limit


def test_an_unpacked_answer_counts_against_the_limit(tmp_path: Path) -> None:
    packed = gzip.compress(b"0" * 5_000_000)
    with serve({"/a.csv": body(packed, Content_Encoding="gzip")}) as site:
        assert "larger than the limit" in str(refused(f"{site.url}/a.csv", tmp_path, quick(fetch_max_bytes=1_000_000)))
        assert download(f"{site.url}/a.csv", tmp_path).bytes == 5_000_000


def test_an_answer_packed_otherwise_than_it_says_is_refused(tmp_path: Path) -> None:
    with serve({"/a.csv": body(TABLE, Content_Encoding="gzip")}) as site:
        assert "cannot be unpacked" in str(refused(f"{site.url}/a.csv", tmp_path))


def test_redirects_are_followed_to_their_end(tmp_path: Path) -> None:
    with serve({"/old": redirect("/new", 301), "/new": redirect("/a.csv"), "/a.csv": body(TABLE)}) as site:
        assert download(f"{site.url}/old", tmp_path).url == f"{site.url}/a.csv"


def test_a_redirect_loop_is_told_with_its_way(tmp_path: Path) -> None:
    with serve({"/a": redirect("/b"), "/b": redirect("/a")}) as site:
        error = refused(f"{site.url}/a", tmp_path, quick(fetch_tries=3))
    assert str(error) == f"a redirect loop: {site.url}/a -> {site.url}/b -> {site.url}/a"
    assert [len(site.asked(path)) for path in ("/a", "/b")] == [1, 1]


def test_a_way_of_ever_new_addresses_ends_after_five(tmp_path: Path) -> None:
    with serve({f"/{number}": redirect(f"/{number + 1}") for number in range(50)}) as site:
        error = refused(f"{site.url}/0", tmp_path)
    assert str(error).startswith("more than 5 redirects")
    assert len(site.seen) == 7  # robots.txt, the address, five redirects


@pytest.mark.parametrize("to", ["ftp://127.0.0.1/a", "file:///etc/passwd", "http://[", "javascript:0"])
def test_a_redirect_to_what_is_no_web_address_is_refused(tmp_path: Path, to: str) -> None:
    with serve({"/a.csv": redirect(to)}) as site:
        refused(f"{site.url}/a.csv", tmp_path)
    assert not (tmp_path / "answer").exists()


def test_a_secure_address_never_leads_to_an_insecure_one() -> None:
    check_redirect(["http://example.org/a"], "https://example.org/a")
    with pytest.raises(WebError, match="redirected from https to http://example"):
        check_redirect(["https://example.org/a"], "http://example.org/a")


def test_nobody_listening_is_told_as_such(tmp_path: Path) -> None:
    error = refused(f"{NOBODY}/a.csv", tmp_path, quick(fetch_tries=2))
    assert str(error).startswith(f"{NOBODY}/robots.txt: the connection failed")
    assert error.status is None


@pytest.mark.parametrize("address", ["", "no address", "http://", "ftp://127.0.0.1/a.csv", "http://127.0.0.1:99999/"])
def test_an_address_that_is_none_is_refused_in_words(tmp_path: Path, address: str) -> None:
    assert str(refused(address, tmp_path))


def test_what_a_host_asks_of_programs_is_respected(tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /private/\n\nUser-agent: Apertura\nDisallow: /not-for-apertura\n"
    routes = {"/robots.txt": body(rules, "text/plain"), "/private/a.csv": body(TABLE), "/not-for-apertura": body(TABLE)}
    with serve(routes) as site:
        error = refused(f"{site.url}/not-for-apertura", tmp_path, quick(fetch_tries=3))
        assert download(f"{site.url}/private/a.csv", tmp_path).bytes == len(TABLE)  # our own group rules, not `*`
    assert str(error) == f"{site.url}/robots.txt asks programs not to read this address"
    assert site.asked("/not-for-apertura") == []


def test_a_redirect_into_a_forbidden_place_is_not_followed(tmp_path: Path) -> None:
    rules = body(b"User-agent: *\nDisallow: /private/", "text/plain")
    with serve({"/robots.txt": rules, "/a.csv": redirect("/private/a.csv"), "/private/a.csv": body(TABLE)}) as site:
        refused(f"{site.url}/a.csv", tmp_path)
    assert site.asked("/private/a.csv") == []


@pytest.mark.parametrize(
    "reply",
    [status(404), status(403), body(b""), body(b"<html>a page</html>", "text/html")],
    ids=["missing", "forbidden", "empty", "a page"],
)
def test_a_host_without_rules_may_be_read(tmp_path: Path, reply: Any) -> None:
    with serve({"/robots.txt": reply, "/a.csv": body(TABLE)}) as site:
        assert download(f"{site.url}/a.csv", tmp_path).status == 200


@pytest.mark.parametrize(
    "reply",
    [status(500), status(503), silent(), cut_off(b"User", 99), body(b"#" * 600_000)],
    ids=["broken", "down", "silent", "cut off", "huge"],
)
def test_a_host_whose_rules_cannot_be_had_is_not_read_and_not_asked_again(tmp_path: Path, reply: Any) -> None:
    with serve({"/robots.txt": reply, "/a.csv": body(TABLE)}) as site, Web(quick(fetch_timeout_seconds=0.2)) as web:
        for _ in range(2):
            with pytest.raises(WebError, match=r"/robots\.txt: the "):
                web.download(Request(f"{site.url}/a.csv"), tmp_path / "answer")
    assert [seen.path for seen in site.seen] == ["/robots.txt"]


def test_the_pause_that_a_host_asks_for_between_questions_is_kept(tmp_path: Path) -> None:
    rules = body(b"User-agent: *\nCrawl-delay: 1", "text/plain")
    with serve({"/robots.txt": rules, "/a.csv": body(TABLE)}) as site, Web(quick()) as web:
        for _ in range(2):
            web.download(Request(f"{site.url}/a.csv"), tmp_path / "answer")
    first, second = (seen.at for seen in site.asked("/a.csv"))
    assert second - first >= 1


@pytest.mark.parametrize(
    ("content", "expect", "instead"),
    [
        (b"<!DOCTYPE html><html></html>", "csv", "an HTML or XML page where CSV was expected"),
        (b"\xef\xbb\xbf \r\n <html>", "csv", "an HTML or XML page where CSV was expected"),
        (b"<html>", "json", "an HTML or XML page where JSON was expected"),
        (b"a,b\r\n", "html", "not HTML where HTML was expected"),
        (b"", "csv", "empty where CSV was expected"),
        (b" \r\n", "csv", "empty where CSV was expected"),
        (b"PK\x03\x04rest", "csv", "a ZIP or XLSX file where CSV was expected"),
        (b"%PDF-1.7", "html", "a PDF where HTML was expected"),
        (b'{"a": [1, 2', "json", "not whole JSON"),
    ],
)
def test_an_answer_of_another_kind_is_named(tmp_path: Path, content: bytes, expect: Any, instead: str) -> None:
    (tmp_path / "answer").write_bytes(content)
    with pytest.raises(ContentError, match=instead):
        check_content(tmp_path / "answer", expect)


@pytest.mark.parametrize(
    ("content", "expect"),
    [
        (b"\xef\xbb\xbfa,b\r\n1,2", "csv"),
        (b"a\r\n1 < 2", "csv"),
        (b" [1]", "json"),
        (b"\n<!doctype html><p>", "html"),
    ],
)
def test_an_answer_of_the_expected_kind_passes(tmp_path: Path, content: bytes, expect: Any) -> None:
    (tmp_path / "answer").write_bytes(content)
    check_content(tmp_path / "answer", expect)
