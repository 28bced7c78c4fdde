"""The release that tests of queries and pages read: built once per session from the bundled copies, the real way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.database import Database, ReleaseHandle
from etl.progress import Silence
from etl.run import RunResult, run
from settings import Settings


def settings_in(folder: Path, **more: Any) -> Settings:
    """Settings whose releases stand in ``folder``; everything else as shipped, or as given."""
    return Settings(releases_dir=folder / "releases", **more)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, RunResult]:
    """The settings of an installation with one release of the bundled copies, and what its run said."""
    settings = settings_in(tmp_path_factory.mktemp("bundled"))
    return settings, run(settings, Silence(), offline=True)


@pytest.fixture(scope="session")
def release(built: tuple[Settings, RunResult]) -> Iterator[ReleaseHandle]:
    """The release of the bundled copies, open for reading."""
    database = Database(built[0])
    handle = database.current()
    assert handle is not None, database.problem
    yield handle
    database.close()
