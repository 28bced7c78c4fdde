"""The end of queries that take too long on DuckDB, which has no such limit of its own: one thread of a process looks after all."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

LOOK_EVERY = 0.25


class Running:
    """A query on its way: when it should have ended, how to end it, and whether that was done."""

    __slots__ = ("end", "ended", "until")

    def __init__(self, seconds: float, end: Callable[[], object]) -> None:
        self.until = time.monotonic() + seconds
        self.end = end
        self.ended = False


class Watch:
    """Ends queries at their limit, a quarter of a second late at most.

    A thread for each query would cost as much as a small query does. The one there is starts with the first query of a
    process, and so never before a fork.
    """

    def __init__(self) -> None:
        self._start()
        os.register_at_fork(after_in_child=self._start)

    def _start(self) -> None:
        self._running: set[Running] = set()
        self._lock = threading.Lock()
        self._some = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, seconds: float, end: Callable[[], object]) -> Running:
        """Call ``end`` in ``seconds``, unless ``finish`` is called before."""
        running = Running(seconds, end)
        with self._lock:
            self._running.add(running)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="time-limits", daemon=True)
                self._thread.start()
        if not self._some.is_set():
            self._some.set()
        return running

    def finish(self, running: Running) -> bool:
        """The query is over: whether it was ended. ``end`` is not called after this returns."""
        with self._lock:
            self._running.discard(running)
        return running.ended

    def _look(self) -> None:
        while True:
            self._some.wait()
            time.sleep(LOOK_EVERY)
            now = time.monotonic()
            with self._lock:
                if not self._running:
                    self._some.clear()
                for running in [one for one in self._running if one.until <= now]:
                    self._running.discard(running)
                    running.ended = True
                    running.end()


WATCH = Watch()
