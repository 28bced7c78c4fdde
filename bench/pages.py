"""How fast pages are on a cheap telephone, beside four frameworks that show the same table and a bar chart.

    python -m bench.pages [--runs 5] [--peer-runs 3] [--only estados] [--no-peers]

The profile is 1.6 Mbit/s, 150 ms, a processor slowed four times, 412 x 823 pixels; every figure is the median of the
runs, each in a browser context of its own. The peers are installed into a folder that is thrown away, and compress what
they send where they can. `picture` is the first map, bar or path; `ready` is when our filters answer, or the chart
of a peer is drawn; `first` is what that visit fetches. Where a page has an interactive chart, another first visit goes
straight to it: `chart` is when it answers to the finger, `with` all that was fetched by then. `filter`, from the click to the
new picture, and `second`, what a second visit fetches, are with that chart alive.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.peer_sites import Subject, peers
from tests.browser.conftest import FLAGS
from tests.programs import find_program
from tests.site import running_site

PICTURE, READY = "main .map svg, main .track i, main .steps .dot, main .picture", "html[data-ready]"
CHART, ALIVE = ".chart", ".chart .main-svg"
# The choice that is made on each page: a select and a value, or something to click.
CHOICES = {
    "/": None,
    "/plan-nacional": ("plan", "MX-P2"),
    "/estados": ("capa", "plan"),
    "/estados/14": None,
    "/actores": ("tipo", "civil_society"),
    "/ogp-local": ("pais", "MX"),
    "/comparar": None,
    "/diagnostico/autenticidad": ("estado", "14"),
}
CLICKS = {"/comparar": "input[name=pais][value=AR]"}
SCREEN = {"width": 412, "height": 823}
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
SLOWED = 4
PATIENCE = 120_000
# The unit of each figure, and how many places are printed.
FIGURES = {"lcp": 0, "picture": 0, "ready": 0, "chart": 0, "cls": 3, "first": 0, "with": 0, "second": 0, "filter": 0}
# Watches a page from its first moment: when each selector first matches, what was painted, what moved.
WATCH = """
(wanted) => {
  const seen = (window.seen = { lcp: 0, cls: 0 });
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.lcp = entry.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) {
      if (!(name in seen) && document.querySelector(selector)) seen[name] = performance.now();
    }
    requestAnimationFrame(look);
  };
  look();
}
"""
# A reader who goes straight to the chart, as soon as there is one.
TO_THE_CHART = f"addEventListener('DOMContentLoaded', () => document.querySelector('{CHART}')?.scrollIntoView())"
# As a script chooses and clicks: Vizro hides its filters behind a button on a telephone.
CHOOSE = """
(element, value) => {
  const started = Date.now();
  if (value === null) element.click();
  else {
    element.value = value;
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return started;
}
"""
# Looked at as each frame begins: a picture met for the second time was painted in between.
CHANGED = """
(before) => {
  const now = %s;
  if (!now || now === before) return false;
  if (window.metBefore) return Date.now();
  window.metBefore = true;
}
"""
# A picture that stood before has its mark, one written anew gets another.
MARK = "((seen) => seen ? (seen.mark ??= `mark ${performance.now()}`) : '')(document.querySelector('%s'))"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer-runs", type=int, default=3, help="fewer, since each takes up to a minute")
    parser.add_argument("--only", help="only subjects with this in their name")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, median of {options.runs}, of {options.peer_runs} for peers; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    print(
        f"{'':<32}{'lcp ms':>8}{'picture':>8}{'ready':>8}{'chart':>8}{'cls':>8}{'first kB':>9}{'with kB':>9}{'second':>8}{'filter':>8}"
    )
    with tempfile.TemporaryDirectory() as name, running_site(Path(name)) as site:
        found = measure_all([each for each in ours(site.url) if (options.only or "") in each.name], options.runs)
        if not options.no_peers:
            with peers(Path(name), site.url) as others:
                found |= measure_all([each for each in others if (options.only or "") in each.name], options.peer_runs)
    base = found.get("ours /estados")
    if base:
        print("\ntimes ours /estados")
        for subject, figures in found.items():
            ratios = {key: figures[key] / base[key] for key in FIGURES if key in figures and base.get(key)}
            print_row(subject, ratios, "x")
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def ours(url: str) -> list[Subject]:
    """The four pages that are held to a budget, and the others that have filters."""
    return [
        Subject(
            f"ours {path}",
            f"{url}{path}",
            PICTURE,
            READY,
            choose=(f"select[name={choice[0]}]", choice[1]) if choice else None,
            click=CLICKS.get(path),
            state=MARK % PICTURE,
        )
        for path, choice in CHOICES.items()
    ]


def measure_all(subjects: Sequence[Subject], runs: int) -> dict[str, dict[str, float]]:
    """The median figures of each subject, printed as they come."""
    program = find_program("chromium", debian_package="chromium")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *sandbox])
        for subject in subjects:
            results = defaultdict(list)
            for _ in range(runs):
                for name, value in measured(browser, subject).items():
                    results[name].append(value)
            found[subject.name] = {name: statistics.median(values) for name, values in results.items()}
            print_row(subject.name, found[subject.name])
        browser.close()
    return found


def measured(browser: Browser, subject: Subject) -> dict[str, float]:
    """A first visit, one to the chart where there is one, one change of a filter, and a second visit."""
    with visitor(browser, {"picture": subject.picture, "ready": subject.ready}) as context:
        page, received = opened(context)
        seen_on(page, subject.url, "ready", "picture")
        figures: dict[str, float] = page.evaluate("window.seen")
        figures |= page.evaluate("({painted: performance.getEntriesByName('first-contentful-paint')[0].startTime})")
        # What stands in the document before anything is painted is seen when it is.
        figures["picture"] = max(figures["picture"], figures.pop("painted"))
        figures["first"] = sum(received) / 1000
        if not page.locator(CHART).count():
            return figures | used_again(context, page, subject, subject.ready)
    with visitor(browser, {"chart": ALIVE}) as context:
        context.add_init_script(TO_THE_CHART)
        page, received = opened(context)
        seen_on(page, subject.url, "chart")
        figures |= {"chart": page.evaluate("window.seen.chart"), "with": sum(received) / 1000}
        figures["cls"] = max(figures["cls"], page.evaluate("window.seen.cls"))
        return figures | used_again(context, page, subject, ALIVE)


def visitor(browser: Browser, wanted: Mapping[str, str]) -> BrowserContext:
    """A browser that was never here, and notes when each selector of `wanted` first matches."""
    # Waiting for a condition is written as text, which our Content-Security-Policy would refuse.
    context = browser.new_context(viewport=SCREEN, device_scale_factor=2, is_mobile=True, bypass_csp=True)  # type: ignore[arg-type]
    context.add_init_script(f"({WATCH})({json.dumps(wanted)})")
    return context


def seen_on(page: Page, url: str, *names: str) -> None:
    """Open an address and wait until all of these were seen and nothing is fetched any more."""
    page.goto(url, wait_until="commit")
    page.wait_for_function(
        "(names) => window.seen && names.every((name) => name in window.seen)", arg=names, timeout=PATIENCE
    )
    page.wait_for_load_state("networkidle")


def used_again(context: BrowserContext, page: Page, subject: Subject, stands: str) -> dict[str, float]:
    """The filter of a page that stands, and what a second visit fetches until `stands` matches."""
    figures = {"filter": filtered(page, subject)} if subject.choose or subject.click else {}
    page.close()
    page, received = opened(context)
    page.goto(subject.url, wait_until="commit")
    page.wait_for_selector(stands, timeout=PATIENCE, state="attached")
    page.wait_for_load_state("networkidle")
    return figures | {"second": sum(received) / 1000}


def opened(context: BrowserContext) -> tuple[Page, list[float]]:
    """A page on the slow profile, and the bytes that come over the wire, as they come."""
    page = context.new_page()
    session: CDPSession = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.on(
        "Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"]) * 0.75)
    )
    return page, received


def filtered(page: Page, subject: Subject) -> float:
    """Milliseconds from a choice to the end of the frame with the picture that follows from it, by the page's own clock."""
    page.evaluate("scrollTo(0, 0)")
    before = page.evaluate(subject.state)
    selector, value = subject.choose or (str(subject.click), None)
    started = page.locator(selector).first.evaluate(CHOOSE, value)
    found = page.wait_for_function(CHANGED % subject.state, arg=before, timeout=PATIENCE).json_value()
    return float(found - started)


def print_row(name: str, figures: Mapping[str, float], unit: str = "") -> None:
    """One line of the table; a figure that there is none of is a dash."""
    widths = {"first": 9, "with": 9}
    cells = []
    for key, places in FIGURES.items():
        value = figures.get(key)
        text = "-" if value is None else f"{value:.1f}{unit}" if unit else f"{value:,.{places}f}"
        cells.append(f"{text:>{widths.get(key, 8)}}")
    print(f"{name:<32}{''.join(cells)}", flush=True)


if __name__ == "__main__":
    main()
