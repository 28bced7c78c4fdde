"""Publishing is for one at a time: an import waits for its turn, and sees whether the round is still as it was."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from etl.manifest import SnapshotError
from etl.snapshots import Copy

if TYPE_CHECKING:
    from etl.release import Store

WAIT_SECONDS = 120.0
"""How long an import waits for another run to end."""
NO_IMPORT = "none"
"""What stands for the hash of a round before its first import."""


class RoundChangedError(SnapshotError):
    """Somebody else published or undid an import since the round was looked at; nothing was done."""

    def __init__(self) -> None:
        super().__init__(
            "La ronda cambió mientras tanto; no se hizo nada. Revise otra vez cómo está y repita la orden."
        )


class NothingToUndoError(SnapshotError):
    """The round has no import."""

    def __init__(self, round_id: str) -> None:
        super().__init__(f"La ronda {round_id} no tiene importaciones que deshacer.")


def named(copy: Copy | None) -> str:
    """What a round's newest copy is told apart by: its hash."""
    return NO_IMPORT if copy is None else copy.sha256


def limit_of_patience() -> float:
    """Until when to wait, in seconds of ``time.monotonic``."""
    return time.monotonic() + WAIT_SECONDS


@contextmanager
def turn(store: Store, limit: float) -> Iterator[None]:
    """The right to publish, waited for until ``limit`` while another run has it. Raises ``RunInProgressError``."""
    from etl.release import RunInProgressError

    with ExitStack() as held:
        while True:
            try:
                held.enter_context(store.run_lock())
                break
            except RunInProgressError:
                if time.monotonic() > limit:
                    raise
                time.sleep(1)
        yield
