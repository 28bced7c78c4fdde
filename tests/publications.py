"""Publications in processes of their own, which end as asked: killed at a step, short of disk, or as another account.

The processes are forked from a clean server of forks, so each has no thread and no open database of the tests.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from typing import Any

from data.published import ReleaseError
from etl.release import open_store
from settings import Settings
from tests.both_engines import Contents, publish

PATIENCE_SECONDS = 120.0
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [__name__, "pandas", "duckdb_sqlalchemy", "etl.stores.duckdb_files", "etl.stores.postgres_schemas"]
)


def start(work: Callable[..., None], *arguments: Any) -> ForkServerProcess:
    """Start a function in a process of its own; it must stand in a module."""
    process = PROCESSES.Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def ended(process: ForkServerProcess) -> int | None:
    """How the process ended: its exit code, or minus the signal that killed it."""
    process.join(PATIENCE_SECONDS)
    return process.exitcode


def publish_and_die(settings: Settings, tables: Contents, number: int, at_step: str) -> None:
    """Publish, and kill the own process, as ``kill -9`` does, when the step is done."""

    def die(step: str) -> None:
        if step == at_step:
            os.kill(os.getpid(), signal.SIGKILL)

    publish(open_store(settings, die), tables, number)


def publish_and_wait(settings: Settings, tables: Contents, number: int, at_step: str, reached: Any, go_on: Any) -> None:
    """Publish, but at the step set one event and wait for the other."""

    def wait(step: str) -> None:
        if step == at_step:
            reached.set()
            go_on.wait(PATIENCE_SECONDS)

    publish(open_store(settings, wait), tables, number)


def publish_as_nobody(settings: Settings, tables: Contents, number: int, told: Any) -> None:
    """Publish without the rights of root, and send what went wrong through the queue (None when nothing did)."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    _publish_and_tell(settings, tables, number, told)


def publish_in_bytes(settings: Settings, tables: Contents, number: int, limit: int, told: Any) -> None:
    """Publish where no file can grow beyond ``limit`` bytes, and send what went wrong through the queue."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    _publish_and_tell(settings, tables, number, told)


def _publish_and_tell(settings: Settings, tables: Contents, number: int, told: Any) -> None:
    try:
        publish(open_store(settings), tables, number)
    except ReleaseError as error:
        told.put(str(error))
    else:
        told.put(None)
