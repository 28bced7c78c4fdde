"""Every view of every page alone, for an iframe: it opens, and what it refers to within itself is there."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.addresses import ADDRESSES
from tests.web.data_site import client

__all__ = ["client"]

REFERRING = ("aria-describedby", "aria-labelledby", "aria-controls", "for")


def _referred(soup: BeautifulSoup) -> set[str]:
    """The ids that shapes, patterns and descriptions of a document name."""
    found = {str(use["href"])[1:] for use in soup.select("use[href^='#']")}
    found |= set(re.findall(r"url\(#([\w-]+)\)", str(soup.body)))
    for name in REFERRING:
        for element in soup.select(f"[{name}]"):
            said = element[name]
            found.update(said.split() if isinstance(said, str) else said)
    return found


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_a_view_alone_has_all_that_it_refers_to(client: FlaskClient, address: str) -> None:
    page = BeautifulSoup(client.get(address).text, "html.parser")
    embeds = {str(link["href"]) for link in page.select(".share a[href*='/embed/']")}
    for embed in sorted(embeds):
        answer = client.get(embed)
        soup = BeautifulSoup(answer.text, "html.parser")
        assert answer.status_code == 200, embed
        missing = _referred(soup) - {str(element["id"]) for element in soup.select("[id]")}
        assert not missing, f"{embed}: {sorted(missing)}"


def test_the_map_alone_has_its_outlines(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/embed/estados?vista=mapa").text, "html.parser")
    assert len(soup.select("use[href^='#mx-']")) >= 32
    assert len(soup.select("path[id^='mx-']")) == 32
