"""What is known of a published release, whatever engine keeps it, and what can go wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from data.schema.provenance import release_tables, releases

# UTC time of the build and the first 8 hex digits of the hash of its inputs: sorting ids as text sorts them by time.
RELEASE_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
TIME_IN_ID = "%Y%m%dT%H%M%SZ"


class ReleaseError(Exception):
    """A release cannot be found, opened, built or published. The message says which, why, and what to do."""


@dataclass(frozen=True)
class ReleaseInfo:
    """What a release records of itself.

    ``built_at`` is aware; the hashes are hex SHA-256; ``rows`` has the number of rows of every table but ``releases``
    and ``release_tables``, which the publication fills itself.
    """

    release_id: str
    built_at: datetime
    input_hash: str
    content_hash: str
    schema_version: str
    git_commit: str | None = None
    previous_release_id: str | None = None
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenedRelease:
    """A release that can be queried: what it is, its engine (read-only), its file if it is one, and how to close it."""

    info: ReleaseInfo
    engine: Engine
    path: Path | None
    close: Callable[[], None]


class PublishedReleases(Protocol):
    """Where the published releases of one installation stand, for reading. Every method raises ReleaseError."""

    def pointer(self) -> str | None:
        """The id of the current release; None when nothing was published yet. Cheap: asked once a second."""

    def release_ids(self) -> list[str]:
        """The ids of what is published, newest first; not all of them need open."""

    def open(self, release_id: str) -> OpenedRelease:
        """Open one release for reading, after checking that it is whole."""

    def close(self) -> None:
        """Let go of what the methods above keep open. Opened releases are closed one by one."""


def new_release_id(built_at: datetime, input_hash: str) -> str:
    """The id of a release: UTC time and the first 8 hex digits of its inputs' hash (``20261123T101500Z-1a2b3c4d``)."""
    return f"{built_at.astimezone(UTC):{TIME_IN_ID}}-{input_hash[:8]}"


def require_release_id(text: str) -> str:
    """The text, if it has the form of a release id; raises ReleaseError otherwise. What passes is safe in file names."""
    if RELEASE_ID.fullmatch(text) is None:
        raise ReleaseError(f"{text!r} is not the id of a release, which looks like 20261123T101500Z-1a2b3c4d.")
    return text


def recorded_info(connection: Connection, release_id: str) -> ReleaseInfo:
    """What the release behind the connection records of itself; raises ReleaseError when it is another or broken."""
    columns = [releases.c[name] for name in ReleaseInfo.__dataclass_fields__ if name != "rows"]
    counts = select(release_tables.c.table_name, release_tables.c.row_count)
    try:
        row = connection.execute(select(*columns).where(releases.c.release_id == release_id)).mappings().one_or_none()
        counted = connection.execute(counts.where(release_tables.c.release_id == release_id)).all()
    except SQLAlchemyError as error:
        raise ReleaseError(f"Release {release_id} cannot be read: {first_line(error)}") from error
    if row is None:
        raise ReleaseError(f"The database published as release {release_id} records no such release.")
    known = {**row, "built_at": datetime.fromisoformat(row["built_at"])}
    return ReleaseInfo(**known, rows=dict(map(tuple, counted)))


def first_line(error: BaseException) -> str:
    """The first line of an error of a driver or the system, which is the part that a person can use."""
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]
