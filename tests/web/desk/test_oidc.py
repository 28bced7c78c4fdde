"""Signing in at an identity provider that really signs: what is let in, and every answer that must not be."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from data.accounts import Accounts
from data.database import Database
from settings import Settings
from tests.servers import Call, serve
from web import accounts as command
from web.desk.passwords import hashed
from web.site import create_site

CLIENT, SECRET, PUBLIC_URL = "apertura desk", "s3cret/+ %", "http://127.0.0.1:8050"
SUBJECT = "sub-of-ana"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("k1", "k1"))


@dataclass
class IdentityProvider:
    """A provider of OpenID Connect: it keeps what it was asked with each code, and holds the client to it.

    ``claims`` and ``key`` change what it says and how it signs, for the answers that must be refused.
    """

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    issuer: str | None = None
    asked: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser is sent back with once somebody signed in there."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.url}/authorize?")
        assert (query["response_type"], query["client_id"], query["scope"]) == ("code", CLIENT, "openid")
        assert query["redirect_uri"] == f"{PUBLIC_URL}/comision/entrar/vuelta"
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.asked)}"
        self.asked[code] = query
        return {"code": code, "state": query["state"], "iss": self.url}

    def discovery(self, call: Call) -> None:
        """Where everything is."""
        self._say(call, {
            "issuer": self.issuer or self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
        })  # fmt: skip

    def keys(self, call: Call) -> None:
        """The public keys."""
        self._say(call, KeySet([KEY]).as_dict(private=False))

    def token(self, call: Call) -> None:
        """A signed ID token for a code, once, and only for who knows secret and verifier."""
        form = {name: values[0] for name, values in parse_qs(call.seen.body.decode()).items()}
        expected = "Basic " + base64.b64encode(b"apertura+desk:s3cret%2F%2B+%25").decode()
        query = self.asked.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if (
            query is None
            or call.seen.headers["Authorization"] != expected
            or query["code_challenge"] != challenge.decode()
        ):
            call.answer(400, b'{"error": "invalid_grant"}', {"Content-Type": "application/json"})
            return
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "sub": SUBJECT, "nonce": query["nonce"], "iat": now, "exp": now + 300}
        said = {name: value for name, value in {**said, **self.claims}.items() if value is not None}
        self._say(
            call, {"id_token": jwt.encode({"alg": self.algorithm, "kid": "k1"}, said, self.key), "token_type": "Bearer"}
        )

    def _say(self, call: Call, content: Any) -> None:
        call.answer(200, json.dumps(content).encode(), {"Content-Type": "application/json"})


@dataclass
class Desk:
    """A site whose desk knows the provider, and an account linked to its one user."""

    accounts: Accounts
    settings: Settings
    provider: IdentityProvider
    new_client: Any

    def sent(self, client: FlaskClient, back: str = "") -> dict[str, str]:
        """Begin to sign in, and what the provider sends the browser back with."""
        answer = client.get(f"/comision/entrar/oidc?{urlencode({'siguiente': back})}")
        assert answer.status_code == 303
        return self.provider.authorize(str(answer.location))

    def returned(self, client: FlaskClient, answer: Mapping[str, str]) -> int:
        """Come back with an answer."""
        return client.get(f"/comision/entrar/vuelta?{urlencode(answer)}").status_code


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk of each test's own: refusals count against an address."""
    provider = IdentityProvider()
    routes = {
        "/.well-known/openid-configuration": provider.discovery, "/keys": provider.keys, "/token": provider.token,
    }  # fmt: skip
    with serve(routes) as server:
        provider.url = server.url
        settings = Settings(
            releases_dir=tmp_path / "releases", uploads_dir=tmp_path / "uploads", public_url=PUBLIC_URL,
            accounts_url=f"sqlite:///{tmp_path / 'accounts.sqlite'}", oidc_issuer=server.url, oidc_client_id=CLIENT,
            oidc_client_secret=SECRET, oidc_name="la Secretaría",
        )  # fmt: skip
        accounts, database = Accounts(str(settings.accounts_url)), Database(settings)
        accounts.add("ana", "editor", hashed("una contraseña larga"))
        accounts.link("ana", server.url, SUBJECT)
        yield Desk(accounts, settings, provider, create_site(settings, database).test_client)
        accounts.close()
        database.close()


def is_in(client: FlaskClient) -> bool:
    return client.get("/comision").status_code == 200


def test_who_is_linked_comes_in_with_the_role_of_the_account(desk: Desk) -> None:
    client = desk.new_client()
    assert "Entrar con la Secretaría" in client.get("/comision/entrar").get_data(as_text=True)
    assert "Sign in with la Secretaría" in client.get("/en/comision/entrar").get_data(as_text=True)
    assert desk.returned(client, desk.sent(client)) == 303
    assert is_in(client)
    assert client.get("/comision/bitacora").status_code == 403
    entry = desk.accounts.log()[0]
    assert (entry.account, entry.act, entry.result, entry.detail) == ("ana", "sign_in", "done", {"by": "oidc"})


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [("/en/comision/bitacora", "/en/comision/bitacora"), ("//evil.example/", "/comision"), ("https://evil.example", "/comision"),
     ("/estados", "/comision"), ("/comision/entrar/oidc", "/comision")],
)  # fmt: skip
def test_coming_back_leads_nowhere_but_to_the_desk(desk: Desk, asked: str, leads_to: str) -> None:
    client = desk.new_client()
    answer = client.get(f"/comision/entrar/vuelta?{urlencode(desk.sent(client, asked))}")
    assert (answer.status_code, answer.location) == (303, leads_to)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "http://127.0.0.1:1/other"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"], "azp": "another client"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"exp": None},
        {"exp": 1_600_000_000},
        {"iat": 4_000_000_000},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_lets_nobody_in(desk: Desk, wrong: dict[str, Any]) -> None:
    desk.provider.claims = wrong
    client = desk.new_client()
    assert desk.returned(client, desk.sent(client)) == 401
    assert not is_in(client)
    entry = desk.accounts.log()[0]
    assert (entry.act, entry.result, entry.detail["reason"]) == ("sign_in", "refused", "id_token")


