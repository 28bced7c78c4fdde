"""Bodies that come in pieces: small ones gathered, kept and sent whole, large ones streamed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from flask import Response

GATHERED = 512 * 1024
KEPT = 12 * 1024 * 1024


class Bodies:
    """The small answers given lately, by what they answer. A release never changes, so none ever goes stale."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def response(self, key: str, pieces: Callable[[], Iterable[bytes]], mimetype: str) -> Response:
        """The response whose body is ``pieces()``; ``key`` names the release and all that the body depends on.

        What the first pieces raise is raised here, before anything was sent.
        """
        body = self._found(key)
        if body is not None:
            return Response(body, mimetype=mimetype)
        coming = iter(pieces())
        begun, whole = _gathered(coming)
        if not whole:
            return Response(chain([begun], coming), mimetype=mimetype)
        self._keep(key, begun)
        return Response(begun, mimetype=mimetype)

    def _found(self, key: str) -> bytes | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, key: str, body: bytes) -> None:
        with self._lock:
            self._size += len(body) - len(self._kept.pop(key, b""))
            self._kept[key] = body
            while self._size > self._most:
                self._size -= len(self._kept.popitem(last=False)[1])


def _gathered(pieces: Iterator[bytes]) -> tuple[bytes, bool]:
    """The beginning of the pieces, and whether that is all of them."""
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size > GATHERED:
            return b"".join(gathered), False
    return b"".join(gathered), True
