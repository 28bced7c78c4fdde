"""The units of systemd, the containers and the example of settings: what they name exists, and systemd itself agrees."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from etl.run import RunResult
from settings import ROOT, Settings
from tests.programs import find_program

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
KNOWN = {f"APERTURA_{name.upper()}" for name in Settings.model_fields} | {"WEB_CONCURRENCY"}
# Tenths of systemd's measure of exposure, from 0 to 100.
MOST_EXPOSED = 20


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units as if the checkout were the installation."""
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text()
        text = text.replace("/opt/apertura/.venv/bin/python", sys.executable).replace("/opt/apertura", str(ROOT))
        (tmp_path / name).write_text(text)
    return [tmp_path / name for name in UNITS]


def test_systemd_takes_the_units_without_a_word(units: list[Path]) -> None:
    analyze = str(find_program("systemd-analyze", debian_package="systemd"))
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_service_may_do_little_more_than_its_work(units: list[Path], name: str) -> None:
    analyze = str(find_program("systemd-analyze", debian_package="systemd"))
    unit = next(path for path in units if path.name == name)
    done = subprocess.run(
        [analyze, "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-400:]


def test_the_site_takes_its_socket_from_systemd_and_says_when_it_is_ready(
    built: tuple[Settings, RunResult], tmp_path: Path
) -> None:
    path, told = tmp_path / "site.sock", tmp_path / "notify.sock"
    unit = (DEPLOY / "systemd" / "apertura.service").read_text()
    command = re.search(r"^ExecStart=/opt/apertura/\.venv/bin/python (.+)$", unit, re.M)
    assert command is not None
    activate = str(find_program("systemd-socket-activate", debian_package="systemd"))
    environment = {"NOTIFY_SOCKET": str(told), "APERTURA_RELEASES_DIR": str(built[0].releases_dir)}
    passed = [f"--setenv={name}={value}" for name, value in environment.items()]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(told))
        notified.settimeout(30)
        process = subprocess.Popen(
            [activate, "--listen", str(path), *passed, sys.executable, *command[1].split()],
            cwd=ROOT, env=os.environ | {"NOTIFY_SOCKET": ""}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(path)
            transport = httpx.HTTPTransport(uds=str(path))
            with httpx.Client(transport=transport, base_url="http://site", timeout=30) as client:
                health = client.get("/salud")
                counted = client.get("/metricas")
            assert b"READY=1" in notified.recv(4096)
        finally:
            process.terminate()
            process.wait(timeout=30)
    assert health.json()["release_id"] == built[1].release_id
    assert "apertura_ready 1.0" in counted.text


def wait_for(path: Path) -> None:
    """Until the socket is there."""
    done = subprocess.run(
        ["timeout", "20", "sh", "-c", f"while [ ! -S {path} ]; do sleep 0.05; done"], capture_output=True
    )
    assert done.returncode == 0


def test_the_example_of_settings_names_settings_that_there_are() -> None:
    text = (DEPLOY / "apertura.env.example").read_text()
    named = re.findall(r"^#?([A-Z_]+)=", text, re.M)
    assert len(named) > 8
    assert set(named) <= KNOWN


def test_a_command_on_the_server_runs_as_the_units_do() -> None:
    text = (DEPLOY / "apertura").read_text()
    unit = dict(re.findall(r"^(\w+)=(.+)$", (DEPLOY / "systemd" / "apertura-etl.service").read_text(), re.M))
    given = dict(re.findall(r"--([\w-]+)=([^\s=]+)(?=\s)", text)) | dict(re.findall(r"--property=(\w+)=(\S+)", text))
    assert given == {
        "uid": unit["User"], "gid": unit["Group"], "working-directory": unit["WorkingDirectory"],
        "EnvironmentFile": unit["EnvironmentFile"], "UMask": unit["UMask"],
    }  # fmt: skip
    assert unit["ExecStart"].startswith(re.findall(r"(/\S+/python) -m \"\$@\"$", text, re.M)[0])


def test_the_compose_file_follows_the_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(DEPLOY / "compose.yml")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_containers_are_made_of_what_there_is() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text())
    assert set(compose["x-apertura"]["environment"]) <= KNOWN
    mounted = [volume.split(":")[0] for volume in compose["services"]["nginx"]["volumes"] if volume.startswith("./")]
    assert mounted
    assert [path for path in mounted if not (DEPLOY / path).is_file()] == []
    build = compose["x-apertura"]["build"]
    containerfile = DEPLOY / build["context"] / build["dockerfile"]
    copied = [
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", containerfile.read_text(), re.M)
        for name in line.split()[:-1]
    ]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    # What the application is made of is all in the image.
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"bench", "tests"}
    assert packages <= set(copied)
