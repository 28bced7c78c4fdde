"""On paper no page is cut; the file of a state is one sheet, the fullest two, in type that can be read, with its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.addresses import ADDRESSES
from tests.site import Site

STATES = [f"{number:02d}" for number in range(1, 33)]
# What is left between the margins of the narrower of the two sheets, A4, in CSS pixels.
TYPE_AREA = round((210 - 2 * 9) / 25.4 * 96)
# The same on other pages, whose margins are wider.
NARROWEST = round((210 - 2 * 14) / 25.4 * 96)
SMALLEST_POINTS = 8.5
# Every text that is drawn, with the size of its letters in CSS pixels.
LETTERS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const drawn = parent.checkVisibility({ contentVisibilityAuto: true }) && !parent.closest("script, svg");
    if (drawn && walker.currentNode.data.trim()) {
      found.push([parseFloat(getComputedStyle(parent).fontSize), walker.currentNode.data.trim()]);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def quiet(chromium: Browser) -> Iterator[Page]:
    """A page without scripts, since paper has none; one for all states."""
    with chromium.new_context(java_script_enabled=False, viewport={"width": TYPE_AREA, "height": 1000}) as context:
        yield context.new_page()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", [*ADDRESSES.values(), "/plan-nacional?plan=MX-P2", "/datos/commitments"])
def test_nothing_is_cut_at_the_edge_of_the_sheet(quiet: Page, site: Site, prefix: str, address: str) -> None:
    quiet.goto(f"{site.url}{prefix}{address}")
    quiet.emulate_media(media="print")
    quiet.set_viewport_size({"width": NARROWEST, "height": 1000})
    assert quiet.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    for table in quiet.locator(".scroll").all():
        if table.is_visible():
            assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
    quiet.set_viewport_size({"width": TYPE_AREA, "height": 1000})


def sheets(printed: bytes) -> int:
    """How many pages a PDF of Chromium has: it writes one object of this type for each, uncompressed."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_file_of_a_state_is_one_sheet_and_two_where_most_is_known(quiet: Page, site: Site, prefix: str) -> None:
    quiet.emulate_media(media="print")
    taken = []
    for code in STATES:
        quiet.goto(f"{site.url}{prefix}/estados/{code}")
        # Wider than the sheet, and Chromium would make everything smaller to fit it.
        assert quiet.evaluate("document.documentElement.scrollWidth") <= TYPE_AREA
        taken.append(max(sheets(quiet.pdf(format=size)) for size in ("A4", "Letter")))
    assert max(taken) == 2
    # Where it ends, the letters of the machine decide: not which states take two sheets is asked for, but how few.
    assert taken.count(1) >= 3 * len(STATES) / 4


def test_pages_of_a_longer_print_are_counted(quiet: Page, site: Site) -> None:
    quiet.goto(f"{site.url}/plan-nacional")
    assert sheets(quiet.pdf(format="A4")) > 2


@pytest.mark.parametrize("code", ["01", "10", "19"])
def test_the_sheet_can_be_read_and_has_what_was_folded_away(quiet: Page, site: Site, code: str) -> None:
    quiet.goto(f"{site.url}/estados/{code}")
    quiet.emulate_media(media="print")
    drawn = quiet.evaluate(LETTERS)
    assert len(drawn) > 40
    assert [text for size, text in drawn if round(size * 72 / 96, 2) < SMALLEST_POINTS] == []
    for title in quiet.locator(".titles li > span").all():
        expect(title).to_be_visible()
    expect(quiet.locator(".menu")).to_be_hidden()


def test_the_sheet_says_where_it_is_from(quiet: Page, site: Site) -> None:
    quiet.goto(f"{site.url}/estados/14")
    quiet.emulate_media(media="screen")
    expect(quiet.locator(".on-paper")).to_be_hidden()
    quiet.emulate_media(media="print")
    imprint = quiet.locator(".on-paper")
    expect(imprint).to_be_visible()
    expect(imprint).to_contain_text("/estados/14")
    for source in quiet.locator(".foot > span:first-child a").all():
        if source.get_attribute("href") != "/fuentes":
            expect(imprint).to_contain_text(source.text_content() or "")
    assert quiet.locator(".documents a").count() > 0
