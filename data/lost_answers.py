"""Answers that an import would take away: found by the ETL, shown by the desk before anybody publishes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LostAnswers:
    """An exercise of which rows would be gone, ``rows`` of ``of``, so that links to them would find nothing. It
    ``stays`` when only some of its answers go."""

    state_code: str
    position: int
    name: str
    rows: int
    of: int
    stays: bool
