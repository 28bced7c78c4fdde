"""How a release is published, whatever keeps it: one run at a time, a draft beside, verified, then one step."""

from __future__ import annotations

import logging
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC
from types import TracebackType
from typing import Self, TypeVar

import duckdb
import pyarrow as pa
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.exc import SQLAlchemyError

from data.database import Database
from data.published import PublishedReleases, ReleaseError, ReleaseInfo, first_line, require_release_id
from data.schema import TABLES
from etl.stores.rows import Rows, arrow_table, in_order_of_key
from settings import Settings

logger = logging.getLogger(__name__)

# Called with the name of each step once it is done, so that an observer can tell, or end, a publication at any of them.
OnStep = Callable[[str], None]
D = TypeVar("D", bound="Draft")

# Filled by the publication itself; they count and date the others.
OWN_TABLES = ("releases", "release_tables")

LISTED = "To see those there are: python -m etl releases"


class RunInProgressError(ReleaseError):
    """Another run holds the lock. The message says whose, which process, and since when."""


class Store(ABC):
    """The releases of one installation, for writing and comparing. Every method raises ReleaseError."""

    def __init__(self, settings: Settings, published: PublishedReleases, on_step: OnStep) -> None:
        self.settings = settings
        self.published = published
        self.on_step = on_step

    def current(self) -> ReleaseInfo | None:
        """The release that readers get now: the pointer's, or the newest that opens where the pointer's does not.

        None where nothing was published. Raises ReleaseError where none opens.
        """
        database = Database(self.settings.model_copy(update={"reader_url": None}))
        try:
            handle = database.current()
            if handle is None and database.problem:
                raise ReleaseError(database.problem)
            return None if handle is None else handle.info
        finally:
            database.close()

    def releases(self) -> list[ReleaseInfo]:
        """The published releases that open, newest first."""
        found = []
        for release_id in self.published.release_ids():
            try:
                opened = self.published.open(release_id)
            except ReleaseError:
                continue
            opened.close()
            found.append(opened.info)
        return found

    def rollback(self, release_id: str) -> None:
        """Make an older release the current one. Raises ReleaseError, with those there are, when it does not open."""
        with self.run_lock():
            there = [info.release_id for info in self.releases()]
            if release_id not in there:
                listed = "\n".join(f"  {name}" for name in there) or "  (none)"
                raise ReleaseError(f"There is no release {release_id} that opens. There are:\n{listed}")
            self._point_to(release_id)

    @abstractmethod
    def run_lock(self) -> AbstractContextManager[None]:
        """Hold the right to publish; raises RunInProgressError at once when another run has it.

        The lock belongs to the living process: one that was killed holds nothing.
        """

    @abstractmethod
    def begin(self, release_id: str) -> Draft:
        """Start a draft, under ``run_lock``, after clearing away what a killed run may have left."""

    @abstractmethod
    def read_table(self, release_id: str, table_name: str) -> pa.Table:
        """The rows of a table of a release, with the columns it has there; no rows where the release lacks it."""

    @abstractmethod
    def read_parts(self, release_id: str, table: Table) -> Iterator[pa.Table]:
        """The same in the order of the key and some thousand rows at a time, at least one part."""

    @abstractmethod
    def close(self) -> None:
        """Let go of connections. The store can be used again."""

    @abstractmethod
    def _point_to(self, release_id: str) -> None:
        """Replace the pointer in one step."""


