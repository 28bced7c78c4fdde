"""Who gets in: every address of the desk, every role, and the usual ways around a door."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import ClassVar, Literal, get_args

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from argon2.profiles import CHEAPEST
from werkzeug.routing import Rule

from data.accounts import ROLES, Role
from data.database import Database
from etl.failures import Reason
from settings import ROOT, Settings
from tests.web.desk.conftest import PASSWORD, DeskSite, sign_in, token_of
from web import accounts
from web.desk import passwords
from web.desk.auth import safe_return
from web.desk.failures import FAILURES
from web.desk.routes import NEEDED, PUBLIC
from web.desk.uploads import environment, shown_name
from web.desk.words import REASONS
from web.site import create_site

SHA = "a" * 64


@pytest.fixture
def light_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes that cost little, where a test counts attempts and not their seconds."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher.from_parameters(CHEAPEST))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


def desk_rules(site: DeskSite) -> Iterator[tuple[Rule, str, str]]:
    """Every rule of the desk, with a method and an address of it."""
    for rule in site.server.url_map.iter_rules():
        if rule.endpoint.startswith(("desk.", "desk_en.")):
            address = rule.rule.replace("<sha256>", SHA).replace("<round_id>", "2026")
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method, address


def act_of(rule: Rule) -> str:
    """The desk's function behind a rule, whatever its language."""
    return str(rule.endpoint).partition(".")[2]


def test_every_address_has_a_role_or_is_the_door(desk_site: DeskSite) -> None:
    acts = {act_of(rule) for rule, _, _ in desk_rules(desk_site)}
    assert acts == set(NEEDED) | PUBLIC
    assert {"sign_in", "signing_in", "sign_in_elsewhere", "back_from_elsewhere"} == PUBLIC
    addresses = {address for _, _, address in desk_rules(desk_site)}
    assert {address for address in addresses if address.startswith("/en/")} == {
        f"/en{address}" for address in addresses if not address.startswith("/en/")
    }


def test_every_address_refuses_the_signed_out(desk_site: DeskSite) -> None:
    for rule, method, address in desk_rules(desk_site):
        answer = desk_site.client().open(address, method=method)
        if act_of(rule) == "sign_in":
            assert answer.status_code == 200
        elif act_of(rule) in PUBLIC and method == "GET":
            assert answer.status_code == 404, "no identity provider is configured"
        elif method == "GET":
            prefix = "/en" if address.startswith("/en/") else ""
            assert (answer.status_code, answer.location) == (303, f"{prefix}/comision/entrar?siguiente={address}")
        else:
            assert answer.status_code in (400, 403), rule


@pytest.mark.parametrize("role", ROLES)
def test_every_address_refuses_the_wrong_role(desk_site: DeskSite, role: Role) -> None:
    client = desk_site.client(role)
    token = token_of(client)
    refused = set()
    for rule, method, address in desk_rules(desk_site):
        if act_of(rule) in PUBLIC | {"sign_out"} or ROLES.index(NEEDED[act_of(rule)]) <= ROLES.index(role):
            continue
        assert client.open(address, method=method, data={"csrf_token": token}).status_code == 403, rule
        refused.add(act_of(rule))
    expected = {
        "viewer": {"upload", "check", "publish", "undo", "letters", "log"},
        "editor": {"log"},
        "administrator": set(),
    }
    assert refused == expected[role]


def test_every_act_wants_its_token(desk_site: DeskSite) -> None:
    client = desk_site.client("administrator")
    for rule, method, address in desk_rules(desk_site):
        if method == "POST":
            assert client.post(address).status_code == 400, rule
            assert client.post(address, data={"csrf_token": "IjEi.x.y"}).status_code == 400, rule
    other = desk_site.client("administrator")
    assert client.post("/comision/salir", data={"csrf_token": token_of(other)}).status_code == 400


def test_readers_never_get_a_cookie(desk_site: DeskSite) -> None:
    client = desk_site.client()
    for address in ("/", "/en/", "/salud", "/estados", "/comision/../", "/comisiones", "/nada"):
        assert "Set-Cookie" not in client.get(address).headers, address
    cookie = client.get("/comision/entrar").headers["Set-Cookie"]
    for attribute in ("Path=/comision", "HttpOnly", "SameSite=Lax"):
        assert attribute in cookie


def test_without_accounts_the_desk_is_off_and_says_so(tmp_path: object) -> None:
    server = create_site(Settings(), Database(Settings()))
    for address in ("/comision", "/comision/entrar", "/comision/bitacora", "/en/comision", "/en/comision/entrar"):
        for method in ("GET", "POST"):
            answer = server.test_client().open(address, method=method)
            assert answer.status_code == 503
            assert "APERTURA_ACCOUNTS_URL" in answer.get_data(as_text=True)
            assert "Set-Cookie" not in answer.headers


