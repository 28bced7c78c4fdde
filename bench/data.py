"""The data's addresses beside Datasette with the same rows, and beside nginx with the same bytes, which is the limit.

    python -m bench.data [--seconds 4] [--rows 100000]

One run, one machine: a release whose table of commitments is filled up to `--rows` by repeating its rows under further
ids; its copy in SQLite, indexed by key as Datasette advises; and our answers as files. Datasette is installed for the
run in a folder that is thrown away. It is measured as its manual runs it, in one process, and started twice, each
getting half of the connections, since we and nginx have two processes. "other each time" adds a filter that differs in
each request, so that nobody can keep the answer. The table as a whole is downloaded once on every connection, all at
the same time. Memory is the most PSS seen meanwhile: of all processes of a server, and of the largest of them.

Needs the Debian packages wrk, nginx and curl. Nothing leaves loopback but the installation of Datasette.
"""

from __future__ import annotations

import argparse
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx

from bench.worker_memory import children, memory
from data.published import ReleaseInfo, new_release_id
from data.schema import TABLES, key_columns, schema_version
from etl.progress import Silence
from etl.release import open_store
from etl.run import run
from etl.stores.publication import OWN_TABLES
from settings import Settings
from tests.loopback import free_port
from tests.programs import find_program
from tests.site import running_site

TABLE = "commitments"
# Datasette counts all rows and looks for facets in each answer unless told not to: a second and a half here.
PLAIN = "&_nofacet=1&_nosuggest=1&_nocount=1"
CONNECTIONS = (8, 64)
START_SECONDS = 30.0
LATENCIES = """
done = function(summary, latency, requests)
  io.write(string.format("told %d %d %d %f %f\\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""
VARYING = """
local number = 0
request = function()
  number = number + 1
  return wrk.format("GET", wrk.path .. "%s" .. number .. "x" .. tostring(wrk.thread):sub(-6))
end
"""


@dataclass(frozen=True)
class Case:
    """One thing to ask for: our address, Datasette's, whether every request is another one, or each a long download."""

    name: str
    ours: str
    theirs: str
    varied: bool = False
    long: bool = False


@dataclass(frozen=True)
class Server:
    """A server under test: its addresses, of which each gets its part of the connections, and its processes."""

    name: str
    urls: tuple[str, ...]
    processes: Callable[[], Sequence[int]]


@dataclass(frozen=True)
class Measured:
    """Requests per second, latencies in milliseconds, refused or failed requests, and the most memory in MB: of all
    processes together, and of one."""

    rate: float
    p50: float
    p99: float
    failed: int
    megabytes: float
    largest: float


class Memory(NamedTuple):
    """Megabytes of a server's processes together, and of the largest."""

    together: float
    largest: float


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="apertura-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        settings = grown_release(folder, options.rows)
        ours = stack.enter_context(site(folder, settings))
        both = stack.enter_context(datasette(folder, sqlite_copy(folder, settings)))
        peers = [ours, Server("Datasette", both.urls[:1], lambda: both.processes()[:1]), both]
        cases = cases_of(options.rows)
        files = stack.enter_context(nginx(folder, {case.name: case.ours for case in cases if not case.varied}, ours))
        print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
        print("| asked for | connections | server | requests/s | p50 ms | p99 ms | memory MB | a process | ours / it |")
        print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        for case in cases:
            for connections in CONNECTIONS:
                asked = [*(peers[::2] if case.long else peers), *([] if case.varied else [files])]
                compare(case, connections, asked, folder, options.seconds)


def cases_of(rows: int) -> list[Case]:
    """What the servers are asked for; the answers of both were compared by eye for the same rows."""
    page = Case("JSON of 100 rows", f"/api/v1/{TABLE}?limit=100", f"/copy/{TABLE}.json?_size=100&_shape=objects{PLAIN}")
    filtered = Case(
        "CSV of 1,000 rows, filtered",
        f"/datos/{TABLE}.raw.csv?country_code=MX&limit=1000",
        f"/copy/{TABLE}.csv?country_code=MX&_size=1000",
    )
    whole = Case(f"CSV of {rows:,} rows", f"/datos/{TABLE}.raw.csv", f"/copy/{TABLE}.csv?_stream=on", long=True)
    other = [replace(case, name=f"{case.name}, other each time", varied=True) for case in (page, filtered)]
    return [page, filtered, *other, whole]


