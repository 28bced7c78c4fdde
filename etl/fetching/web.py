"""A polite and bounded way to the web: one question at a time, tries with growing pauses, nothing without an end."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import httpx

from etl.fetching.exchange import Answer, Progress, Request, WebError
from etl.fetching.robots import AGENT, LIMIT_BYTES, Robots
from settings import Settings

MAX_REDIRECTS = 5
HOST = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]+")
"""A name in ASCII (other letters come encoded) or an IPv6 address without its brackets."""
WHOLE_ANSWER = 6
"""Times the time-out that a whole answer may take: a host that drips a byte a second is given up as well."""
LONGEST_WAIT = 3
"""Times the time-out that we wait because a host asks us to; when it asks for more, this run goes without it."""


class Web:
    """A client for one run and one thread; a context manager. Asks one question at a time, so also per host."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._robots = Robots(self._read_robots)
        self._rest_until: dict[str, float] = {}
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            headers={"User-Agent": f"{AGENT}/1.0 (+{settings.contact})", "Accept": "*/*"},
            timeout=settings.fetch_timeout_seconds,
            follow_redirects=False,  # each step is checked against the robots.txt of its host
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def download(self, request: Request, into: Path, progress: Progress | None = None) -> Answer:
        """Save the answer to ``request`` in the file ``into`` and return what came with it.

        Raises ``WebError`` when robots.txt forbids it, when the host answers neither 200 nor (to a conditional
        question) 304, when the answer is cut off, too large or too slow, or when redirects lead nowhere; what was
        saved by then is not to be used. Only what may pass is tried again: lost connections, time-outs, 429, 5xx.
        """
        return self._persist(lambda: self._follow(request, into, progress))

    def _read_robots(self, address: str) -> str:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "robots.txt"
            self._persist(lambda: self._follow(Request(address), file, None, robots=True))
            return file.read_text(encoding="utf-8", errors="replace")

    def _persist(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until there is an answer, an error that stays, or no try left."""
        for number in count(1):
            try:
                return replace(ask(), tries=number)
            except WebError as error:
                if not error.again or number >= self._settings.fetch_tries:
                    told = f"{error} ({number} tries)" if number > 1 else str(error)
                    raise WebError(told, status=error.status) from error
                time.sleep(max(self._settings.fetch_pause_seconds * 2 ** (number - 1), error.wait or 0))
        raise AssertionError("count(1) does not end")

    def _follow(self, request: Request, into: Path, progress: Progress | None, robots: bool = False) -> Answer:
        """Go where redirects lead, at most ``MAX_REDIRECTS`` steps, never in a circle, never from https to http."""
        seen: list[str] = []
        with _as_web_error():
            step = self._client.build_request(
                "GET" if request.body is None else "POST", request.url, content=request.body, headers=request.headers
            )
        while True:
            url = str(step.url)
            _check_address(step.url)
            check_redirect(seen, url)
            seen.append(url)
            delay = 0.0 if robots else min(self._robots.check(url), self._settings.fetch_timeout_seconds)
            self._rest(step.url.host)
            limit = LIMIT_BYTES if robots else self._settings.fetch_max_bytes
            try:
                with _as_web_error():
                    response, size = self._runner.run(self._exchange(step, into, limit, progress))
            finally:
                self._asked(step.url.host, delay)
            if response.next_request is None:
                return self._judge(request, response, size)
            step = response.next_request

    def _rest(self, host: str) -> None:
        """Leave the host alone as long as its robots.txt wishes, within reason."""
        time.sleep(max(0.0, self._rest_until.get(host, 0.0) - time.monotonic()))

    def _asked(self, host: str, delay: float) -> None:
        """The pause begins where the question ended: counted from its start, a slow answer would use it up."""
        self._rest_until[host] = time.monotonic() + delay

    async def _exchange(
        self, step: httpx.Request, into: Path, limit: int, progress: Progress | None
    ) -> tuple[httpx.Response, int]:
        """One question and its answer, headers and body, within the time of a whole answer."""
        async with asyncio.timeout(self._settings.fetch_timeout_seconds * WHOLE_ANSWER):
            response = await self._client.send(step, stream=True)
            try:
                saved = response.status_code == HTTPStatus.OK
                return response, await _save(response, into, limit, progress) if saved else 0
            finally:
                await response.aclose()

    def _judge(self, request: Request, response: httpx.Response, size: int) -> Answer:
        status = response.status_code
        asked_whether_newer = request.etag is not None or request.last_modified is not None
        if status == HTTPStatus.OK or (status == HTTPStatus.NOT_MODIFIED and asked_whether_newer):
            told = response.headers
            return Answer(str(response.url), status, size, told.get("ETag"), told.get("Last-Modified"), tries=1)
        wait = _seconds_to_wait(response.headers.get("Retry-After"))
        longest = self._settings.fetch_timeout_seconds * LONGEST_WAIT
        again = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        words = f"the host answered {status} {response.reason_phrase}".rstrip()
        if again and wait is not None and wait > longest:
            raise WebError(f"{words} and asks us to come back in {wait:.0f} s", status=status)
        raise WebError(words, status=status, again=again, wait=wait)


def _check_address(url: httpx.URL) -> None:
    """Raise ``WebError`` for what the client would only stumble over: other schemes, no host, an impossible port."""
    if url.scheme not in {"http", "https"} or not HOST.fullmatch(url.raw_host) or not 0 < (url.port or 1) < 65_536:
        raise WebError(f"{str(url)!r} is not an address on the web")


def check_redirect(seen: Sequence[str], url: str) -> None:
    """Raise ``WebError`` when the way so far (``seen``, addresses) must not go on to ``url``."""
    if url in seen:
        raise WebError(f"a redirect loop: {' -> '.join([*seen, url])}")
    if len(seen) > MAX_REDIRECTS:
        raise WebError(f"more than {MAX_REDIRECTS} redirects, the last to {url}")
    if seen and seen[-1].startswith("https:") and not url.startswith("https:"):
        raise WebError(f"redirected from https to {url}, which anyone on the way could change")


async def _save(response: httpx.Response, into: Path, limit: int, progress: Progress | None) -> int:
    """Write the body to a file, piece by piece; stops, without reading on, where it passes ``limit`` bytes."""
    declared = response.headers.get("Content-Length", "")
    expected = int(declared) if declared.isdecimal() else None
    too_large = WebError(f"the answer is larger than the limit of {limit:,} bytes", status=response.status_code)
    if expected is not None and expected > limit:
        raise too_large
    size = 0
    with into.open("wb") as file:
        async for piece in response.aiter_bytes():
            size += len(piece)
            if size > limit:
                raise too_large
            file.write(piece)
            if progress is not None:
                progress(size, expected)
    return size


@contextmanager
def _as_web_error() -> Iterator[None]:
    """Tell the client's errors in our words, and which of them may pass."""
    try:
        yield
    except (httpx.TimeoutException, TimeoutError) as error:
        raise WebError("the host took too long to answer", again=True) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
        raise WebError(f"not an address that can be asked: {error}") from error
    except httpx.RemoteProtocolError as error:
        raise WebError(f"the answer was cut off or is not HTTP: {error}", again=True) from error
    except httpx.DecodingError as error:
        raise WebError(f"the answer cannot be unpacked: {error}") from error
    except httpx.TransportError as error:
        raise WebError(f"the connection failed: {error or type(error).__name__}", again=True) from error


def _seconds_to_wait(retry_after: str | None) -> float | None:
    """Seconds from now that a Retry-After header asks for, in either of its forms; None when it says nothing."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
