"""The shell in a real Chromium: filters work with and without scripts, and charts, with Dash, come once they are near."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from etl.run import RunResult
from settings import Settings
from tests.site import Site, running_site

READY = "html[data-ready]"
# A chart that plotly.js has drawn.
ALIVE = "#barras .main-svg"
# As a browser says it of a reader who asked to save data.
SPARING = "Object.defineProperty(NetworkInformation.prototype, 'saveData', { get: () => true });"
# Watches from the first moment what a reader would notice: things that move.
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifted += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def site(built: tuple[Settings, RunResult], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample site under gunicorn."""
    environment = {"APERTURA_RELEASES_DIR": str(built[0].releases_dir)}
    with running_site(tmp_path_factory.mktemp("site"), environment, "tests.web.sample:server") as running:
        yield running


@pytest.fixture
def quiet(chromium: Browser) -> Iterator[Page]:
    """A page in a browser without scripts."""
    context = chromium.new_context(java_script_enabled=False, locale="es-MX")
    yield context.new_page()
    context.close()


def _rows(page: Page) -> int:
    return page.locator("#mapa tbody tr").count()


def test_a_chart_comes_alive_without_a_visible_change(page: Page, site: Site) -> None:
    page.add_init_script(WATCH_SHIFTS)
    page.goto(f"{site.url}/estados?letra=c")
    page.locator("#barras").scroll_into_view_if_needed()
    page.wait_for_selector(ALIVE)
    expect(page.locator("h1")).to_have_text("6 fichas")
    assert page.evaluate("window.shifted") <= 0.02
    assert page.locator("h1").count() == 1
    assert (
        page.evaluate(
            "[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, i, all) => all.indexOf(id) < i)"
        )
        == []
    )


def test_what_the_reader_did_before_scripts_stays(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.route("**/*.js*", lambda route: held.append(route))
    page.goto(f"{site.url}/estados", wait_until="commit")
    page.locator("#mapa details.twin summary").click()
    page.locator("input[name=q]").fill("ja")
    page.evaluate("window.scrollTo(0, 400)")
    before = page.evaluate("window.scrollY")
    for route in held:
        route.continue_()
    page.unroute("**/*.js*")
    page.wait_for_selector(READY)
    expect(page.locator("#mapa details.twin")).to_have_attribute("open", "")
    expect(page.locator("input[name=q]")).to_have_value("ja")
    expect(page.locator("input[name=q]")).to_be_focused()
    assert page.evaluate("window.scrollY") == before


def test_a_filter_redraws_the_page_and_writes_the_address(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)
    page.evaluate("window.stayed = true")
    page.locator("select[name=letra]").focus()
    page.locator("select[name=letra]").select_option("c")
    expect(page.locator("h1")).to_have_text("6 fichas")
    expect(page).to_have_url(f"{site.url}/estados?letra=c")
    assert _rows(page) == 6
    assert page.locator(".map .country a.level-4").count() == 6
    expect(page.locator("select[name=letra]")).to_be_focused()
    expect(page.locator("#announcement")).to_have_text("6 fichas")
    expect(page.locator("a.lang")).to_have_attribute("href", "/en/estados?letra=c")
    assert page.evaluate("window.stayed") is True


def test_back_and_forward_bring_the_filters_back(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)
    page.locator("select[name=letra]").select_option("c")
    expect(page.locator("h1")).to_have_text("6 fichas")
    page.locator("a", has_text="Solo la J").click()
    expect(page.locator("h1")).to_have_text("1 ficha")
    expect(page.locator("select[name=letra]")).to_have_value("j")
    page.go_back()
    expect(page.locator("h1")).to_have_text("6 fichas")
    expect(page.locator("select[name=letra]")).to_have_value("c")
    page.go_back()
    expect(page.locator("h1")).to_have_text("32 fichas")
    expect(page).to_have_url(f"{site.url}/estados")
    page.go_forward()
    expect(page.locator("h1")).to_have_text("6 fichas")


def test_going_back_asks_for_nothing(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)
    page.locator("select[name=letra]").select_option("c")
    expect(page.locator("h1")).to_have_text("6 fichas")
    page.locator("select[name=letra]").select_option("j")
    expect(page.locator("h1")).to_have_text("1 ficha")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.go_back()
    expect(page.locator("h1")).to_have_text("6 fichas")
    assert [address for address in asked if "/assets/icon" not in address] == []


def test_a_filter_works_before_dash_has_come_and_the_chart_follows(page: Page, site: Site) -> None:
    held: list[Route] = []
    page.route("**/start.js*", lambda route: held.append(route))
    page.goto(f"{site.url}/estados", wait_until="commit")
    # Asked from outside: the policy of the site lets nothing in the page look for it by itself.
    while not page.evaluate("Boolean(window.apertura)"):
        page.wait_for_timeout(20)
    page.evaluate("window.stayed = true")
    page.locator("select[name=letra]").select_option("c")
    expect(page.locator("h1")).to_have_text("6 fichas")
    expect(page.locator("#barras .picture")).to_be_visible()
    page.locator("#barras").scroll_into_view_if_needed()
    for route in held:
        route.continue_()
    page.unroute("**/start.js*")
    expect(page.locator("#barras .bars .point")).to_have_count(6)
    assert page.evaluate("window.stayed") is True


def test_the_last_choice_is_shown_whichever_answer_comes_last(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)
    slow: list[Route] = []
    page.route("**/parte/estados?letra=c", lambda route: slow.append(route))
    page.locator("select[name=letra]").select_option("c")
    page.locator("select[name=letra]").select_option("j")
    expect(page.locator("h1")).to_have_text("1 ficha")
    with page.expect_response("**/parte/estados?letra=c"):
        slow[0].continue_()
    expect(page.locator("h1")).to_have_text("1 ficha")
    expect(page).to_have_url(f"{site.url}/estados?letra=j")


def test_a_part_of_another_release_brings_the_whole_page_anew(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)

    def published_meanwhile(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"release": "20300101T000000Z-00000000"})

    page.route("**/parte/**", published_meanwhile)
    page.evaluate("window.stayed = true")
    page.locator("select[name=letra]").select_option("c")
    expect(page.locator("h1")).to_have_text("6 fichas")
    assert page.evaluate("window.stayed") is None


