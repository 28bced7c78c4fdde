"""Debian's Chromium under Playwright, one for all browser tests and a clean page for each."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from etl.run import RunResult
from settings import Settings
from tests.programs import find_program
from tests.site import Site, running_site

PATIENCE_MS = 30_000

# Resolving nothing but loopback keeps pages, and the browser itself, from reaching out.
FLAGS = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
]


# Not for the whole session: while Playwright lives, its event loop keeps other tests from running one of their own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A headless Chromium, found on the PATH; close what you open in it."""
    program = find_program("chromium", debian_package="chromium")
    # Chromium's sandbox refuses to run as root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    # A busy machine may need longer than Playwright's five seconds; what never comes fails all the same.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *sandbox])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(built: tuple[Settings, RunResult], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole site under gunicorn, on the release of the bundled copies."""
    environment = {"APERTURA_RELEASES_DIR": str(built[0].releases_dir)}
    with running_site(tmp_path_factory.mktemp("site"), environment) as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page in a context of its own, in Spanish of Mexico; an error in the page's scripts fails the test."""
    errors: list[str] = []
    context = chromium.new_context(locale="es-MX", timezone_id="America/Mexico_City")
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