def test_the_session_is_a_new_one_after_signing_in_and_dead_after_signing_out(desk_site: DeskSite) -> None:
    client = desk_site.client()
    token_of(client, "/comision/entrar")
    planted = client.get_cookie("apertura_comision", path="/comision")
    assert sign_in(client, "viewer", PASSWORD).status_code == 303
    stolen = client.get_cookie("apertura_comision", path="/comision")
    assert planted is not None
    assert stolen is not None
    assert planted.value != stolen.value
    thief = desk_site.client()
    thief.set_cookie("apertura_comision", planted.value, path="/comision")
    assert thief.get("/comision").status_code == 303, "the cookie of before the sign-in opens nothing"
    client.post("/comision/salir", data={"csrf_token": token_of(client)})
    thief.set_cookie("apertura_comision", stolen.value, path="/comision")
    assert thief.get("/comision").status_code == 303, "nor does that of a session that was ended"
    thief.set_cookie("apertura_comision", f"{stolen.value}x", path="/comision")
    assert thief.get("/comision").status_code == 303


def test_a_disabled_account_is_out_at_once(desk_site: DeskSite) -> None:
    name = "pasajera"
    account = desk_site.accounts.by_name("viewer")
    assert account is not None
    desk_site.accounts.add(name, "viewer", account.password_hash)
    client = desk_site.client()
    assert sign_in(client, name, PASSWORD).status_code == 303
    assert client.get("/comision").status_code == 200
    desk_site.accounts.disable(name)
    assert client.get("/comision").status_code == 303
    assert sign_in(desk_site.client(), name, PASSWORD).status_code == 401


@pytest.mark.parametrize(
    "asked",
    ["/en/estados", "/en/comision/entrar", "/en//comision/x", "//en/comision", "comision", "https://evil.example/", "//evil.example/comision", "/\\evil.example", "/estados", "javascript:alert(1)",
     "/comision/../otra", "/comisionx", "/comision\r\nX: y", "/comision/entrar", "", "https:/comision"],
)  # fmt: skip
def test_signing_in_leads_nowhere_but_to_the_desk(asked: str) -> None:
    assert safe_return(asked) == "/comision"


def test_signing_in_leads_back_to_the_page_asked_for(desk_site: DeskSite) -> None:
    assert sign_in(desk_site.client(), "administrator", PASSWORD, "/comision/bitacora").location == "/comision/bitacora"
    assert sign_in(desk_site.client(), "viewer", PASSWORD, "//evil.example").location == "/comision"


def test_the_desk_speaks_both_languages_under_one_sign_in(desk_site: DeskSite) -> None:
    client = desk_site.client("administrator")
    for address, lang, other, title in (
        ("/comision/bitacora", "es-MX", "/en/comision/bitacora", "Lo que se ha hecho en la mesa"),
        ("/en/comision/bitacora", "en", "/comision/bitacora", "What was done at the desk"),
    ):
        text = client.get(address).get_data(as_text=True)
        assert f'<html lang="{lang}">' in text
        assert f'href="{other}"' in text
        assert title in text
    text = client.get("/en/comision").get_data(as_text=True)
    assert re.findall(r'action="(/[^"]*)"', text)
    assert all(address.startswith("/en/comision") for address in re.findall(r'action="(/[^"]*)"', text))
    assert client.post("/en/comision/salir", data={"csrf_token": token_of(client)}).location == "/en/comision/entrar"
    assert client.get("/comision").status_code == 303, "signing out in one language is signing out"


def test_the_log_says_in_words_why_an_act_came_to_nothing() -> None:
    provider = (ROOT / "web" / "desk" / "provider.py").read_text()
    at_the_provider = set(re.findall(r'ProviderError\("(\w+)"\)', provider))
    assert len(at_the_provider) > 5
    assert set(REASONS) == {*FAILURES, *get_args(Reason), *at_the_provider, "no_account"}


class Counting(PasswordHasher):
    """A hasher that keeps the parameters of every hash it is asked about: they tell how much work it was."""

    asked: ClassVar[list[Parameters]] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.asked.append(extract_parameters(str(hash)))
        return super().verify(hash, password)


