"""Releases written as schemas of a PostgreSQL database: everything, the pointer too, in one transaction.

Until its commit nobody sees anything of a publication, and a run that is killed leaves nothing: the server undoes it
when the connection breaks. The site's own login (``reader_url``) may read every release and write nothing.
"""

from __future__ import annotations

import io
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import sql
from sqlalchemy import Connection, Engine, NullPool, Table, create_engine, delete, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.schema import AddConstraint, CreateSchema, CreateTable, DropSchema

from data.postgres_releases import POINTER_SCHEMA, PostgresReleases, current_release, schema_name
from data.published import ReleaseError, ReleaseInfo
from data.schema import TABLES, key_columns
from etl.stores.publication import LISTED, Draft, OnStep, RunInProgressError, Store, begun, explained, unconstrained
from etl.stores.reader_role import grant_to_reader
from etl.stores.rows import arrow_table, in_order, slices
from etl.stores.verification import verify
from settings import Settings

# The two halves of the advisory lock's key; it is held per database.
LOCK_KEY = (0x41504552, 1)
# After a kill the server needs a moment to notice that the connection is gone.
LOCK_PATIENCE_SECONDS = 2.0
# A machine that vanished must not hold the lock for the two hours that TCP would wait.
SESSION_OPTIONS = "-c timezone=UTC -c tcp_keepalives_idle=60 -c tcp_keepalives_interval=15 -c tcp_keepalives_count=4"
REMEDIES = {
    "permission denied": "The login of APERTURA_DATABASE_URL needs CREATE on the database (it owns the releases).",
    "No space left": "Free space on the server's disk, or keep fewer releases (APERTURA_KEEP_RELEASES).",
    "connection": "Is the server up, and APERTURA_DATABASE_URL right?",
}
_CSV_TYPES = {16: pa.bool_(), 21: pa.int32(), 23: pa.int32(), 20: pa.int64(), 701: pa.float64()}


class PostgresStore(Store):
    """The releases in one database (``database_url``)."""

    published: PostgresReleases

    def __init__(self, settings: Settings, on_step: OnStep) -> None:
        url = settings.database_url
        if not url:
            raise ReleaseError("APERTURA_DATABASE_URL is not set.")
        super().__init__(settings, PostgresReleases(url, timeout_seconds=0), on_step)
        self.where = make_url(url).render_as_string(hide_password=True)
        # One connection holds the lock and makes the transaction: losing one is losing both.
        self._connection: Connection | None = None

    @contextmanager
    def run_lock(self) -> Iterator[None]:
        """Hold an advisory lock of the database; it ends with the connection, however that ends."""
        engine = self._writer()
        with explained(f"The releases in {self.where} cannot be written", REMEDIES):
            connection = engine.connect()
        with connection:
            self._take_lock(connection)
            self._connection = connection
            try:
                yield
            finally:
                self._connection = None

    def begin(self, release_id: str) -> Draft:
        """Start the transaction of a new release, under ``run_lock``. Raises ReleaseError without it."""
        if self._connection is None:
            raise ReleaseError("A draft is begun under run_lock().")
        if release_id in self.published.release_ids():
            raise ReleaseError(f"Release {release_id} exists already.")
        with explained(f"The releases in {self.where} cannot be written", REMEDIES):
            return begun(PostgresDraft(self, release_id, self._connection))

    def read_table(self, release_id: str, table_name: str) -> pa.Table:
        """The rows of a table of a release, as Arrow columns; no rows where it lacks the table. Raises ReleaseError."""
        name = sql.Identifier(schema_name(release_id), table_name)
        with (
            explained(f"Release {release_id} in {self.where} cannot be read", REMEDIES),
            self.published.engine.connect() as connection,
        ):
            cursor = _driver(connection).cursor()
            try:
                return _read(cursor, name)
            except psycopg.errors.UndefinedTable:
                if release_id not in self.published.release_ids():
                    raise ReleaseError(f"There is no release {release_id} in {self.where}. {LISTED}") from None
                return arrow_table(TABLES[table_name], [])

    def read_parts(self, release_id: str, table: Table) -> Iterator[pa.Table]:
        """The same in the order of the key and some thousand rows at a time."""
        yield from _parts(table, self.read_table(release_id, table.name))

    def close(self) -> None:
        """Close the connections used for reading."""
        self.published.close()

    def _writer(self) -> Engine:
        name = f"apertura run, process {os.getpid()} on {socket.gethostname()}"
        return create_engine(
            make_url(self.settings.database_url or ""),
            connect_args={"options": SESSION_OPTIONS, "connect_timeout": 5, "application_name": name[:63]},
            poolclass=NullPool,
        )

    def _take_lock(self, connection: Connection) -> None:
        limit = time.monotonic() + LOCK_PATIENCE_SECONDS
        while not connection.scalar(select(func.pg_try_advisory_lock(*LOCK_KEY))):
            connection.rollback()
            if time.monotonic() > limit:
                raise RunInProgressError(
                    f"Another run is publishing in {self.where}: {_holder(connection)}. Wait for it."
                )
            time.sleep(0.05)
        connection.commit()

    def _point_to(self, release_id: str) -> None:
        assert self._connection is not None
        with explained(f"The pointer in {self.where} cannot be written", REMEDIES), self._connection.begin():
            point_to(self._connection, release_id)


