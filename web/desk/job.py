"""``python -m web.desk.job check|publish|undo FOLDER ROUND ACCOUNT``: one act of the desk, outside of the web process.

It runs the command of the ETL within limits, writes what came of it into the folder, and adds the act to the log, so
that an act is recorded even when the web process that began it is gone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.accounts import Accounts
from settings import ROOT, Settings
from web.desk.uploads import FILE, MARKED, PROGRESS, RESULT, write_json

PATIENCE_SECONDS = 600
MEMORY_BYTES = 8_000_000_000
"""Of addresses: DuckDB and pyarrow map far more than they use."""
ACTS = {"check": "revisar", "publish": "publicar", "undo": "deshacer"}


def main(arguments: list[str] | None = None) -> int:
    """Do the act. Whoever began it holds the folder's lock for us, through a file that we were born with."""
    options = _parser().parse_args(arguments)
    result = _done(options)
    _record(options, result)
    write_json(options.folder / RESULT, {"act": options.act, **result})
    if options.act == "undo" and result.get("sha256"):
        _tell_undone(options.folder.parent / result["sha256"] / RESULT, result["release_id"])
    return 0


def _tell_undone(path: Path, release_id: str) -> None:
    """Write beside what came of a file that it was taken back, if it came by the desk."""
    if path.is_file():
        found = json.loads(path.read_bytes())
        write_json(path, {**found, "undone": {"at": datetime.now(UTC).isoformat(), "release_id": release_id}})


def _done(options: argparse.Namespace) -> dict[str, Any]:
    """What the command said: its JSON, its exit code, and the last line of its errors where it gave no JSON."""
    command = [sys.executable, "-m", "etl", "import-survey", "--round", options.round, "--json"]
    command += ["--progress", str(options.folder / PROGRESS)]
    if options.act == "undo":
        command.append("--undo")
    else:
        command.append(str(options.folder / FILE))
        # What is published was checked before, and its report is there.
        command += ["--dry-run", "--report", str(options.folder / MARKED)] if options.act == "check" else []
        command += ["--accept-warnings"] if options.accept_warnings else []
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        start_new_session=True,
    )  # fmt: skip
    try:
        answer, errors = process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return {"exit_code": None, "failure": "El proceso tardó demasiado y se detuvo; no se publicó nada."}
    try:
        return {"exit_code": process.returncode, **json.loads(answer)}
    except ValueError:
        last = (errors.strip().splitlines() or ["el proceso terminó sin decir por qué"])[-1]
        return {"exit_code": process.returncode, "failure": last.removeprefix("etl: ")[:500]}


def _record(options: argparse.Namespace, result: dict[str, Any]) -> None:
    url = Settings().accounts_url
    if url is None:
        return
    detail: dict[str, Any] = {"round": options.round, "release": result.get("release_id")}
    if options.accept_warnings:
        problems = result.get("report", {}).get("problems", [])
        detail["accepted_warnings"] = sorted({p["code"] for p in problems if p["severity"] == "warning"})
    outcome = "done" if result.get("exit_code") == 0 else result.get("stopped") or "failed"
    sha256 = options.folder.name if options.act != "undo" else result.get("sha256")
    Accounts(url).record(options.account, options.act, outcome, sha256, {k: v for k, v in detail.items() if v})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m web.desk.job")
    parser.add_argument("act", choices=ACTS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("round")
    parser.add_argument("account")
    parser.add_argument("--accept-warnings", action="store_true")
    return parser


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
