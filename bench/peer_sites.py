"""The frameworks that `bench.pages` measures beside the site: installed for the occasion, each serving the same states.

Nothing is measured when this is run by itself.
"""

from __future__ import annotations

import csv
import io
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from settings import ROOT
from tests.loopback import free_port

PACKAGES = ("dash[compress]", "vizro", "streamlit", "datasette", "datasette-vega", "gunicorn")
COLUMNS = ("name", "population_2020", "municipality_count", "capital")
LARGE = 5_000_000
APPS = ROOT / "bench" / "peers"
START_SECONDS = 120.0
BARS = ".js-plotly-plot .bars .point path"
VEGA = "g.mark=bar&g.x_column=name&g.x_type=ordinal&g.y_column=population_2020&g.y_type=quantitative"


@dataclass(frozen=True)
class Subject:
    """A page to measure: where it is, what its picture is, when it is ready, and how its filter is used.

    `choose` is a select and a value, `click` something to click; `state` is a JavaScript expression for what is shown,
    cheap enough to be looked at in each frame.
    """

    name: str
    url: str
    picture: str
    ready: str
    choose: tuple[str, str] | None = None
    click: str | None = None
    state: str = ""


@contextmanager
def peers(folder: Path, site: str) -> Iterator[list[Subject]]:
    """Install the peers into `folder`, give them the states of `site`, and serve them until the end of the block."""
    python = installed(folder / "peers")
    table = states(folder / "states.csv", site)
    tools = python.parent
    serve = [str(tools / "gunicorn"), "--workers", "2", "--threads", "4", "--chdir", str(APPS)]
    streamlit = [str(tools / "streamlit"), "run", str(APPS / "streamlit_app.py"), "--server.headless=true"]
    commands = {
        "Dash": [*serve, "dash_app:server", "--bind", "127.0.0.1:{port}"],
        "Vizro": [*serve, "vizro_app:server", "--bind", "127.0.0.1:{port}"],
        "Streamlit": [*streamlit, "--browser.gatherUsageStats=false", "--server.port={port}"],
        "Datasette": [str(tools / "datasette"), str(database(table)), "--port", "{port}"],
    }
    with ExitStack() as running:
        urls = {name: running.enter_context(served(command, table)) for name, command in commands.items()}
        yield subjects(urls)


def subjects(urls: dict[str, str]) -> list[Subject]:
    """How each peer is looked at and used."""
    shown = f"String(document.querySelectorAll('{BARS}').length || '')"
    # The choice that is not made at the start.
    other = {"Dash": "large", "Vizro": "small", "Streamlit": "large"}
    rows = "String(document.querySelectorAll('table.rows-and-columns tbody tr').length || '')"
    return [
        *(
            Subject(name, urls[name], picture=BARS, ready=BARS, click=f"label:has-text('{choice}')", state=shown)
            for name, choice in other.items()
        ),
        Subject(
            "Datasette",
            f"{urls['Datasette']}/states/states?_facet=size#{VEGA}",
            picture="table.rows-and-columns tbody tr",
            ready=".vega-embed svg, .vega-embed canvas",
            click="a[href*='size=large']",
            state=rows,
        ),
    ]


def installed(folder: Path) -> Path:
    """The interpreter of a new environment with the peers in it."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--quiet", *PACKAGES], check=True)
    return python


def states(path: Path, site: str) -> Path:
    """The states as CSV, from the site's own download, with a column to filter by."""
    answer = httpx.get(f"{site}/datos/states.raw.csv", trust_env=False, timeout=30).raise_for_status()
    with path.open("w", newline="", encoding="utf-8") as file:
        written = csv.writer(file)
        written.writerow([*COLUMNS, "size"])
        for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))):
            written.writerow(
                [*(row[name] for name in COLUMNS), "large" if int(row["population_2020"]) > LARGE else "small"]
            )
    return path


def database(table: Path) -> Path:
    """The same states as SQLite, for Datasette."""
    path = table.with_suffix(".db")
    with table.open(newline="", encoding="utf-8") as file, sqlite3.connect(path) as connection:
        rows = list(csv.reader(file))
        connection.execute(
            "CREATE TABLE states (name, population_2020 INTEGER, municipality_count INTEGER, capital, size)"
        )
        connection.executemany("INSERT INTO states VALUES (?, ?, ?, ?, ?)", rows[1:])
    return path


@contextmanager
def served(command: list[str], table: Path) -> Iterator[str]:
    """Start a peer on a free port and stop it at the end; gives its address."""
    port = free_port()
    process = subprocess.Popen(
        [part.format(port=port) for part in command],
        env={**os.environ, "STATES_CSV": str(table)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until it answers. Raises RuntimeError when it ends or takes too long."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        try:
            httpx.get(url, trust_env=False, timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not answer at {url}")
