"""HTTP servers on loopback that behave as the hosts we fetch from do, the ill-behaved ones included.

    with serve({"/data.csv": in_turn(status(500), body(b"a,b\\r\\n"))}) as site:
        ...  # ask site.url + "/data.csv", then look at site.seen

A route is a path without its query, or the beginning of one when it ends in "/". What has no route is 404, also
/robots.txt.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Seen:
    """A question that a server got; ``at`` in seconds of ``time.monotonic``."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Message
    body: bytes
    at: float


class Call:
    """One question and the means to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, seen: Seen, closing: threading.Event) -> None:
        self._handler = handler
        self.seen = seen
        self._closing = closing

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the status line and the headers; every answer closes its connection."""
        self._handler.send_response(status)
        for name, value in {**headers, "Connection": "close"}.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def write(self, piece: bytes) -> None:
        """Send a piece of the body."""
        self._handler.wfile.write(piece)
        self._handler.wfile.flush()

    def answer(self, status: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer with its length."""
        self.head(status, {"Content-Length": str(len(content)), **(headers or {})})
        self.write(content)

    def wait(self, seconds: float) -> bool:
        """Let time pass; True when the server is closing, and it is time to stop."""
        return self._closing.wait(seconds)


Reply = Callable[[Call], None]


@dataclass(slots=True)
class Site:
    """A running server: its address, what it was asked, and the most questions it had at once."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    busiest: int = 0

    def asked(self, path: str) -> list[Seen]:
        """The questions for one path, in their order."""
        return [seen for seen in self.seen if seen.path == path]


def body(content: bytes, kind: str = "text/csv; charset=utf-8", **headers: str) -> Reply:
    """200 with this content; further headers by name, underscores for hyphens."""
    told = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return lambda call: call.answer(200, content, told)


def status(code: int, content: bytes = b"", **headers: str) -> Reply:
    """This status."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda call: call.answer(code, content, told)


def in_turn(*replies: Reply) -> Reply:
    """The first question gets the first reply, and so on; the last one serves all that follow."""
    waiting = list(replies)

    def reply(call: Call) -> None:
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(call)

    return reply


def validated(content: bytes, etag: str, last_modified: str) -> Reply:
    """200 with validators, or 304 to who has this version: by ETag, else by date, as RFC 9110 orders them."""

    def reply(call: Call) -> None:
        validators = {"ETag": etag, "Last-Modified": last_modified}
        asked = call.seen.headers
        known = (
            asked["If-None-Match"] == etag if asked["If-None-Match"] else asked["If-Modified-Since"] == last_modified
        )
        if known:
            call.head(304, validators)
        else:
            call.answer(200, content, {"Content-Type": "text/csv", **validators})

    return reply


def silent() -> Reply:
    """Takes the question and says nothing."""

    def reply(call: Call) -> None:
        call.wait(60)

    return reply


def dripping(pause_seconds: float) -> Reply:
    """200, then a byte now and then, without an end."""

    def reply(call: Call) -> None:
        call.head(200, {"Content-Type": "text/csv"})
        while not call.wait(pause_seconds):
            call.write(b"a")

    return reply


def dripping_headers(pause_seconds: float) -> Reply:
    """A status line, then the bytes of a header now and then: no answer ever begins."""

    def reply(call: Call) -> None:
        call.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not call.wait(pause_seconds):
            call.write(b"a")

    return reply


def cut_off(content: bytes, declared_bytes: int) -> Reply:
    """Promises more than it sends, and hangs up."""

    def reply(call: Call) -> None:
        call.head(200, {"Content-Type": "text/csv", "Content-Length": str(declared_bytes)})
        call.write(content)

    return reply


def stream(total_bytes: int, *, declared: bool) -> Reply:
    """A body of this size made on the way, with or without telling its length."""

    def reply(call: Call) -> None:
        call.head(200, {"Content-Type": "text/csv", **({"Content-Length": str(total_bytes)} if declared else {})})
        piece = b"0123456,\n" * 7_000
        for _ in range(total_bytes // len(piece)):
            call.write(piece)

    return reply


def redirect(to: str, code: int = 302) -> Reply:
    """Sends on to another address."""
    return status(code, Location=to)


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture of the archive stand-in; ``timestamp`` as in its addresses, ``YYYYMMDDhhmmss``."""

    timestamp: str
    content: bytes
    status: int = 200
    kind: str = "text/csv"


def archive(captures: Mapping[str, list[Captured]]) -> dict[str, Reply]:
    """The routes of a web archive that holds these captures by address: the CDX index and ``id_`` addresses."""

    def index(call: Call) -> None:
        wanted = call.seen.query
        found = [c for c in captures.get(wanted["url"][0], []) if _passes(c, wanted.get("filter", []))]
        limit = int(wanted["limit"][0])
        found = found[limit:] if limit < 0 else found[:limit]
        rows = [["timestamp"], *([capture.timestamp] for capture in found)] if found else []
        call.answer(200, json.dumps(rows).encode(), {"Content-Type": "application/json"})

    def capture(call: Call) -> None:
        timestamp, _, url = call._handler.path.removeprefix("/web/").partition("id_/")
        for known in captures.get(url, []):
            if known.timestamp == timestamp:
                return call.answer(known.status, known.content, {"Content-Type": known.kind})
        return call.answer(404, b"")

    return {"/cdx/search/cdx": index, "/web/": capture}


def _passes(capture: Captured, filters: list[str]) -> bool:
    values = {"statuscode": str(capture.status), "mimetype": capture.kind}
    for wanted in filters:
        name, _, pattern = wanted.removeprefix("!").partition(":")
        if bool(re.fullmatch(pattern, values[name])) == wanted.startswith("!"):
            return False
    return True


@contextmanager
def serve(routes: Mapping[str, Reply]) -> Iterator[Site]:
    """Serve these routes on a free port of 127.0.0.1 until the end of the block."""
    closing = threading.Event()
    server = _Server(("127.0.0.1", 0), _handler(routes, closing))
    site = Site(f"http://127.0.0.1:{server.server_port}")
    server.site = site
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
    if server.failures:
        raise server.failures[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    site: Site

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.failures: list[BaseException] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is expected here; anything else fails the test."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.failures.append(error)


def _handler(routes: Mapping[str, Reply], closing: threading.Event) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()
    at_once = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10
        server: _Server

        def _serve(self) -> None:
            nonlocal at_once
            address = urlsplit(self.path)
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            query = parse_qs(address.query)
            seen = Seen(self.command, address.path, query, self.headers, content, time.monotonic())
            with lock:
                at_once += 1
                self.server.site.seen.append(seen)
                self.server.site.busiest = max(self.server.site.busiest, at_once)
            try:
                _route(routes, address.path)(Call(self, seen, closing))
            finally:
                self.close_connection = True
                with lock:
                    at_once -= 1

        do_GET = do_POST = _serve

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: what was asked stands in ``Site.seen``."""

    return Handler


def _route(routes: Mapping[str, Reply], path: str) -> Reply:
    if path in routes:
        return routes[path]
    beginnings = [route for route in routes if route.endswith("/") and path.startswith(route)]
    return routes[max(beginnings, key=len)] if beginnings else status(404, b"not here")