def test_nobody_learns_which_accounts_exist(desk_site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", Counting())
    answers: list[tuple[int, bool]] = []
    work: list[list[Parameters]] = []
    for name in ("viewer", "nobody-at-all"):
        client = desk_site.client()
        token = token_of(client, "/comision/entrar")
        form = {"csrf_token": token, "name": name, "password": "equivocada del todo"}
        Counting.asked.clear()
        answer = client.post("/comision/entrar", data=form, environ_base={"REMOTE_ADDR": "10.0.0.9"})
        work.append([*Counting.asked])
        answers.append(
            (answer.status_code, "El nombre o la contraseña no son correctos." in answer.get_data(as_text=True))
        )
    assert answers == [(401, True)] * 2
    assert work == [[extract_parameters(passwords.hashed(PASSWORD))]] * 2, "an unknown name is as much work"


@pytest.mark.usefixtures("light_passwords")
def test_guessing_has_to_wait_also_for_names_that_do_not_exist(desk_site: DeskSite) -> None:
    for name in ("editor", "ghost"):
        statuses = [
            sign_in(desk_site.client(), name, f"intento número {n}", address=f"10.1.{len(name)}.{n}").status_code
            for n in range(6)
        ]
        assert statuses == [401] * 5 + [429]
    assert sign_in(desk_site.client(), "editor", PASSWORD).status_code == 429, "the right password waits, too"
    desk_site.accounts.forgive("name:editor")
    assert sign_in(desk_site.client(), "editor", PASSWORD).status_code == 303
    statuses = [sign_in(desk_site.client(), f"name{n}", "x" * 12, address="10.2.0.1").status_code for n in range(21)]
    assert statuses == [401] * 20 + [429], "nor can one address try many names"
    assert "ghost" not in str(desk_site.accounts.log()), "what somebody typed as a name is not kept"


@pytest.mark.usefixtures("light_passwords")
def test_a_claimed_address_does_not_help_who_guesses(desk_site: DeskSite) -> None:
    client = desk_site.client()
    for number in range(21):
        form = {"csrf_token": token_of(client, "/comision/entrar"), "name": f"claim{number}", "password": "x" * 12}
        answer = client.post(
            "/comision/entrar", data=form, headers={"X-Forwarded-For": f"192.0.2.{number}"},
            environ_base={"REMOTE_ADDR": "10.3.0.1"},
        )  # fmt: skip
    assert answer.status_code == 429


def test_who_is_refused_is_told_why_and_where_to_go(desk_site: DeskSite) -> None:
    cases = [
        (desk_site.client("viewer").get("/comision/bitacora"), 403, "Su cuenta no puede hacer esto", "/comision"),
        (desk_site.client("viewer").get("/en/comision/bitacora"), 403, "Your account cannot do this", "/en/comision"),
        (desk_site.client().post("/comision/cargar"), 403, "La sesión terminó", "/comision/entrar"),
        (desk_site.client("editor").post("/comision/cargar"), 400, "La sesión terminó", "/comision"),
    ]
    for answer, status, told, way in cases:
        page = answer.get_data(as_text=True)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
        assert f">{told}</h1>" in page
        assert f'<a href="{way}">' in page


def test_a_file_that_is_too_large_is_refused_in_words(desk_site: DeskSite) -> None:
    lying = {"CONTENT_LENGTH": "60000000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = desk_site.client("editor").post("/comision/cargar", data=b"--x", environ_overrides=lying)
    assert answer.status_code == 413
    assert "El archivo pesa más de 50 MB." in answer.get_data(as_text=True)


def test_a_name_is_not_typed_twice_for_a_wrong_password(desk_site: DeskSite) -> None:
    page = sign_in(desk_site.client(), 'vie"wer', "equivocada").get_data(as_text=True)
    assert 'name="name" value="vie&#34;wer"' in page
    assert "equivocada" not in page


def test_headers_of_the_desk(desk_site: DeskSite) -> None:
    answer = desk_site.client("viewer").get("/comision")
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "<script" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "a/b\x00c", "\u202e.xlsx", "é" * 500]
)
def test_a_file_name_leads_nowhere(desk_site: DeskSite, name: str) -> None:
    shown = shown_name(name)
    assert not set("/\\\x00\u202e") & set(shown)
    assert 0 < len(shown) <= 80
    assert shown.endswith("…") == (len(name) > 80), "what was cut says so"


@pytest.mark.parametrize("sha256", ["..", "../accounts.sqlite", "A" * 64, "a" * 63, "%2e%2e", "a" * 64 + "%00"])
def test_only_a_hash_names_an_upload(desk_site: DeskSite, sha256: str) -> None:
    assert desk_site.client("viewer").get(f"/comision/archivos/{sha256}").status_code == 404


def test_a_form_without_end_is_cut(desk_site: DeskSite) -> None:
    client = desk_site.client("editor")
    form = {"csrf_token": token_of(client), "name": "x" * 100_000}
    assert client.post("/comision/salir", data=form).status_code == 413
    lying = {"CONTENT_LENGTH": "60000000", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    assert client.post("/comision/cargar", data=b"--x", environ_overrides=lying).status_code == 413
    assert list(desk_site.settings.uploads_dir.glob("*")) == []


@pytest.mark.usefixtures("light_passwords")
def test_accounts_are_added_and_closed_with_the_command(desk_site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APERTURA_ACCOUNTS_URL", str(desk_site.settings.accounts_url))

    def command(*arguments: str, typed: str = "") -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        return accounts.main(arguments)

    assert command("add", "ana.p", "--role", "editor", typed="corta\n") == 1
    assert command("add", "Ana P", typed=f"{PASSWORD}\n") == 1
    assert command("add", "ana.p", "--role", "editor", typed=f"{PASSWORD}\n") == 0
    assert command("add", "ana.p", typed=f"{PASSWORD}\n") == 1
    listed = subprocess.run(
        [sys.executable, "-m", "web.accounts", "list"], cwd=ROOT, env=environment(desk_site.settings),
        text=True, capture_output=True, check=True,
    )  # fmt: skip
    assert "ana.p" in listed.stdout
    assert sign_in(desk_site.client(), "ana.p", PASSWORD).status_code == 303
    assert command("disable", "ana.p") == 0
    assert sign_in(desk_site.client(), "ana.p", PASSWORD).status_code == 401
    assert command("disable", "nadie") == 1
