"""A PostgreSQL cluster of Debian's binaries for one test session: on loopback, trusting, thrown away at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.loopback import free_port
from tests.programs import ProgramMissingError, find_program

SUPERUSER = "apertura_test"
START_SECONDS = 120.0
# Nothing in the cluster outlives the session, so it need not survive a power cut.
SERVER_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "40",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}


def binaries() -> Path:
    """The folder of the newest PostgreSQL server that Debian's packages installed; raises ProgramMissingError."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not versions:
        raise ProgramMissingError("The PostgreSQL server", "postgresql")
    return max(versions, key=lambda folder: float(folder.parent.name))


@contextmanager
def temporary_cluster() -> Iterator[str]:
    """Start a cluster, yield its SQLAlchemy URL (``postgresql+psycopg://``) for a superuser, stop and remove it."""
    folder = Path(tempfile.mkdtemp(prefix="apertura-postgres-"))
    account = _server_account()
    if account is not None:
        shutil.chown(folder, account, pwd.getpwnam(account).pw_gid)
    try:
        _initialise(folder, account)
        port = free_port()
        server = _start(folder, account, port)
        try:
            _wait_until_it_answers(server, port, folder / "log")
            yield f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder)


def _server_account() -> str | None:
    """The account the server runs as: PostgreSQL refuses root, so root lends it Debian's; others run it themselves."""
    return "postgres" if os.geteuid() == 0 else None


def _command(account: str | None, program: Path, *arguments: str) -> list[str]:
    """`program` as `account`, told by the kernel to stop when the test process dies, however it dies."""
    setpriv = [str(find_program("setpriv", debian_package="util-linux")), "--pdeathsig", "INT"]
    if account is not None:
        setpriv += ["--reuid", account, "--regid", account, "--init-groups"]
    return [*setpriv, str(program), *arguments]


def _environment() -> dict[str, str]:
    """The environment without the settings of another PostgreSQL (PGDATA, PGPORT...)."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _initialise(folder: Path, account: str | None) -> None:
    initdb = ["--pgdata", str(folder / "data"), "--username", SUPERUSER, "--auth", "trust", "--no-sync"]
    locale = ["--encoding", "UTF8", "--locale", "C.UTF-8"]
    command = _command(account, binaries() / "initdb", *initdb, *locale)
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(folder: Path, account: str | None, port: int) -> subprocess.Popen[bytes]:
    options = [part for name, value in SERVER_OPTIONS.items() for part in ("-c", f"{name}={value}")]
    command = _command(account, binaries() / "postgres", "-D", str(folder / "data"), "-p", str(port), *options)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, env=_environment(), stdout=log, stderr=subprocess.STDOUT)


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and server.poll() is None:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=SUPERUSER, dbname="postgres", connect_timeout=10).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
