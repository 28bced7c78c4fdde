"""What is kept of a round of the survey: a copy of the whole for each import, beside those of the other sources.

The ETL writes them, as copies of the source ``state_survey``; the desk reads from them how the round stands and what
undoing would bring back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SOURCE_ID = "state_survey"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class RoundCopy:
    """A round after an import: the hash of its file, when that was kept (ISO, UTC), the hash of the file that was imported,
    how many bodies that file answered for, and the codes of the states whose body had answered by then."""

    sha256: str
    kept_at: str
    upload_sha256: str
    bodies: int
    answered: frozenset[str]


def file_of(round_id: str) -> str:
    """The name of a round's file."""
    return f"round_{round_id}.json"


def newest_copies(snapshots_dir: Path, round_id: str) -> list[RoundCopy]:
    """The copy of a round that holds now, and the one before it, as far as there are; none before the first import."""
    found: list[RoundCopy] = []
    for path, sha256, kept_at in _kept(snapshots_dir / SOURCE_ID, file_of(round_id)):
        upload_sha256, bodies, answered = _told(path, sha256)
        found.append(RoundCopy(sha256, kept_at, upload_sha256, bodies, answered))
        if len(found) == 2:
            break
    return found


def _kept(folder: Path, file: str) -> Iterator[tuple[Path, str, str]]:
    """The copies of a file, newest first: its path, its hash and when it was kept."""
    for dated in sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []:
        manifest = dated / MANIFEST
        if not dated.name.startswith(".") and manifest.is_file():
            entry = json.loads(manifest.read_bytes())["files"].get(file)
            if entry is not None:
                yield dated / file, entry["sha256"], entry["fetched_at"]


@lru_cache(maxsize=16)
def _told(path: Path, sha256: str) -> tuple[str, int, frozenset[str]]:
    """What a copy says of its import. ``sha256`` is its hash: a copy never changes, so it is read once."""
    content = json.loads(path.read_bytes())
    newest = content["imports"][-1]
    return newest["sha256"], len(newest["states"]), frozenset(body["state_code"] for body in content["returns"])
