"""Whether people may sign in at an identity provider, and what that can come to (``web.desk.provider`` does it)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from settings import Settings

if TYPE_CHECKING:
    from web.desk.provider import Provider

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


def provider_of(settings: Settings) -> Provider | None:
    """The provider that the settings name, if any. Raises ``ValueError`` for one that is not reached safely."""
    if settings.oidc_issuer is None:
        return None
    if settings.oidc_client_id is None or settings.oidc_client_secret is None:
        raise ValueError("APERTURA_OIDC_ISSUER needs APERTURA_OIDC_CLIENT_ID and APERTURA_OIDC_CLIENT_SECRET")
    if not is_safe(settings.oidc_issuer):
        raise ValueError("APERTURA_OIDC_ISSUER must begin with https://")
    # Its libraries take twenty megabytes: only who has a provider pays for them.
    from web.desk.provider import Provider

    return Provider(settings)


def is_safe(address: object) -> bool:
    """Whether an address is reached over TLS, or lies on this very machine."""
    parts = urlsplit(str(address))
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
