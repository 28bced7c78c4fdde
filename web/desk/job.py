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
LAST_WORDS_SECONDS = 20
MEMORY_BYTES = 8_000_000_000
"""Of addresses: DuckDB and pyarrow map far more than they use."""
ACTS = {"check": "revisar", "publish": "publicar", "undo": "deshacer"}


def main(arguments: list[str] | None = None) -> int:
    """Do the act. Whoever began it holds the folder's lock for us, through a file that we were born with."""
    options = _parser().parse_args(arguments)
    result = _done(options)
    path = options.folder / RESULT
    keep_result(path, {"act": options.act, **_remembered(path, result), **result})
    _record(options, result)
    if options.act == "undo" and result.get("sha256"):
        _tell_undone(options.folder.parent / result["sha256"] / RESULT, result["release_id"])
    return 0


def keep_result(path: Path, result: dict[str, Any]) -> None:
    """Write what came of an act. A full disk that has no room for its report may have some for a line."""
    try:
        write_json(path, result)
    except OSError as error:
        write_json(path, _without_report(result, str(error)))


def _without_report(result: dict[str, Any], told: str) -> dict[str, Any]:
    """A result cut to a line: the release of what was published or undone, or that there was no room for more."""
    cut = {name: value for name, value in result.items() if name not in ("report", "preview")}
    return cut if cut.get("release_id") else {**cut, "failure": {"reason": "disk", "message": told}}


def _remembered(path: Path, result: dict[str, Any]) -> dict[str, Any]:
    """What stays true of what came before: that the file was published and undone, and, of an act that came to nothing,
    the report it was asked for with."""
    found: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    stays = ["published", "undone"]
    if result.get("release_id"):
        return {"published": result["release_id"]}
    if "failure" in result:
        stays += ["report", "preview", "seen"]
    return {name: found[name] for name in stays if name in found}


def _tell_undone(path: Path, release_id: str) -> None:
    """Write beside what came of a file that it was taken back, if it came by the desk."""
    if path.is_file():
        found = json.loads(path.read_bytes())
        write_json(path, {**found, "undone": {"at": datetime.now(UTC).isoformat(), "release_id": release_id}})


def _done(options: argparse.Namespace) -> dict[str, Any]:
    """What the command said, its JSON, and its exit code; a ``failure`` with the last line of its errors where it ended
    without a word."""
    command = [sys.executable, "-m", "etl", "import-survey", "--round", options.round, "--json"]
    command += ["--progress", str(options.folder / PROGRESS)]
    if options.act == "undo":
        command.append("--undo")
    else:
        command.append(str(options.folder / FILE))
        # What is published was checked before, and its report is there.
        command += ["--dry-run", "--report", str(options.folder / MARKED)] if options.act == "check" else []
        command += ["--accept-warnings"] if options.accept_warnings else []
    command += ["--expect", options.expect] if options.expect else []
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        start_new_session=True,
    )  # fmt: skip
    try:
        answer, errors = process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        _stop(process)
        return {"exit_code": None, "failure": {"reason": "slow", "message": ""}}
    try:
        return {"exit_code": process.returncode, **json.loads(answer)}
    except ValueError:
        last = (errors.strip().splitlines() or [f"exit code {process.returncode}"])[-1]
        return {"exit_code": process.returncode, "failure": {"reason": "ended", "message": last[:500]}}


def _stop(process: subprocess.Popen[str]) -> None:
    """Ask the command to end, so that it takes back what it began; end it where it does not listen."""
    for sign in (signal.SIGINT, signal.SIGKILL):
        os.killpg(process.pid, sign)
        try:
            process.communicate(timeout=LAST_WORDS_SECONDS)
            return
        except subprocess.TimeoutExpired:
            continue


def _record(options: argparse.Namespace, result: dict[str, Any]) -> None:
    url = Settings().accounts_url
    if url is None:
        return
    detail: dict[str, Any] = {"round": options.round, "release": result.get("release_id")}
    if options.accept_warnings:
        problems = result.get("report", {}).get("problems", [])
        detail["accepted_warnings"] = sorted({p["code"] for p in problems if p["severity"] == "warning"})
    outcome = "done" if result.get("exit_code") == 0 else result.get("stopped") or "failed"
    if "failure" in result:
        detail["reason"] = result["failure"]["reason"]
    sha256 = options.folder.name if options.act != "undo" else result.get("sha256")
    Accounts(url).record(options.account, options.act, outcome, sha256, {k: v for k, v in detail.items() if v})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m web.desk.job")
    parser.add_argument("act", choices=ACTS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("round")
    parser.add_argument("account")
    parser.add_argument("--accept-warnings", action="store_true")
    parser.add_argument("--expect")
    return parser


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
