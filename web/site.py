"""The site as one Flask application: Dash's routes, pages first as HTML, and what every answer passes through."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from dash import Dash, html
from dash.development.base_component import Component
from flask import Flask, Response, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

import callbacks
import layouts
from data.database import Database
from layouts.components.island import Node
from layouts.components.view import drawable
from layouts.i18n import split_language
from layouts.page import Page, PageView
from settings import Settings
from web.answers import Answer, Answers
from web.api_limits import Rate
from web.assets import CHART_SCRIPTS, FOLDER
from web.compression import compressed
from web.data_routes import data_routes
from web.desk import desk
from web.document import Frame, bare_document, dash_scripts, document, quiet_document, scripts
from web.headers import cached, conditional, secured
from web.health import health
from web.images.serving import pictures
from web.kept_answers import KeptAnswers
from web.metrics import Counted, metrics
from web.parts import ROOM, part
from web.pictures import standalone
from web.shown_files import shown_file

EMBED, PICTURE, TABLE = "/embed", "/imagen", "/tabla"
SITE_EXTENSION = "apertura-site"

logger = logging.getLogger(__name__)


class Site(Dash):
    """Dash, answering every address with a whole page."""

    def __init__(self, server: Flask, answers: Answers) -> None:
        super().__init__(
            __name__,
            server=server,  # type: ignore[arg-type]  # Dash takes a Flask too
            assets_folder=str(FOLDER),
            include_assets_files=False,
            update_title="",
            add_log_handler=False,
        )
        self._answers = answers
        # Each page brings its own layout in its document; this stands in for it where there is no document.
        self.layout = html.Div()
        callbacks.register(self, answers)
        # Dash would do this at its first request, and meanwhile refuse its own scripts to requests on other threads.
        self._setup_server()  # type: ignore[no-untyped-call]

    def index(self, *_args: object, **_kwargs: object) -> Response:
        """The answer to any address that no other route takes."""
        if request.path.startswith(f"{ROOM}/"):
            return self._part(request.path.removeprefix(ROOM))
        locale, path = split_language(request.path)
        for room, one_view in ((EMBED, self._embedded), (PICTURE, self._pictured), (TABLE, self._taken)):
            if path == room or path.startswith(f"{room}/"):
                return one_view(f"{locale.prefix}{path.removeprefix(room) or '/'}")
        return self.page(self._answers.at(_address(request.path)))

    def _part(self, path: str) -> Response:
        address = _address(path)
        now = self._answers.at(address)
        response = Response(part(now, address), status=now.view.status, mimetype="application/json")
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def page(self, now: Answer) -> Response:
        """The document of an answer."""
        return Response(document(now, self._frame()), status=now.view.status, mimetype="text/html")

    def scripts_of_pages(self) -> list[str]:
        """The addresses of every script that a page may load."""
        return [*scripts(), *dash_scripts(self._generate_scripts_html()), *CHART_SCRIPTS]

    def quiet_page(self, title: str, sentence: str, content: Markup, status: int, head: Markup) -> Response:
        """A page in the frame of the site without its scripts, for the commission's desk; ``head`` is what it has of its own."""
        view = PageView(title=title, sentence=sentence, content=[content], status=status)
        locale, path = split_language(request.path)
        now = Answer(view, locale, path, "", None)
        written = quiet_document(now, self._answers.pages, self._answers.host, head)
        return Response(written, status=status, mimetype="text/html")

    def _frame(self) -> Frame:
        return Frame(
            pages=self._answers.pages,
            host=self._answers.host,
            scripts=self._generate_scripts_html(),
            config=self._generate_config_html(),
            dependencies=self.dependencies().get_data(as_text=True),
        )

    def _embedded(self, path: str) -> Response:
        now, part = self._view(path)
        if part is None:
            return self.page(now)
        return Response(bare_document(now, part, self._answers.host), mimetype="text/html")

    def _pictured(self, path: str) -> Response:
        now, part = self._view(path)
        if part is None or not drawable(part):
            return self.page(now if part is None else self._answers.failed(quote(path), 404))
        return Response(standalone(now, part, self._answers.host), mimetype="image/svg+xml")

    def _taken(self, path: str) -> Response:
        now, part = self._view(path, whole=True)
        if part is None:
            return self.page(now)
        key, form = (request.args.get(name, "") for name in ("vista", "forma"))
        return shown_file(now, part, key, form, self._answers.host) or self.page(self._answers.failed(quote(path), 404))

    def _view(self, path: str, *, whole: bool = False) -> tuple[Answer, Component | None]:
        """The answer at `path` and the view of it that is asked for; where there is none, the answer that says so."""
        now = self._answers.at(_address(path), whole=whole)
        part = _part(now.view.whole, request.args.get("vista", ""))
        if part is None and now.view.status == 200:
            return self._answers.failed(quote(path), 404), None
        return now, part


def create_site(settings: Settings, database: Database, pages: Sequence[Page] | None = None) -> Flask:
    """The Flask application that gunicorn serves, by default with every page there is.

    Nothing is opened before the first request.
    """
    server = Flask("apertura", static_folder=None)
    rate = Rate(settings.api_rate, settings.trusted_proxies)
    for routes in [health(database), pictures(settings), *data_routes(settings, database, rate)]:
        server.register_blueprint(routes)
    answers = Answers(layouts.pages() if pages is None else pages, database, settings.public_url.rstrip("/"))
    site = Site(server, answers)
    server.extensions[SITE_EXTENSION] = site
    desk(server, settings, site.quiet_page, database)
    tls = settings.public_url.startswith("https:")
    kept = KeptAnswers(server.wsgi_app, database, rate.admits)
    counted = Counted(kept)
    server.wsgi_app = counted  # type: ignore[method-assign]  # the way of Flask's own manual
    server.register_blueprint(metrics(counted, settings, database))

    @server.after_request
    def finish(response: Response) -> Response:
        framed = split_language(request.path)[1].startswith(EMBED)
        whole = compressed(cached(secured(response, framed=framed, tls=tls)), settings.cache_dir / "compressed")
        kept.keep(whole)
        return conditional(whole)

    @server.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response | HTTPException:
        return site.page(answers.failed(quote(request.path), error.code or 500)) if error.response is None else error

    @server.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        logger.error("%s %s", request.method, request.full_path, exc_info=error)
        return site.page(answers.failed(quote(request.path), 500))

    return server


def _address(path: str) -> str:
    query = request.query_string.decode(errors="replace")
    return f"{quote(path)}?{query}" if query else quote(path)


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
