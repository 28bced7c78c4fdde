"""Sends answers compressed: Brotli for who takes it, gzip otherwise.

Scripts and style sheets are squeezed as far as Brotli goes, which takes seconds for plotly.js, so each content is
compressed once per machine and kept on disk under its hash (`web.warming` does it before the first reader); pages and
callbacks are compressed lightly as they go.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from web.assets import STATIC

SMALLEST = 600
_COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/manifest+json")
# In the order of our preference, where a browser has none.
_QUICK: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=5),
    "gzip": lambda data: gzip.compress(data, 6, mtime=0),
}
_BEST: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=11),
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
}
ENCODINGS = tuple(_QUICK)


def compressed(response: Response, folder: Path) -> Response:
    """The response, compressed where the browser takes it and it is worth it; streams are left as they are.

    What was compressed of our scripts and styles is kept in `folder`.
    """
    static = request.path.startswith(STATIC)
    if not _worth_it(response, static):
        return response
    response.vary.add("Accept-Encoding")
    encoding = encoding_for(request.environ.get("HTTP_ACCEPT_ENCODING"))
    if encoding is None or request.method == "HEAD":
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) < SMALLEST:
        return response
    response.set_data(_kept(data, encoding, folder) if static else _QUICK[encoding](data))
    response.headers["Content-Encoding"] = encoding
    return response


@lru_cache(maxsize=256)
def encoding_for(accepted: str | None) -> str | None:
    """The encoding to answer in to an ``Accept-Encoding``; None where it takes none of ours."""
    return parse_accept_header(accepted, Accept).best_match(ENCODINGS)


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
