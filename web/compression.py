"""Sends answers compressed: Brotli for who takes it, gzip otherwise.

Scripts and style sheets are squeezed as far as Brotli goes, which takes seconds for plotly.js, so each content is
compressed once per machine and kept on disk under its hash (``python -m web.compression`` does it beforehand); pages and
callbacks are compressed lightly as they go.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from settings import ROOT
from web.assets import CHART_SCRIPTS, STATIC

# Brotli is a sixth smaller than gzip on our scripts; without its library the site works all the same.
brotli: Any = importlib.import_module("brotli") if importlib.util.find_spec("brotli") else None

SMALLEST = 600
_FILES = re.compile(r'(?:src|href)="(/(?:assets|_dash-component-suites)/[^"]+)"')
_COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/manifest+json")
_QUICK: dict[str, Callable[[bytes], bytes]] = {"gzip": lambda data: gzip.compress(data, 6, mtime=0)}
_BEST: dict[str, Callable[[bytes], bytes]] = {"gzip": lambda data: gzip.compress(data, 9, mtime=0)}
if brotli is not None:
    _QUICK = {"br": lambda data: brotli.compress(data, quality=5), **_QUICK}
    _BEST = {"br": lambda data: brotli.compress(data, quality=11), **_BEST}


def compressed(response: Response, folder: Path) -> Response:
    """The response, compressed where the browser takes it and it is worth it; streams are left as they are.

    What was compressed of our scripts and styles is kept in `folder`.
    """
    static = request.path.startswith(STATIC)
    if not _worth_it(response, static):
        return response
    response.vary.add("Accept-Encoding")
    encoding = request.accept_encodings.best_match(list(_QUICK))
    if encoding is None or request.method == "HEAD":
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) < SMALLEST:
        return response
    response.set_data(_kept(data, encoding, folder) if static else _QUICK[encoding](data))
    response.headers["Content-Encoding"] = encoding
    return response


def warm(server: Flask) -> list[str]:
    """Compress every file that pages load, so that no reader waits for it; gives their addresses."""
    client = server.test_client()
    page = client.get("/").get_data(as_text=True)
    addresses = sorted({*_FILES.findall(page), *CHART_SCRIPTS})
    for address in addresses:
        for encoding in _BEST:
            client.get(address, headers={"Accept-Encoding": encoding}, buffered=True).close()
    return addresses


def _worth_it(response: Response, static: bool) -> bool:
    if response.status_code != 200 or "Content-Encoding" in response.headers:
        return False
    if not (response.mimetype or "").startswith(_COMPRESSIBLE):
        return False
    # A file of ours is read whole; another stream (a download) must not be gathered in memory.
    return static or not (response.is_streamed or response.direct_passthrough)


def _kept(data: bytes, encoding: str, folder: Path) -> bytes:
    path = folder / f"{hashlib.sha256(data).hexdigest()}.{encoding}"
    try:
        return path.read_bytes()
    except OSError:
        squeezed = _BEST[encoding](data)
        _keep(squeezed, path)
        return squeezed


def _keep(data: bytes, path: Path) -> None:
    """Write the file whole or not at all; a folder that cannot be written only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as unfinished:
            unfinished.write(data)
        os.replace(unfinished.name, path)
    except OSError:
        return


if __name__ == "__main__":
    from app import server as application

    print(f"{len(warm(application))} files compressed in {ROOT / 'data' / 'cache'}")