def test_a_token_signed_with_another_key_lets_nobody_in(desk: Desk) -> None:
    desk.provider.key = OTHER_KEY
    client = desk.new_client()
    assert desk.returned(client, desk.sent(client)) == 401
    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_lets_nobody_in(desk: Desk) -> None:
    victim, attacker = desk.new_client(), desk.new_client()
    answer = desk.sent(attacker)
    assert desk.returned(victim, answer) == 401, "a session that began nothing"
    desk.sent(victim)
    assert desk.returned(victim, answer) == 401, "the answer to somebody else's sign-in"
    assert desk.returned(attacker, {**answer, "state": "x"}) == 401
    assert desk.returned(attacker, answer) == 401, "an answer is looked at once"
    assert not is_in(victim)
    assert not is_in(attacker)


@pytest.mark.parametrize(
    "change", [{"iss": "http://127.0.0.1:1"}, {"code": "made up"}, {"code": ""}, {"error": "access_denied"}]
)
def test_an_answer_from_elsewhere_or_without_a_code_lets_nobody_in(desk: Desk, change: dict[str, str]) -> None:
    client = desk.new_client()
    assert desk.returned(client, {**desk.sent(client), **change}) == 401
    assert not is_in(client)


def test_the_code_is_worth_nothing_without_the_verifier(desk: Desk) -> None:
    thief, victim = desk.new_client(), desk.new_client()
    stolen = desk.sent(victim)
    assert desk.returned(thief, {**desk.sent(thief), "code": stolen["code"]}) == 401
    assert not is_in(thief)


def test_the_session_is_a_new_one_after_signing_in(desk: Desk) -> None:
    client, thief = desk.new_client(), desk.new_client()
    answer = desk.sent(client)
    planted = client.get_cookie("apertura_comision", path="/comision")
    assert desk.returned(client, answer) == 303
    assert planted is not None
    thief.set_cookie("apertura_comision", planted.value, path="/comision")
    assert not is_in(thief)


def test_nobody_registers_by_signing_in(desk: Desk) -> None:
    desk.provider.claims = {"sub": "sub-of-somebody", "email": "ana@example.org", "preferred_username": "ana"}
    client = desk.new_client()
    answer = client.get(f"/comision/entrar/vuelta?{urlencode(desk.sent(client))}")
    assert answer.status_code == 403
    assert "sub-of-somebody" in answer.get_data(as_text=True), "what to give to whoever keeps the accounts"
    assert not is_in(client)
    assert desk.accounts.log()[0].detail["subject"] == "sub-of-somebody"


def test_accounts_are_linked_and_unlinked_with_the_command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APERTURA_ACCOUNTS_URL", str(desk.settings.accounts_url))
    desk.provider.claims = {"sub": "second"}
    assert command.main(["link", "ana", "--subject", "second"]) == 1, "without a provider there is nobody to link"
    monkeypatch.setenv("APERTURA_OIDC_ISSUER", desk.provider.url)
    assert command.main(["link", "nadie", "--subject", "second"]) == 1
    assert command.main(["link", "ana", "--subject", "second"]) == 0
    assert command.main(["link", "ana", "--subject", "second"]) == 1
    client = desk.new_client()
    assert desk.returned(client, desk.sent(client)) == 303
    assert command.main(["unlink", "ana"]) == 0
    assert not is_in(client), "its sessions end"
    assert desk.returned(client, desk.sent(client)) == 403


def test_a_closed_account_stays_closed(desk: Desk) -> None:
    desk.accounts.disable("ana")
    client = desk.new_client()
    assert desk.returned(client, desk.sent(client)) == 403
    assert not is_in(client)


def test_guessing_answers_has_to_wait(desk: Desk) -> None:
    client = desk.new_client()
    statuses = [desk.returned(client, {"state": str(n), "code": "x"}) for n in range(21)]
    assert statuses == [401] * 20 + [429]
    assert desk.returned(client, desk.sent(client)) == 429


def test_a_provider_that_gives_another_name_is_not_asked_to_sign_anybody_in(desk: Desk) -> None:
    desk.provider.issuer = "https://evil.example"
    assert desk.new_client().get("/comision/entrar/oidc").status_code == 502


def test_the_policy_stays_as_strict_as_without_a_provider(desk: Desk) -> None:
    client = desk.new_client()
    page, away = client.get("/comision/entrar"), client.get("/comision/entrar/oidc")
    for answer in (page, away):
        assert "form-action 'self';" in answer.headers["Content-Security-Policy"]
        assert desk.provider.url not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert away.location is not None


@pytest.mark.parametrize(
    "given",
    [{"oidc_issuer": "http://idp.example"}, {"oidc_issuer": "https://idp.example", "oidc_client_secret": None}],
    ids=str,
)
def test_a_provider_that_cannot_be_trusted_stops_the_start(desk: Desk, given: dict[str, Any]) -> None:
    settings = desk.settings.model_copy(update=given)
    with pytest.raises(ValueError, match="APERTURA_OIDC_ISSUER"):
        create_site(settings, Database(settings))
