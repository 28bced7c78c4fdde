"""The addresses of the desk. Each has the role it asks for beside it; what has none is refused."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request, send_file, session
from flask_login import current_user, login_user, logout_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from data.accounts import ROLES, Account, Accounts, Role
from settings import ROOT, Settings
from web.api_limits import caller
from web.desk.auth import DESK, SIGN_IN, SignedIn, TooManyAttempts, checked, safe_return, set_up_sessions
from web.desk.uploads import MARKED, MOST_BYTES, Upload, UploadError, Uploads, environment, known_rounds
from web.desk.words import ACTS, INDICATORS, RESULTS, ROLE_NAMES, SEVERITIES, counted

Frame = Callable[[str, str, Markup, int], Response]
"""The site's frame around a page of the desk: title, sentence, content and status to the answer."""

PUBLIC = {"desk.sign_in", "desk.signing_in"}
NEEDED: dict[str, Role] = {
    "desk.home": "viewer",
    "desk.upload_page": "viewer",
    "desk.marked": "viewer",
    "desk.template": "viewer",
    "desk.sign_out": "viewer",
    "desk.upload": "editor",
    "desk.publish": "editor",
    "desk.undo": "editor",
    "desk.letters": "editor",
    "desk.log": "administrator",
}
FORM_BYTES = 64_000
PATIENCE_SECONDS = 120
SHOWN_PROBLEMS = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def desk(server: Flask, settings: Settings, framed: Frame) -> Blueprint:
    """The desk's routes. Without accounts configured they say that it is off, and there are no sessions at all."""
    routes = Blueprint("desk", __name__, url_prefix=DESK, template_folder="templates")
    if settings.accounts_url is None:
        return _off(routes, framed)
    accounts = Accounts(settings.accounts_url)
    set_up_sessions(server, accounts, tls=settings.public_url.startswith("https:"))
    protection = CSRFProtect(server)
    _guard(routes, protection)
    _Desk(settings, accounts, framed).register(routes)
    return routes


def _off(routes: Blueprint, framed: Frame) -> Blueprint:
    @routes.route("", defaults={"rest": ""}, methods=["GET", "POST"])
    @routes.route("/<path:rest>", methods=["GET", "POST"])
    def off(rest: str) -> Response:
        said = Markup("<p>{}</p>").format(
            "Para abrirla, quien administra el sitio configura APERTURA_ACCOUNTS_URL y agrega cuentas con "
            "python -m web.accounts add."
        )
        return framed("Mesa de la comisión", "La mesa de la comisión está apagada", said, 503)

    return routes


