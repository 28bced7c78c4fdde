"""The pages: one module each, found by having a `PAGES` tuple, so that a new page touches no list."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layouts.page import Page


@lru_cache(maxsize=1)
def pages() -> tuple[Page, ...]:
    """Every page of the site, in the order of the menu."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    tuples = [found for module in modules if isinstance(found := getattr(module, "PAGES", None), tuple)]
    return tuple(sorted(itertools.chain(*tuples), key=lambda page: (page.order, page.path)))
