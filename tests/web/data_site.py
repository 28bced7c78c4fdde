"""The data's addresses of the site over the release of the bundled copies, without a server in between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from data.database import Database
from etl.run import RunResult
from settings import Settings
from web.site import create_site


@pytest.fixture(scope="session")
def client(built: tuple[Settings, RunResult]) -> Iterator[FlaskClient]:
    """A client of the whole site, with one release published and no limit on requests."""
    database = Database(built[0])
    yield create_site(built[0].model_copy(update={"api_rate": None}), database).test_client()
    database.close()
