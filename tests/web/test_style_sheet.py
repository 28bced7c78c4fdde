"""The style sheet: all of its files in one block of the page, and the site's colours in one place."""

from __future__ import annotations

import re

import pytest

from web.assets import FOLDER, STYLES, style_sheet, tokens

COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab)a?\(", re.IGNORECASE)


def test_every_file_of_the_style_sheet_is_in_the_page() -> None:
    assert {file.stem for file in (FOLDER / "styles").iterdir()} == set(STYLES)


@pytest.mark.parametrize("name", ["desk.css", *(f"styles/{name}.css" for name in STYLES if name != "tokens")])
def test_colours_stand_among_the_tokens_only(name: str) -> None:
    written = re.sub(r"/\*.*?\*/", "", (FOLDER / name).read_text(), flags=re.DOTALL)
    assert COLOUR.findall(written) == []


def test_every_token_that_is_used_has_a_value() -> None:
    # Some are set on an element of their own, beside the tokens of the page.
    set_somewhere = set(re.findall(r"--([\w-]+):", style_sheet()))
    used = style_sheet() + (FOLDER / "desk.css").read_text()
    assert set(re.findall(r"var\(--([\w-]+)", used)) - set_somewhere == set()
    assert {"ink", "paper", "verified", "level-4"} <= set(tokens())
