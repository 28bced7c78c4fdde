"""Reads an uploaded file in a process of its own, and holds that process to its limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from etl.survey.book import Book
from etl.survey.container import FileRefusedError
from etl.survey.worker import FAILED, REFUSED, damaged_sheet
from settings import ROOT

PATIENCE_SECONDS = 90.0


def read_book(path: Path, patience_seconds: float = PATIENCE_SECONDS) -> Book:
    """The sheets of ``path`` (XLSX, ODS or CSV). Raises ``FileRefusedError`` for whatever cannot or must not be read."""
    if not path.is_file():
        raise FileRefusedError("no_file", f"No existe el archivo {path}.")
    # Nothing of our settings, passwords among them, is known where a stranger's file is parsed.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("APERTURA_")}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "etl.survey.worker", str(path.resolve())],
            cwd=ROOT,
            env=environment | {"OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=patience_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_expensive() from None
    if done.returncode == 0:
        return Book.from_json(done.stdout)
    if done.returncode == REFUSED:
        told = json.loads(done.stdout)
        raise FileRefusedError(told["code"], told["message"])
    if done.returncode == FAILED:
        raise damaged_sheet()
    raise _too_expensive()


def _too_expensive() -> FileRefusedError:
    return FileRefusedError(
        "too_expensive",
        "Leer el archivo pide más memoria o tiempo del que se le da a uno. Copie sus respuestas en una plantilla nueva.",
    )
