"""Every page in a window of 360 pixels: nothing is wider than it, and what is folded away there is one touch away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.addresses import ADDRESSES
from tests.site import Site

NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# Besides one page of each kind: what is compared, what is not there, what nothing is known of, and the widest datasets.
MORE = [
    "/comparar?que=estados&estado=14&estado=19",
    "/estados?capa=metrica",
    "/estados/01",
    "/estados/99",
    "/estados?capa=nada",
    "/actores?q=zzzz",
    "/plan-nacional/MX0068",
    "/datos/commitments",
    "/datos/commitment_ratings",
    "/verificar",
    "/nada",
]
# The folded parts of the long pages: the page, what opens one, and what is then read.
FOLDED = [
    ("/metodologia", "#indicadores .fold", "dd"),
    ("/fuentes", "#national_board .fold", "dd"),
    ("/plan-nacional", "#tablero .fold", "a"),
    ("/actores", "#papeles .fold", "td.num"),
    ("/diagnostico/cobertura", "#faltantes .fold", "a"),
    ("/datos", "#tema-plans .fold", "a"),
]


@pytest.fixture
def narrow(chromium: Browser) -> Iterator[Page]:
    """A narrow window without scripts."""
    with chromium.new_context(viewport=NARROW, java_script_enabled=False, locale="es-MX") as context:  # type: ignore[arg-type]
        yield context.new_page()


@pytest.mark.parametrize(("prefix", "address"), list(product(["", "/en"], [*ADDRESSES.values(), *MORE])))
def test_no_page_is_wider_than_the_window(narrow: Page, site: Site, prefix: str, address: str) -> None:
    narrow.goto(f"{site.url}{prefix}{address}")
    assert narrow.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    # What is folded away is as narrow.
    narrow.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    assert narrow.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


@pytest.mark.parametrize(("address", "folded", "inside"), FOLDED)
def test_what_a_telephone_folds_away_opens_without_scripts(
    narrow: Page, site: Site, address: str, folded: str, inside: str
) -> None:
    narrow.goto(f"{site.url}{address}")
    fold = narrow.locator(folded).first
    expect(fold.locator(inside).first).to_be_hidden()
    fold.locator("summary").first.focus()
    narrow.keyboard.press("Enter")
    expect(fold.locator(inside).first).to_be_visible()


@pytest.mark.parametrize(("address", "folded", "inside"), FOLDED)
def test_what_a_telephone_folds_away_is_open_where_there_is_room_and_on_paper(
    narrow: Page, site: Site, address: str, folded: str, inside: str
) -> None:
    narrow.goto(f"{site.url}{address}")
    fold = narrow.locator(folded).first
    for width, media in ((WIDE, "screen"), (NARROW, "print")):
        narrow.set_viewport_size(width)  # type: ignore[arg-type]
        narrow.emulate_media(media=media)  # type: ignore[arg-type]
        expect(fold.locator("summary").first).to_be_hidden()
        expect(fold.locator(inside).first).to_be_visible()


def test_a_link_into_what_is_folded_away_opens_it(narrow: Page, site: Site) -> None:
    narrow.goto(f"{site.url}/plan-nacional")
    expect(narrow.locator("#tablero .fold").get_by_text("Technology Rights and Privacy")).to_be_hidden()
    # As a search within the page does: the browser shows what it finds.
    narrow.goto(f"{site.url}/plan-nacional#:~:text=Technology%20Rights%20and%20Privacy")
    expect(narrow.locator("#tablero .fold").get_by_text("Technology Rights and Privacy")).to_be_visible()


@pytest.mark.parametrize("width", [641, 768, 1023, 1024])
@pytest.mark.parametrize("address", ["/plan-nacional", "/en/plan-nacional?plan=MX-P2"])
def test_the_list_of_commitments_fits_every_window_without_scrolling_sideways(
    narrow: Page, site: Site, address: str, width: int
) -> None:
    narrow.set_viewport_size({"width": width, "height": 900})
    narrow.goto(f"{site.url}{address}")
    table = narrow.locator("#compromisos .scroll")
    assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
    # No text runs into its neighbour's cell.
    spilt = "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)"
    assert table.locator("tr > *").evaluate_all(spilt) == []


@pytest.mark.parametrize(
    "others", ["", "pais=DO&pais=GB&pais=PY", "pais=BR&pais=CL&pais=US", "pais=ID&pais=KR&pais=PH"]
)
def test_the_names_in_a_chart_do_not_touch(narrow: Page, site: Site, others: str) -> None:
    narrow.goto(f"{site.url}/comparar?{others}")
    boxes = narrow.locator("#ambicion-y-cumplimiento .picture g:not(.labels) > text").evaluate_all(
        "texts => texts.map((text) => [text.textContent, text.getBoundingClientRect().toJSON()])"
    )
    assert len(boxes) >= len(others.split("&"))
    touching = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]
    ]
    assert touching == []
    assert all(box["left"] >= 0 and box["right"] <= NARROW["width"] for _, box in boxes)


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_what_is_compared_side_by_side_stays_in_its_cell(narrow: Page, site: Site, width: int) -> None:
    narrow.set_viewport_size({"width": width, "height": 900})
    narrow.goto(f"{site.url}/comparar?que=estados&estado=09&estado=14&estado=15&estado=19")
    cells = narrow.locator(".panel tbody tr > *")
    assert cells.count() > 40
    spilt = "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)"
    assert cells.evaluate_all(spilt) == []
    apart = """rows => rows.filter(({ cells: [name, ...others] }) => others.some((cell) => {
      const [a, b] = [name.getBoundingClientRect(), cell.getBoundingClientRect()];
      return a.right > b.left + 1 && a.bottom > b.top + 1;
    })).map((row) => row.textContent)"""
    assert narrow.locator(".panel tbody tr").evaluate_all(apart) == []
