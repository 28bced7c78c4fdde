"""The sample site over the release of the bundled copies."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from etl.run import RunResult
from settings import Settings
from tests.web.sample import sample_site


@pytest.fixture(scope="session")
def sample(built: tuple[Settings, RunResult]) -> FlaskClient:
    """A client of the sample site."""
    return sample_site(built[0]).test_client()
