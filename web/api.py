"""``/api/v1``: every dataset by pages, every row with what is related to it, as JSON or CSV."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import orjson
from flask import Blueprint, Response, request

from data.database import Database, ReleaseHandle
from data.export import raw_csv
from data.queries.dataset_filters import Message, QueryError
from data.queries.dataset_rows import key_text, one, query_of, related
from data.queries.dataset_sources import sources_of
from data.queries.dataset_tables import dataset_of, tables_of
from data.queries.datasets import DatasetQuery, Table, page
from data.schema import key_columns, table_info
from settings import Settings
from web.api_limits import Rate, too_long
from web.api_openapi import openapi
from web.api_problems import problem
from web.api_request import CUTOFF, asked_release, asked_rows, described, not_modified, open_to_all, refuse

ROOT = "/api/v1"
PAGE = 100
LARGEST_PAGE = 1_000
JSON = "application/json"
CSV = "text/csv"


def api(settings: Settings, database: Database, rate: Rate) -> Blueprint:
    """The routes under ``/api/v1``, to as many requests as ``rate`` lets through."""
    routes = Blueprint("api", __name__)
    answers = _Answers(settings.public_url.rstrip("/"), database)
    refuse(routes)
    routes.before_request(lambda: rate.refusal() or too_long())
    routes.after_request(open_to_all)
    for address in (ROOT, f"{ROOT}/"):
        routes.add_url_rule(address, "index", answers.index, methods=["GET"])
    routes.add_url_rule(f"{ROOT}/openapi.json", "openapi", answers.document, methods=["GET"])
    routes.add_url_rule(f"{ROOT}/<name>", "rows", answers.rows, methods=["GET"])
    routes.add_url_rule(f"{ROOT}/<name>/<path:key>", "row", answers.row, methods=["GET"])
    routes.add_url_rule("/api/<path:rest>", "nowhere", _nowhere, methods=["GET"])
    return routes


def _nowhere(rest: str) -> Response:
    return problem(404, Message(f"La API está en {ROOT}.", f"The API is at {ROOT}."))


class NoSuchRow(LookupError):
    """A dataset has no row with the key asked for."""


class Body(NamedTuple):
    """What an answer consists of, and the address of the page that follows it, if one does."""

    content: bytes
    following: str | None = None


class _Answers:
    """What each route answers; ``host`` is ours as clients reach it, for links."""

    def __init__(self, host: str, database: Database) -> None:
        self._root = f"{host}{ROOT}"
        self._database = database

    def index(self) -> Response:
        """The datasets there are."""
        handle, pinned = asked_release(self._database)
        listed = [
            {
                "dataset": name,
                "title": table_info(table)["label"],
                "rows": handle.info.rows.get(name),
                "key": key_columns(table),
                "href": f"{self._root}/{name}",
            }
            for name, table in tables_of(handle).items()
        ]
        body = {"release": handle.release_id, "openapi": f"{self._root}/openapi.json", "datasets": listed}
        tag = _tag(handle, "index")
        return self._sent(handle, tag, pinned, lambda: Body(orjson.dumps(body)))

    def document(self) -> Response:
        """The description of the API, which follows from the schema alone."""
        response = Response(orjson.dumps(openapi(self._root, PAGE, LARGEST_PAGE)), mimetype=JSON)
        response.headers["Cache-Control"] = "public, max-age=3600"
        response.add_etag(weak=True)
        response.make_conditional(request)
        return response

    def rows(self, name: str) -> Response:
        """A page of a dataset."""
        form = _accepted()
        if form is None:
            return problem(406, Message(f"Solo hay {JSON} y {CSV}.", f"There are only {JSON} and {CSV}."))
        asked = asked_rows(self._database, name, LARGEST_PAGE)
        query = replace(asked.query, limit=asked.query.limit or PAGE)
        tag = _tag(asked.handle, name, query.canonical(), form)
        response = self._sent(asked.handle, tag, asked.pinned, lambda: self._page(asked.handle, query, form), form)
        response.vary.add("Accept")
        return response

    def row(self, name: str, key: str) -> Response:
        """A row with its relations and sources. Raises QueryError for any parameter but ``corte``."""
        handle, pinned = asked_release(self._database)
        table = dataset_of(handle, name)
        for parameter in request.args:
            if parameter != CUTOFF:
                raise QueryError(
                    parameter[:80], Message("una fila solo admite corte", "a row takes only corte"), [CUTOFF]
                )
        build = partial(self._row, handle, table, key)
        try:
            return self._sent(handle, _tag(handle, name, key, "row"), pinned, lambda: Body(orjson.dumps(build())))
        except NoSuchRow:
            said = "|".join(key_columns(table))
            detail = Message(
                f"{name} no tiene una fila con esa clave ({said}).", f"{name} has no row with that key ({said})."
            )
            return problem(404, detail, parameter="key")

    def _page(self, handle: ReleaseHandle, query: DatasetQuery, form: str) -> Body:
        with handle.connect() as connection:
            found, after = page(connection, query)
        following = None
        if after is not None:
            # The next page names the release, so that a walk sees one release from its first page to its last.
            pairs = [pair for pair in query.pairs() if pair[0] != "after"]
            following = (
                f"{self._root}/{query.table.name}?{urlencode([*pairs, ('after', after), (CUTOFF, handle.release_id)])}"
            )
        if form == CSV:
            return Body(b"".join(raw_csv(query.table, query.columns, [found])), following)
        return Body(orjson.dumps(_page_body(handle, query, found, following)), following)

    def _row(self, handle: ReleaseHandle, table: Table, key: str) -> dict[str, Any]:
        with handle.connect() as connection:
            found = one(connection, table, key)
            if found is None:
                raise NoSuchRow
            return {
                "dataset": table.name,
                "release": handle.release_id,
                "key": key_text(table, found),
                "data": found,
                "related": [
                    {
                        "dataset": other.query.table.name,
                        "href": f"{self._root}/{other.query.table.name}?{other.query.canonical()}",
                        "total": other.total,
                        "data": other.rows,
                    }
                    for other in related(connection, tables_of(handle), table, found)
                ],
                "refers_to": self._referred(table, found),
                "sources": [asdict(source) for source in sources_of(connection, query_of(table, found))],
            }

    def _referred(self, table: Table, row: dict[str, Any]) -> dict[str, str]:
        """The addresses of the rows that this one names."""
        return {
            str(key.parent.name): f"{self._root}/{key.column.table.name}/{quote(str(row[key.parent.name]), safe='')}"
            for key in table.foreign_keys
            if row[key.parent.name] is not None
        }

    def _sent(
        self, handle: ReleaseHandle, tag: str, pinned: bool, build: Callable[[], Body], form: str = JSON
    ) -> Response:
        response = not_modified(tag, handle.built_at, pinned=pinned)
        if response is None:
            body = build()
            response = Response(body.content, mimetype=form)
            if body.following:
                response.headers["Link"] = f'<{body.following}>; rel="next"'
        return described(response, tag, handle.built_at, pinned=pinned)


def _page_body(
    handle: ReleaseHandle, query: DatasetQuery, found: Sequence[Sequence[Any]], following: str | None
) -> dict[str, Any]:
    columns = query.columns
    return {
        "dataset": query.table.name,
        "release": handle.release_id,
        "query": query.canonical(),
        "count": len(found),
        "data": [dict(zip(columns, row, strict=True)) for row in found],
        "next": following,
    }


def _accepted() -> str | None:
    """The form that the client prefers; JSON where it does not say."""
    if not request.headers.get("Accept"):
        return JSON
    return request.accept_mimetypes.best_match([JSON, CSV])


def _tag(handle: ReleaseHandle, *parts: str) -> str:
    digest = hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8)
    return f"{handle.release_id}-{digest.hexdigest()}"
