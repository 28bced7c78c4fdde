"""The house itself: the throw-away PostgreSQL, the served site, the guard of loopback, missing programs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.loopback import OutsideLoopbackError, free_port
from tests.programs import ProgramMissingError, find_program
from tests.site import ROOT, running_site

TINY_SITE = """
import os, threading
from flask import Flask

server = Flask(__name__)

@server.get("/salud")
def health():
    return {"process": os.getpid(), "word": os.environ["APERTURA_WORD"], "threads": threading.active_count()}
"""


def test_psycopg_reaches_the_cluster_on_loopback_only(postgres_url: str) -> None:
    url = make_url(postgres_url).set(drivername="postgresql").render_as_string()
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT host(inet_server_addr()), 'Michoacán' || '!'").fetchone()
        sockets = connection.execute("SHOW unix_socket_directories").fetchone()
    assert row == ("127.0.0.1", "Michoacán!")
    assert sockets == ("",)


def test_sqlalchemy_creates_reads_and_drops_in_the_cluster(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA house"))
        connection.execute(text("CREATE TABLE house.states (state_code text PRIMARY KEY)"))
        connection.execute(text("INSERT INTO house.states VALUES ('01'), ('32')"))
        codes = connection.execute(text("SELECT state_code FROM house.states ORDER BY state_code")).scalars().all()
        connection.execute(text("DROP SCHEMA house CASCADE"))
    engine.dispose()
    assert codes == ["01", "32"]


@pytest.mark.postgres
def test_a_killed_test_run_leaves_no_cluster_behind() -> None:
    program = (
        "import time\nfrom tests.postgres import temporary_cluster\n"
        "with temporary_cluster() as url:\n    print(url, flush=True)\n    time.sleep(60)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # the server's own account has to pass through
        run = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert run.stdout is not None
        url = make_url(run.stdout.readline().strip())
        assert url.port is not None
        run.kill()
        run.communicate()
        assert _closes_within(url.port, seconds=60)


def test_the_site_is_served_by_gunicorn_and_stops_when_asked(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(TINY_SITE)
    environment = {"PYTHONPATH": str(tmp_path), "APERTURA_WORD": "abierto"}
    with running_site(tmp_path, environment, application="tiny:server") as site:
        with site.client() as client:
            health = client.get("/salud").json()
            too_long = client.get("/salud?" + "a" * 5000)
        port = httpx.URL(site.url).port
        assert port is not None
        assert health["word"] == "abierto"
        assert health["process"] != site.process_id
        assert too_long.status_code in {400, 414}
    assert _closes_within(port, seconds=60)
    assert [line.split("] ")[-1] for line in site.log.read_text().splitlines()] == [
        "Invalid request from ip=127.0.0.1: Request Line is too large (5020 > 4094)"
    ]


def test_a_site_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise ValueError('no hay datos')")
    with (
        pytest.raises(RuntimeError, match="no hay datos"),
        running_site(tmp_path, {"PYTHONPATH": str(tmp_path)}, application="broken:server"),
    ):
        pass


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(TINY_SITE)
    environment = {"PYTHONPATH": str(tmp_path), "APERTURA_WORD": "abierto", "WEB_CONCURRENCY": "1"}
    with running_site(tmp_path, environment, application="tiny:server") as site:
        first = httpx.get(f"{site.url}/salud").json()["process"]
        os.kill(first, signal.SIGKILL)
        assert _answers_from_another(site.url, first, seconds=60)


def test_nothing_in_a_test_reaches_outside_loopback() -> None:
    with pytest.raises(OutsideLoopbackError, match=r"192\.0\.2\.1"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideLoopbackError, match=r"example\.org"):
        httpx.get("http://example.org/", trust_env=False)


def test_a_missing_program_names_the_package_that_brings_it() -> None:
    with pytest.raises(ProgramMissingError, match="sudo apt-get install chromium"):
        find_program("no-such-program", debian_package="chromium")


def _closes_within(port: int, seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=10).close()
        except OSError:
            return True
        time.sleep(0.05)
    return False


def _answers_from_another(url: str, process_id: int, seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            if httpx.get(f"{url}/salud").json()["process"] != process_id:
                return True
        except httpx.TransportError:
            time.sleep(0.05)
    return False


def test_free_ports_can_be_listened_on() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))
