"""The people of the commission's desk and what they did: a small database of its own, never part of a release.

Accounts have a name and a role; of the person behind it nothing else is kept. The log is only ever added to.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

Role = Literal["viewer", "editor", "administrator"]
ROLES: tuple[Role, ...] = ("viewer", "editor", "administrator")
"""Each may do what the ones before it may."""

_metadata = MetaData()
_accounts = Table(
    "accounts",
    _metadata,
    Column("account_id", Integer, primary_key=True),
    Column("name", String(60), unique=True, nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("sign_in", Integer, nullable=False, default=0),
    Column("disabled_at", String(32)),
    Column("created_at", String(32), nullable=False),
)
_identities = Table(
    "identities",
    _metadata,
    Column("issuer", String(200), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account_id", Integer, nullable=False),
)
_failures = Table(
    "failures",
    _metadata,
    Column("failure_id", Integer, primary_key=True),
    Column("subject", String(120), nullable=False, index=True),
    Column("at", String(32), nullable=False),
)
_log = Table(
    "log",
    _metadata,
    Column("log_id", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("account", String(60), nullable=False),
    Column("act", String(40), nullable=False),
    Column("file_sha256", String(64)),
    Column("result", String(40), nullable=False),
    Column("detail", Text),
)
_secrets = Table(
    "secrets", _metadata, Column("name", String(40), primary_key=True), Column("value", String(200), nullable=False)
)


class AccountError(Exception):
    """Something about accounts that cannot be done; the message is for people."""


@dataclass(frozen=True)
class Account:
    """An account. ``sign_in`` changes when all its sessions end: at sign-out, with a new password, when disabled."""

    account_id: int
    name: str
    role: Role
    password_hash: str
    sign_in: int
    is_disabled: bool

    def may(self, role: Role) -> bool:
        """Whether the account's role is at least ``role``."""
        return not self.is_disabled and ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True)
class LogEntry:
    """One act: when (ISO, UTC), who, what, on which file, and what came of it."""

    at: str
    account: str
    act: str
    file_sha256: str | None
    result: str
    detail: Mapping[str, Any]


