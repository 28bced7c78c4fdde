"""A run that is killed, at whatever step, leaves the last release served and nothing in the way of the next run."""

from __future__ import annotations

import signal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from data.database import Database
from etl.release import RunInProgressError, Store, open_store
from settings import Settings
from tests.both_engines import contents, publish
from tests.publications import PROCESSES, ended, publish_and_die, publish_and_wait, start

KEPT = 2
# The step after which readers see the new release; the steps that come before it leave the old one.
SEEN_AFTER = {"duckdb": "pointed", "postgresql": "committed"}


def engine_of(settings: Settings) -> str:
    return "postgresql" if settings.database_url else "duckdb"


def what_stands(settings: Settings) -> set[str]:
    """Everything a publication may leave: the files of the folder, or the schemas of the database, ours or not."""
    if not settings.database_url:
        return {path.name for path in settings.releases_dir.iterdir()}
    url = make_url(settings.database_url).set(drivername="postgresql").render_as_string()
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_)'").fetchall()
    return {row[0] for row in rows}


def what_belongs(settings: Settings, release_ids: list[str]) -> set[str]:
    if not settings.database_url:
        files = {f"{release_id}.duckdb{end}" for release_id in release_ids for end in ("", ".sha256")}
        return {"current", ".run.lock", *files}
    return {"public", "apertura", *(f"apertura_{release_id.lower()}" for release_id in release_ids)}


def steps_of_a_publication(settings: Settings) -> list[str]:
    """The steps of a publication that has everything to do: an earlier release, rows, and a surplus to remove."""
    steps: list[str] = []
    store = open_store(settings, steps.append)
    for number in range(KEPT + 1):
        steps.clear()
        publish(store, contents(n01=f"Título {number}"), number)
    store.close()
    tables_after_the_first = [step for step in steps if step.startswith("written")][1:]
    return [step for step in dict.fromkeys(steps) if step not in tables_after_the_first]


@pytest.mark.slow
def test_killed_at_each_step_the_last_release_is_served_and_the_next_run_is_clean(installation: Settings) -> None:
    settings = installation.model_copy(update={"keep_releases": KEPT})
    steps = steps_of_a_publication(settings)
    seen_after = steps.index(SEEN_AFTER[engine_of(settings)])
    assert seen_after > 5
    number = KEPT
    for position, step in enumerate(steps):
        store = open_store(settings)
        before = store.current()
        number += 1
        process = start(publish_and_die, settings, contents(n01=f"Título {number}"), number, step)
        assert ended(process) == -signal.SIGKILL, step
        after_kill = store.current()
        assert after_kill is not None
        assert (after_kill == before) is (position < seen_after), step

        number += 1
        published = publish(store, contents(n01=f"Título {number}"), number)
        assert store.current() == published, step
        listed = [info.release_id for info in store.releases()]
        assert listed == [published.release_id, after_kill.release_id], step
        assert what_stands(settings) == what_belongs(settings, listed), step
        store.close()


def test_a_reader_goes_on_through_a_kill(installation: Settings) -> None:
    store = open_store(installation)
    first = publish(store, contents(n01="Uno"))
    database = Database(installation)
    assert ended(start(publish_and_die, installation, contents(n01="Dos"), 1, "verified")) == -signal.SIGKILL
    handle = database.current()
    assert handle is not None
    assert handle.info == first
    assert database.problem is None
    database.close()
    store.close()


def test_two_runs_at_once_the_second_is_told_who_runs(store: Store, installation: Settings) -> None:
    reached, go_on = PROCESSES.Event(), PROCESSES.Event()
    first = start(publish_and_wait, installation, contents(n01="Uno"), 1, "begun", reached, go_on)
    assert reached.wait(30)
    with pytest.raises(RunInProgressError, match=rf"process {first.pid}\b.*since 20\d\d-"):
        publish(store, contents(n01="Dos"), 2)
    with pytest.raises(RunInProgressError):
        store.rollback("20261123T110000Z-00000000")
    go_on.set()
    assert ended(first) == 0
    assert publish(store, contents(n01="Dos"), 2) == store.current()


def test_a_lock_left_by_a_killed_run_does_not_block(store: Store, installation: Settings) -> None:
    assert ended(start(publish_and_die, installation, contents(n01="Uno"), 1, "begun")) == -signal.SIGKILL
    if not installation.database_url:
        assert "process" in Path(installation.releases_dir / ".run.lock").read_text()
    assert publish(store, contents(n01="Dos"), 2) == store.current()
