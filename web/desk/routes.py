"""The addresses of the desk, in each language. Each has the role it asks for beside it; what has none is refused."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Blueprint, Flask, Response, request
from flask_login import current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge

from data.accounts import Accounts, Role
from data.database import Database
from layouts.i18n import locales
from settings import Settings
from web.desk.auth import DESK, set_up_sessions
from web.desk.door import Door
from web.desk.page import Frame, Pages, here, language, styled, to
from web.desk.rounds import Rounds
from web.desk.uploads import MOST_BYTES

PUBLIC = {"sign_in", "signing_in", "sign_in_elsewhere", "back_from_elsewhere"}
NEEDED: dict[str, Role] = {
    "home": "viewer",
    "upload_page": "viewer",
    "upload_progress": "viewer",
    "undo_progress": "viewer",
    "marked": "viewer",
    "template": "viewer",
    "sign_out": "viewer",
    "upload": "editor",
    "check": "editor",
    "publish": "editor",
    "undo": "editor",
    "letters": "editor",
    "log": "administrator",
}
FORM_BYTES = 64_000

logger = logging.getLogger(__name__)


def desk(server: Flask, settings: Settings, framed: Frame, database: Database) -> None:
    """Add the desk's routes. Without accounts configured they say that it is off, and there are no sessions at all."""
    if settings.accounts_url is None:
        routes = _off(framed)
    else:
        routes = Blueprint("desk", __name__, template_folder="templates")
        accounts = Accounts(settings.accounts_url)
        set_up_sessions(server, accounts, tls=settings.public_url.startswith("https:"))
        pages = Pages(framed)
        _guard(routes, CSRFProtect(server), pages)
        _register(routes, settings, accounts, pages, database)
    for locale in locales():
        name = f"desk_{locale.code}" if locale.prefix else "desk"
        server.register_blueprint(routes, url_prefix=f"{locale.prefix}{DESK}", name=name)


def act_asked() -> str:
    """The name of the desk's function that a request is for, whatever its language; empty for none."""
    return (request.endpoint or "").partition(".")[2]


def _register(routes: Blueprint, settings: Settings, accounts: Accounts, pages: Pages, database: Database) -> None:
    door, rounds = Door(settings, accounts, pages), Rounds(settings, accounts, pages, database)
    rules: list[tuple[str, Callable[..., Response], str]] = [
        ("/entrar", door.sign_in, "GET"),
        ("/entrar", door.signing_in, "POST"),
        ("/entrar/oidc", door.sign_in_elsewhere, "GET"),
        ("/entrar/vuelta", door.back_from_elsewhere, "GET"),
        ("/salir", door.sign_out, "POST"),
        ("", rounds.home, "GET"),
        ("/cargar", rounds.upload, "POST"),
        ("/archivos/<sha256>", rounds.upload_page, "GET"),
        ("/archivos/<sha256>/avance", rounds.upload_progress, "GET"),
        ("/archivos/<sha256>/informe.xlsx", rounds.marked, "GET"),
        ("/archivos/<sha256>/revisar", rounds.check, "POST"),
        ("/archivos/<sha256>/publicar", rounds.publish, "POST"),
        ("/rondas/<round_id>/deshacer", rounds.undo, "POST"),
        ("/rondas/<round_id>/deshacer/avance", rounds.undo_progress, "GET"),
        ("/rondas/<round_id>/cartas.zip", rounds.letters, "GET"),
        ("/rondas/<round_id>/plantilla.xlsx", rounds.template, "GET"),
        ("/bitacora", rounds.log, "GET"),
    ]
    for rule, function, method in rules:
        routes.add_url_rule(rule, function.__name__, function, methods=[method])


def _off(framed: Frame) -> Blueprint:
    routes = Blueprint("desk", __name__)

    @routes.route("", defaults={"rest": ""}, methods=["GET", "POST"])
    @routes.route("/<path:rest>", methods=["GET", "POST"])
    def off(rest: str) -> Response:
        text = language().text
        said = text(
            "Para abrirla, quien administra el sitio configura APERTURA_ACCOUNTS_URL y agrega cuentas con "
            "python -m web.accounts add."
        )
        sentence = text("La mesa de la comisión está apagada")
        return framed(text("Mesa de la comisión"), sentence, Markup("<p>{}</p>").format(said), 503, styled())

    return routes


def _guard(routes: Blueprint, protection: CSRFProtect, pages: Pages) -> None:
    @routes.before_request
    def guard() -> Response | None:
        act = act_asked()
        request.max_content_length = MOST_BYTES + FORM_BYTES if act == "upload" else FORM_BYTES
        if act not in PUBLIC:
            if not current_user.is_authenticated:
                if request.method not in ("GET", "HEAD"):
                    return _over(pages, 403)
                return to(f"{here('/entrar')}?siguiente={request.path}")
            needed = NEEDED.get(act)
            if needed is None or not current_user.account.may(needed):
                return _not_allowed(pages)
        protection.protect()
        return None

    @routes.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Response:
        return _over(pages, 400)

    @routes.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> Response:
        text = language().text
        told = text("El archivo pesa más de {most} MB.", most=MOST_BYTES // 1_000_000)
        return pages.said(text("Archivo"), text("El archivo no se cargó"), told, 413)

    @routes.errorhandler(OSError)
    def not_kept(error: OSError) -> Response:
        logger.error("%s %s", request.method, request.path, exc_info=error)
        text = language().text
        told = text(
            "El disco del servidor está lleno o no deja escribir. Avise a quien administra el sitio y repítalo después."
        )
        return pages.said(text("Mesa de la comisión"), text("El servidor no pudo guardar nada"), told, 507)

    @routes.after_request
    def private(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response


def _over(pages: Pages, status: int) -> Response:
    """To a form that was sent without a session, or with that of another sign-in."""
    text = language().text
    told = text("No se hizo nada de lo pedido. Entre otra vez y repítalo desde su página.")
    return pages.said(text("Sesión terminada"), text("La sesión terminó"), told, status)


def _not_allowed(pages: Pages) -> Response:
    text = language().text
    told = text("Quien administra el sitio da los papeles: consulta, edición y administración.")
    return pages.said(text("Sin permiso"), text("Su cuenta no puede hacer esto"), told, 403)
