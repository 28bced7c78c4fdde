"""Answers sent lately, kept as bytes and sent again before Flask is asked: a release never changes, nor what follows from it.

An answer is kept when it is whole, small, and may be stored by anyone. It is found by the current release, its address,
and the headers that it says it varies on, so that a new release leaves all of them behind. Requests with a cookie or for
a part of an answer are none of its business.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.http import is_resource_modified, remove_entity_headers

from data.database import Database
from web.assets import STATIC
from web.compression import encoding_for

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Place = tuple[str | None, str, str]

LARGEST = 512 * 1024
MOST = 8 * 1024 * 1024
# What an answer costs beside its body, so that many small ones are bounded too.
OVERHEAD = 2 * 1024
OTHERWISE = ("HTTP_COOKIE", "HTTP_RANGE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
PLACE = "apertura.place"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as WSGI sends it, its ETag, and when it was last modified, both as its headers say."""

    headers: list[tuple[str, str]]
    body: bytes
    etag: str | None
    modified: str | None

    @property
    def size(self) -> int:
        """What it takes, in bytes."""
        return len(self.body) + OVERHEAD


@dataclass(slots=True)
class Address:
    """The answers at one address: on which headers they vary, and each by what these say."""

    varied: tuple[str, ...]
    answers: dict[tuple[str | None, ...], Kept] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """What they take, in bytes."""
        return sum(kept.size for kept in self.answers.values())


class KeptAnswers:
    """The answers of one application in this process.

    ``admits`` counts a request and says whether whoever asks may still be answered; who may not is left to the application.
    """

    def __init__(
        self, application: WSGIApplication, database: Database, admits: Callable[[WSGIEnvironment], bool]
    ) -> None:
        self._application = application
        self._database = database
        self._admits = admits
        self._addresses: OrderedDict[Place, Address] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI: the answer kept for this request, or the application's."""
        place = self._place(environ)
        if place is None:
            return self._application(environ, start_response)
        environ[PLACE] = place
        kept = self._found(place, environ)
        if kept is None or not self._admits(environ):
            return self._application(environ, start_response)
        if any(name in environ for name in CONDITIONS) and not is_resource_modified(
            environ, kept.etag, last_modified=kept.modified
        ):
            headers = list(kept.headers)
            remove_entity_headers(headers)
            start_response("304 NOT MODIFIED", headers)
            return []
        # A copy: servers add to the list.
        start_response("200 OK", list(kept.headers))
        return [kept.body]

    def keep(self, response: Response) -> None:
        """Keep the response to the current request, complete with all its headers, if it is one to be kept."""
        place = request.environ.get(PLACE)
        # Where another release was published meanwhile, nobody knows which of them answered.
        if place is None or not _keepable(response) or place != self._place(request.environ):
            return
        headers = response.get_wsgi_headers(request.environ)
        headers.remove("Date")
        kept = Kept(headers.to_wsgi_list(), response.get_data(), headers.get("ETag"), headers.get("Last-Modified"))
        varied = tuple(sorted(f"HTTP_{name.upper().replace('-', '_')}" for name in response.vary))
        with self._lock:
            address = self._addresses.pop(place, None)
            self._size -= address.size if address else 0
            if address is None or address.varied != varied:
                address = Address(varied)
            address.answers[_said(request.environ, varied)] = kept
            self._addresses[place] = address
            self._size += address.size
            while self._size > MOST:
                self._size -= self._addresses.popitem(last=False)[1].size

    def _found(self, place: Place, environ: WSGIEnvironment) -> Kept | None:
        with self._lock:
            address = self._addresses.get(place)
            if address is None:
                return None
            self._addresses.move_to_end(place)
            return address.answers.get(_said(environ, address.varied))

    def _place(self, environ: WSGIEnvironment) -> Place | None:
        """What the answers to a request are kept under; None where they must not be."""
        if environ["REQUEST_METHOD"] != "GET" or any(name in environ for name in OTHERWISE):
            return None
        # Files of ours follow from no release; the master asks for them before the fork, when nothing may be opened.
        if environ["PATH_INFO"].startswith(STATIC):
            return None
        release = self._database.current()
        return release.release_id if release else None, environ["PATH_INFO"], environ["QUERY_STRING"]


def _said(environ: WSGIEnvironment, names: tuple[str, ...]) -> tuple[str | None, ...]:
    """What these headers say, encodings as we choose among them: browsers name them in many ways."""
    return tuple(
        encoding_for(environ.get(name)) if name == "HTTP_ACCEPT_ENCODING" else environ.get(name) for name in names
    )


def _keepable(response: Response) -> bool:
    """Whether anyone may have these very bytes again: whole, and following from the address and the release alone."""
    stored = response.cache_control
    if response.status_code != 200 or response.is_streamed or response.direct_passthrough:
        return False
    if (
        stored.no_store
        or stored.private
        or not (stored.no_cache or stored.immutable or stored.s_maxage)
        or "Set-Cookie" in response.headers
    ):
        return False
    length = response.calculate_content_length()
    return length is not None and length <= LARGEST
