"""What is asked of a host, what it answers, and why it may fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int | None], None]
"""Told after each piece: bytes so far, bytes expected (None when the host does not say)."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question: a GET, or a POST of ``body``. The validators make a GET conditional."""

    url: str
    body: bytes | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers that this question adds to those of every question."""
        told = {
            "If-None-Match": self.etag,
            "If-Modified-Since": self.last_modified,
            "Content-Type": None if self.body is None else "application/json",
            "Accept": None if self.body is None else "application/json",
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Answer:
    """A useful answer: status 200, its ``bytes`` saved where asked, or 304. ``url`` is where redirects led."""

    url: str
    status: int
    bytes: int
    etag: str | None
    last_modified: str | None
    tries: int


class WebError(Exception):
    """No useful answer; the message says why in words.

    ``status`` is the host's answer where it gave one. ``again`` tells whether another try may help, and ``wait`` how
    many seconds the host asked us to leave it alone.
    """

    def __init__(
        self, message: str, *, status: int | None = None, again: bool = False, wait: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.again = again
        self.wait = wait


def graphql(url: str, query: str) -> Request:
    """The question that sends a GraphQL query to its address."""
    return Request(url, body=json.dumps({"query": query}).encode())
