"""Where a formula comes from: the docstrings of the indicators name sections of the method page that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layouts.i18n import locales
from layouts.method_indicators import INDICATORS
from settings import ROOT

MODULES = [*sorted((ROOT / "data" / "indicators").glob("[a-z]*.py")), ROOT / "etl" / "derive.py"]
SECTIONS = {locales()[1].text(indicator.name) for indicator in INDICATORS}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_every_indicator_names_its_section_of_the_method_page(module: Path) -> None:
    said = " ".join(module.read_text().split())
    named = re.findall(r'method page, "([^"]+)"', said)
    assert named
    assert set(named) <= SECTIONS
    assert len(named) == said.count("method page")
