"""Who is signed in to the desk: sessions only under its address, roles for every act, patience with failed attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager
from itsdangerous import URLSafeTimedSerializer

from data.accounts import Account, Accounts
from layouts.i18n import locales, split_language
from web.desk.passwords import LONGEST, hashed, is_outdated, is_right

DESK = "/comision"
SIGN_IN = f"{DESK}/entrar"
COOKIE = "apertura_comision"
SESSION_HOURS = 8
FAILURES_MINUTES = 15
MOST_FAILURES = {"name": 5, "address": 20}


@dataclass(frozen=True)
class SignedIn:
    """An account as Flask-Login knows it."""

    account: Account

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account may sign in."""
        return not self.account.is_disabled

    def get_id(self) -> str:
        """The id of the session's owner; it ends with the account's sign-in, so that old cookies say nothing."""
        return f"{self.account.account_id}.{self.account.sign_in}"


class DeskSessions(SecureCookieSessionInterface):
    """Sessions under the desk's address and nowhere else: readers never get a cookie, whatever they send."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._signer: URLSafeTimedSerializer | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request to the desk; outside of it one that cannot hold anything."""
        if not is_desk(request.path):
            return None
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, of the desk's answers only: once for the desk in each language."""
        if not is_desk(request.path):
            return
        super().save_session(app, session, response)
        for cookie in response.headers.getlist("Set-Cookie"):
            for locale in locales():
                if locale.prefix:
                    response.headers.add("Set-Cookie", cookie.replace(f"Path={DESK}", f"Path={locale.prefix}{DESK}"))

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs the cookie: its secret lies with the accounts and is read at the first request to the desk."""
        if self._signer is None:
            app.secret_key = self._accounts.secret()
            self._signer = super().get_signing_serializer(app)
        return self._signer


class TooManyAttempts(Exception):
    """A name or an address failed too often; signing in has to wait."""


def is_desk(path: str) -> bool:
    """Whether an address belongs to the desk, in any language."""
    inside = split_language(path)[1]
    return inside == DESK or inside.startswith(f"{DESK}/")


def set_up_sessions(server: Flask, accounts: Accounts, *, tls: bool) -> None:
    """Give the desk its sessions. Everything else stays without."""
    server.config.update(
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_PATH=DESK,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=tls,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,  # the desk checks its own requests; Dash's have no session to forge
        WTF_CSRF_TIME_LIMIT=SESSION_HOURS * 3600,
    )
    server.session_interface = DeskSessions(accounts)
    manager = LoginManager()
    manager.session_protection = "strong"
    manager.init_app(server, add_context_processor=False)

    def load(identity: str) -> SignedIn | None:
        number, _, sign_in = identity.partition(".")
        account = accounts.by_id(int(number)) if number.isdigit() else None
        if account is None or account.is_disabled or str(account.sign_in) != sign_in:
            return None
        return SignedIn(account)

    manager.user_loader(load)


def check_attempts(accounts: Accounts, **subjects: str) -> None:
    """Raise ``TooManyAttempts`` once any of the subjects, ``name`` or ``address``, failed too often of late."""
    within = timedelta(minutes=FAILURES_MINUTES)
    if any(accounts.failures(subject, within) >= MOST_FAILURES[kind] for kind, subject in subjects.items()):
        raise TooManyAttempts


def checked(accounts: Accounts, name: str, password: str, address: str) -> Account | None:
    """The account of a name and its password, None for anything else: a wrong name costs as much time as a wrong password.

    Raises ``TooManyAttempts`` once the name or the address failed too often; then no password is looked at. Failures
    count for names that do not exist, too, so that waiting tells nobody which do.
    """
    subjects = {"name": f"name:{name}", "address": f"address:{address}"}
    check_attempts(accounts, **subjects)
    account = accounts.by_name(name)
    known = account if account is not None and not account.is_disabled else None
    if not is_right(known.password_hash if known else None, password[:LONGEST]) or known is None:
        accounts.failed(*subjects.values())
        return None
    accounts.forgive(subjects["name"])
    if is_outdated(known.password_hash):
        accounts.rehash(known, hashed(password))
    return known


def safe_return(asked: str | None, otherwise: str = DESK) -> str:
    """Where to go after signing in: an address of the desk itself, or its first page. Nothing else is followed."""
    if not asked or "\\" in asked or any(c < " " for c in asked):
        return otherwise
    parts: Any = urlsplit(asked)
    door = split_language(parts.path)[1].startswith(SIGN_IN)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or not is_desk(parts.path):
        return otherwise
    if ".." in parts.path or "//" in parts.path or door:
        return otherwise
    return f"{parts.path}?{parts.query}" if parts.query else str(parts.path)
