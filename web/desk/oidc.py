"""Whether people may sign in at an identity provider; ``web.desk.provider`` does it, and is imported only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from settings import Settings
from web.desk.identity import is_safe

if TYPE_CHECKING:
    from web.desk.provider import Provider


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
