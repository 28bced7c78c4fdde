"""The browser fixtures themselves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, Page


def test_a_page_is_shown_in_spanish(page: Page) -> None:
    page.goto("data:text/html;charset=utf-8,<html lang=es><h1>¿Cómo vamos?</h1>")
    assert page.get_by_role("heading").inner_text() == "¿Cómo vamos?"
    assert page.evaluate("navigator.language") == "es-MX"


def test_the_browser_finds_nobody_outside_loopback(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
