"""What a real browser shows after a change of filter, held against the file that the view then gives."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.addresses import FILTERS
from tests.shown import differences
from tests.site import Site

READY = "html[data-ready]"
# The rows of the twin or else of the figure, each with the labels of its marks.
ROWS = """view => {
    const rows = [".twin", ".figure"].map(part => [...view.querySelectorAll(`${part} tbody tr, ${part} .record > div`)]);
    return (rows.find(found => found.length) || []).map(row => {
        const marks = [...row.querySelectorAll("[aria-label]")].filter(mark => !mark.textContent.trim());
        return [...row.children].map(cell => cell.innerText ?? "").concat(marks.map(mark => mark.ariaLabel)).join(" | ");
    });
}"""


@pytest.mark.parametrize("address", FILTERS)
def test_every_number_after_a_change_of_filter_is_in_the_file(page: Page, site: Site, address: str) -> None:
    name, value, query = FILTERS[address]
    page.goto(f"{site.url}{address}")
    page.wait_for_selector(READY)
    before = page.locator("#results").inner_text()
    page.locator(f"select[name={name}]").select_option(value)
    expect(page).to_have_url(f"{site.url}{address}?{query}")
    expect(page.locator("#results")).not_to_have_text(before, use_inner_text=True)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    held = 0
    for view in page.locator("main section.view").all():
        link = view.locator(".get a[href*='forma=csv']")
        if link.count() and not view.locator("a[rel='next']").count():
            answer = page.request.get(f"{site.url}{link.get_attribute('href')}")
            assert differences(view.evaluate(ROWS), answer.text()) == []
            held += 1
    # Comparing states begins without any.
    assert held > 0 or query == "que=estados"
