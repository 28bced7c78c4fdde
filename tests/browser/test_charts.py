"""Interactive charts in a real Chromium: what is told under the pointer and the finger, and pages without one left alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.addresses import ADDRESSES
from tests.browser.test_pages import READY, violations
from tests.site import Site

# Each chart: its page, its view, a point that stands out, and what is told at it, in both languages.
CHARTS = [
    ("/plan-nacional", "#mundo", "México|Segundo plan, 2013|5 de 26 completos (19%)"),
    ("/en/plan-nacional", "#mundo", "Mexico|Second plan, 2013|5 of 26 complete (19%)"),
    ("/comparar", "#ambicion-y-cumplimiento", "México|Plan 2 (2013)|Impacto: 6 de 26 (23%)|Completos: 5 de 26 (19%)"),
]
CHARTED = {"/plan-nacional", "/comparar", "/estados"}


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_only_a_page_with_a_chart_loads_dash(page: Page, site: Site, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if re.search("_dash|plotly", request.url) else None)
    page.goto(f"{site.url}{address}")
    page.wait_for_selector(READY)
    charts = page.locator(".chart")
    assert charts.count() == (1 if address in CHARTED else 0)
    if address in CHARTED:
        charts.scroll_into_view_if_needed()
        page.wait_for_selector(".chart .main-svg")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert bool(asked) == (address in CHARTED)


@pytest.mark.parametrize(("address", "key", "told"), CHARTS)
def test_a_point_tells_its_values_in_the_language_of_the_page(
    page: Page, site: Site, address: str, key: str, told: str
) -> None:
    page.goto(f"{site.url}{address}")
    page.locator(f"{key} .chart").scroll_into_view_if_needed()
    page.wait_for_selector(f"{key} .main-svg")
    page.locator(f"{key} .trace").last.locator(".point").first.hover(force=True)
    expect(page.locator(f"{key} .hoverlayer .nums tspan")).to_have_text(told.split("|"))


def test_a_finger_is_told_too_and_scrolls_past(chromium: Browser, site: Site) -> None:
    with chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, locale="es-MX") as context:
        page = context.new_page()
        page.goto(f"{site.url}/estados")
        chart = page.locator("#dos-indices .chart")
        chart.scroll_into_view_if_needed()
        page.wait_for_selector("#dos-indices .main-svg")
        point = page.locator("#dos-indices .trace").last.locator(".point").first.bounding_box()
        assert point is not None
        page.touchscreen.tap(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
        expect(page.locator("#dos-indices .hoverlayer .nums")).to_contain_text("Transparencia: 0.")
        before, finger = page.evaluate("scrollY"), context.new_cdp_session(page)
        box = chart.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for moved in range(20, 220, 20):
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - moved}]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        for _ in range(1500):
            if page.evaluate("scrollY") > before + 100:
                break
            page.wait_for_timeout(20)
        assert page.evaluate("scrollY") > before + 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", sorted(CHARTED))
def test_axe_finds_nothing_where_a_chart_is_alive(chromium: Browser, site: Site, address: str, scheme: str) -> None:
    with chromium.new_context(color_scheme=scheme, viewport={"width": 412, "height": 823}) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{site.url}{address}")
        page.locator(".chart").scroll_into_view_if_needed()
        page.wait_for_selector(".chart .main-svg")
        assert violations(page) == []


def test_a_filter_leaves_alone_what_it_does_not_change(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados")
    page.locator("#dos-indices .chart").scroll_into_view_if_needed()
    page.wait_for_selector("#dos-indices .main-svg")
    page.evaluate("document.querySelector('#dos-indices .main-svg').stayed = true")
    page.locator("select[name=capa]").select_option("plan")
    expect(page).to_have_url(f"{site.url}/estados?capa=plan")
    expect(page.locator("#mapa h2")).to_contain_text("Plan de acción")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.querySelector('#dos-indices .main-svg').stayed") is True
    links = page.locator("#dos-indices a").evaluate_all("links => links.map(link => link.href)")
    assert [link for link in links if "capa=" in link] == []
    page.goto(f"{site.url}/estados?capa=plan")
    assert page.locator("#dos-indices a").evaluate_all("links => links.map(link => link.href)") == links


def test_a_filter_takes_the_chart_away_and_back_brings_it_alive_again(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/plan-nacional")
    page.locator("#mundo").scroll_into_view_if_needed()
    page.wait_for_selector("#mundo .main-svg")
    page.locator("select[name=plan]").select_option("MX-P4")
    expect(page.locator(".chart")).to_have_count(0)
    page.go_back()
    page.locator("#mundo").scroll_into_view_if_needed()
    expect(page.locator("#mundo .main-svg").first).to_be_visible()
    expect(page.locator("#mundo .picture")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("address", sorted(CHARTED))
def test_the_live_chart_lies_where_its_picture_lay(page: Page, site: Site, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site.url}{address}")
    page.locator(".chart").scroll_into_view_if_needed()
    page.wait_for_selector(".chart .main-svg")
    corners = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
      const box = each.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    }).sort((one, other) => one[0] - other[0] || one[1] - other[1])"""
    drawn, live = (page.evaluate(corners, selector) for selector in (".picture circle", ".main-svg .points path"))
    assert len(drawn) == len(live)
    assert [place for point in live for place in point] == pytest.approx(
        [place for point in drawn for place in point], abs=1.5
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
