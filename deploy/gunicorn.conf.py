"""How gunicorn serves the site: ``gunicorn --config deploy/gunicorn.conf.py app:server``.

What an operator may turn without touching this file: ``APERTURA_PORT`` (or ``--bind``), ``WEB_CONCURRENCY`` for the
number of workers, and any gunicorn option on the command line.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

# Where the workers put their counts for /metricas, new at each start. prometheus_client looks for it when imported.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="apertura-metrics-"))

from prometheus_client.multiprocess import mark_process_dead

from data.lean import give_memory_back
from settings import settings
from web.warming import compress_scripts, visit_pages

bind = f"127.0.0.1:{settings().port}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads, so that a reader who downloads slowly does not hold a whole worker.
worker_class = "gthread"
threads = 4

# The application is imported once, before the fork, and its pages of memory are shared. That is safe because importing
# `app` opens no database: each worker opens its own connection at its first query.
preload_app = True

# Python's threads take turns anyway, so that one heap serves them all.
give_memory_back()

# A worker is replaced now and then, never all at once, so that slow leaks cannot add up.
max_requests = 100_000
max_requests_jitter = 20_000

# Every filter of the site fits; anything longer is not ours.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

timeout = 30
graceful_timeout = 20
keepalive = 5
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None

# nginx keeps the access log; errors go to the standard error.
accesslog = None
errorlog = "-"
loglevel = "warning"
# The control interface would start a thread beside the fork, and the site is run by signals alone.
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Set what was imported aside from garbage collection, so that collecting in a worker does not copy its pages.

    Called by gunicorn after the import of the application and before the first fork. DuckDB is not imported here: it
    starts threads of its own, and a worker forked after that aborts at its end.
    """
    compress_scripts(server.app.wsgi())
    others = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if others:
        server.log.error("Threads before the fork (they do not live on in the workers): %s", ", ".join(others))
    gc.collect()
    gc.freeze()


def child_exit(server: Any, worker: Any) -> None:
    """Let go of what a worker that ended measured of itself; its counts stay. Called by gunicorn in the master."""
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Take the counts away. Called by gunicorn in the master, at the end."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def post_worker_init(worker: Any) -> None:
    """Open the release and make a page before the first reader comes. Called in each worker, before it takes requests."""
    visit_pages(worker.app.wsgi())
