"""The site as one Flask application: Dash's routes, pages first as HTML, and what every answer passes through."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from dash import Dash, html
from dash.development.base_component import Component
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

import callbacks
from data.database import Database
from layouts import errors
from layouts.components.island import Node
from layouts.i18n import split_language
from layouts.page import PageView
from settings import ROOT, Settings
from web.answers import Answer, CurrentRelease, answer
from web.assets import FOLDER
from web.compression import compressed
from web.document import bare_document, document
from web.headers import cached, secured
from web.health import health

EMBED = "/embed"
COMPRESSED = ROOT / "data" / "cache" / "compressed"

logger = logging.getLogger(__name__)


class Site(Dash):
    """Dash, answering every address with a whole page."""

    def __init__(self, server: Flask, current_release: CurrentRelease, host: str) -> None:
        """`host` is ours as readers reach it, with the scheme, for absolute links."""
        super().__init__(
            __name__,
            server=server,
            assets_folder=str(FOLDER),
            include_assets_files=False,
            update_title="",
            add_log_handler=False,
        )
        self._current_release = current_release
        self._host = host
        # Each page brings its own layout in its document; this stands in for it where there is no document.
        self.layout = html.Div()
        callbacks.register(self, current_release)

    def index(self, *_args: object, **_kwargs: object) -> Response:
        """The answer to any address that no other route takes."""
        locale, path = split_language(request.path)
        if path == EMBED or path.startswith(f"{EMBED}/"):
            return self._embedded(f"{locale.prefix}{path.removeprefix(EMBED) or '/'}")
        now = answer(_address(request.path), self._current_release)
        return self.page(now)

    def page(self, now: Answer) -> Response:
        """The document of an answer."""
        written = document(
            now,
            scripts=self._generate_scripts_html(),
            config=self._generate_config_html(),
            dependencies=self.dependencies().get_data(as_text=True),
            live=live_ids(self),
            host=self._host,
        )
        return Response(written, status=now.view.status, mimetype="text/html")

    def _embedded(self, path: str) -> Response:
        now = answer(_address(path), self._current_release)
        part = _part(now.view.content, request.args.get("vista", ""))
        if part is None:
            missing = errors.not_found(now.locale) if now.view.status == 200 else now.view
            return self.page(Answer(missing, now.locale, now.path, now.query, now.release))
        return Response(bare_document(now, part, self._host), mimetype="text/html")


def create_site(settings: Settings, database: Database) -> Flask:
    """The Flask application that gunicorn serves. Nothing is opened before the first request."""
    server = Flask("apertura", static_folder=None)
    server.register_blueprint(health(database))
    site = Site(server, database.current, settings.public_url.rstrip("/"))
    tls = settings.public_url.startswith("https:")

    @server.after_request
    def finish(response: Response) -> Response:
        framed = split_language(request.path)[1].startswith(EMBED)
        return compressed(cached(secured(response, framed=framed, tls=tls)), COMPRESSED)

    @server.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response | HTTPException:
        return _error_page(site, error.code or 500) if error.response is None else error

    @server.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        logger.error("%s %s", request.method, request.full_path, exc_info=error)
        return _error_page(site, 500)

    return server


def live_ids(app: Dash) -> frozenset[str]:
    """The ids of the components that callbacks read or write."""
    found: set[str] = set()
    for key, callback in app.callback_map.items():
        found.update(part.rsplit(".", 1)[0] for part in key.strip(".").split("..."))
        found.update(str(entry["id"]) for entry in [*callback["inputs"], *callback["state"]])
    return frozenset(found)


def _error_page(site: Site, status: int) -> Response:
    locale, path = split_language(request.path)
    view: PageView
    match status:
        case 404:
            view = errors.not_found(locale)
        case 500:
            view = errors.failed(locale)
        case _:
            view = errors.other(locale, status)
    return site.page(Answer(view, locale, path, "", None))


def _address(path: str) -> str:
    query = request.query_string.decode("latin-1")
    return f"{path}?{query}" if query else path


def _part(nodes: Sequence[Node] | Any, key: str) -> Component | None:
    """The component with the id `key` in a tree, if there is one."""
    for node in nodes if isinstance(nodes, Sequence) and not isinstance(nodes, str) else [nodes]:
        if isinstance(node, Component):
            if getattr(node, "id", None) == key:
                return node
            inside = _part(getattr(node, "children", None), key)
            if inside is not None:
                return inside
    return None
