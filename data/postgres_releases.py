"""Releases kept as schemas of a PostgreSQL database, as readers see them.

Release ``20261123T101500Z-1a2b3c4d`` is the schema ``apertura_20261123t101500z-1a2b3c4d``; the one row of
``apertura.current_release`` names the current one. A publication is one transaction, so a schema that can be seen is
whole.
"""

from __future__ import annotations

from sqlalchemy import Column, Engine, MetaData, Table, Text, create_engine, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from data.published import (
    RELEASE_ID,
    OpenedRelease,
    ReleaseError,
    first_line,
    recorded_info,
    require_release_id,
)

POINTER_SCHEMA = "apertura"
PREFIX = "apertura_"
# A reader never writes, and no page may hold the server for longer than a person waits for it.
READER_TIMEOUT_SECONDS = 15
READER_OPTIONS = "-c default_transaction_read_only=on -c timezone=UTC -c statement_timeout={seconds}s"
CONNECT_TIMEOUT_SECONDS = 5

current_release = Table(
    "current_release", MetaData(), Column("release_id", Text, nullable=False), schema=POINTER_SCHEMA
)


def schema_name(release_id: str) -> str:
    """The schema of a release."""
    return PREFIX + require_release_id(release_id).lower()


def release_id_of(schema: str) -> str | None:
    """The release a schema holds; None for a schema that is none of ours."""
    time, _, digits = schema.removeprefix(PREFIX).partition("-")
    release_id = f"{time.upper()}-{digits}"
    return release_id if schema.startswith(PREFIX) and RELEASE_ID.fullmatch(release_id) else None


class PostgresReleases:
    """The releases in one database, for reading; no connection is made until asked for."""

    def __init__(self, url: str, timeout_seconds: int = READER_TIMEOUT_SECONDS) -> None:
        """``timeout_seconds`` limits each statement; 0 sets no limit."""
        self._url = make_url(url)
        self._options = READER_OPTIONS.format(seconds=timeout_seconds)
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The pool of read-only connections that all releases share."""
        if self._engine is None:
            self._engine = create_engine(
                self._url,
                connect_args={
                    "options": self._options,
                    "connect_timeout": CONNECT_TIMEOUT_SECONDS,
                    "application_name": "apertura reader",
                },
                # The server may be restarted while we live; a dead connection must not become a reader's error.
                pool_pre_ping=True,
            )
        return self._engine

    def pointer(self) -> str | None:
        """The id of the current release; None where nothing was published. Raises ReleaseError."""
        try:
            with self.engine.connect() as connection:
                found = connection.scalar(select(current_release.c.release_id))
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) in {"42P01", "3F000"}:  # no such table, no such schema
                return None
            raise self._unreachable(error) from error
        except SQLAlchemyError as error:
            raise self._unreachable(error) from error
        return found if found is None else require_release_id(found)

    def release_ids(self) -> list[str]:
        """The ids of the published releases, newest first. Raises ReleaseError."""
        try:
            schemas = inspect(self.engine).get_schema_names()
        except SQLAlchemyError as error:
            raise self._unreachable(error) from error
        return sorted((found for schema in schemas if (found := release_id_of(schema))), reverse=True)

    def open(self, release_id: str) -> OpenedRelease:
        """A release's schema behind the shared pool. Raises ReleaseError when it is not there or not readable."""
        engine = self.engine.execution_options(schema_translate_map={None: schema_name(release_id)})
        try:
            with engine.connect() as connection:
                info = recorded_info(connection, release_id)
        except SQLAlchemyError as error:
            raise self._unreachable(error) from error
        return OpenedRelease(info, engine, None, _nothing_to_close)

    def close(self) -> None:
        """Close the pool; connections in use close when they are given back."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _unreachable(self, error: SQLAlchemyError) -> ReleaseError:
        where = self._url.render_as_string(hide_password=True)
        return ReleaseError(f"The releases in {where} cannot be read: {first_line(error)}")


def _nothing_to_close() -> None:
    """The pool is shared by all releases and outlives each of them."""
