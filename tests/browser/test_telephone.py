"""Long pages on a small telephone and by keyboard alone: rows as cards, pages of a list, a focus that is always seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.addresses import ADDRESSES
from tests.site import Site

READY = "html[data-ready]"
# More than any page has places for the keyboard: one that keeps it never ends.
MOST_STOPS = 1_500
# What the keyboard is on: its name, whether its focus can be told from its neighbours, whether it lies in sight.
FOCUSED = """() => {
  const on = document.activeElement;
  if (on === document.body) return null;
  const box = on.getBoundingClientRect(), style = getComputedStyle(on), shape = on.querySelector("use");
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const drawn = shape !== null && parseFloat(getComputedStyle(shape).strokeWidth) >= 2;
  const name = (on.getAttribute("aria-label") || on.textContent || on.name).trim().slice(0, 40);
  return [name, ringed || drawn, box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth];
}"""


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[Page]:
    """A page in a small telephone without scripts."""
    size = {"width": 360, "height": 740}
    with chromium.new_context(viewport=size, java_script_enabled=False, locale="es-MX") as context:  # type: ignore[arg-type]
        yield context.new_page()


def test_the_commitments_are_cards_and_are_turned_page_by_page(telephone: Page, site: Site) -> None:
    telephone.goto(f"{site.url}/plan-nacional")
    rows = telephone.locator("#compromisos tbody tr")
    seen = [rows.first.locator("a").inner_text()]
    name, cell = rows.first.locator("th").bounding_box(), rows.first.locator("td").first.bounding_box()
    assert name is not None
    assert cell is not None
    assert cell["y"] >= name["y"] + name["height"]
    assert telephone.evaluate("document.querySelector('#compromisos .scroll').scrollWidth") <= 360
    expect(telephone.get_by_role("link", name="Cumplimiento (IRM)")).to_be_visible()
    telephone.locator("#compromisos a[rel=next]").click()
    expect(telephone.locator("#compromisos .paging")).to_contain_text("21–40 de ")
    # The next rows are seen from the first.
    heading = telephone.locator("#compromisos h2").bounding_box()
    assert heading is not None
    assert 0 <= heading["y"] < 740 / 2
    seen.append(rows.first.locator("a").inner_text())
    telephone.locator("#compromisos a[rel=prev]").click()
    assert rows.first.locator("a").inner_text() == seen[0] != seen[1]
    assert telephone.url.endswith("/plan-nacional#compromisos")


def test_the_way_to_a_part_of_a_long_page_leads_there(telephone: Page, site: Site) -> None:
    telephone.goto(f"{site.url}/plan-nacional")
    for link in telephone.locator(".contents a").all():
        target = link.get_attribute("href") or ""
        assert target.startswith("#")
        expect(telephone.locator(f"section{target}")).to_have_count(1)


@pytest.mark.parametrize("address", ["/plan-nacional/MX0068", "/estados/19", "/estados/01"])
def test_rows_read_one_by_one_do_not_scroll_sideways(telephone: Page, site: Site, address: str) -> None:
    telephone.goto(f"{site.url}{address}")
    assert telephone.locator("table.cards").count() > 0
    for table in telephone.locator(".scroll:has(> table.cards)").all():
        if table.is_visible():
            assert table.evaluate("box => box.scrollWidth <= box.clientWidth")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize(
    "address", [*ADDRESSES.values(), "/comparar?que=estados&estado=14&estado=19", "/estados?capa=plan"]
)
def test_the_keyboard_goes_through_a_page_in_sight(chromium: Browser, site: Site, address: str, width: int) -> None:
    with chromium.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{site.url}{address}")
        page.wait_for_selector(READY)
        passed = []
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            if (now := page.evaluate(FOCUSED)) is None:
                break
            passed.append(now)
        assert passed[0][0] == "Saltar al contenido"
        assert passed[-1][0] == "Cambios"
        assert [name for name, ringed, in_sight in passed if not (ringed and in_sight)] == []
