"""Addresses of our own files under ``assets/``: each carries a hash of its content, so browsers may keep it for good."""

from __future__ import annotations

import hashlib
import re
from functools import cache

from markupsafe import Markup

from settings import ROOT

FOLDER = ROOT / "assets"
# Where files stand that are the same for every reader: ours, and Dash's.
STATIC = ("/assets/", "/_dash-component-suites/")

# The style sheet by subject, in the order of the cascade: tokens first, paper last.
STYLES = (
    "tokens",
    "ground",
    "shell",
    "opening",
    "views",
    "tables",
    "pictures",
    "plans",
    "places",
    "sources",
    "paper",
    "paper_state",
)

PLOTLY = "vendor/plotly-basic-4.1.1.min.js"


@cache
def asset(name: str) -> str:
    """The address of a file of ``assets/``. Raises FileNotFoundError."""
    return f"/assets/{name}?v={fingerprint(name)}"


@cache
def style_sheet() -> Markup:
    """The style sheet, all files of ``assets/styles/`` as one, without comments and indentation. It stands in each page, a
    few kilobytes compressed: fetched by itself it would make the first paint wait for one more journey to the server."""
    files = [(FOLDER / "styles" / f"{name}.css").read_text() for name in STYLES]
    written = re.sub(r"/\*.*?\*/", "", "\n".join(files), flags=re.DOTALL)
    return Markup(re.sub(r"\s*\n\s*", "\n", written).strip())


@cache
def tokens() -> dict[str, str]:
    """The design tokens by name (``"verified": "#0b6b50"``), as they are in light; a token may refer to others."""
    first = re.search(r":root \{(.*?)\}", str(style_sheet()), re.DOTALL)
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", first[1])) if first else {}


def resolved(css: str) -> str:
    """The text with every ``var(--token)`` replaced by its value in light."""
    while (filled := re.sub(r"var\(--([\w-]+)\)", lambda name: tokens()[name[1]], css)) != css:
        css = filled
    return css


@cache
def fingerprint(name: str) -> str:
    """The first 10 hex digits of the SHA-256 of a file of ``assets/``."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:10]


# What Dash asks for once it meets a chart; fetched meanwhile.
CHART_SCRIPTS = ("/_dash-component-suites/dash/dcc/async-graph.js", asset(PLOTLY))
