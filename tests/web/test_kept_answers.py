"""What is kept of answers: sent again as it was, to whom it was meant for, until another release is published."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from data.database import CHECK_SECONDS, Database
from etl.release import Store, open_store
from settings import Settings
from tests.both_engines import contents, publish
from web.kept_answers import LARGEST, MOST, KeptAnswers

Headers = dict[str, str]
FOR_ALL = {"Cache-Control": "public, no-cache", "ETag": 'W/"it"', "Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT"}


class Counted:
    """A small application with answers kept before it, which counts what it was asked itself."""

    def __init__(self, store: Store, admits: Callable[[], bool] = lambda: True) -> None:
        self.asked: Counter[str] = Counter()
        server = Flask("counted")
        self.kept = KeptAnswers(server.wsgi_app, Database(store.settings), lambda _: admits())
        server.wsgi_app = self.kept  # type: ignore[method-assign]

        @server.get("/<kind>")
        def answer(kind: str) -> Response:
            self.asked[kind] += 1
            return ANSWERS[kind.partition(".")[0]]()

        server.after_request(self._keep)
        self.client: FlaskClient = server.test_client(use_cookies=False)

    def _keep(self, response: Response) -> Response:
        self.kept.keep(response)
        response.make_conditional(request)
        return response


def _said(body: str | bytes = "it", status: int = 200, **further: str) -> Response:
    return Response(body, status, {**FOR_ALL, **{name.replace("_", "-"): text for name, text in further.items()}})


ANSWERS: dict[str, Callable[[], Response]] = {
    "plain": _said,
    "varied": lambda: _said(request.headers.get("Accept", ""), Vary="Accept"),
    "encoded": lambda: _said(request.headers.get("Accept-Encoding", ""), Vary="Accept-Encoding"),
    "pinned": lambda: _said(Cache_Control="public, max-age=31536000, immutable"),
    "large": lambda: _said(b"x" * LARGEST),
    "largest": lambda: _said(b"x" * (LARGEST + 1)),
    "secret": lambda: _said(Cache_Control="no-store"),
    "private": lambda: _said(Cache_Control="private, no-cache"),
    "passing": lambda: _said(Cache_Control="public, max-age=300"),
    "unsaid": lambda: Response("it"),
    "cookie": lambda: _said(Set_Cookie="a=b"),
    "missing": lambda: _said(status=404),
    "streamed": lambda: Response(iter([b"i", b"t"]), headers=FOR_ALL),
}


def _headers(answer: TestResponse) -> list[tuple[str, str]]:
    """The headers but the date, which servers set."""
    return sorted((name, text) for name, text in answer.headers if name != "Date")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One release in a folder."""
    opened = open_store(Settings(releases_dir=tmp_path / "releases"))
    publish(opened, contents(n01="Uno"))
    return opened


@pytest.fixture
def counted(store: Store) -> Counted:
    return Counted(store)


@pytest.mark.parametrize("kind", ["plain", "pinned", "large"])
def test_the_second_answer_is_the_first_one(counted: Counted, kind: str) -> None:
    first, second = counted.client.get(f"/{kind}?a=1"), counted.client.get(f"/{kind}?a=1")
    assert (first.status, first.data, _headers(first)) == (second.status, second.data, _headers(second))
    assert counted.asked[kind] == 1
    counted.client.get(f"/{kind}?a=2")
    assert counted.asked[kind] == 2


@pytest.mark.parametrize("kind", ["largest", "secret", "private", "passing", "unsaid", "cookie", "missing", "streamed"])
def test_what_may_change_or_is_not_for_all_is_asked_for_again(counted: Counted, kind: str) -> None:
    first, second = counted.client.get(f"/{kind}"), counted.client.get(f"/{kind}")
    assert first.data == second.data
    assert counted.asked[kind] == 2


@pytest.mark.parametrize("headers", [{"Cookie": "session=1"}, {"Range": "bytes=0-1"}, {"If-Match": '"it"'}])
def test_a_request_that_asks_for_something_else_is_not_answered_from_what_is_kept(
    counted: Counted, headers: Headers
) -> None:
    counted.client.get("/plain")
    counted.client.get("/plain", headers=headers)
    counted.client.head("/plain")
    assert counted.asked["plain"] == 3


def test_who_asks_for_another_form_gets_that_form(counted: Counted) -> None:
    for form in ("text/csv", "application/json", "text/csv"):
        assert counted.client.get("/varied", headers={"Accept": form}).text == form
    assert counted.asked["varied"] == 2


def test_browsers_that_take_the_same_encoding_share_an_answer(counted: Counted) -> None:
    for accepted in ("gzip, deflate, br, zstd", "br", "gzip, br;q=1.0"):
        counted.client.get("/encoded", headers={"Accept-Encoding": accepted})
    assert counted.asked["encoded"] == 1
    assert counted.client.get("/encoded", headers={"Accept-Encoding": "gzip"}).text == "gzip"
    assert counted.client.get("/encoded").text == ""
    assert counted.asked["encoded"] == 3


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": 'W/"it"'}, 304),
        ({"If-None-Match": '"other", "it"'}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": "Mon, 23 Nov 2026 10:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Mon, 23 Nov 2026 09:59:59 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
    ],
)
def test_who_has_it_already_is_told_as_the_application_would(counted: Counted, headers: Headers, status: int) -> None:
    told = counted.client.get("/plain", headers=headers)
    again = counted.client.get("/plain", headers=headers)
    assert counted.asked["plain"] == 1
    assert (told.status_code, again.status_code) == (status, status)
    assert (told.data, _headers(told)) == (again.data, _headers(again))


def test_a_new_release_leaves_what_was_kept_behind(counted: Counted, store: Store) -> None:
    counted.client.get("/plain")
    publish(store, contents(n01="Dos"))
    time.sleep(CHECK_SECONDS + 0.1)
    counted.client.get("/plain")
    assert counted.asked["plain"] == 2


def test_who_asks_too_often_is_left_to_the_application(store: Store) -> None:
    admitted = iter([True, False])
    counted = Counted(store, lambda: next(admitted))
    for _ in range(3):
        counted.client.get("/plain")
    assert counted.asked["plain"] == 2


def test_what_was_not_asked_for_the_longest_makes_room(counted: Counted) -> None:
    many = MOST // LARGEST + 1
    for number in range(many):
        counted.client.get("/plain")
        counted.client.get(f"/large.{number}")
    assert counted.asked["plain"] == 1
    counted.client.get(f"/large.{many - 1}")
    counted.client.get("/large.0")
    assert (counted.asked[f"large.{many - 1}"], counted.asked["large.0"]) == (1, 2)
