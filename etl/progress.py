"""Telling how a run goes, on the error stream: a bar on a terminal, plain lines anywhere else.

Standard output stays free for the answer of a command, so that ``--json`` prints JSON and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Reporter(Protocol):
    """Hears of one task after the other: ``begin``, any number of ``advance``, ``end``."""

    def begin(self, task: str) -> None:
        """A task starts; ``task`` names it in a few words."""

    def advance(self, done: int, total: int | None) -> None:
        """Bytes done so far, and in all where that is known."""

    def end(self, summary: str) -> None:
        """The task is over; ``summary`` is the line to keep."""


class Silence:
    """Tells nothing."""

    def begin(self, task: str) -> None:
        """Nothing."""

    def advance(self, done: int, total: int | None) -> None:
        """Nothing."""

    def end(self, summary: str) -> None:
        """Nothing."""


class Lines:
    """One plain line for each task that ended: for logs, cron and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self, task: str) -> None:
        """Nothing: a log wants results."""

    def advance(self, done: int, total: int | None) -> None:
        """Nothing: a log wants results."""

    def end(self, summary: str) -> None:
        """Print the line at once, so that a log shows how far a run got."""
        print(summary, file=self._stream, flush=True)


class Bar:
    """A moving bar for the task at work, and above it one line for each task that ended."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, task: str) -> None:
        """Show the bar of a new task."""
        self._task = self._progress.add_task(task, total=None, amount="")

    def advance(self, done: int, total: int | None) -> None:
        """Move the bar; without a total it only pulses."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total, amount=decimal(done))

    def end(self, summary: str) -> None:
        """Take the bar away and leave its line."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        self._progress.console.print(summary, markup=False, highlight=False)


@contextmanager
def reporter_for(stream: TextIO) -> Iterator[Reporter]:
    """A reporter on ``stream`` (the error stream of a command): ``Bar`` when it is a terminal, else ``Lines``."""
    if not stream.isatty():
        yield Lines(stream)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[amount]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield Bar(progress)
