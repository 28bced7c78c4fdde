"""How far an import is, for whoever waits for it: the phase it is in, and how much of the whole is done."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.schema import TABLES

# What is done, in percent, when a phase begins; the shares are those of a round of 5,000 exercises.
CHECKING: Mapping[str, int] = {"read": 5, "check": 20, "compare": 50, "mark": 60}
PUBLISHING: Mapping[str, int] = {"read": 3, "check": 10, "compare": 30, "sources": 40, "write": 75, "verify": 90}
UNDOING: Mapping[str, int] = {"undo": 10, "sources": 20, "write": 70, "verify": 88}
# Steps of a run with which a phase begins.
_STEPS = {"fetch": "sources", "begun": "write", "checkpointed": "verify"}
_WRITTEN = "written "


@dataclass
class Phases:
    """Writes the phase into ``path`` as JSON, whole or not at all; without a path, nowhere. ``plan`` says what is done
    when each phase begins."""

    plan: Mapping[str, int]
    path: Path | None = None
    _written: int = 0

    def begin(self, phase: str) -> None:
        """A phase begins."""
        if phase in self.plan:
            self._tell(phase, self.plan[phase])

    def step(self, name: str) -> None:
        """Hear a step of a run: some begin a phase, and each table that is written brings its end nearer."""
        if name in _STEPS:
            self.begin(_STEPS[name])
        elif name.startswith(_WRITTEN):
            self._written += 1
            start, end = self.plan["write"], self.plan["verify"]
            self._tell("write", start + min(end - start, (end - start) * self._written // len(TABLES)))

    def _tell(self, phase: str, percent: int) -> None:
        if self.path is None:
            return
        draft = self.path.with_name(f".{self.path.name}-{os.getpid()}")
        draft.write_text(json.dumps({"phase": phase, "percent": percent}), encoding="utf-8")
        os.replace(draft, self.path)
