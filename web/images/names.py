"""Which picture goes with which page: its name, its address, and the file that holds those of a release."""

from __future__ import annotations

import re
from pathlib import Path

from web.answers import Answer
from web.assets import asset

ADDRESS = "/imagenes"
DEFAULT = "share.png"
WIDTH, HEIGHT = 1200, 630
ARCHIVE = ".images.zip"
# Below these, each page has a picture of its own; below any other, that of the page above.
OWN = ("/datos", "/estados", "/plan-nacional", "/ogp-local", "/diagnostico")


def picture_address(now: Answer) -> str:
    """The address of the picture of an answer, without the host; that of the site where the page has none.

    It names the release, so the picture may be kept for good. That it was made is not known here: where it was not,
    the address answers with the picture of the site.
    """
    if now.release is None or now.view.status != 200:
        return asset(DEFAULT)
    return f"{ADDRESS}/{now.release.release_id}/{picture_name(now)}.png"


def picture_name(now: Answer) -> str:
    """``es-estados-14`` for ``/estados/14``: letters, digits and hyphens. Of filters, only the choice of a plan counts."""
    top, _, below = now.path.strip("/").partition("/")
    kept = f"{top}/{below}" if f"/{top}" in OWN else top
    plan = re.fullmatch(r"\?plan=([\w-]+)", now.query) if now.path == "/plan-nacional" else None
    parts = [now.locale.code, *re.findall(r"[A-Za-z0-9]+", f"{kept} {plan[1] if plan else ''}")]
    return "-".join(parts)


def archive_of(folder: Path, release_id: str) -> Path:
    """The file that holds the pictures of a release, there or not."""
    return folder / f"{release_id}{ARCHIVE}"
