"""Pictures that stand alone, in Chromium with the faces that it has: no text runs past their edge."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.site import Site
from web.pictures import EDGE, WIDTH

READY = "html[data-ready]"
# The pages with the longest sentences, names of rows and legends.
PAGES = [
    "/plan-nacional",
    "/comparar?pais=DO&pais=PY&pais=GB",
    "/estados?capa=secretariado",
    "/ogp-local",
    "/ogp-local/mx-san-pedro-garza-garcia",
    "/estados/19",
    "/diagnostico/autenticidad",
]
ENDS = """() => [...document.querySelectorAll("text")].map((text) => {
  const picture = document.documentElement.getBoundingClientRect();
  const { left, right } = text.getBoundingClientRect();
  const scale = picture.width / document.documentElement.viewBox.baseVal.width;
  return [(left - picture.left) / scale, (right - picture.left) / scale, text.textContent];
})"""


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", PAGES)
def test_no_text_of_a_picture_runs_past_its_edge(page: Page, site: Site, prefix: str, address: str) -> None:
    page.goto(f"{site.url}{prefix}{address}")
    page.wait_for_selector(READY)
    pictures = page.locator(".share a[download$='.svg']").evaluate_all("links => links.map((link) => link.href)")
    assert pictures
    for picture in pictures:
        page.goto(picture)
        texts = page.evaluate(ENDS)
        assert len(texts) > 3
        # The marks of a scale may stand half outside of it.
        beyond = [text for left, right, text in texts if left < EDGE - 2 or right > WIDTH - EDGE + 2]
        assert beyond == []