def _guard(routes: Blueprint, protection: CSRFProtect) -> None:
    @routes.before_request
    def guard() -> Response | None:
        request.max_content_length = MOST_BYTES + FORM_BYTES if request.endpoint == "desk.upload" else FORM_BYTES
        if request.endpoint not in PUBLIC:
            if not current_user.is_authenticated:
                if request.method not in ("GET", "HEAD"):
                    abort(403)
                return _to(f"{SIGN_IN}?siguiente={request.path}")
            needed = NEEDED.get(request.endpoint or "")
            if needed is None or not current_user.account.may(needed):
                abort(403)
        protection.protect()
        return None

    @routes.after_request
    def private(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response


def _to(address: str) -> Response:
    answer = redirect(address, 303)
    assert isinstance(answer, Response)
    return answer


class _Desk:
    """The pages and acts of the desk."""

    def __init__(self, settings: Settings, accounts: Accounts, framed: Frame) -> None:
        self._settings = settings
        self._accounts = accounts
        self._framed = framed
        self._uploads = Uploads(settings)

    def register(self, routes: Blueprint) -> None:
        """Give each address its function."""
        for rule, endpoint, function, methods in (
            ("", "home", self.home, ["GET"]),
            ("/entrar", "sign_in", self.sign_in, ["GET"]),
            ("/entrar", "signing_in", self.signing_in, ["POST"]),
            ("/salir", "sign_out", self.sign_out, ["POST"]),
            ("/cargar", "upload", self.upload, ["POST"]),
            ("/archivos/<sha256>", "upload_page", self.upload_page, ["GET"]),
            ("/archivos/<sha256>/informe.xlsx", "marked", self.marked, ["GET"]),
            ("/archivos/<sha256>/publicar", "publish", self.publish, ["POST"]),
            ("/rondas/<round_id>/deshacer", "undo", self.undo, ["POST"]),
            ("/rondas/<round_id>/cartas.zip", "letters", self.letters, ["GET"]),
            ("/rondas/<round_id>/plantilla.xlsx", "template", self.template, ["GET"]),
            ("/bitacora", "log", self.log, ["GET"]),
        ):
            routes.add_url_rule(rule, endpoint, function, methods=methods)

    def sign_in(self, told: str | None = None, status: int = 200) -> Response:
        """The form."""
        back = safe_return(request.values.get("siguiente"))
        return self._page("Entrar", "Entrar a la mesa de la comisión", "sign_in.html", status, told=told, back=back)

    def signing_in(self) -> Response:
        """Take a name and a password; a new session begins with the sign-in."""
        name, password = request.form.get("name", "")[:60], request.form.get("password", "")
        address = caller(request.environ, self._settings.trusted_proxies)
        try:
            account = checked(self._accounts, name, password, address)
        except TooManyAttempts:
            self._accounts.record(self._known(name), "sign_in", "too_many")
            return self.sign_in("Demasiados intentos. Espere quince minutos y vuelva a intentarlo.", 429)
        if account is None:
            self._accounts.record(self._known(name), "sign_in", "refused")
            return self.sign_in("El nombre o la contraseña no son correctos.", 401)
        back = safe_return(request.form.get("siguiente"))
        session.clear()
        session.permanent = True
        login_user(SignedIn(account))
        self._accounts.record(account.name, "sign_in", "done")
        return _to(back)

    def _known(self, name: str) -> str:
        """The name for the log: of an account only, for people type passwords where names belong."""
        return name if self._accounts.by_name(name) is not None else "(ninguna)"

    def sign_out(self) -> Response:
        """End all sessions of the account."""
        name = _account().name
        self._accounts.end_sessions(name)
        logout_user()
        session.clear()
        self._accounts.record(name, "sign_out", "done")
        return _to(SIGN_IN)

    def home(self) -> Response:
        """Rounds, uploads, and what can be done with them."""
        rounds: list[dict[str, Any]] = [{"round_id": name, "undo": self._undo_state(name)} for name in known_rounds()]
        return self._page(
            "Mesa de la comisión", "Rondas de la encuesta", "home.html", rounds=rounds, uploads=self._uploads.all()[:100],
            refresh=any(entry["undo"]["is_working"] for entry in rounds),
        )  # fmt: skip

    def upload(self) -> Response:
        """Keep a file and begin to check it."""
        round_id = self._round(request.form.get("round", ""))
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            return self._refused("No llegó ningún archivo.")
        account = _account().name
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            kept = self._uploads.keep(sent.stream, sent.filename, round_id, account, now)
        except UploadError as error:
            return self._refused(str(error))
        self._accounts.record(account, "upload", "done", kept.sha256, {"round": round_id, "bytes": kept.bytes})
        self._uploads.start("check", kept.folder, round_id, account)
        return _to(f"{DESK}/archivos/{kept.sha256}")

    def upload_page(self, sha256: str) -> Response:
        """The report of a file, what publishing it would change, and the button for it."""
        upload = self._upload(sha256)
        result = upload.result or {}
        report, counts = result.get("report") or {}, (result.get("report") or {}).get("counts", {})
        sentence = "El archivo se está revisando"
        if not upload.is_working:
            sentence = _sentence(result, counts)
        return self._page(
            "Archivo", sentence, "upload.html", upload=upload, result=result, report=report, counts=counts,
            serious=[p for p in report.get("problems", []) if p["severity"] != "notice"][:SHOWN_PROBLEMS],
            notices=[p for p in report.get("problems", []) if p["severity"] == "notice"][:SHOWN_PROBLEMS],
            preview=result.get("preview"),
            refresh=upload.is_working or upload.result is None,
        )  # fmt: skip

    def marked(self, sha256: str) -> Response:
        """The report as XLSX with the cells marked."""
        path = self._upload(sha256).folder / MARKED
        if not path.is_file():
            abort(404)
        return send_file(path, XLSX, as_attachment=True, download_name=f"informe_{sha256[:8]}.xlsx")

    def publish(self, sha256: str) -> Response:
        """Begin to publish a file; with warnings only on the tick, which is recorded."""
        upload = self._upload(sha256)
        counts = ((upload.result or {}).get("report") or {}).get("counts", {"error": 1})
        accepted = request.form.get("accept_warnings") == "yes"
        if counts["error"] or (counts["warning"] and not accepted):
            abort(409)
        account = _account().name
        self._uploads.start("publish", upload.folder, upload.round_id, account, accept_warnings=accepted)
        return _to(f"{DESK}/archivos/{sha256}")

    def undo(self, round_id: str) -> Response:
        """Begin to undo the newest import of a round."""
        known = self._round(round_id)
        self._uploads.start("undo", self._undo_folder(known), known, _account().name)
        return _to(DESK)

    def letters(self, round_id: str) -> Response:
        """The letters of follow-up and their templates, in one archive."""
        known = self._round(round_id)
        with tempfile.TemporaryDirectory() as folder:
            self._command("--round", known, "--letters", folder)
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in sorted(Path(folder).iterdir()):
                    archive.write(path, path.name)
        self._accounts.record(_account().name, "letters", "done", detail={"round": known})
        packed.seek(0)
        return send_file(packed, "application/zip", as_attachment=True, download_name=f"cartas_{known}.zip")

    def template(self, round_id: str) -> Response:
        """The template of a round; with ``?entidad=14`` that of one state, with what it answered so far."""
        known, state = self._round(round_id), request.args.get("entidad", "")
        if state and not (len(state) == 2 and state.isdigit() and 1 <= int(state) <= 32):
            abort(400)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "plantilla.xlsx"
            self._command("--round", known, "--template", str(path), *(["--state", state] if state else []))
            content = io.BytesIO(path.read_bytes())
        name = f"plantilla_{known}{f'_{state}' if state else ''}.xlsx"
        return send_file(content, XLSX, as_attachment=True, download_name=name)

    def log(self) -> Response:
        """Who did what, and the accounts there are."""
        return self._page(
            "Bitácora",
            "Lo que se ha hecho en la mesa",
            "log.html",
            entries=self._accounts.log(),
            accounts=self._accounts.all(),
        )

    def _page(self, title: str, sentence: str, name: str, status: int = 200, **context: Any) -> Response:
        account = _account() if current_user.is_authenticated else None
        words = {
            "acts": ACTS,
            "results": RESULTS,
            "roles": ROLE_NAMES,
            "severities": SEVERITIES,
            "names": INDICATORS,
            "counted": counted,
        }
        may = {role: account is not None and account.may(role) for role in ROLES}
        content = render_template(
            f"desk/{name}", account=account, may=may, token=generate_csrf(), desk=DESK, **words, **context
        )
        answer = self._framed(title, sentence, Markup(content), status)
        if context.get("refresh"):
            answer.headers["Refresh"] = "2"
        return answer

    def _refused(self, told: str) -> Response:
        said = Markup("<p>{}</p><p><a href='{}'>Volver</a></p>").format(told, DESK)
        return self._framed("Archivo", "El archivo no se cargó", said, 400)

    def _upload(self, sha256: str) -> Upload:
        found = self._uploads.get(sha256)
        if found is None:
            abort(404)
        return found

    def _round(self, name: str) -> str:
        known = known_rounds()
        if name not in known:
            abort(404)
        return known[known.index(name)]

    def _undo_folder(self, round_id: str) -> Path:
        return self._uploads.root / f"undo-{round_id}"

    def _undo_state(self, round_id: str) -> dict[str, Any]:
        return self._uploads.act_state(self._undo_folder(round_id))

    def _command(self, *arguments: str) -> None:
        """A short command of the ETL, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "etl", "import-survey", *arguments, "--json"],
            cwd=ROOT, env=environment(self._settings), capture_output=True, timeout=PATIENCE_SECONDS, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            abort(500)


def _account() -> Account:
    found: Account = current_user.account
    return found


def _sentence(result: Mapping[str, Any], counts: Mapping[str, int]) -> str:
    """What came of a file, in one sentence."""
    if not result:
        return "La revisión se interrumpió; cargue el archivo de nuevo"
    if result.get("failure"):
        return "No se pudo terminar; nada cambió"
    if result["act"] == "publish" and result.get("release_id"):
        return f"Publicado en la versión {result['release_id']}"
    if counts.get("error"):
        return f"No se puede publicar: {counted(counts['error'], 'error')}"
    if counts.get("warning"):
        return f"Se puede publicar si acepta {counted(counts['warning'], 'warning')}"
    return "Listo para publicar"
