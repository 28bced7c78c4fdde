"""Bodies that come in pieces: small ones gathered, kept and sent whole, large ones streamed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from flask import Response

GATHERED = 512 * 1024
KEPT = 12 * 1024 * 1024


class Kept(NamedTuple):
    """A whole answer: its body, and the query of the page that follows it, if one does."""

    body: bytes
    following: str | None = None


class Bodies:
    """The small answers given lately, by what they answer. A release never changes, so none ever goes stale."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def response(self, key: str, pieces: Callable[[], Iterable[bytes]], mimetype: str) -> Response:
        """The response whose body is ``pieces()``; ``key`` names the release and all that the body depends on.

        What the first pieces raise is raised here, before anything was sent.
        """
        kept = self.found(key)
        if kept is not None:
            return Response(kept.body, mimetype=mimetype)
        coming = iter(pieces())
        begun, whole = _gathered(coming)
        if not whole:
            return Response(chain([begun], coming), mimetype=mimetype)
        return Response(self.keep(key, Kept(begun)).body, mimetype=mimetype)

    def found(self, key: str) -> Kept | None:
        """The answer kept under ``key``, if it still is."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def keep(self, key: str, answer: Kept) -> Kept:
        """Keep an answer; those not asked for the longest make room."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._size += len(answer.body) - (len(before.body) if before else 0)
            self._kept[key] = answer
            while self._size > self._most:
                self._size -= len(self._kept.popitem(last=False)[1].body)
        return answer


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
