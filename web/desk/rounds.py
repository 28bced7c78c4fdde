"""Rounds at the desk: upload, report, publish, undo, letters, templates, and the log of it all."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Response, abort, jsonify, request, send_file

from data.accounts import Accounts
from data.database import Database
from data.queries.actors import state_names
from data.queries.survey import served_copy
from data.round_copies import RoundCopy, newest_copies
from layouts.i18n import Locale
from settings import ROOT, Settings
from web.desk.links import emptied
from web.desk.page import Pages, here, language, signed_in, to
from web.desk.problems import folded, kinds
from web.desk.uploads import MARKED, SHA256, Upload, UploadError, Uploads, environment, is_settled, known_rounds
from web.desk.words import counted, how_far

PATIENCE_SECONDS = 120
SHOWN_PROBLEMS = 300
SHOWN_LINKS = 100
NO_IMPORT = "none"
"""What the ETL calls a round before its first import, where it names one by the hash of its newest copy."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Rounds:
    """The acts of an editor and what everybody signed in may see of them."""

    def __init__(self, settings: Settings, accounts: Accounts, pages: Pages, database: Database) -> None:
        self._settings = settings
        self._accounts = accounts
        self._pages = pages
        self._database = database
        self._uploads = Uploads(settings)

    def home(self) -> Response:
        """Rounds, uploads, and what can be done with them."""
        text = language().text
        rounds = [self._standing(name) for name in known_rounds()]
        moving = [how_far(language(), entry["undo"]["progress"]) for entry in rounds if entry["undo"]["is_working"]]
        return self._pages.page(
            _moving_title(text("Mesa de la comisión"), *moving), text("Rondas de la encuesta"), "home.html",
            rounds=rounds, uploads=self._uploads.all()[:100], moving=moving,
        )  # fmt: skip

    def upload(self) -> Response:
        """Keep a file and begin to check it."""
        round_id = self._round(request.form.get("round", ""))
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            return self._refused(language().text("No llegó ningún archivo."))
        account = signed_in().name
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            kept = self._uploads.keep(sent.stream, sent.filename, round_id, account, now)
        except UploadError as error:
            return self._refused(language().text(error.message, **error.values))
        self._accounts.record(account, "upload", "done", kept.sha256, {"round": round_id, "bytes": kept.bytes})
        self._uploads.start("check", kept.folder, round_id, account)
        return to(f"{here()}/archivos/{kept.sha256}")

    def upload_page(self, sha256: str) -> Response:
        """The report of a file, what publishing it would change, and the button for it."""
        upload = self._upload(sha256)
        result = upload.result or {}
        report, counts = result.get("report") or {}, (result.get("report") or {}).get("counts", {})
        notices = [problem for problem in report.get("problems", []) if problem["severity"] == "notice"]
        serious = [problem for problem in report.get("problems", []) if problem["severity"] != "notice"]
        locale = language()
        title, moving = locale.text("Archivo"), []
        newest, *_ = (*newest_copies(self._settings.snapshots_dir, upload.round_id), None)
        is_stale = bool(result.get("preview")) and not _is_published(result) and not _stands_as_seen(newest, result)
        if upload.is_working:
            moving = [how_far(locale, upload.progress)]
            is_publishing = upload.act == "publish"
            sentence = locale.text("Publicando el archivo") if is_publishing else locale.text("Revisando el archivo")
        else:
            sentence = _sentence(locale, upload, counts, is_stale=is_stale)
        return self._pages.page(
            _moving_title(title, *moving), sentence, "upload.html", upload=upload, result=result, report=report, counts=counts,
            is_stale=is_stale, is_behind=self._standing(upload.round_id)["is_behind"], changes_nothing=_changes_nothing(result.get("preview")),
            serious=folded(serious[:SHOWN_PROBLEMS]), notices=folded(notices[:SHOWN_PROBLEMS]),
            kinds=kinds(serious) if len(serious) > SHOWN_PROBLEMS else [],
            most=SHOWN_PROBLEMS,
            preview=result.get("preview"), is_published=_is_published(result),
            emptied=emptied(upload.round_id, result.get("preview") or {})[:SHOWN_LINKS],
            moving=moving,
        )  # fmt: skip

    def upload_progress(self, sha256: str) -> Response:
        """How far the act on a file is, for the script that moves its bar."""
        upload = self._upload(sha256)
        return jsonify(is_working=upload.is_working, **how_far(language(), upload.progress))

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
        if not _is_published(upload.result or {}):
            if counts["error"] or (counts["warning"] and not accepted):
                return self._not_publishable(sha256)
            self._begun("publish", upload.round_id, sha256)
            self._uploads.start(
                "publish", upload.folder, upload.round_id, signed_in().name, accept_warnings=accepted,
                expect=_seen(),
            )  # fmt: skip
        return to(f"{here()}/archivos/{sha256}")

    def check(self, sha256: str) -> Response:
        """Check a file again, against the round as it is now."""
        upload = self._upload(sha256)
        self._uploads.start("check", upload.folder, upload.round_id, signed_in().name)
        return to(f"{here()}/archivos/{sha256}")

    def undo(self, round_id: str) -> Response:
        """Begin to undo the newest import of a round."""
        known = self._round(round_id)
        self._begun("undo", known)
        self._uploads.start("undo", self._undo_folder(known), known, signed_in().name, expect=_seen())
        return to(here())

    def undo_progress(self, round_id: str) -> Response:
        """How far the undoing of a round's newest import is."""
        state = self._undo_state(self._round(round_id))
        return jsonify(is_working=state["is_working"], **how_far(language(), state["progress"]))

    def letters(self, round_id: str) -> Response:
        """The letters of follow-up and their templates, in one archive."""
        known = self._round(round_id)
        with tempfile.TemporaryDirectory() as folder:
            self._command("--round", known, "--letters", folder)
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for path in sorted(Path(folder).iterdir()):
                    archive.write(path, path.name)
        self._accounts.record(signed_in().name, "letters", "done", detail={"round": known})
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
        text = language().text
        return self._pages.page(
            text("Bitácora"),
            text("Lo que se ha hecho en la mesa"),
            "log.html",
            entries=self._accounts.log(),
            accounts=self._accounts.all(),
        )

    def _begun(self, act: str, round_id: str, sha256: str | None = None) -> None:
        """Write down an act before it begins: what came of it is written by its own process, which may be killed."""
        self._accounts.record(signed_in().name, act, "begun", sha256, {"round": round_id})

    def _standing(self, round_id: str) -> dict[str, Any]:
        """How a round stands: its newest import, what undoing that would bring back, and what came of undoing."""
        copies = newest_copies(self._settings.snapshots_dir, round_id)
        newest, before = (*copies, None, None)[:2]
        upload = self._uploads.get(newest.upload_sha256) if newest else None
        names, served = self._served(round_id)
        folders = [self._undo_folder(round_id), *([upload.folder] if upload else [])]
        is_behind = served != (newest.sha256 if newest else None) and all(is_settled(folder) for folder in folders)
        return {
            "round_id": round_id, "undo": self._undo_state(round_id), "newest": newest, "before": before, "upload": upload,
            "states": names, "is_behind": is_behind, "answered": newest.answered if newest else frozenset(),
        }  # fmt: skip

    def _served(self, round_id: str) -> tuple[Mapping[str, str], str | None]:
        """What the states are called, by their code, and which copy of a round the site shows; nothing before any release."""
        handle = self._database.current()
        if handle is None:
            return {}, None
        with handle.connect() as connection:
            return state_names(connection), served_copy(connection, round_id)

    def _not_publishable(self, sha256: str) -> Response:
        """To a form that a page no longer offers, or that was sent without its tick."""
        text = language().text
        told = text("El archivo tiene errores, o advertencias que no se aceptaron. Vea su informe.")
        way = (f"{here()}/archivos/{sha256}", text("Ver el informe"))
        return self._pages.said(text("Archivo"), text("No se publicó nada"), told, 409, way)

    def _refused(self, told: str) -> Response:
        text = language().text
        return self._pages.said(text("Archivo"), text("El archivo no se cargó"), told, 400)

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