def test_a_heading_that_sorts_keeps_the_focus_and_the_page_its_place(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 412, "height": 600})
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)
    page.locator("#mapa details.twin summary").click()
    heading = page.locator("#mapa th a[data-query]")
    heading.focus()
    heading.scroll_into_view_if_needed()
    before = heading.bounding_box()
    page.evaluate("document.addEventListener('apertura:written', () => document.body.setAttribute('data-tried', ''))")
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-tried]")
    expect(page).to_have_url(f"{site.url}/estados?orden=clave")
    expect(heading).to_be_focused()
    after = heading.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=2)


def test_a_shared_address_shows_the_same(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados?letra=c&q=col")
    page.wait_for_selector(READY)
    expect(page.locator("select[name=letra]")).to_have_value("c")
    expect(page.locator("input[name=q]")).to_have_value("col")
    assert _rows(page) == 1


def test_nothing_found_says_so_and_leads_out(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)
    page.locator("input[name=q]").fill("zzz")
    page.locator("input[name=q]").press("Enter")
    expect(page.locator(".empty")).to_contain_text("Nada coincide.")
    expect(page).to_have_url(f"{site.url}/estados?q=zzz")


def test_a_chart_comes_alive_in_its_own_place_and_follows_the_filters(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados?letra=c")
    picture = page.locator("#barras .picture")
    picture.scroll_into_view_if_needed()
    place = picture.bounding_box()
    expect(page.locator("#barras .main-svg").first).to_be_visible()
    expect(picture).to_be_hidden()
    assert place is not None
    assert page.locator("#barras .bars .point").count() == 6
    plotted = page.evaluate(
        "(() => { const b = document.querySelector('#barras .nsewdrag').getBoundingClientRect(); return [b.x, b.width]; })()"
    )
    assert plotted == pytest.approx([place["x"], place["width"]], abs=2)
    page.locator("select[name=letra]").select_option("n")
    expect(page.locator("#barras .bars .point")).to_have_count(2)


def _of_dash(page: Page) -> list[str]:
    """The addresses of Dash's scripts and plotly.js, as they are asked for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if re.search("_dash|plotly", request.url) else None)
    return asked


def test_without_a_chart_filters_answer_and_nothing_of_dash_is_loaded(page: Page, site: Site) -> None:
    asked = _of_dash(page)
    page.goto(f"{site.url}/estados?q=zzz")
    page.wait_for_selector(READY)
    page.mouse.wheel(0, 5_000)
    page.wait_for_load_state("networkidle")
    assert asked == []
    page.locator("input[name=q]").fill("")
    page.locator("input[name=q]").press("Enter")
    expect(page.locator("h1")).to_have_text("32 fichas")
    page.locator("#barras").scroll_into_view_if_needed()
    expect(page.locator("#barras .bars .point")).to_have_count(32)
    assert [address for address in asked if "plotly-basic" in address] != []


def test_a_chart_that_nobody_comes_near_stays_a_picture(page: Page, site: Site) -> None:
    asked = _of_dash(page)
    page.set_viewport_size({"width": 412, "height": 400})
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)
    page.wait_for_load_state("networkidle")
    assert asked == []
    page.locator("#barras").scroll_into_view_if_needed()
    page.wait_for_selector(ALIVE)


def test_who_saves_data_asks_for_the_interactive_chart(page: Page, site: Site) -> None:
    asked = _of_dash(page)
    page.add_init_script(SPARING)
    page.goto(f"{site.url}/estados?letra=c")
    button = page.get_by_role("button", name="Hacer interactivo")
    button.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert asked == []
    button.click()
    page.wait_for_selector(ALIVE)
    expect(button).to_be_hidden()


def test_a_chart_follows_the_colour_scheme(page: Page, site: Site) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{site.url}/estados?letra=j")
    page.locator("#barras").scroll_into_view_if_needed()
    bar = page.locator("#barras .bars .point path")
    expect(bar).to_have_css("fill", "rgb(11, 107, 80)")
    page.emulate_media(color_scheme="dark")
    expect(bar).to_have_css("fill", "rgb(85, 195, 156)")


def test_on_paper_a_chart_is_the_picture(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados?letra=c")
    page.locator("#barras").scroll_into_view_if_needed()
    page.wait_for_selector(ALIVE)
    page.emulate_media(media="print")
    expect(page.locator("#barras .picture")).to_be_visible()
    expect(page.locator("#barras .interactive")).to_be_hidden()


def test_the_whole_page_is_asked_for_where_its_part_fails(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)
    page.route("**/parte/**", lambda route: route.fulfill(status=500, body="no"))
    page.locator("select[name=letra]").select_option("c")
    expect(page.locator("h1")).to_have_text("6 fichas")
    expect(page).to_have_url(f"{site.url}/estados?letra=c")


def test_without_scripts_everything_is_there_and_filters_work(quiet: Page, site: Site) -> None:
    quiet.goto(f"{site.url}/estados")
    expect(quiet.locator("h1")).to_have_text("32 fichas")
    expect(quiet.locator(".map .country")).to_be_visible()
    expect(quiet.locator("#barras .picture")).to_be_visible()
    quiet.locator("select[name=letra]").select_option("c")
    quiet.get_by_role("button", name="Aplicar").click()
    expect(quiet.locator("h1")).to_have_text("6 fichas")
    assert "letra=c" in quiet.url
    expect(quiet.locator("select[name=letra]")).to_have_value("c")


def test_the_menu_opens_without_scripts_on_a_small_screen(quiet: Page, site: Site) -> None:
    quiet.set_viewport_size({"width": 360, "height": 740})
    quiet.goto(f"{site.url}/estados")
    expect(quiet.get_by_role("link", name="Falla")).to_be_hidden()
    quiet.get_by_text("Menú").click()
    expect(quiet.get_by_role("link", name="Falla")).to_be_visible()
    assert quiet.evaluate("document.documentElement.scrollWidth") == 360


def test_a_state_is_reached_by_keyboard(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/estados")
    page.wait_for_selector(READY)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator('.map a[aria-label="Jalisco"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Jalisco.")


def test_the_site_asks_nobody_else_and_sets_no_cookie(page: Page, site: Site) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/estados")
    page.locator("#barras").scroll_into_view_if_needed()
    expect(page.locator("#barras .main-svg").first).to_be_visible()
    assert [address for address in asked if not address.startswith((site.url, "data:", "blob:"))] == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
