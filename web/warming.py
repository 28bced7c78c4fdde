"""What the first reader would else wait for, done before they come: scripts compressed, the release opened, a page made.

`deploy/gunicorn.conf.py` calls it; ``python -m web.warming`` compresses the scripts by itself, for an image or a package.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from flask import Flask

from web.compression import ENCODINGS
from web.site import SITE_EXTENSION, Site

PAGES = ("/", "/estados")


def compress_scripts(server: Flask) -> int:
    """Compress every script that pages load and keep it on disk; gives their number. Opens no database.

    An application that is not the site has none.
    """
    site = cast(Site | None, server.extensions.get(SITE_EXTENSION))
    if site is None:
        return 0
    client = server.test_client()
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
    client = server.test_client()
    for page in pages:
        client.get(page, headers={"Accept-Encoding": ENCODINGS[0]}).close()
    client.post(
        "/_dash-update-component", json=_update(cast(Site, server.extensions[SITE_EXTENSION]), pages[-1])
    ).close()


def _update(site: Site, address: str) -> dict[str, Any]:
    """What the browser sends when the address changes (`callbacks.wiring`)."""
    output = next(key for key, callback in site.callback_map.items() if "callback" in callback)
    parts = [part.rsplit(".", 1) for part in output.strip(".").split("...")]
    return {
        "output": output,
        "outputs": [{"id": identity, "property": name} for identity, name in parts],
        "inputs": [{"id": "address", "property": "data", "value": address}],
        "changedPropIds": ["address.data"],
    }


if __name__ == "__main__":
    from app import server as application

    print(f"{compress_scripts(application)} scripts compressed")
