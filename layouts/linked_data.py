"""Linked data inside a page, for search engines: a script element that no browser runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from layouts.components.island import Island


def linked_data(document: Mapping[str, Any]) -> Island:
    """The document as JSON-LD; ``<`` is written so that no text in it can end the element."""
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Island("script", Markup(written), {"type": "application/ld+json"})
