"""Bodies that come in pieces: small ones gathered and sent whole, large ones streamed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from flask import Response

GATHERED = 512 * 1024


def response_of(pieces: Iterable[bytes], mimetype: str) -> Response:
    """The response whose body is ``pieces``. What the first ones raise is raised here, before anything was sent."""
    coming = iter(pieces)
    begun: list[bytes] = []
    size = 0
    for piece in coming:
        begun.append(piece)
        size += len(piece)
        if size > GATHERED:
            return Response(chain(begun, coming), mimetype=mimetype)
    return Response(b"".join(begun), mimetype=mimetype)
