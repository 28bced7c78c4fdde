"""The manifest of a folder of copies: what each file is, where it came from, and the hash that proves it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Via = Literal["live", "archive", "bundled", "upload"]

MANIFEST = "manifest.json"


class SnapshotError(Exception):
    """The copies on disk cannot be trusted or written; the message names the file and the remedy."""


class Entry(BaseModel):
    """What a manifest says about one file. ``fetched_at`` is an ISO date, or an ISO moment in UTC (``...Z``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)
    url: str | None
    via: Via
    fetched_at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$")
    etag: str | None = None
    last_modified: str | None = None


class Manifest(BaseModel):
    """The content of ``manifest.json``: an entry for each file of the folder, by file name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: dict[str, Entry]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; raises ``SnapshotError`` when it is missing, unreadable or not a manifest."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SnapshotError(f"{path}: cannot be read ({error.strerror}); restore it, or remove the folder") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise SnapshotError(f"{path}: not a manifest, {where}: {first['msg']}; restore it or mend the entry") from error


def write_manifest(folder: Path, manifest: Manifest, drafts: Path) -> None:
    """Replace a folder's manifest in one step, so that a reader sees the old or the new one.

    ``drafts`` is a folder on the same disk. Raises ``OSError``.
    """
    text = json.dumps(manifest.model_dump(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    draft = drafts / MANIFEST
    draft.write_text(text, encoding="utf-8")
    flush(draft)
    os.replace(draft, folder / MANIFEST)
    flush(folder)


def flush(path: Path) -> None:
    """Have the disk write a file or a folder now: a rename must not become visible before what it names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def hash_of(path: Path) -> tuple[str, int]:
    """SHA-256 in hexadecimal and size in bytes of a file; raises ``OSError``."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return digest, stream.tell()
