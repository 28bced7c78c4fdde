"""What it takes to import a round of 5,000 exercises, and how the site answers meanwhile.

    python -m bench.survey_import [--exercises 5000]

A workbook is checked, with its marked report, and so are the same answers as CSV and as ODS. Then the workbook is published,
and replaced by another with other answers, as the desk does it, which checks once more before it publishes. Seconds and
memory are those of the command with all its processes: the one that reads the file within limits, the one that checks, and
the one that publishes. ``largest`` is the peak of the largest of them (RSS, shared libraries included), ``together`` what
all of them held at one moment (PSS). The site is asked for a page every tenth of a second while the import runs.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
from openpyxl import Workbook

from settings import ROOT
from tests.etl.survey.answered import as_csv, made_up_round, rows_of
from tests.etl.survey.spreadsheets import ods
from tests.site import running_site

MEGABYTE = 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exercises", type=int, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, second = folder / "ronda.xlsx", folder / "otra.xlsx"
        write_round(first, options.exercises, seed=2026)
        write_round(second, options.exercises, seed=2027)
        environment = {
            "APERTURA_RELEASES_DIR": str(folder / "releases"),
            "APERTURA_SNAPSHOTS_DIR": str(folder / "snapshots"),
            # As on a server: modules are compiled once, by the first of the commands below, and not by what is measured.
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        subprocess.run(["cp", "-r", str(ROOT / "data" / "snapshots"), str(folder / "snapshots")], check=True)
        etl(environment, "run", "--offline")
        etl(environment, "import-survey", str(first), "--round", "2026", "--dry-run")
        with running_site(folder, environment | {"WEB_CONCURRENCY": "1"}) as site:
            print(
                f"{'':<12}{'wall s':>8}{'CPU s':>8}{'largest MB':>12}{'together MB':>13}{'page, median ms':>17}{'slowest ms':>12}"
            )
            marked = ["--dry-run", "--report", str(folder / "informe.xlsx")]
            import_round("check", first, environment, site.url, marked)
            # The same answers in the other forms that are read.
            for form, write in (("CSV", as_csv), ("ODS", as_ods)):
                same = folder / f"ronda.{form.lower()}"
                same.write_bytes(write(rows_of(made_up_round(options.exercises, answering=32, without=0, seed=2026))))
                import_round(f"check {form}", same, environment, site.url, marked)
            import_round("publish", first, environment, site.url, [])
            import_round("replace", second, environment, site.url, [])


def import_round(what: str, file: Path, environment: dict[str, str], url: str, more: list[str]) -> None:
    """Run one import and print its row."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began, answers = time.perf_counter(), []
    process = start(environment, "import-survey", str(file), "--round", "2026", *more)
    largest: dict[int, int] = {}
    together = 0
    with httpx.Client(trust_env=False, timeout=30) as client:
        while process.poll() is None:
            asked = time.perf_counter()
            client.get(f"{url}/estados").raise_for_status()
            answers.append(1000 * (time.perf_counter() - asked))
            for _ in range(5):
                processes = family(process.pid)
                for process_id in processes:
                    seen = of_process(process_id, "status", "VmHWM")
                    largest[process_id] = max(seen, largest.get(process_id, 0))
                together = max(together, sum(of_process(process_id, "smaps_rollup", "Pss") for process_id in processes))
                time.sleep(0.02)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    median, slowest = statistics.median(answers), max(answers)
    print(
        f"{what:<12}{wall:>8.1f}{cpu:>8.1f}{max(largest.values()) / MEGABYTE:>12.0f}"
        f"{together / MEGABYTE:>13.0f}{median:>17.0f}{slowest:>12.0f}"
    )


def write_round(path: Path, exercises: int, seed: int) -> None:
    """A workbook of one sheet with every body's exercises."""
    rows = rows_of(made_up_round(exercises=exercises, answering=32, without=0, seed=seed))
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Respuestas")
    sheet.append(headings)
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    workbook.save(path)


def as_ods(rows: Sequence[dict[str, str]]) -> bytes:
    """The same sheet as OpenDocument."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return ods([headings, *([row.get(heading, "") for heading in headings] for row in rows)])


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """The command of the ETL, quiet."""
    return subprocess.Popen(
        [sys.executable, "-m", "etl", *arguments], cwd=ROOT, env=os.environ | environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def etl(environment: dict[str, str], *arguments: str) -> None:
    """The same, to its end."""
    if start(environment, *arguments).wait() != 0:
        raise SystemExit(f"etl {' '.join(arguments)} failed")


def family(process_id: int) -> list[int]:
    """A process and all that it started and that still run."""
    try:
        children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    except OSError:
        return []
    return [process_id, *(found for child in children for found in family(int(child)))]


def of_process(process_id: int, file: str, name: str) -> int:
    """A figure of a process, in kB; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{process_id}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


if __name__ == "__main__":
    main()