class Accounts:
    """The database of the desk at an SQLAlchemy URL. Nothing is opened before the first use."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _engine(self) -> Engine:
        try:
            engine = create_engine(self._url)
            _metadata.create_all(engine)
        except (SQLAlchemyError, OSError) as error:
            raise AccountError("the database of accounts cannot be opened; check APERTURA_ACCOUNTS_URL") from error
        return engine

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()
        del self._engine

    def secret(self) -> str:
        """The secret that signs sessions, made at the first use and the same for all processes."""
        return self._secret("sessions")

    def _secret(self, name: str) -> str:
        query = select(_secrets.c.value).where(_secrets.c.name == name)
        with self._engine.begin() as connection:
            known = connection.scalar(query)
        if known is None:
            try:
                with self._engine.begin() as connection:
                    connection.execute(insert(_secrets).values(name=name, value=secrets.token_urlsafe(48)))
            except IntegrityError:
                pass  # another process was first
            with self._engine.begin() as connection:
                known = connection.scalar(query)
        return str(known)

    def add(self, name: str, role: Role, password_hash: str) -> None:
        """Add an account; raises ``AccountError`` when the name is taken or the role unknown."""
        if role not in ROLES:
            raise AccountError(f"no role {role!r}; there are {', '.join(ROLES)}")
        values = {"name": name, "role": role, "password_hash": password_hash, "created_at": _now(), "sign_in": 0}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(_accounts).values(**values))
        except IntegrityError as error:
            raise AccountError(f"there is an account {name!r} already") from error

    def disable(self, name: str) -> None:
        """Close an account and end its sessions; raises ``AccountError`` when there is none."""
        self._change(name, disabled_at=_now())

    def set_password(self, name: str, password_hash: str) -> None:
        """Give an account another password, open it again, and end its sessions."""
        self._change(name, password_hash=password_hash, disabled_at=None)

    def end_sessions(self, name: str) -> None:
        """Sign an account out everywhere."""
        self._change(name)

    def _change(self, name: str, **values: Any) -> None:
        change = update(_accounts).where(_accounts.c.name == name).values(sign_in=_accounts.c.sign_in + 1, **values)
        with self._engine.begin() as connection:
            if connection.execute(change).rowcount == 0:
                raise AccountError(f"there is no account {name!r}")

    def rehash(self, account: Account, password_hash: str) -> None:
        """Keep a stronger hash of the same password; sessions go on."""
        with self._engine.begin() as connection:
            change = update(_accounts).where(_accounts.c.account_id == account.account_id)
            connection.execute(change.values(password_hash=password_hash))

    def by_name(self, name: str) -> Account | None:
        """The account of a name, disabled ones too."""
        return self._one(_accounts.c.name == name)

    def by_id(self, account_id: int) -> Account | None:
        """The account of an id, disabled ones too."""
        return self._one(_accounts.c.account_id == account_id)

    def by_identity(self, issuer: str, subject: str) -> Account | None:
        """The account that an identity provider's user was linked to, disabled ones too."""
        theirs = (_identities.c.issuer == issuer) & (_identities.c.subject == subject)
        return self._one(_accounts.c.account_id == select(_identities.c.account_id).where(theirs).scalar_subquery())

    def link(self, name: str, issuer: str, subject: str) -> None:
        """Let a user of an identity provider sign in as an account; raises ``AccountError`` for one that is linked."""
        account = self.by_name(name)
        if account is None:
            raise AccountError(f"there is no account {name!r}")
        try:
            with self._engine.begin() as connection:
                linked = {"issuer": issuer, "subject": subject, "account_id": account.account_id}
                connection.execute(insert(_identities).values(**linked))
        except IntegrityError as error:
            raise AccountError("this identity is linked to an account already") from error

    def unlink(self, name: str) -> None:
        """Take all identities from an account and end its sessions; raises ``AccountError`` when there is none."""
        self._change(name)
        account = self.by_name(name)
        assert account is not None
        with self._engine.begin() as connection:
            connection.execute(delete(_identities).where(_identities.c.account_id == account.account_id))

    def all(self) -> list[Account]:
        """All accounts, by name."""
        with self._engine.begin() as connection:
            return [
                _account(row) for row in connection.execute(select(_accounts).order_by(_accounts.c.name)).mappings()
            ]

    def _one(self, condition: Any) -> Account | None:
        with self._engine.begin() as connection:
            row = connection.execute(select(_accounts).where(condition)).mappings().one_or_none()
        return _account(row) if row is not None else None

    def failed(self, *subjects: str) -> None:
        """Note a failed attempt to sign in for each subject: the name tried, the address it came from."""
        with self._engine.begin() as connection:
            connection.execute(insert(_failures), [{"subject": _veiled(subject), "at": _now()} for subject in subjects])
            connection.execute(delete(_failures).where(_failures.c.at < _now(-timedelta(days=1))))

    def failures(self, subject: str, within: timedelta) -> int:
        """How many attempts failed for a subject within the last so long."""
        query = select(func.count()).where(_failures.c.subject == _veiled(subject), _failures.c.at >= _now(-within))
        with self._engine.begin() as connection:
            return connection.scalar(query) or 0

    def forgive(self, subject: str) -> None:
        """Forget the failures of a subject, after it signed in."""
        with self._engine.begin() as connection:
            connection.execute(delete(_failures).where(_failures.c.subject == _veiled(subject)))

    def record(
        self,
        account: str,
        act: str,
        result: str,
        file_sha256: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Add to the log."""
        values = {
            "at": _now(), "account": account[:60], "act": act, "file_sha256": file_sha256, "result": result,
            "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else None,
        }  # fmt: skip
        with self._engine.begin() as connection:
            connection.execute(insert(_log).values(**values))

    def log(self, most: int = 200) -> list[LogEntry]:
        """The newest acts, newest first."""
        query = select(_log).order_by(_log.c.log_id.desc()).limit(most)
        with self._engine.begin() as connection:
            return [
                LogEntry(
                    r["at"], r["account"], r["act"], r["file_sha256"], r["result"], json.loads(r["detail"] or "{}")
                )
                for r in connection.execute(query).mappings()
            ]


def _account(row: RowMapping) -> Account:
    return Account(
        row["account_id"],
        row["name"],
        row["role"],
        row["password_hash"],
        row["sign_in"],
        row["disabled_at"] is not None,
    )


def _veiled(subject: str) -> str:
    """What is compared of a name or an address; what somebody typed is not kept."""
    return hashlib.sha256(subject.encode()).hexdigest()


def _now(shift: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + shift).isoformat(timespec="milliseconds")
