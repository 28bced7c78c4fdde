"""What a release is made of, as one hash: the copies of the sources, the schema, and the rules that read them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from data.schema import schema_version
from etl.snapshots import Copy

ETL = Path(__file__).resolve().parent


def input_hash(copies: Iterable[Copy], sources_dir: Path) -> str:
    """SHA-256 over the hashes of all copies, the schema, and every file of rules (YAML and Python of the ETL).

    The same inputs give the same hash on every machine: names are relative and sorted, times play no part.
    """
    digest = hashlib.sha256()
    for line in sorted(f"{copy.snapshot_id} {copy.sha256}" for copy in copies):
        digest.update(line.encode() + b"\n")
    digest.update(schema_version().encode() + b"\n")
    for path in _rules(sources_dir):
        digest.update(path.name.encode() + b"\n" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _rules(sources_dir: Path) -> list[Path]:
    files = {path for folder in (ETL, sources_dir) for suffix in ("*.py", "*.yml") for path in folder.rglob(suffix)}
    return sorted(files, key=lambda path: (path.name, str(path)))
