"""What every test shares: no settings from outside, no network but loopback, and a PostgreSQL on request."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.loopback import refuse_everywhere_else
from tests.postgres import temporary_cluster

for name in [name for name in os.environ if name.startswith("APERTURA_")]:
    del os.environ[name]
refuse_everywhere_else()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL cluster of this session's own, for a superuser; mark its tests `postgres`."""
    with temporary_cluster() as url:
        yield url
