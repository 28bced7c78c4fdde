"""What the tests of fetching share: quick settings, small source specs, and one call that fetches."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from etl.fetch import Attempt, FetchOutcome, fetch_source, open_web
from etl.progress import Silence
from etl.snapshots import SnapshotStore
from etl.sources.spec import SourceSpec
from settings import Settings

TEXT = {"es": "texto", "en": "text"}
NOBODY = "http://127.0.0.1:9"
"""An address on loopback at which nothing listens (the discard port)."""


def quick(**changes: Any) -> Settings:
    """Settings with short pauses, nobody at the board's or the archive's address, and the changes given."""
    base: dict[str, Any] = {
        "board_url": NOBODY,
        "archive_url": NOBODY,
        "fetch_timeout_seconds": 5,
        "fetch_tries": 1,
        "fetch_pause_seconds": 0.01,
    }
    return Settings(**{**base, **changes})


def file(
    name: str, url: str | None = None, expect: Literal["csv", "json", "html"] = "csv", **more: Any
) -> dict[str, Any]:
    """A file of a source; with ``query`` it is asked by GraphQL, with ``required=False`` it may be missing."""
    query, required = more.get("query"), more.get("required", True)
    live = {"url": url, "expect": expect, "method": "GRAPHQL" if query else "GET", "query": query}
    return {"name": name, "about": TEXT, "live": live if url else None, "required": required}


def source(*files: dict[str, Any], source_id: str = "tried") -> SourceSpec:
    """A source that consists of these files."""
    words = ("title", "summary", "publisher", "license", "coverage", "personal_data")
    return SourceSpec.model_validate(
        {
            "source_id": source_id,
            "address": None,
            "cadence": "irregular",
            "files": list(files),
            **dict.fromkeys(words, TEXT),
        }
    )


def fetch(spec: SourceSpec, root: Path, settings: Settings | None = None, *, offline: bool = False) -> FetchOutcome:
    """Fetch a source into the copies under ``root``."""
    settings = settings or quick()
    with open_web(settings, offline=offline) as web:
        return fetch_source(spec, SnapshotStore(root), settings, Silence(), web=web)


def step(outcome: FetchOutcome, via: str) -> Attempt:
    """The one attempt of this step."""
    [attempt] = [attempt for attempt in outcome.attempts if attempt.via == via]
    return attempt
