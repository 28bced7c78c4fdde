"""nginx as it is deployed, with the places of this machine for those of a server, before the real site."""

from __future__ import annotations

import os
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from etl.run import RunResult
from settings import ROOT, Settings
from tests.loopback import free_port
from tests.programs import find_program
from tests.site import Site, running_site

CONFIGURATION = ROOT / "deploy" / "nginx" / "apertura.conf"
START_SECONDS = 60.0


@dataclass(frozen=True)
class Fronted:
    """A site behind nginx: its addresses, the site itself, the log of visits, and the certificate to trust."""

    url: str
    plain_url: str
    site: Site
    log: Path
    certificate: Path

    def client(self) -> httpx.Client:
        """A client that believes this certificate and keeps no connection, so that each visit is one of its own."""
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        return httpx.Client(base_url=self.url, verify=trusted, trust_env=False, timeout=30)


@pytest.fixture(scope="module")
def fronted(built: tuple[Settings, RunResult], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    """One for the tests that leave it as it is."""
    with behind_nginx(tmp_path_factory.mktemp("nginx"), built[0]) as running:
        yield running


@contextmanager
def behind_nginx(folder: Path, settings: Settings, environment: Mapping[str, str] | None = None) -> Iterator[Fronted]:
    """The whole site under gunicorn on a socket, and nginx before it."""
    socket, secure, plain = folder / "gunicorn.sock", free_port(), free_port()
    chosen = {
        "APERTURA_RELEASES_DIR": str(settings.releases_dir),
        "APERTURA_TRUSTED_PROXIES": "1",
        "APERTURA_ACCOUNTS_URL": f"sqlite:///{folder / 'accounts.sqlite'}",
        "APERTURA_UPLOADS_DIR": str(folder / "uploads"),
    }
    certify(folder)
    configure(folder, socket, secure, plain)
    with running_site(folder, chosen | dict(environment or {}), socket=socket) as site:
        command = [str(find_program("nginx", debian_package="nginx-light")), "-c", str(folder / "nginx.conf")]
        with (folder / "nginx.log").open("ab") as said:
            nginx = subprocess.Popen(command, stderr=said)
        running = Fronted(
            f"https://127.0.0.1:{secure}", f"http://127.0.0.1:{plain}", site, folder / "visits.log", folder / "cert.pem"
        )
        try:
            wait_until_it_listens(nginx, running, folder / "nginx.log")
            yield running
        finally:
            nginx.terminate()
            nginx.wait(timeout=60)


def configure(folder: Path, socket: Path, secure: int, plain: int) -> None:
    """The deployed configuration with this machine's places, inside the least that nginx needs around it."""
    text = CONFIGURATION.read_text()
    places = {
        "/run/apertura/gunicorn.sock": str(socket),
        "/var/cache/nginx-apertura": str(folder / "cache"),
        "/var/log/nginx/apertura.log": str(folder / "visits.log"),
        "/var/www/html": str(folder),
        "/opt/apertura": str(ROOT),
        "/etc/letsencrypt/live/apertura.example.org/fullchain.pem": str(folder / "cert.pem"),
        "/etc/letsencrypt/live/apertura.example.org/privkey.pem": str(folder / "key.pem"),
        "listen [::]:443 ssl http2;": "",
        "listen [::]:80;": "",
        "listen 443 ": f"listen 127.0.0.1:{secure} ",
        "listen 80;": f"listen 127.0.0.1:{plain};",
    }
    for there, here in places.items():
        assert there in text, there
        text = text.replace(there, here)
    (folder / "apertura.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user} worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;"
        f"events {{}} http {{ {temporary} include {folder}/apertura.conf; }}"
    )


def certify(folder: Path) -> None:
    """A certificate for loopback, signed by itself."""
    openssl = str(find_program("openssl", debian_package="openssl"))
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    named = ["-subj", "/CN=apertura.example.org", "-addext", "subjectAltName=IP:127.0.0.1"]
    written = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([openssl, *made, *named, *written], check=True, capture_output=True)


def wait_until_it_listens(nginx: subprocess.Popen[bytes], running: Fronted, log: Path) -> None:
    """Until it answers. Raises RuntimeError with its own words when it ends or takes too long."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and nginx.poll() is None:
        try:
            httpx.get(running.plain_url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nginx did not start:\n{log.read_text() if log.exists() else ''}")
