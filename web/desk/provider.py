"""Signing in at an identity provider: OpenID Connect's authorization code flow, with PKCE, state and nonce.

What the provider says is believed only as far as its signature, issuer, audience and times hold. Of its claims only
issuer and subject are used; whose account that is, the accounts say (``python -m web.accounts link``).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from settings import Settings
from web.desk.auth import DESK
from web.desk.identity import Identity, ProviderError, is_safe

RETURN = f"{DESK}/entrar/vuelta"
DISCOVERY = "/.well-known/openid-configuration"
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
SECONDS = 10.0
LEEWAY_SECONDS = 30


class Provider:
    """One identity provider. It is asked what it offers at the first sign-in."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = str(settings.oidc_issuer)
        self._client_id = str(settings.oidc_client_id)
        self._secret = str(settings.oidc_client_secret)
        self._return = f"{settings.public_url.rstrip('/')}{RETURN}"

    def begin(self) -> tuple[str, dict[str, str]]:
        """The address to send the browser to, and what its answer must fit. Raises ``ProviderError``."""
        expected = {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "verifier")}
        address = prepare_grant_uri(
            self._offers["authorization_endpoint"], self._client_id, "code", self._return, "openid", expected["state"],
            nonce=expected["nonce"], code_challenge=create_s256_code_challenge(expected["verifier"]),  # type: ignore[no-untyped-call]
            code_challenge_method="S256",
        )  # fmt: skip
        return str(address), expected

    def answered(self, answer: Mapping[str, str], expected: Mapping[str, str]) -> Identity:
        """Who the provider says is there, from the query it sent the browser back with. Raises ``ProviderError``."""
        state = expected.get("state", "")
        if not state or not secrets.compare_digest(answer.get("state", "").encode(), state.encode()):
            raise ProviderError("state")
        if answer.get("iss", self.issuer) != self.issuer:
            raise ProviderError("issuer")
        if "error" in answer or not answer.get("code"):
            raise ProviderError("denied")
        return self._identity(self._token(answer["code"], expected["verifier"]), expected["nonce"])

    def _token(self, code: str, verifier: str) -> str:
        asked = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self._return, "code_verifier": verifier,
        }  # fmt: skip
        # As RFC 6749 has it: both are form-encoded before they make the header.
        client = httpx.BasicAuth(quote_plus(self._client_id), quote_plus(self._secret))
        try:
            answer = httpx.post(self._offers["token_endpoint"], data=asked, auth=client, timeout=SECONDS)
            answer.raise_for_status()
            return str(answer.json()["id_token"])
        except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
            raise ProviderError("token") from error

    def _identity(self, id_token: str, nonce: str) -> Identity:
        claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            said = jwt.decode(id_token, self._keys(), algorithms=ALGORITHMS).claims
            claims.validate(said)
        except (JoseError, ValueError) as error:
            raise ProviderError("id_token") from error
        if isinstance(said["aud"], list) and len(said["aud"]) > 1 and said.get("azp") != self._client_id:
            raise ProviderError("id_token")
        return Identity(self.issuer, str(said["sub"]))

    def _keys(self) -> KeySet:
        """The provider's keys as they are now: it changes them when it likes, and people seldom sign in."""
        return KeySet.import_key_set(_fetched(self._offers["jwks_uri"]))

    @cached_property
    def _offers(self) -> Mapping[str, str]:
        found = _fetched(f"{self.issuer.rstrip('/')}{DISCOVERY}")
        places = {name: found.get(name, "") for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        if found.get("issuer") != self.issuer or not all(is_safe(place) for place in places.values()):
            raise ProviderError("discovery")
        return places


def _fetched(address: str) -> Any:
    try:
        answer = httpx.get(address, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderError("unreachable") from error