def _moving_title(title: str, *moving: Mapping[str, Any]) -> str:
    """The title while acts go on: how far the first is, which a tab shows, and a screen reader says of a page loaded anew."""
    return f"{moving[0]['shown']} · {title}" if moving else title


def _seen() -> str:
    """How the round stood on the page that a form comes from; a form that does not say it saw no import."""
    sent = request.form.get("seen", "")
    return sent if SHA256.fullmatch(sent) else NO_IMPORT


def _stands_as_seen(newest: RoundCopy | None, result: Mapping[str, Any]) -> bool:
    """Whether a round is as it was when a file was checked against it."""
    return bool(result.get("seen") == (newest.sha256 if newest else NO_IMPORT))


def _changes_nothing(preview: Mapping[str, Any] | None) -> bool:
    return preview is not None and not preview["new_states"] and not preview["replaced_states"]


def _is_published(result: Mapping[str, Any]) -> bool:
    return result.get("act") == "publish" and bool(result.get("release_id")) and not result.get("undone")


def _sentence(locale: Locale, upload: Upload, counts: Mapping[str, int], *, is_stale: bool) -> str:
    """What came of a file, in one sentence."""
    result = upload.result or {}
    if upload.is_interrupted and upload.act == "publish":
        return locale.text("La publicación se interrumpió")
    if upload.is_interrupted or not result:
        return locale.text("La revisión se interrumpió")
    if result.get("failure"):
        return locale.text("No se pudo terminar; lo publicado sigue como estaba")
    if _is_published(result):
        return locale.text("El archivo está publicado")
    if result.get("undone") and result.get("release_id"):
        return locale.text("El archivo se publicó y después se deshizo")
    if is_stale:
        return locale.text("La ronda cambió desde que se revisó el archivo")
    if counts.get("error"):
        return locale.text("No se puede publicar: {errors}", errors=counted(locale, counts["error"], "error"))
    if counts.get("warning"):
        warnings = counted(locale, counts["warning"], "warning")
        return locale.text("Se puede publicar si acepta {warnings}", warnings=warnings)
    if _changes_nothing(result.get("preview")):
        return locale.text("Nada cambiaría: la ronda ya dice lo mismo")
    return locale.text("Listo para publicar")
