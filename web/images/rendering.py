"""From SVG to PNG with resvg, with fonts that come as packages: the same picture on every machine, whatever it has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import fontpkg_source_sans_3
import fontpkg_source_serif_4
import resvg_py


def png(svg: str) -> bytes:
    """The PNG of an SVG, in its own size. Raises ValueError for what is no SVG."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=_fonts()))


@cache
def _fonts() -> list[str]:
    families = [Path(package.ROOT) / "files" for package in (fontpkg_source_serif_4, fontpkg_source_sans_3)]
    return [str(path) for folder in families for path in sorted(folder.glob("*.ttf")) if "Italic" not in path.name]
