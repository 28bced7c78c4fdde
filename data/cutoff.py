"""``?corte=``: the release that a link names, or that was current on a date."""

from __future__ import annotations

import re
from contextlib import suppress

from sqlalchemy.exc import ProgrammingError

from data.database import Database, ReleaseError, ReleaseHandle
from data.schema import schema_version
from data.schema.columns import PARTIAL_DATE

# What reading a column or table that an older release does not have ends in, by engine and by what reads it.
LACKED = (ProgrammingError, LookupError)


class NoSuchCutoff(LookupError):
    """No release answers to what was asked; ``offered`` are the ids of those there are, newest first."""

    def __init__(self, asked: str, offered: list[str]) -> None:
        super().__init__(asked)
        self.asked = asked
        self.offered = offered


class NothingPublished(LookupError):
    """There is no release at all yet, or none that opens."""


def release_at(database: Database, asked: str | None) -> ReleaseHandle:
    """The release ``asked`` for: its id, or a date (``2026``, ``2026-11``, ``2026-11-23``, UTC) by whose end it was the newest.

    None or nothing gives the current release. Raises NoSuchCutoff and NothingPublished.
    """
    current = database.current()
    if current is None:
        raise NothingPublished
    if not asked or asked == current.release_id:
        return current
    published = _published(database)
    found = _newest_until(asked, published) if re.fullmatch(PARTIAL_DATE, asked, re.ASCII) else asked
    if found in published:
        with suppress(ReleaseError):
            return database.release(found)
    raise NoSuchCutoff(asked[:60], published)


def lacks_something(release: ReleaseHandle) -> bool:
    """Whether the release was built under another schema, and so may lack tables and columns that queries name."""
    return release.info.schema_version != schema_version()


def _published(database: Database) -> list[str]:
    try:
        return database.release_ids()
    except ReleaseError:
        return []


def _newest_until(date: str, published: list[str]) -> str | None:
    """The newest of the releases, whose ids begin with the day, that was there before ``date`` was over."""
    digits = date.replace("-", "")
    return next((release_id for release_id in published if release_id[: len(digits)] <= digits), None)
