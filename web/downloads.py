"""``/datos/<dataset>.<form>``: the rows of a dataset as a file, filtered, sorted and cut by the query of the address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, request

from data.database import Database
from data.extract import Extract
from web import downloads_files, downloads_text
from web.api_bodies import response_of
from web.api_problems import language
from web.api_request import asked_rows, described, not_modified, refuse
from web.metadata_csvw import link_to_metadata


@dataclass(frozen=True)
class Form:
    """A form of download: its suffix, its media type, and who writes it."""

    suffix: str
    mimetype: str
    write: Callable[[Extract], Iterator[bytes]]


FORMS = (
    Form("raw.csv", "text/csv", downloads_text.raw),
    Form("csv", "text/csv", downloads_text.spreadsheet),
    Form("json", "application/json", downloads_text.json_document),
    Form("ndjson", "application/x-ndjson", downloads_text.json_lines),
    Form("parquet", "application/vnd.apache.parquet", downloads_files.parquet),
    Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", downloads_files.xlsx),
)


def downloads(database: Database) -> Blueprint:
    """The routes, under ``/datos`` and ``/en/datos``."""
    routes = Blueprint("downloads", __name__)
    refuse(routes)
    for form in FORMS:
        for prefix in ("", "/en"):
            routes.add_url_rule(
                f"{prefix}/datos/<name>.{form.suffix}",
                f"{form.suffix.replace('.', '_')}{prefix.replace('/', '_')}",
                _view(form, database),
                methods=["GET"],
            )
    return routes


def _view(form: Form, database: Database) -> Callable[[str], Response]:
    def download(name: str) -> Response:
        asked = asked_rows(database, name)
        extract = Extract(asked.handle, asked.query, language())
        tag = extract.etag(form.suffix)
        response = not_modified(tag, extract.built_at, pinned=asked.pinned) or _file(form, extract)
        return described(response, tag, extract.built_at, pinned=asked.pinned)

    return download


def _file(form: Form, extract: Extract) -> Response:
    if request.method == "HEAD":
        # An iterator, for an empty body would say a length, 0, and the file has another.
        response = Response(iter(()), mimetype=form.mimetype)
    else:
        response = response_of(form.write(extract), form.mimetype)
    if form.mimetype == "text/csv":
        response.headers["Link"] = link_to_metadata()
    response.headers.set("Content-Disposition", "attachment", filename=extract.file_name(form.suffix))
    return response
