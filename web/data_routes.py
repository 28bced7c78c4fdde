"""All addresses that give data rather than pages, and the refusals of those beside them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, request

from data.database import Database
from data.queries.dataset_filters import Message
from settings import Settings
from web.api import api
from web.api_limits import Rate
from web.api_problems import problem
from web.downloads import downloads
from web.downloads_archive import archives
from web.metadata import metadata
from web.metadata_feed import feed

DATA = ("/api/", "/datos/", "/en/datos/")


def data_routes(settings: Settings, database: Database, rate: Rate) -> Sequence[Blueprint]:
    """The blueprints of downloads, API and metadata; ``rate`` limits the API."""
    return [
        _refusals(),
        downloads(database),
        archives(settings, database),
        metadata(settings, database),
        feed(settings, database),
        api(settings, database, rate),
    ]


def _refusals() -> Blueprint:
    """What is asked of a data address in a way that it does not take gets a problem document, not a page."""
    routes = Blueprint("data_refusals", __name__)

    @routes.before_app_request
    def refuse_method() -> Response | None:
        error = request.routing_exception
        if error is None or error.code != 405 or not request.path.startswith(DATA):
            return None
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
        response = problem(405, Message(f"Esta dirección admite {allowed}.", f"This address takes {allowed}."))
        response.headers["Allow"] = allowed
        return response

    return routes
