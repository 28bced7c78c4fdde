"""How long a run takes and what it needs, and whether time grows faster than rows.

    python -m bench.etl [--runs 3] [--times 1 10 100]

Every figure is that of a whole process, as the operating system accounts for it. The larger sizes repeat OGP's file of
2017 under invented countries: repetition ``n`` is one country, its plans numbered on, so that no key repeats.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from etl.snapshots import SnapshotStore
from settings import ROOT

SOURCE, FILE = "ogp_commitments", "ogpirm_live_data.csv"


class Measured(NamedTuple):
    """One whole process: seconds of wall clock and of processor, peak memory in MB, and what it printed."""

    wall: float
    cpu: float
    megabytes: float
    printed: str


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--times", type=int, nargs="*", default=[1, 10, 100])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report_runs(Path(folder), options.runs)
        report_growth(Path(folder), options.times)


def report_runs(folder: Path, runs: int) -> None:
    """The full run of the bundled copies, and the run in which nothing changed: median of ``runs``."""
    full, unchanged = [], []
    for number in range(runs):
        releases = folder / f"releases-{number}"
        full.append(measured(releases))
        unchanged.append(measured(releases))
    print(f"{'run':<12}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}   median of {runs}")
    for name, results in (("full", full), ("unchanged", unchanged)):
        wall, cpu, peak = (statistics.median(column) for column in zip(*(r[:3] for r in results), strict=True))
        print(f"{name:<12}{wall:>8.2f}{cpu:>8.2f}{peak:>9.0f}")


def report_growth(folder: Path, times: list[int]) -> None:
    """Runs of a multiple of the rows, and the time for each row against that of the smallest."""
    print(f"\n{'times':<8}{'rows read':>10}{'wall s':>8}{'cpu s':>8}{'peak MB':>9}{'ms a row':>10}{'against x1':>12}")
    first = None
    for factor in times:
        place = folder / f"times-{factor}"
        repeated(place, factor)
        result = measured(place / "releases", SNAPSHOTS_DIR=place / "snapshots", SOURCES_DIR=place / "sources")
        rows = sum(source["read"] for source in json.loads(result.printed)["sources"])
        each = 1000 * result.cpu / rows
        first = first or each
        print(
            f"{factor:<8}{rows:>10,}{result.wall:>8.1f}{result.cpu:>8.1f}{result.megabytes:>9.0f}"
            f"{each:>10.3f}{each / first:>12.2f}"
        )


def measured(releases: Path, **settings: Path) -> Measured:
    """One run of the command in a process of its own."""
    environment = {f"APERTURA_{name}": str(value) for name, value in {**settings, "RELEASES_DIR": releases}.items()}
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "etl", "run", "--offline", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    ) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"the run failed: python -m etl run --offline, {environment}")
    return Measured(time.perf_counter() - started, cpu_seconds(usage), usage.ru_maxrss / 1024, printed)


def cpu_seconds(usage: resource.struct_rusage) -> float:
    """Processor time of a process, its own and the kernel's for it."""
    return usage.ru_utime + usage.ru_stime


def repeated(place: Path, factor: int) -> None:
    """Copies and sources in which OGP's file of 2017 stands ``factor`` times."""
    shutil.copytree(ROOT / "data" / "snapshots", place / "snapshots")
    shutil.copytree(ROOT / "etl" / "sources", place / "sources", ignore=shutil.ignore_patterns("__pycache__"))
    if factor == 1:
        return
    original = SnapshotStore(ROOT / "data" / "snapshots").newest(SOURCE, FILE)
    assert original is not None
    numbers, header, *rows = csv.reader(io.StringIO(original.path.read_text(encoding="utf-8"), newline=""))
    countries = {name: index for index, name in enumerate(dict.fromkeys(row[0] for row in rows))}
    invented = {f"Invented {n}": f"{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(factor - 1)}
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    writer.writerows([numbers, header, *rows])
    for name in invented:
        writer.writerows([name, str(int(row[1]) + 10 * (countries[row[0]] + 1)), *row[2:]] for row in rows)
    SnapshotStore(place / "snapshots").keep(
        SOURCE, FILE, content.getvalue().encode(), url=None, via="upload", fetched_at=datetime.now(UTC)
    )
    declare(place / "sources" / f"{SOURCE}.yml", invented)


def declare(path: Path, invented: dict[str, str]) -> None:
    """Let the YAML know the invented countries, and drop what it asserts of the real file."""
    text = re.sub(r"^assertions:\n(?:[ -].*\n|\n)*", "", path.read_text(encoding="utf-8"), flags=re.M)
    lines = "".join(f'    "{name}": "{code}"\n    "{name.lower()}": "{code}"\n' for name, code in invented.items())
    path.write_text(text.replace("  countries:\n", f"  countries:\n{lines}", 1), encoding="utf-8")


if __name__ == "__main__":
    main()
