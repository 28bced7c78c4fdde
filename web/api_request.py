"""What a request for data asks: which dataset, from which release, which rows; and what its answer says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request

from data.cutoff import NoSuchCutoff, NothingPublished, release_at
from data.database import Database, ReleaseHandle
from data.dialect import QueryTimeout, QueryTooLarge
from data.queries.dataset_filters import QueryError
from data.queries.dataset_tables import dataset_of
from data.queries.datasets import MOST_ROWS, DatasetQuery, UnknownDataset, parse
from web.api_problems import bad_query, no_cutoff, no_dataset, nothing_published, too_large, too_slow

CUTOFF = "corte"
YEAR = 31_536_000
EXPOSED = "ETag, Last-Modified, Link, Content-Disposition, Retry-After"


@dataclass(frozen=True)
class Asked:
    """A request for rows that was understood; ``pinned`` when its address names the release, and so never changes."""

    handle: ReleaseHandle
    query: DatasetQuery
    pinned: bool


def asked_release(database: Database) -> tuple[ReleaseHandle, bool]:
    """The release that ``corte`` asks for, and whether by its id. Raises NoSuchCutoff and NothingPublished."""
    cutoff = request.args.get(CUTOFF)
    handle = release_at(database, cutoff)
    return handle, cutoff == handle.release_id


def asked_rows(database: Database, name: str, most: int = MOST_ROWS) -> Asked:
    """What the query of this request asks of a dataset; raises what ``refuse`` turns into problems."""
    handle, pinned = asked_release(database)
    table = dataset_of(handle, name)
    pairs = [(key, text) for key, text in request.args.items(multi=True) if key != CUTOFF]
    return Asked(handle, parse(table, pairs, most=most), pinned)


def refuse(routes: Blueprint) -> None:
    """Answer with a problem document whatever the views of a blueprint cannot do."""
    routes.register_error_handler(QueryError, bad_query)
    routes.register_error_handler(UnknownDataset, lambda error: no_dataset(str(error)))
    routes.register_error_handler(NoSuchCutoff, no_cutoff)
    routes.register_error_handler(NothingPublished, lambda _: nothing_published())
    routes.register_error_handler(QueryTimeout, lambda _: too_slow())
    routes.register_error_handler(QueryTooLarge, lambda _: too_large())


def described(response: Response, tag: str, built_at: datetime, *, pinned: bool) -> Response:
    """The response with what caches and other sites' scripts need to know.

    What names its release never changes; anything else is asked for again each time, which costs a 304.
    """
    # Weak: a proxy may compress the answer, and its meaning stays the same.
    response.set_etag(tag, weak=True)
    response.last_modified = built_at
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if pinned else "public, no-cache"
    return open_to_all(response)


def open_to_all(response: Response) -> Response:
    """Let scripts of any site read the answer."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        # Asked before a script sends what is not plain reading to a browser, such as If-None-Match.
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-Modified-Since, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def not_modified(tag: str, built_at: datetime, *, pinned: bool) -> Response | None:
    """A 304 if the client has this very answer already."""
    probe = described(Response(), tag, built_at, pinned=pinned).make_conditional(request)
    return probe if isinstance(probe, Response) and probe.status_code == 304 else None
