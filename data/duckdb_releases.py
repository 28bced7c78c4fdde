"""Releases kept as DuckDB files in one folder, as readers see them.

The folder holds, for each release, ``<release_id>.duckdb`` and ``<release_id>.duckdb.sha256`` (in the form that
``sha256sum --check`` reads), and the pointer ``current``: ``{"current": id, "published": [ids, newest first]}``.
A release's file never changes; only the pointer is ever replaced, in one step.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError

from data.published import (
    RELEASE_ID,
    OpenedRelease,
    ReleaseError,
    first_line,
    recorded_info,
    require_release_id,
)

SUFFIX = ".duckdb"
POINTER = "current"
MEMORY_LIMIT = "128MB"
# One thread is also the faster choice for small queries, and several processes share the machine.
READER_CONFIG = {
    "threads": 1,
    "max_temp_directory_size": "1GB",
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "lock_configuration": True,
}


class Pointer(BaseModel):
    """What the pointer file says: the current release, and all that are published, newest first."""

    model_config = ConfigDict(extra="forbid")

    current: str
    published: list[str]


class DuckdbReleases:
    """The releases in one folder, for reading; nothing is opened or created until asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pointer(self) -> str | None:
        """The id of the current release; None where nothing was published. Raises ReleaseError on a corrupt pointer."""
        found = self.read_pointer()
        return None if found is None else found.current

    def read_pointer(self) -> Pointer | None:
        """The whole pointer; None where there is none. Raises ReleaseError when it is corrupt or cannot be read."""
        path = self.folder / POINTER
        try:
            pointer = Pointer.model_validate_json(path.read_bytes())
            for release_id in (pointer.current, *pointer.published):
                require_release_id(release_id)
        except FileNotFoundError:
            return None
        except (OSError, ValidationError, ReleaseError) as error:
            reason = first_line(error) if isinstance(error, OSError) else "it is not the JSON that we write"
            raise ReleaseError(
                f"The pointer {path} cannot be used: {reason}. Point to a release with: python -m etl rollback ID"
            ) from error
        return pointer

    def release_ids(self) -> list[str]:
        """The ids of the published releases, newest first; those with a file, where the pointer cannot tell."""
        try:
            pointer = self.read_pointer()
        except ReleaseError:
            pointer = None
        return self.ids_on_disk() if pointer is None else sorted(pointer.published, reverse=True)

    def ids_on_disk(self) -> list[str]:
        """The ids that have a file here, newest first, published or not. Raises ReleaseError."""
        try:
            names = [path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"*{SUFFIX}")]
        except OSError as error:
            raise ReleaseError(f"The folder of releases cannot be read: {first_line(error)}") from error
        return sorted((name for name in names if RELEASE_ID.fullmatch(name)), reverse=True)

    def path(self, release_id: str) -> Path:
        """Where the file of a release is, or would be."""
        return self.folder / f"{require_release_id(release_id)}{SUFFIX}"

    def open(self, release_id: str) -> OpenedRelease:
        """Open a release read-only, after comparing its file with its recorded hash. Raises ReleaseError."""
        return open_release_file(self.path(release_id), release_id)

    def close(self) -> None:
        """Nothing is kept open between calls."""


def open_release_file(path: Path, release_id: str, memory_limit: str = MEMORY_LIMIT) -> OpenedRelease:
    """Open the file of a release read-only, after comparing it with its recorded hash. Raises ReleaseError."""
    require_whole(path)
    engine = reader_engine(path, release_id, memory_limit)
    try:
        with engine.connect() as connection:
            info = recorded_info(connection, release_id)
    except SQLAlchemyError as error:
        engine.dispose()
        raise ReleaseError(f"Release {path} does not open: {first_line(error)}") from error
    except ReleaseError:
        engine.dispose()
        raise
    return OpenedRelease(info, engine, path, engine.dispose)


def reader_engine(path: Path, release_id: str, memory_limit: str = MEMORY_LIMIT) -> Engine:
    """An engine on the file of a release, which opens it read-only at its first connection.

    In one process all connections to a file must have the same configuration, the limit of memory included.
    """
    spilled = f"{tempfile.gettempdir()}/apertura-{release_id}"
    config = {**READER_CONFIG, "memory_limit": memory_limit, "temp_directory": spilled}
    url = URL.create("duckdb", database=str(path))
    # A file that never changes needs no transactions, which cost a third of a small query.
    return create_engine(
        url,
        connect_args={"read_only": True, "config": config},
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        skip_autocommit_rollback=True,
    )


def hash_path(path: Path) -> Path:
    """Where the hash of a release's file is recorded."""
    return path.with_name(f"{path.name}.sha256")


def file_hash(path: Path) -> str:
    """Hex SHA-256 of a file; about 1.5 GB a second here."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_whole(path: Path) -> None:
    """Raise ReleaseError unless the file is there, byte for byte as it was published."""
    try:
        recorded = hash_path(path).read_text(encoding="ascii").split(" ")[0]
        actual = file_hash(path)
    except (OSError, UnicodeError) as error:
        raise ReleaseError(f"Release {path} does not open: {first_line(error)}") from error
    if actual != recorded:
        raise ReleaseError(f"Release {path} is damaged: it differs from the SHA-256 recorded when it was published.")