class PostgresDraft(Draft):
    """A transaction that makes a schema, fills it, and points to it."""

    store: PostgresStore

    def __init__(self, store: PostgresStore, release_id: str, connection: Connection) -> None:
        super().__init__(store, release_id)
        self.schema = schema_name(release_id)
        self._plain = connection
        self._transaction = connection.begin()
        self._connection = connection.execution_options(schema_translate_map={None: self.schema})

    def create_tables(self) -> None:
        """Make the schema and its tables, empty and without keys."""
        self._plain.execute(CreateSchema(self.schema))
        for table in TABLES.values():
            self._connection.execute(CreateTable(unconstrained(table)))

    def discard(self) -> None:
        """Undo the transaction. Does nothing once it is published or discarded."""
        if self._transaction.is_active:
            self._transaction.rollback()

    def settle(self) -> None:
        """What was written is with the server."""

    def read_parts(self, table: Table) -> Iterator[pa.Table]:
        """What was written of a table so far, in the order of the key and some thousand rows at a time."""
        name = sql.Identifier(self.schema, table.name)
        with (
            explained(f"The rows of {table.name} cannot be read in {self.store.where}", REMEDIES),
            _driver(self._connection).cursor() as cursor,
        ):
            rows = _read(cursor, name)
        yield from _parts(table, rows)

    def _load(self, table: Table, columns: pa.Table) -> None:
        target = sql.Identifier(self.schema, table.name)
        names = sql.SQL(", ").join(map(sql.Identifier, columns.column_names))
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(target, names)
        with (
            explained(f"The rows of {table.name} cannot be written in {self.store.where}", REMEDIES),
            _driver(self._connection).cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            for batch in columns.to_batches(max_chunksize=50_000):
                copy.write(_to_csv(batch))

    def _publish(self, info: ReleaseInfo) -> None:
        with explained(f"The release cannot be written in {self.store.where}", REMEDIES):
            verify(self._connection, info.rows)
            self.store.on_step("verified")
            self._constrain()
            self.store.on_step("constrained")
            point_to(self._plain, self.release_id)
            if self.store.settings.reader_url:
                grant_to_reader(self._plain, self.store.settings.reader_url, [POINTER_SCHEMA, self.schema])
            self.store.on_step("pointed")
            self._transaction.commit()
            self.store.on_step("committed")

    def _constrain(self) -> None:
        """Declare keys and foreign keys, now that all rows are there, and let the planner know the tables."""
        tables = list(TABLES.values())
        for table in tables:
            self._connection.execute(AddConstraint(table.primary_key, isolate_from_table=False))
        for table in tables:
            for constraint in table.foreign_key_constraints:
                self._connection.execute(AddConstraint(constraint, isolate_from_table=False))
        for table in tables:
            name = sql.Identifier(self.schema, table.name)
            _driver(self._connection).execute(sql.SQL("ANALYZE {}").format(name))

    def _prune(self, spared: set[str]) -> None:
        with explained(f"Older releases in {self.store.where} stay for now", REMEDIES):
            for release_id in self._surplus(spared):
                with self._plain.begin():
                    # A reader in the middle of a query is not waited for: the next run removes the schema.
                    self._plain.execute(text("SET LOCAL lock_timeout = '2s'"))
                    self._plain.execute(DropSchema(schema_name(release_id), cascade=True))


def point_to(connection: Connection, release_id: str) -> None:
    """Make the release the current one, as part of the connection's transaction."""
    if not connection.dialect.has_schema(connection, POINTER_SCHEMA):
        connection.execute(CreateSchema(POINTER_SCHEMA))
        connection.execute(CreateTable(current_release))
    connection.execute(delete(current_release))
    connection.execute(insert(current_release).values(release_id=release_id))


def _parts(table: Table, rows: pa.Table) -> Iterator[pa.Table]:
    """The order in which a table is scanned is the server's affair."""
    return slices(in_order([name for name in key_columns(table) if name in rows.column_names], rows))


def _read(cursor: psycopg.Cursor[Any], name: sql.Composable) -> pa.Table:
    """All rows of a table."""
    cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(name))
    types = {c.name: _CSV_TYPES.get(c.type_code, pa.string()) for c in cursor.description or ()}
    with cursor.copy(sql.SQL("COPY {} TO STDOUT (FORMAT csv)").format(name)) as copy:
        content = b"".join(copy)
    return _from_csv(content, types)


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _holder(connection: Connection) -> str:
    """Who holds the lock, as far as this login may know."""
    query = text(
        "SELECT application_name, usename, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND granted AND classid = :first AND objid = :second"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    found = connection.execute(query, {"first": LOCK_KEY[0], "second": LOCK_KEY[1]}).one_or_none()
    if found is None:
        return "a process that has just ended"
    return f"{found.application_name} as {found.usename}, since {found.backend_start:%Y-%m-%dT%H:%M:%SZ}"


# In the CSV of both sides an empty value without quotes is null, and text always stands in quotes.
def _to_csv(batch: pa.RecordBatch) -> memoryview:
    sink = io.BytesIO()
    pa.csv.write_csv(batch, sink, pa.csv.WriteOptions(include_header=False))
    return sink.getbuffer()


def _from_csv(content: bytes, types: dict[str, pa.DataType]) -> pa.Table:
    if not content:
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    return pa.csv.read_csv(
        pa.BufferReader(content),
        read_options=pa.csv.ReadOptions(column_names=list(types), block_size=max(1 << 20, len(content) + 1)),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
