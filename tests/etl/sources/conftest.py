"""What the tests of parsers share: a source parsed from the newest bundled copies of its files."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from etl.snapshots import SnapshotStore
from etl.sources.reading import Source
from etl.sources.registry import parse_source
from etl.sources.spec import load_spec
from tests.etl.sources.any_bytes import SNAPSHOTS, SOURCES


@cache
def _parsed(source_id: str) -> Source:
    spec = load_spec(SOURCES / f"{source_id}.yml")
    copies = SnapshotStore(SNAPSHOTS).copies(source_id, [file.name for file in spec.files])
    return parse_source(spec, copies, SOURCES)


@pytest.fixture
def parsed() -> Callable[[str], Source]:
    """``parsed(source_id)``: the source as read from the bundled copies, once per run; do not alter it."""
    return _parsed
