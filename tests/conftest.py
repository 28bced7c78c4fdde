"""What every test shares: no settings from outside, no network but loopback, and a PostgreSQL on request."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pandas  # noqa: F401  -- loaded before the application, which keeps it out of its own process
import pytest
from hypothesis import HealthCheck, settings

from tests.loopback import refuse_everywhere_else
from tests.postgres import temporary_cluster
from tests.release import built, release

__all__ = ["built", "release"]

for name in [name for name in os.environ if name.startswith("APERTURA_")]:
    del os.environ[name]
refuse_everywhere_else()
# Tried values are the same in each run, and how long a busy machine takes with them says nothing about the code.
settings.register_profile("apertura", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("apertura")


NEEDS = {"postgres_url": pytest.mark.postgres, "chromium": pytest.mark.browser}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it asks for, so that `make test-quick` leaves out neither too much nor too little."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in NEEDS:
                item.add_marker(NEEDS[fixture])


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL cluster of this session's own, for a superuser."""
    with temporary_cluster() as url:
        yield url
