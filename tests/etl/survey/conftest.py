"""An installation of a test's own: copies of the bundled snapshots, a release of them, and the commands on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.progress import Silence
from etl.run import run
from settings import ROOT, Settings
from tests.etl.survey.answered import environment_of


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of an installation with one release; commands run in this process find it."""
    folder = tmp_path_factory.mktemp("survey")
    shutil.copytree(ROOT / "data" / "snapshots", folder / "snapshots")
    settings = Settings(releases_dir=folder / "releases", snapshots_dir=folder / "snapshots")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment_of(settings).items():
            patch.setenv(name, value)
        run(settings, Silence(), offline=True)
        yield settings


@pytest.fixture
def answered_file(tmp_path: Path) -> Path:
    """Where a test writes its file."""
    return tmp_path / "respuestas.xlsx"
