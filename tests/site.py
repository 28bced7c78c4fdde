"""Serve the site as in production, under gunicorn on a free loopback port, for HTTP and browser tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.loopback import free_port
from tests.programs import find_program

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0
STOP_SECONDS = 60.0


@dataclass(frozen=True)
class Site:
    """A running site: its address without a closing slash, the id of gunicorn's master process, and its error log."""

    url: str
    process_id: int
    log: Path

    def client(self) -> httpx.Client:
        """An HTTP client whose addresses start at the site; close it after use."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=30)


@contextmanager
def running_site(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    application: str = "app:server",
    socket: Path | None = None,
) -> Iterator[Site]:
    """Start gunicorn with our configuration, wait until ``/salud`` gives any answer, yield it, and stop it.

    `folder` takes the log; `environment` is laid over this process's (``{"APERTURA_RELEASES_DIR": ...}``). The site links
    to itself where it really is; a `socket` is listened on too. Raises RuntimeError with gunicorn's own words when it does
    not start, or does not stop when asked to.
    """
    port = free_port()
    log = folder / f"gunicorn-{port}.log"
    setpriv = [str(find_program("setpriv", debian_package="util-linux")), "--pdeathsig", "TERM"]
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", application]
    if socket is not None:
        gunicorn += ["--bind", f"127.0.0.1:{port}", "--bind", f"unix:{socket}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*setpriv, *gunicorn],
            cwd=ROOT,
            env={
                **os.environ,
                "APERTURA_PUBLIC_URL": f"http://127.0.0.1:{port}",
                **(environment or {}),
                "APERTURA_PORT": str(port),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        site = Site(f"http://127.0.0.1:{port}", process.pid, log)
        _wait_until_it_answers(process, site)
        yield site
    finally:
        _stop(process, log)


def _wait_until_it_answers(process: subprocess.Popen[bytes], site: Site) -> None:
    limit = time.monotonic() + START_SECONDS
    with site.client() as client:
        while time.monotonic() < limit and process.poll() is None:
            try:
                client.get("/salud")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
    raise RuntimeError(f"The site did not start:\n{site.log.read_text(errors='replace')}")


def _stop(process: subprocess.Popen[bytes], log: Path) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise RuntimeError(f"The site did not stop when asked:\n{log.read_text(errors='replace')}") from None
