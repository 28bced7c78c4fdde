"""A site with its desk on: three accounts, one of each role, and clients of them."""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from data.accounts import ROLES, Accounts
from data.database import Database
from settings import ROOT, Settings
from web.desk.passwords import hashed
from web.desk.uploads import LOCK, PROGRESS, write_json
from web.site import create_site

PASSWORD = "correcto caballo batería"


@dataclass
class DeskSite:
    """The application with its settings and accounts; ``client`` signs in as the account of a role."""

    server: Flask
    settings: Settings
    accounts: Accounts
    client: Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def desk_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    """A site of this module's own."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "data" / "snapshots", folder / "snapshots")
    settings = Settings(
        releases_dir=folder / "releases", snapshots_dir=folder / "snapshots", uploads_dir=folder / "uploads",
        accounts_url=f"sqlite:///{folder / 'accounts.sqlite'}",
    )  # fmt: skip
    assert settings.accounts_url is not None
    accounts, database = Accounts(settings.accounts_url), Database(settings)
    kept = hashed(PASSWORD)
    for role in ROLES:
        accounts.add(role, role, kept)
    server = create_site(settings, database)
    server.testing = True

    def client(role: str | None = None) -> FlaskClient:
        made = server.test_client()
        if role is not None:
            assert sign_in(made, role, PASSWORD).status_code == 303
        return made

    yield DeskSite(server, settings, accounts, client)
    accounts.close()
    database.close()


def sign_in(client: FlaskClient, name: str, password: str, back: str = "", address: str = "127.0.0.1"):  # type: ignore[no-untyped-def]
    """Fill in the form of sign-in and send it."""
    token = token_of(client, "/comision/entrar")
    form = {"csrf_token": token, "name": name, "password": password, "siguiente": back}
    return client.post("/comision/entrar", data=form, environ_base={"REMOTE_ADDR": address})


def token_of(client: FlaskClient, address: str = "/comision") -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).get_data(as_text=True))
    assert found is not None
    return found[1]


@contextmanager
def at_work(folder: Path, *, phase: str, percent: int) -> Iterator[None]:
    """A folder in which an act goes on, as far as anybody can tell: its lock is held and its progress told."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        write_json(folder / PROGRESS, {"phase": phase, "percent": percent})
        yield


def folder_of(site: DeskSite, sha256: str) -> Path:
    """Where an upload is kept."""
    return site.settings.uploads_dir / sha256
