"""Whether a host wants to be read by programs: its robots.txt, asked once per host and run (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from etl.fetching.exchange import WebError

AGENT = "Apertura"
LIMIT_BYTES = 500 * 1024
"""As much as RFC 9309 asks a reader to take; a longer one we cannot claim to have understood."""


class Robots:
    """The rules of the hosts met so far. ``read`` fetches the text at an address or raises ``WebError``."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read
        self._rules: dict[str, RobotFileParser | WebError] = {}

    def check(self, url: str) -> float:
        """Raise ``WebError`` where the host asks programs to stay away; return its wish between two requests, seconds.

        A robots.txt that is not there (4xx) allows all. One that cannot be had (5xx, no connection) forbids all: the
        error is then the one met, so that a host that is down is told as such.
        """
        host = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if host not in self._rules:
            self._rules[host] = self._learn(f"{host}/robots.txt")
        rules = self._rules[host]
        if isinstance(rules, WebError):
            raise rules
        if not rules.can_fetch(AGENT, url):
            raise WebError(f"{host}/robots.txt asks programs not to read this address")
        return float(rules.crawl_delay(AGENT) or 0)

    def _learn(self, address: str) -> RobotFileParser | WebError:
        rules = RobotFileParser(address)
        try:
            text = self._read(address)
        except WebError as error:
            if error.status is None or not 400 <= error.status < 500:
                return WebError(f"{address}: {error}", status=error.status)
            text = ""
        rules.parse(text.splitlines())
        return rules