class Draft(ABC):
    """A release being built, seen by nobody. As a context manager it is discarded unless it was published."""

    def __init__(self, store: Store, release_id: str) -> None:
        self.store = store
        self.release_id = require_release_id(release_id)
        self.counts = dict.fromkeys((name for name in TABLES if name not in OWN_TABLES), 0)
        self.published = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.published:
            self.discard()

    def write(self, table_name: str, rows: Rows) -> None:
        """Add rows to a table; may be called several times for one table, in any order of tables.

        Raises ReleaseError for what the table does not declare, and when the store cannot take the rows.
        """
        if table_name not in self.counts:
            raise ReleaseError(f"{table_name} is not a table of data/schema that a run fills.")
        table = TABLES[table_name]
        # DuckDB hands rows out as they were loaded: in the order of the key, readers of a whole table need no sort.
        columns = in_order_of_key(table, arrow_table(table, rows))
        if columns.num_rows:
            self._load(table, columns)
        self.counts[table_name] += columns.num_rows
        self.store.on_step(f"written {table_name}")

    @abstractmethod
    def settle(self) -> None:
        """Let what was written so far take no memory. Tables that are not complete yet are better written after that."""

    @abstractmethod
    def read_parts(self, table: Table) -> Iterator[pa.Table]:
        """What was written of a table so far, in the order of the key and some thousand rows at a time, at least one part.
        Raises ReleaseError."""

    def publish(self, info: ReleaseInfo) -> ReleaseInfo:
        """Record, verify and publish; returns what was recorded, with the rows counted here.

        Raises ReleaseError when the verification or a step fails: the current release is then still the current one.
        """
        if info.release_id != self.release_id:
            raise ReleaseError(f"The draft is {self.release_id}, not {info.release_id}.")
        built_at = info.built_at.astimezone(UTC).replace(microsecond=0)
        info = replace(info, built_at=built_at, rows=dict(self.counts))
        self._record(info)
        self.store.on_step("recorded")
        self._publish(info)
        self.published = True
        try:
            self._prune({self.release_id, *([info.previous_release_id] if info.previous_release_id else [])})
        except ReleaseError as error:
            logger.warning("Release %s is published, but older ones stay: %s", self.release_id, error)
        self.store.on_step("pruned")
        return info

    def _record(self, info: ReleaseInfo) -> None:
        """Write ``releases`` and ``release_tables``: what came before, as the previous release tells it, and this one."""
        history: dict[str, list[dict[str, object]]] = {name: [] for name in OWN_TABLES}
        if info.previous_release_id:
            for name in OWN_TABLES:
                before = self.store.read_table(info.previous_release_id, name)
                known = [column for column in before.column_names if column in TABLES[name].columns]
                history[name] = before.select(known).to_pylist()
        release = {column.name: getattr(info, column.name) for column in TABLES["releases"].columns}
        release["built_at"] = info.built_at.isoformat().replace("+00:00", "Z")
        history["releases"].append(release)
        history["release_tables"] += [
            {"release_id": self.release_id, "table_name": name, "row_count": count} for name, count in info.rows.items()
        ]
        for name, rows in history.items():
            self._load(TABLES[name], arrow_table(TABLES[name], rows))

    def _surplus(self, spared: set[str]) -> list[str]:
        """The published releases beyond those to keep, never one that is spared."""
        listed = self.store.published.release_ids()
        return [release_id for release_id in listed[self.store.settings.keep_releases :] if release_id not in spared]

    @abstractmethod
    def create_tables(self) -> None:
        """Make the tables, empty and without keys."""

    @abstractmethod
    def discard(self) -> None:
        """Leave nothing of the draft. Does nothing once it is published or discarded."""

    @abstractmethod
    def _load(self, table: Table, columns: pa.Table) -> None:
        """Append rows that have the declared columns."""

    @abstractmethod
    def _publish(self, info: ReleaseInfo) -> None:
        """Verify, then make the draft the current release in one step that can be seen."""

    @abstractmethod
    def _prune(self, spared: set[str]) -> None:
        """Remove the releases beyond those to keep; raises ReleaseError for what has to stay for now."""


def begun(draft: D) -> D:
    """The draft, with its tables made; what was made of it is undone when that fails."""
    try:
        draft.create_tables()
    except BaseException:
        draft.discard()
        raise
    draft.store.on_step("begun")
    return draft


def unconstrained(table: Table) -> Table:
    """The table with its columns, types and NOT NULL, but without keys: loaded first, checked as a whole after."""
    columns: list[Column[object]] = [Column(c.name, c.type, nullable=c.nullable) for c in table.columns]
    return Table(table.name, MetaData(), *columns)


@contextmanager
def explained(doing: str, remedies: Mapping[str, str]) -> Iterator[None]:
    """Turn what drivers and the system raise into a ReleaseError: what was being done, why it failed, what to do.

    ``remedies`` is keyed by words of the reason, which is all that the drivers tell.
    """
    try:
        yield
    except _driver_errors() as error:
        reason = first_line(error)
        remedy = next((what for words, what in remedies.items() if words in reason), "")
        raise ReleaseError(f"{doing}: {reason}. {remedy}".strip()) from error


def _driver_errors() -> tuple[type[Exception], ...]:
    """What drivers and the system raise. A driver that nobody loaded raised nothing, and is not loaded to say so."""
    known: tuple[type[Exception], ...] = (OSError, duckdb.Error, SQLAlchemyError)
    if "psycopg" not in sys.modules:
        return known
    import psycopg

    return (*known, psycopg.Error)
