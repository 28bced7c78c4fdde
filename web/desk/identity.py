"""Somebody as an identity provider knows them, and what keeps that from being known."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class ProviderError(Exception):
    """A sign-in elsewhere that came to nothing; ``reason`` is a code for the log and for nobody else."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider knows them."""

    issuer: str
    subject: str


def is_safe(address: object) -> bool:
    """Whether an address is reached over TLS, or lies on this very machine."""
    parts = urlsplit(str(address))
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
