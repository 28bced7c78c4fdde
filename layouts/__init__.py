"""The pages: one module each, found by having a `PAGES` tuple, so that a new page touches no list."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layouts.page import Page


@lru_cache(maxsize=1)
def pages() -> tuple[Page, ...]:
    """Every page of the site, in the order of the menu."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    found = [page for module in modules for page in getattr(module, "PAGES", ())]
    return tuple(sorted(found, key=lambda page: (page.order, page.path)))
