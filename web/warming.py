"""What the first reader would else wait for, done before they come: scripts compressed, the release opened, a page made.

`deploy/gunicorn.conf.py` calls it; ``python -m web.warming`` compresses the scripts by itself, for an image or a package.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Flask
from flask.testing import FlaskClient

from web.compression import ENCODINGS
from web.metrics import UNCOUNTED
from web.parts import ROOM as PARTS
from web.site import SITE_EXTENSION, Site

PAGES = ("/", "/estados")


def compress_scripts(server: Flask) -> int:
    """Compress every script that pages load and keep it on disk; gives their number. Opens no database.

    An application that is not the site has none.
    """
    site = cast(Site | None, server.extensions.get(SITE_EXTENSION))
    if site is None:
        return 0
    client = _nobody(server)
    addresses = site.scripts_of_pages()
    for address in addresses:
        for encoding in ENCODINGS:
            client.get(address, headers={"Accept-Encoding": encoding}, buffered=True).close()
    return len(addresses)


def visit_pages(server: Flask, pages: Sequence[str] = PAGES) -> None:
    """Make some pages, and one change of a filter, so that the release is open and everything they need is loaded.

    Fails as quietly as a visit does: the site answers with its error page and logs why.
    """
    if SITE_EXTENSION not in server.extensions:
        return
    client = _nobody(server)
    for address in [*pages, f"{PARTS}{pages[-1]}"]:
        client.get(address, headers={"Accept-Encoding": ENCODINGS[0]}).close()


def _nobody(server: Flask) -> FlaskClient:
    client = server.test_client()
    # Nobody's visits are not counted.
    client.environ_base[UNCOUNTED] = "warming"
    return client


if __name__ == "__main__":
    from app import server as application

    print(f"{compress_scripts(application)} scripts compressed")