def compare(case: Case, connections: int, servers: Sequence[Server], folder: Path, seconds: int) -> None:
    """Ask the servers one after the other, and print a line for each."""
    first: Measured | None = None
    for server in servers:
        kind = server.name.split()[0]
        path = {"Apertura": case.ours, "Datasette": case.theirs}.get(kind, f"/{file_name(case.name)}")
        further = {"Apertura": "&title_es.ne=", "Datasette": "&title_es__not="}.get(kind, "")
        if case.long:
            found = downloaded(server, path, connections)
        else:
            found = measure(server, path, further if case.varied else "", connections, folder, seconds)
        first = first or found
        ratio = f"{first.rate / found.rate:.2f}"
        failed = f" ({found.failed} failed)" if found.failed else ""
        print(
            f"| {case.name} | {connections} | {server.name} | {found.rate:,.1f}{failed} | {found.p50:,.1f} "
            f"| {found.p99:,.1f} | {found.megabytes:,.0f} | {found.largest:,.0f} | {ratio} |",
            flush=True,
        )


def measure(server: Server, path: str, further: str, connections: int, folder: Path, seconds: int) -> Measured:
    """What wrk tells of one server, its memory watched meanwhile; several addresses are asked at once."""
    script = folder / "ask.lua"
    script.write_text(LATENCIES + (VARYING % further if further else ""))
    share = connections // len(server.urls)
    asked = ["wrk", "--threads", "1", "--connections", str(share), "--duration", f"{seconds}s", "--timeout", "60s"]
    commands = [[*asked, "--script", str(script), f"{url}{path}"] for url in server.urls]
    # The first answer is made before, as it is on any machine but for the first reader.
    for url in server.urls:
        httpx.get(f"{url}{path}", trust_env=False, timeout=120).raise_for_status()
    with watched(server) as peak:
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
        told = [process.communicate()[0] for process in running]
    return together(told, peak())


