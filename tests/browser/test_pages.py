"""Every page in a real Chromium: it opens, its filters work with and without scripts, and axe-core finds nothing."""

from __future__ import annotations

import re
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import layouts
from tests.addresses import ADDRESSES, FILTERS
from tests.site import Site

READY = "html[data-ready]"
# What a page must have for a reader without scripts.
CONTENT = "main table tbody tr, main .map svg, main dl, main ol, main ul"
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


def test_every_page_of_the_site_is_tried_here() -> None:
    assert {page.path for page in layouts.pages()} == set(ADDRESSES)


@pytest.mark.parametrize(("prefix", "address"), list(product(["", "/en"], ADDRESSES.values())))
def test_a_page_opens_and_gets_ready(page: Page, site: Site, prefix: str, address: str) -> None:
    answer = page.goto(f"{site.url}{prefix}{address}")
    assert answer is not None
    assert answer.status == 200
    page.wait_for_selector(READY)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h1")).not_to_be_empty()
    expect(page.locator("html")).to_have_attribute("lang", "en" if prefix else "es-MX")
    assert page.locator(CONTENT).count() > 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("address", FILTERS)
def test_a_filter_changes_the_table_and_the_address_and_back_undoes_both(page: Page, site: Site, address: str) -> None:
    name, value, query = FILTERS[address]
    page.goto(f"{site.url}{address}")
    page.wait_for_selector(READY)
    page.evaluate("window.stayed = true")
    before = page.locator("#results").inner_text()
    page.locator(f"select[name={name}]").select_option(value)
    expect(page).to_have_url(f"{site.url}{address}?{query}")
    expect(page.locator("#results")).not_to_have_text(before, use_inner_text=True)
    # Comparing states begins without any, and says where to go.
    assert page.locator("#results table tbody tr, #results .empty a").count() > 0
    filtered = page.locator("#results").inner_text()
    page.go_back()
    expect(page.locator("#results")).to_have_text(before, use_inner_text=True)
    assert page.evaluate("window.stayed") is True
    page.goto(f"{site.url}{address}?{query}")
    page.wait_for_selector(READY)
    assert page.locator("#results").inner_text() == filtered


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_without_scripts_a_page_shows_the_same_words(chromium: Browser, page: Page, site: Site, address: str) -> None:
    page.goto(f"{site.url}{address}")
    page.wait_for_selector(READY)
    with chromium.new_context(java_script_enabled=False, locale="es-MX") as context:
        quiet = context.new_page()
        quiet.goto(f"{site.url}{address}")
        assert quiet.locator("h1").inner_text() == page.locator("h1").inner_text()
        assert quiet.locator("main table tbody tr").count() == page.locator("main table tbody tr").count()
        assert quiet.locator("main svg").count() == page.locator("main svg:not(.interactive svg)").count()


@pytest.mark.parametrize("address", FILTERS)
def test_without_scripts_a_filter_works_by_its_form(chromium: Browser, site: Site, address: str) -> None:
    name, value, query = FILTERS[address]
    with chromium.new_context(java_script_enabled=False, locale="es-MX") as context:
        quiet = context.new_page()
        quiet.goto(f"{site.url}{address}")
        quiet.locator(f"select[name={name}]").select_option(value)
        quiet.locator("form[data-filters] button").first.click()
        assert query in quiet.url
        expect(quiet.locator(f"select[name={name}]")).to_have_value(value)


@pytest.mark.parametrize(
    ("scheme", "address"),
    [
        *product(["light", "dark"], ADDRESSES.values()),
        *(("light", f"/en{address}") for address in ADDRESSES.values()),
        *(("dark", f"{address}?{query}") for address, (_, _, query) in FILTERS.items()),
        ("light", "/estados/99"),
        ("light", "/estados?capa=nada"),
    ],
)
def test_axe_finds_nothing(chromium: Browser, site: Site, scheme: str, address: str) -> None:
    with chromium.new_context(color_scheme=scheme, viewport={"width": 412, "height": 823}) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{site.url}{address}")
        page.wait_for_selector(READY)
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_everything_open(chromium: Browser, site: Site, scheme: str) -> None:
    with chromium.new_context(color_scheme=scheme, viewport={"width": 412, "height": 823}) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{site.url}/estados")
        page.wait_for_selector(READY)
        # The ways to take a view along, the table beside the map; the menu last, for it lies above the page.
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        assert violations(page) == []
        page.locator(".narrow > summary").click()
        expect(page.locator(".narrow nav a").first).to_be_visible()
        assert violations(page) == []


def test_the_link_and_the_code_of_a_view_are_copied_and_its_picture_saved(chromium: Browser, site: Site) -> None:
    with chromium.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(f"{site.url}/estados?capa=plan")
        page.wait_for_selector(READY)
        page.locator("#mapa .share summary").click()
        page.get_by_role("button", name="Copiar enlace").click()
        expect(page.locator("#announcement")).to_have_text("Copiado")
        assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}/estados?capa=plan#mapa"
        page.get_by_role("button", name="Copiar código").click()
        assert "/embed/estados?capa=plan&amp;vista=mapa" in page.evaluate("navigator.clipboard.readText()")
        with page.expect_download() as download:
            page.get_by_role("link", name="Imagen PNG").click()
        assert download.value.suggested_filename == "mapa.png"
        assert download.value.path().read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_hears_the_names_of_links_alone_knows_which_view_each_belongs_to(
    page: Page, site: Site, prefix: str
) -> None:
    page.goto(f"{site.url}{prefix}/estados/14")
    page.wait_for_selector(READY)
    for summary in page.locator(".share > summary").all():
        summary.click()
    feet = [foot.aria_snapshot() for foot in page.locator(".foot").all()]
    # The sources, which may well be those of several views, lead to the same place.
    names = [name for foot in feet for name in re.findall(r'(?:link|button) "((?:[^"\\]|\\.)+)"', foot)]
    named = [name for name in names if not page.locator(".foot > span:first-child a", has_text=name).count()]
    assert len(feet) > 5
    assert len(named) > 5 * len(feet)
    assert len(set(named)) == len(named)
    sentence = page.locator("#planes h2").inner_text()
    assert f"CSV {sentence}" in [name.replace("\\", "") for name in named]


def violations(page: Page) -> list[str]:
    """What axe-core holds against the page as it is now, each with the element; fails when axe tried nothing."""
    found = Axe().run(page, options=WCAG).response
    assert len(found["passes"]) > 10
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"][:3]]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/estados/99", 404),
        ("/estados/xx", 404),
        ("/plan-nacional/NADA", 404),
        ("/actores/nadie", 404),
        ("/ogp-local/nowhere", 404),
        ("/fuentes/ninguna", 404),
        ("/nada", 404),
        ("/estados?capa=nada", 400),
        ("/plan-nacional?plan=MX-P9", 400),
        ("/en/estados/99", 404),
    ],
)
def test_what_does_not_exist_gets_a_page_that_says_where_to_go(
    page: Page, site: Site, address: str, status: int
) -> None:
    answer = page.goto(f"{site.url}{address}")
    assert answer is not None
    assert answer.status == status
    expect(page.locator("h1")).not_to_be_empty()
    assert page.locator("main a[href]").count() > 0
    assert "Traceback" not in page.content()
