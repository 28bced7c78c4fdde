"""``/parte/<address>``: what a change of filter writes anew, for who has the rest of the page already.

A GET, so that it can be asked for ahead, kept and answered with 304; ``assets/filters.js`` writes it into the page.
"""

from __future__ import annotations

import json
from typing import Any

from dash.development.base_component import Component

from layouts.components.island import plain_text
from layouts.components.place import places
from layouts.i18n import locales
from layouts.shell import lead
from web.answers import Answer
from web.document import tab_title
from web.prerender import rendered

ROOM = "/parte"


def part(now: Answer, asked: str) -> str:
    """The part of an answer as JSON: its HTML, what Dash draws in it, and what the browser notes outside of the page.

    `asked` is the address as the browser has it, `address` in the answer the canonical one.
    """
    written: dict[str, Any] = {
        "address": now.address,
        "release": now.release.release_id if now.release else None,
        "title": tab_title(now.view),
        "sentence": plain_text(now.view.sentence),
        "languages": {other.tag: f"{other.link(now.path)}{now.query}" for other in locales()},
        "lead": rendered(lead(now.view)),
        "results": rendered(list(now.view.content)),
        "places": places(now.view.content, asked),
    }
    return json.dumps(written, default=Component.to_plotly_json, ensure_ascii=False, separators=(",", ":"))
