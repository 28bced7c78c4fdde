"""The pages of the states and of the comparison over the release of the bundled copies."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from data.database import Database
from etl.run import RunResult
from layouts import compare, state, states
from settings import Settings
from web.site import create_site


@pytest.fixture(scope="session")
def state_pages(built: tuple[Settings, RunResult]) -> FlaskClient:
    """A client of a site with these pages alone."""
    pages = [*states.PAGES, *state.PAGES, *compare.PAGES]
    return create_site(built[0], Database(built[0]), pages).test_client()


def opened(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    """The document at an address, which must answer with `status`."""
    response = client.get(address)
    assert response.status_code == status, address
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def said(soup: BeautifulSoup, selector: str) -> str:
    """The text of the first element that a selector finds."""
    found = soup.select_one(selector)
    assert found is not None, selector
    return found.get_text()
