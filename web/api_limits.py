"""How much one address may ask of the API: a number of requests in a time, and the length of a query."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Response, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from data.queries.dataset_filters import Message
from web.api_problems import problem

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

LIMITED = "/api/"
LONGEST_QUERY = 3_000


class Rate:
    """Counts the requests of each address, in this process. ``allowed`` is such as ``300 per minute``; None: no limit.

    ``proxies`` is how many proxies of ours stand before the site: the address is the one that the outermost of them saw.
    """

    def __init__(self, allowed: str | None, proxies: int) -> None:
        self._item = parse(allowed) if allowed else None
        self._proxies = proxies

    @cached_property
    def _limiter(self) -> FixedWindowRateLimiter:
        # It starts a thread, which would not live on after gunicorn's fork: only made at the first request.
        return FixedWindowRateLimiter(MemoryStorage())

    def admits(self, environ: WSGIEnvironment) -> bool:
        """Count a request, and say whether its address may still be answered; only the API's are counted."""
        if self._item is None or not environ["PATH_INFO"].startswith(LIMITED):
            return True
        return self._limiter.hit(self._item, caller(environ, self._proxies))

    def refusal(self) -> Response | None:
        """429 when the address of the current request has asked too often, None otherwise. Counts it."""
        if self._item is None or self.admits(request.environ):
            return None
        reset = self._limiter.get_window_stats(self._item, caller(request.environ, self._proxies)).reset_time
        seconds = max(1, round(reset - time.time() + 0.5))
        said = Message(f"Vuelva a pedir en {seconds} s.", f"Ask again in {seconds} s.")
        response = problem(429, said, limit=str(self._item))
        response.headers["Retry-After"] = str(seconds)
        return response


def caller(environ: WSGIEnvironment, proxies: int) -> str:
    """The address that asks: the one that the outermost of our ``proxies`` saw; what others claim is not believed."""
    forwarded: str = environ.get("HTTP_X_FORWARDED_FOR", "")
    seen = [part.strip() for part in forwarded.split(",") if part.strip()]
    if proxies and len(seen) >= proxies:
        return seen[-proxies]
    return str(environ.get("REMOTE_ADDR", ""))


def too_long() -> Response | None:
    """414 when the query is longer than any that we would answer, None otherwise."""
    if len(request.query_string) <= LONGEST_QUERY:
        return None
    return problem(
        414,
        Message(
            f"La consulta admite hasta {LONGEST_QUERY} caracteres.",
            f"The query takes up to {LONGEST_QUERY} characters.",
        ),
    )
