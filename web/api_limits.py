"""How much one address may ask of the API: a number of requests in a time, and the length of a query."""

from __future__ import annotations

import time
from functools import cached_property

from flask import Response, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from data.queries.dataset_filters import Message
from web.api_problems import problem

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

    def refusal(self) -> Response | None:
        """429 when this address has asked too often, None otherwise."""
        if self._item is None or self._limiter.hit(self._item, self._address()):
            return None
        reset = self._limiter.get_window_stats(self._item, self._address()).reset_time
        seconds = max(1, round(reset - time.time() + 0.5))
        said = Message(f"Vuelva a pedir en {seconds} s.", f"Ask again in {seconds} s.")
        response = problem(429, said, limit=str(self._item))
        response.headers["Retry-After"] = str(seconds)
        return response

    def _address(self) -> str:
        return caller(self._proxies)


def caller(proxies: int) -> str:
    """The address that asks: the one that the outermost of our ``proxies`` saw; what others claim is not believed."""
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(seen) >= proxies:
        return seen[-proxies]
    return request.remote_addr or ""


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
