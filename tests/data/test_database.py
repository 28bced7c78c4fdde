"""The site's way to the data: it follows the pointer while it lives, on both engines, and never writes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from data.database import OLDER_RELEASES_OPEN, Database, ReleaseError, ReleaseHandle
from data.schema.commitments import commitments
from data.schema.places import states
from etl.release import Store
from settings import ROOT, Settings
from tests.both_engines import contents, execute, publish

pytestmark = pytest.mark.slow


@pytest.fixture
def database(installation: Settings) -> Iterator[Database]:
    opened = Database(installation)
    yield opened
    opened.close()


def titles(handle: ReleaseHandle | None) -> list[str]:
    assert handle is not None
    with handle.connect() as connection:
        return list(connection.scalars(select(commitments.c.title_es).order_by(commitments.c.commitment_id)))


def open_files(name: str) -> list[str]:
    links = [Path(f"/proc/self/fd/{descriptor}") for descriptor in os.listdir("/proc/self/fd")]
    return [target for link in links if link.is_symlink() and name in (target := os.readlink(link))]


def eventually(condition: Callable[[], bool], seconds: float = 60) -> None:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds
        time.sleep(0.01)


def test_nothing_published_is_no_release_and_no_problem(database: Database) -> None:
    assert database.current() is None
    assert database.problem is None
    assert database.release_ids() == []


def test_the_current_release_answers_and_tells_what_it_is(database: Database, store: Store) -> None:
    info = publish(store, contents(n01="Uno", n02="Dos"), 1)
    handle = database.current()
    assert handle is not None
    assert handle.release_id == info.release_id
    assert handle.built_at == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    assert handle.info == info
    assert titles(handle) == ["Uno", "Dos"]
    assert (handle.path is None) is bool(store.settings.database_url)


def test_readers_follow_a_new_release_while_four_threads_ask(database: Database, store: Store) -> None:
    publish(store, contents(n01="Uno"), 1)
    seen: list[set[tuple[str, str]]] = [set() for _ in range(4)]
    failures: list[BaseException] = []
    stop = threading.Event()

    def read(number: int) -> None:
        try:
            while not stop.is_set():
                handle = database.current()
                assert handle is not None
                [title] = titles(handle)
                seen[number].add((handle.release_id, title))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    eventually(lambda: all(seen))
    second = publish(store, contents(n01="Dos"), 2)
    eventually(lambda: all((second.release_id, "Dos") in pairs for pairs in seen))
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {pair for pairs in seen for pair in pairs} == {
        (store.releases()[1].release_id, "Uno"),
        (second.release_id, "Dos"),
    }


def test_an_old_release_is_closed_after_its_last_query(tmp_path: Path) -> None:
    from etl.release import open_store

    settings = Settings(releases_dir=tmp_path)
    store, database = open_store(settings), Database(settings)
    first = publish(store, contents(n01="Uno"), 1)
    old = database.current()
    assert old is not None
    with old.connect() as connection:
        second = publish(store, contents(n01="Dos"), 2)
        store.close()
        eventually(lambda: titles(database.current()) == ["Dos"])
        assert list(connection.scalars(select(commitments.c.title_es))) == ["Uno"]
        assert open_files(first.release_id)
    assert open_files(first.release_id) == []
    assert open_files(second.release_id)
    assert titles(old) == ["Uno"]
    assert open_files(first.release_id) == []
    database.close()
    assert open_files(second.release_id) == []


def test_older_releases_open_on_request_and_only_a_few_stay_open(database: Database, store: Store) -> None:
    infos = [publish(store, contents(n01=str(number)), number) for number in range(OLDER_RELEASES_OPEN + 2)]
    store.close()
    assert database.release_ids() == [info.release_id for info in reversed(infos)]
    assert [titles(database.release(info.release_id)) for info in infos] == [[str(n)] for n in range(len(infos))]
    assert database.release(infos[-1].release_id) is database.current()
    assert database.release(infos[1].release_id) is database.release(infos[1].release_id)
    assert open_files(infos[0].release_id) == []
    for wrong in ("20200101T000000Z-00000000", "../current", ""):
        with pytest.raises(ReleaseError, match="no published release"):
            database.release(wrong)


def test_the_site_cannot_write(database: Database, store: Store) -> None:
    publish(store, contents(n01="Uno"), 1)
    handle = database.current()
    assert handle is not None
    row = {column.name: "09" for column in states.columns if not column.nullable} | {"population_2020": 1}
    for statement in (insert(states).values(row), text("CREATE TABLE mine (a int)")):
        with handle.connect() as connection, pytest.raises(SQLAlchemyError, match="read-only"):
            connection.execute(statement)


def test_nothing_is_opened_or_loaded_by_importing() -> None:
    program = (
        "import sys, settings\nfrom data.database import Database\nDatabase(settings.Settings())\n"
        "print(sorted({'duckdb', 'psycopg', 'pandas', 'numpy', 'pyarrow', 'etl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_fork_after_the_first_query_does_not_share_connections(database: Database, store: Store) -> None:
    publish(store, contents(n01="Uno"), 1)
    store.close()
    before = database.current()
    assert titles(before) == ["Uno"]
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if titles(database.current()) == ["Uno"] and database.current() is not before else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert titles(before) == ["Uno"]
    assert database.current() is before


def test_connections_that_the_server_broke_are_made_anew(database: Database, store: Store) -> None:
    publish(store, contents(n01="Uno"), 1)
    handle = database.current()
    assert titles(handle) == ["Uno"]
    if url := store.settings.database_url:
        execute(
            url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'apertura reader'"
        )
    assert titles(handle) == ["Uno"]


@pytest.mark.postgres
@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
def test_the_login_of_the_site_is_made_and_may_only_read(installation: Settings) -> None:
    from etl.release import open_store

    assert installation.database_url
    owner = make_url(installation.database_url)
    name = f"reader_{owner.database}"
    reader = owner.set(username=name, password="se'creto").render_as_string(hide_password=False)
    settings = installation.model_copy(update={"reader_url": reader})
    store, database = open_store(settings), Database(settings)
    publish(store, contents(n01="Uno"), 1)
    publish(store, contents(n01="Dos"), 2)
    handle = database.current()
    assert titles(handle) == ["Dos"]
    assert handle is not None
    with handle.connect() as connection:
        connection.execute(text("SET TRANSACTION READ WRITE"))
        assert connection.scalar(text("SELECT current_user")) == name
        with pytest.raises(SQLAlchemyError, match="permission denied"):
            connection.execute(commitments.delete())
    assert database.release(store.releases()[1].release_id).release_id
    database.close()
    store.close()
    execute(installation.database_url, sql.SQL("DROP OWNED BY {0}").format(sql.Identifier(name)))
    execute(installation.database_url, sql.SQL("DROP ROLE {0}").format(sql.Identifier(name)))


@pytest.mark.postgres
@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
def test_a_login_that_cannot_be_made_is_asked_for(installation: Settings) -> None:
    from etl.release import open_store

    assert installation.database_url
    owner = make_url(installation.database_url)
    writer, reader = f"writer_{owner.database}", f"nobody_{owner.database}"
    execute(installation.database_url, sql.SQL("CREATE ROLE {0} LOGIN").format(sql.Identifier(writer)))
    grant = sql.SQL("GRANT CREATE ON DATABASE {0} TO {1}")
    execute(installation.database_url, grant.format(sql.Identifier(str(owner.database)), sql.Identifier(writer)))
    settings = installation.model_copy(
        update={
            "database_url": owner.set(username=writer).render_as_string(),
            "reader_url": owner.set(username=reader).render_as_string(),
        }
    )
    store = open_store(settings)
    with pytest.raises(ReleaseError, match=f"An administrator runs once: CREATE ROLE {reader} LOGIN"):
        publish(store, contents(n01="Uno"), 1)
    assert store.current() is None
    execute(installation.database_url, sql.SQL("CREATE ROLE {0} LOGIN").format(sql.Identifier(reader)))
    info = publish(store, contents(n01="Uno"), 1)
    database = Database(settings)
    current = database.current()
    assert current is not None
    assert current.info == info
    database.close()
    store.close()
    for role in (reader, writer):
        execute(installation.database_url, sql.SQL("DROP OWNED BY {0}").format(sql.Identifier(role)))
        execute(installation.database_url, sql.SQL("DROP ROLE {0}").format(sql.Identifier(role)))