def downloaded(server: Server, path: str, connections: int) -> Measured:
    """The same download once on each connection, all at the same time, shared among the server's addresses."""
    addresses = [f"{server.urls[number % len(server.urls)]}{path}" for number in range(connections)]
    outputs = [part for address in addresses for part in ("--output", "/dev/null", address)]
    command = ["curl", "--no-progress-meter", "--parallel", "--parallel-immediate", "--parallel-max", str(connections)]
    command += ["--write-out", "%{http_code} %{exitcode} %{time_total}\n", "--max-time", "1800", *outputs]
    with watched(server) as peak:
        begun = time.monotonic()
        told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
        seconds = time.monotonic() - begun
    each = [line.split() for line in told.splitlines()]
    took = sorted(1000 * float(total) for _, _, total in each)
    failed = connections - sum((status, code) == ("200", "0") for status, code, _ in each)
    middle, last = took[len(took) // 2], took[-1]
    return Measured(connections / seconds, middle, last, failed, *peak())


def together(told: Sequence[str], peak: Memory) -> Measured:
    """The sum of the rates, and the worst of the latencies."""
    parts = []
    for text in told:
        found = re.search(r"^told (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+)$", text, re.MULTILINE)
        if found is None:
            raise ValueError(f"wrk told nothing: {text}")
        parts.append([float(part) for part in found.groups()])
    rate = sum(requests / (microseconds / 1e6) for requests, microseconds, *_ in parts)
    p50, p99 = (max(part[place] for part in parts) / 1000 for place in (3, 4))
    return Measured(rate, p50, p99, int(sum(part[2] for part in parts)), *peak)


@contextmanager
def watched(server: Server) -> Iterator[Callable[[], Memory]]:
    """The most memory of a server's processes so far, looked at five times a second."""
    most = [Memory(0.0, 0.0)]
    over = threading.Event()

    def look() -> None:
        while True:
            # A worker may end in between, for another to take its place.
            with suppress(FileNotFoundError, ProcessLookupError):
                each = [memory(process, "Pss") / 1024 for process in server.processes()]
                most[0] = Memory(max(most[0].together, sum(each)), max(most[0].largest, *each))
            if over.wait(0.2):
                return

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lambda: most[0]
    finally:
        over.set()
        thread.join()


# --- The rows ---------------------------------------------------------------------------------------------------------


def grown_release(folder: Path, rows: int) -> Settings:
    """An installation whose release has `rows` commitments: those of the bundled copies, again and again."""
    small = Settings(releases_dir=folder / "bundled")
    settings = Settings(releases_dir=folder / "releases")
    with closing(open_store(small)) as source, closing(open_store(settings)) as target:
        release_id = run(small, Silence(), offline=True).release_id
        built_at = datetime.now(UTC)
        hashed = "0" * 64
        info = ReleaseInfo(new_release_id(built_at, hashed), built_at, hashed, hashed, schema_version())
        with target.run_lock(), target.begin(info.release_id) as draft:
            for name in TABLES:
                if name not in (*OWN_TABLES, TABLE):
                    draft.write(name, source.read_table(release_id, name))
            known = source.read_table(release_id, TABLE).to_pylist()
            further = [again(known[number % len(known)], number) for number in range(rows - len(known))]
            # At once, as a run writes a table: so it is stored in the order of its key.
            draft.write(TABLE, known + further)
            draft.publish(info)
    return settings


def again(row: dict[str, object], number: int) -> dict[str, object]:
    """The row under another id."""
    return {**row, "commitment_id": f"{row['commitment_id']}-{number:06}"}


def sqlite_copy(folder: Path, settings: Settings) -> Path:
    """The table in SQLite, in the order of its key, with the key and the filtered column indexed."""
    path, table = folder / "copy.db", TABLES[TABLE]
    with closing(open_store(settings)) as store, closing(sqlite3.connect(path)) as connection:
        current = store.current()
        if current is None:
            raise LookupError("nothing was published")
        rows = store.read_table(current.release_id, TABLE)
        names = ", ".join(rows.column_names)
        (key,) = key_columns(table)
        connection.execute(f"CREATE TABLE {TABLE} ({names.replace(key, f'{key} TEXT PRIMARY KEY', 1)})")
        places = ", ".join("?" * rows.num_columns)
        values = sorted(zip(*(column.to_pylist() for column in rows.columns), strict=True), key=lambda row: str(row[0]))
        connection.executemany(f"INSERT INTO {TABLE} VALUES ({places})", values)  # noqa: S608 -- our own names
        connection.execute(f"CREATE INDEX by_country ON {TABLE} (country_code)")
        connection.commit()
    return path


# --- The servers ------------------------------------------------------------------------------------------------------


@contextmanager
def site(folder: Path, settings: Settings) -> Iterator[Server]:
    """Apertura as in production, without a limit on requests."""
    environment = {
        "APERTURA_RELEASES_DIR": str(settings.releases_dir),
        "APERTURA_API_RATE": "1000000000 per minute",
        "WEB_CONCURRENCY": "2",
    }
    with running_site(folder, environment) as running:
        master = running.process_id
        yield Server("Apertura", (running.url,), lambda: [master, *children(master)])


@contextmanager
def datasette(folder: Path, database: Path) -> Iterator[Server]:
    """Two Datasettes on the copy, which they may take for one that does not change."""
    venv = folder / "datasette"
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([sys.executable, "-m", "uv", "venv", "--quiet", venv], **quiet)  # type: ignore[call-overload]
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", venv / "bin" / "python"]
    subprocess.run([*install, "datasette", "setuptools<81"], **quiet)  # type: ignore[call-overload]
    with ExitStack() as stack:
        started = [stack.enter_context(one_datasette(venv / "bin" / "datasette", database)) for _ in range(2)]
        yield Server("Datasette twice", tuple(url for url, _ in started), lambda: [process for _, process in started])


@contextmanager
def one_datasette(program: Path, database: Path) -> Iterator[tuple[str, int]]:
    """The address and the process of a Datasette."""
    port = free_port()
    wide = ["--setting", "max_csv_mb", "0", "--setting", "sql_time_limit_ms", "10000"]
    command: list[str | Path] = [program, "serve", "--immutable", database, "--port", str(port), *wide]
    with started(command, f"http://127.0.0.1:{port}/-/versions.json") as process:
        yield f"http://127.0.0.1:{port}", process


@contextmanager
def nginx(folder: Path, files: dict[str, str], ours: Server) -> Iterator[Server]:
    """The very bytes that we answered with, as files under nginx with two workers."""
    root, port = folder / "files", free_port()
    root.mkdir()
    root.chmod(0o755)
    for name, address in files.items():
        answer = httpx.get(ours.urls[0] + address, trust_env=False, timeout=120).raise_for_status()
        (root / file_name(name)).write_bytes(answer.content)
    written = folder / "nginx.conf"
    written.write_text(
        f"user root; worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}}\n"
        f"http {{ access_log off; sendfile on; keepalive_requests 1000000000;\n"
        f"server {{ listen 127.0.0.1:{port}; root {root}; }} }}\n"
    )
    program = find_program("nginx", debian_package="nginx-light")
    first = file_name(next(iter(files)))
    with started([program, "-c", written], f"http://127.0.0.1:{port}/{first}") as process:
        yield Server("nginx", (f"http://127.0.0.1:{port}",), lambda: [process, *children(process)])


def file_name(name: str) -> str:
    """The name of a case as that of a file."""
    return re.sub(r"\W+", "-", name)


@contextmanager
def started(command: Sequence[str | Path], address: str) -> Iterator[int]:
    """The id of a process that answers at an address, ended with the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        limit = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(address, trust_env=False, timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                if time.monotonic() > limit or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    find_program("wrk", debian_package="wrk")
    main()
