"""A round at the desk, as an editor runs it: upload, report, publish on a tick, undo, letters; and the log of it all."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import signal
import time
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from data.database import Database
from data.queries import survey
from etl.failures import Reason
from etl.snapshots import SnapshotStore
from etl.survey.importing import check
from etl.survey.instrument import rounds
from etl.survey.rounds import keep_round
from layouts.i18n import locales
from tests.etl.survey.answered import as_csv, made_up_round, rows_of
from tests.etl.survey.spreadsheets import with_cell
from tests.web.desk.conftest import DeskSite, at_work, folder_of, token_of
from web.desk.failures import FAILURES
from web.desk.job import keep_result
from web.desk.uploads import FILE, LOCK, RESULT, write_json

PATIENCE_SECONDS = 120.0
LITTLE_ROOM = 700
ANSWERS = made_up_round(exercises=2, answering=1, without=0)


def upload(site: DeskSite, content: bytes, name: str) -> str:
    """Upload a file as the editor and wait until it is checked; the address of its page."""
    client = site.client("editor")
    form = {"csrf_token": token_of(client), "round": "2026", "file": (io.BytesIO(content), name)}
    answer = client.post("/comision/cargar", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert answer.location is not None
    settled(site, answer.location)
    return answer.location


def settled(site: DeskSite, address: str) -> TestResponse:
    """The page once nothing goes on any more."""
    client = site.client("editor")
    limit = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < limit:
        answer = client.get(address)
        if "<progress" not in answer.get_data(as_text=True):
            return answer
        assert re.search(r'<progress [^>]*max="100" value="\d+">', answer.get_data(as_text=True))
        time.sleep(0.2)
    raise AssertionError(f"{address} did not settle")


def act(site: DeskSite, address: str, **form: str) -> int:
    """Send a form of the desk as the editor."""
    client = site.client("editor")
    return client.post(address, data={"csrf_token": token_of(client), **form}).status_code


def seen_on(page: str) -> str:
    """How the round stood when the page was made, as its form says."""
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_a_file_with_errors_is_reported_and_cannot_be_published(desk_site: DeskSite) -> None:
    address = upload(desk_site, with_cell("Estatus", "<script>alert(1)</script>"), "../../evil<b>.xlsx")
    text = settled(desk_site, address).get_data(as_text=True)
    assert "No se puede publicar: 1 error<" in text
    assert "La pregunta no tiene esta opción." in text
    english = desk_site.client("viewer").get(f"/en{address}").get_data(as_text=True)
    assert (
        'option that the question does not have <small lang="es">La pregunta no tiene esta opción.</small>' in english
    )
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "evil&lt;b&gt;.xlsx" in text
    assert "Publicar</button>" not in text
    assert act(desk_site, f"{address}/publicar", accept_warnings="yes") == 409
    report = desk_site.client("viewer").get(f"{address}/informe.xlsx", buffered=True)
    assert load_workbook(io.BytesIO(report.data))["Informe"]["I2"].value == "unknown_option"
    assert Database(desk_site.settings).current() is None, "nothing was published"


def test_files_are_kept_by_hash_out_of_reach(desk_site: DeskSite) -> None:
    content = with_cell("Estatus", "Pausado")
    address = upload(desk_site, content, "a.xlsx")
    folder = Path(desk_site.settings.uploads_dir) / address.rsplit("/", 1)[1]
    assert (folder / "file").read_bytes() == content
    assert folder.stat().st_mode & 0o077 == 0
    young, old = (folder.parent / f".incoming-{name}" for name in ("young", "old"))
    for path in (young, old):
        path.write_bytes(b"half of a fi")
    os.utime(old, (0, 0))
    upload(desk_site, content, "a.xlsx")
    assert (young.exists(), old.exists()) == (True, False), "what a killed worker left goes, what is on its way stays"
    young.unlink()
    assert desk_site.client("editor").get(f"{address}/file").status_code in (303, 404)


def test_how_far_an_act_is_can_be_asked_for_while_it_goes_on(desk_site: DeskSite) -> None:
    address = upload(desk_site, with_cell("Estatus", "Detenido"), "a.xlsx")
    folder = folder_of(desk_site, address.rsplit("/", 1)[1])
    viewer = desk_site.client("viewer")
    with at_work(folder, phase="compare", percent=50):
        answer = viewer.get(f"{address}/avance")
        assert answer.get_json() == {
            "is_working": True, "phase": "Trabajando: Ver qué cambiaría", "percent": 50, "shown": "50%",
        }  # fmt: skip
        assert viewer.get(f"/en{address}/avance").get_json()["phase"] == "Working: Seeing what would change"
        page = viewer.get(address).get_data(as_text=True)
        assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
        assert "<title>50% · Archivo · Apertura</title>" in page
        assert re.findall(r'<script src="/assets/(\w+\.js)', page) == ["progress.js"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert viewer.get(f"{address}/avance").get_json()["is_working"] is False
    for nothing in ("/comision/archivos/x", f"/comision/archivos/{'0' * 64}", "/comision/rondas/1999/deshacer"):
        assert viewer.get(f"{nothing}/avance").status_code == 404, nothing


def test_an_undoing_that_goes_on_shows_how_far_it_is(desk_site: DeskSite) -> None:
    viewer = desk_site.client("viewer")
    with at_work(desk_site.settings.uploads_dir / "undo-2026", phase="undo", percent=10):
        answer = viewer.get("/comision/rondas/2026/deshacer/avance").get_json()
        assert (answer["is_working"], answer["shown"]) == (True, "10%")
        page = viewer.get("/comision").get_data(as_text=True)
        assert "<title>10% · Mesa de la comisión · Apertura</title>" in page
        assert 'data-progress="/comision/rondas/2026/deshacer/avance"' in page
    assert viewer.get("/comision/rondas/2026/deshacer/avance").get_json()["is_working"] is False
    assert "<progress" not in viewer.get("/comision").get_data(as_text=True)


def test_a_check_that_was_interrupted_is_said_and_not_waited_for(desk_site: DeskSite) -> None:
    address = upload(desk_site, with_cell("Estatus", "Interrumpido"), "a.xlsx")
    (folder_of(desk_site, address.rsplit("/", 1)[1]) / "result.json").unlink()
    page = desk_site.client("viewer").get(address).get_data(as_text=True)
    assert "La revisión se interrumpió<" in page
    assert "<progress" not in page
    assert f'action="{address}/revisar"' not in page
    assert f'action="{address}/revisar"' in desk_site.client("editor").get(address).get_data(as_text=True)
    assert act(desk_site, f"{address}/revisar") == 303
    assert "No se puede publicar: 1 error<" in settled(desk_site, address).get_data(as_text=True)


def test_a_publication_that_was_interrupted_is_said_and_looked_at_again(desk_site: DeskSite) -> None:
    address = upload(desk_site, as_csv(rows_of(ANSWERS)), "a.csv")
    folder = folder_of(desk_site, address.rsplit("/", 1)[1])
    (folder / LOCK).write_text("publish")
    page = desk_site.client("editor").get(address).get_data(as_text=True)
    assert "La publicación se interrumpió<" in page
    assert ">interrumpido<" in desk_site.client("viewer").get("/comision").get_data(as_text=True)
    assert f'action="{address}/publicar"' not in page, "nobody knows what it would change"
    assert act(desk_site, f"{address}/revisar") == 303
    assert f'action="{address}/publicar"' in settled(desk_site, address).get_data(as_text=True)


def test_an_act_that_failed_says_what_to_do_in_the_language_of_the_reader(desk_site: DeskSite) -> None:
    address = upload(desk_site, as_csv(rows_of(ANSWERS)), "a.csv")
    path = folder_of(desk_site, address.rsplit("/", 1)[1]) / RESULT
    undone = desk_site.settings.uploads_dir / "undo-2026" / RESULT
    undone.parent.mkdir(exist_ok=True)
    kept, editor = json.loads(path.read_bytes()), desk_site.client("editor")
    for reason, words in FAILURES.items():
        failure = {"reason": reason, "message": "/srv/<b>: cannot be written (No space left on device)"}
        write_json(path, {**kept, "act": "publish", "failure": failure})
        write_json(undone, {"act": "undo", "failure": failure})
        for locale in locales():
            for page in (editor.get(f"{locale.prefix}{address}"), editor.get(f"{locale.prefix}/comision")):
                text = page.get_data(as_text=True)
                assert locale.text(words) in text
                is_folded = '<pre lang="en">/srv/&lt;b&gt;: cannot' in text
                assert is_folded == (reason not in ("changed", "nothing_to_undo"))
    assert f'action="{address}/publicar"' in editor.get(address).get_data(as_text=True), "and may be tried again"
    undone.unlink()


def test_what_the_etl_can_say_of_a_failure_has_its_words() -> None:
    assert set(FAILURES) == {*get_args(Reason), "slow", "ended"}


def test_with_nothing_imported_there_is_nothing_to_undo(desk_site: DeskSite) -> None:
    page = desk_site.client("editor").get("/comision").get_data(as_text=True)
    assert "No hay ninguna importación que deshacer." in page
    assert "/deshacer" not in page
    assert act(desk_site, "/comision/rondas/2026/deshacer", seen="a" * 64) == 303
    page = settled(desk_site, "/comision").get_data(as_text=True)
    assert FAILURES["changed"] in page
    assert act(desk_site, "/comision/rondas/2026/deshacer", seen="--no-option") == 303
    assert FAILURES["nothing_to_undo"] in settled(desk_site, "/comision").get_data(as_text=True)


@pytest.mark.parametrize("release_id", [None, "20261126T165244Z-c1db8da2"])
def test_a_disk_without_room_for_a_report_has_some_for_what_happened(tmp_path: Path, release_id: str | None) -> None:
    path, whole = tmp_path / RESULT, {"act": "publish", "release_id": release_id, "report": "x" * LITTLE_ROOM}
    kept, told = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LITTLE_ROOM, kept[1]))
    try:
        keep_result(path, whole)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
        signal.signal(signal.SIGXFSZ, told)
    result = json.loads(path.read_bytes())
    assert (result["act"], result["release_id"]) == ("publish", release_id)
    assert ("failure" in result) == (release_id is None), "what was published is not said to have failed"
    assert [found.name for found in tmp_path.iterdir()] == [RESULT], "and no half of a file stays"


@pytest.mark.slow
def test_an_import_that_the_site_does_not_show_is_said_and_published_again(desk_site: DeskSite) -> None:
    address = upload(desk_site, as_csv(rows_of(ANSWERS)), "a.csv")
    folder, snapshots = folder_of(desk_site, address.rsplit("/", 1)[1]), SnapshotStore(desk_site.settings.snapshots_dir)
    checked = check(folder / FILE, "2026", rounds()["2026"], desk_site.settings)
    assert checked.content is not None
    # As a publication leaves it that was killed between the two.
    keep_round(snapshots, "2026", checked.content)
    for path in desk_site.settings.uploads_dir.glob("*/result.json"):
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 10))
        os.utime(path.with_name(LOCK), (0, 0))
    assert "El sitio no muestra la última importación" in desk_site.client("editor").get("/comision").get_data(
        as_text=True
    )
    assert act(desk_site, f"{address}/revisar") == 303
    page = settled(desk_site, address).get_data(as_text=True)
    assert "La ronda ya tiene estas respuestas y el sitio no las muestra: publíquelas otra vez." in page
    assert act(desk_site, f"{address}/publicar", accept_warnings="yes", seen=seen_on(page)) == 303
    assert "El archivo está publicado" in settled(desk_site, address).get_data(as_text=True)
    os.utime(folder / RESULT, (0, 0))
    os.utime(folder / LOCK, (0, 0))
    time.sleep(1.1)
    assert "El sitio no muestra" not in desk_site.client("editor").get("/comision").get_data(as_text=True)
    home = desk_site.client("editor").get("/comision").get_data(as_text=True)
    assert act(desk_site, "/comision/rondas/2026/deshacer", seen=seen_on(home)) == 303
    assert "No hay ninguna importación que deshacer." in settled(desk_site, "/comision").get_data(as_text=True)


def test_a_server_that_cannot_keep_files_says_so(desk_site: DeskSite) -> None:
    root, aside = desk_site.settings.uploads_dir, desk_site.settings.uploads_dir.with_name("aside")
    root.mkdir(exist_ok=True)
    root.rename(aside)
    root.write_text("no folder")
    try:
        client = desk_site.client("editor")
        form = {"csrf_token": token_of(client), "round": "2026", "file": (io.BytesIO(b"a,b"), "a.csv")}
        answer = client.post("/comision/cargar", data=form, content_type="multipart/form-data")
    finally:
        root.unlink()
        aside.rename(root)
    assert answer.status_code == 507
    assert "El servidor no pudo guardar nada<" in answer.get_data(as_text=True)
    assert "Avise a quien administra el sitio" in answer.get_data(as_text=True)


@pytest.mark.slow
def test_a_round_is_published_on_a_tick_undone_and_written_down(desk_site: DeskSite) -> None:
    rows = [row | {"Presupuesto": "5"} for row in rows_of(made_up_round(exercises=8, answering=5, without=1, seed=3))]
    address = upload(desk_site, as_csv(rows), "ronda.csv")
    shown = settled(desk_site, address).get_data(as_text=True)
    assert "Se puede publicar si acepta 1 advertencia<" in shown
    assert "15.6% <small>5 de 32</small>" in shown, "the response rate after publishing"
    assert act(desk_site, f"{address}/publicar") == 409, "not without the tick"
    other = upload(desk_site, as_csv(rows_of(ANSWERS)), "otro.csv")
    old_page = desk_site.client("editor").get(other).get_data(as_text=True)
    assert act(desk_site, f"{address}/publicar", accept_warnings="yes", seen=seen_on(shown)) == 303
    assert "El archivo está publicado" in settled(desk_site, address).get_data(as_text=True)
    assert act(desk_site, f"{address}/publicar", accept_warnings="yes", seen=seen_on(shown)) == 303
    sha256 = address.rsplit("/", 1)[1]
    tried = [entry for entry in desk_site.accounts.log() if (entry.act, entry.file_sha256) == ("publish", sha256)]
    assert len(tried) == 2, "begun and done: going back and pressing again publishes nothing twice"
    stale = settled(desk_site, other).get_data(as_text=True)
    assert "La ronda cambió desde que se revisó el archivo<" in stale
    assert f'action="{other}/publicar"' not in stale
    assert act(desk_site, f"{other}/publicar", accept_warnings="yes", seen=seen_on(old_page)) == 303
    changed = settled(desk_site, other).get_data(as_text=True)
    assert "No se publicó: mientras tanto se publicó o se deshizo otro archivo de la ronda." in changed
    assert f'action="{other}/publicar"' in changed, "what it shows now is what it would do"
    again = upload(desk_site, as_csv(rows), "ronda.csv")
    assert again == address
    told = settled(desk_site, again).get_data(as_text=True)
    assert "Se puede publicar si acepta 1 advertencia<" in told
    assert "Ver el diagnóstico" in told, "it is still known that it was published"
    home = desk_site.client("editor").get("/comision").get_data(as_text=True)
    assert "Han respondido 5 de 32 organismos." in home
    listed = re.findall(r'entidad=(\d\d)" download>[^<]+</a> <small>respondió<', home)
    assert listed == [body.state_code for body in made_up_round(exercises=8, answering=5, without=1, seed=3)]
    assert home.count("<small>no ha respondido<") == 27
    assert "Se quitaría «ronda.csv», que cargó editor, importado el " in home
    assert "La ronda quedaría sin respuestas, como antes de esa importación." in home
    database = Database(desk_site.settings)
    handle = database.current()
    assert handle is not None
    with handle.connect() as connection:
        assert sum(body.answered for body in survey.round_returns(connection, "2026")) == 5
    letters = desk_site.client("editor").get("/comision/rondas/2026/cartas.zip")
    packed = zipfile.ZipFile(io.BytesIO(letters.data))
    texts = [packed.read(name).decode() for name in packed.namelist() if name.startswith("carta_")]
    silent = [text for text in texts if "A la fecha no hemos recibido su respuesta." in text]
    assert len(silent) == 27
    assert all("La plantilla con el nombre de su entidad está en" in text for text in silent)
    assert all("con lo que ya respondió su entidad" in text for text in texts if text not in silent)
    filled = desk_site.client("viewer").get(f"/comision/rondas/2026/plantilla.xlsx?entidad={_answering_state()}")
    cells = [cell.value for row in load_workbook(io.BytesIO(filled.data)).worksheets[1].iter_rows() for cell in row]
    assert "Sí" in cells
    assert act(desk_site, "/comision/rondas/2026/deshacer", seen=seen_on(home)) == 303
    home = settled(desk_site, "/comision").get_data(as_text=True)
    assert "en servicio quedó" in home
    assert ", y deshecho</td>" in home
    page = settled(desk_site, address).get_data(as_text=True)
    assert "se deshizo; en servicio quedó" in page
    assert f'action="{address}/publicar"' not in page, "it was checked against what is no longer there"
    assert act(desk_site, f"{address}/revisar") == 303
    page = settled(desk_site, address).get_data(as_text=True)
    assert f'action="{address}/publicar"' in page, "and may be published again"
    assert act(desk_site, f"{address}/publicar", accept_warnings="yes", seen="a" * 64) == 303
    page = settled(desk_site, address).get_data(as_text=True)
    assert "No se publicó: mientras tanto" in page
    assert "se publicó y después se deshizo" not in page
    handle = database.current()
    time.sleep(1.1)
    handle = database.current()
    assert handle is not None
    with handle.connect() as connection:
        assert [found.round_id for found in survey.rounds(connection)] == ["2021"]
    database.close()
    log = [(entry.account, entry.act, entry.result) for entry in desk_site.accounts.log() if entry.act != "sign_in"]
    assert [entry for entry in log if entry[1] != "check"][:12] == [
        ("editor", "publish", "changed"), ("editor", "publish", "begun"),
        ("editor", "undo", "done"), ("editor", "undo", "begun"), ("editor", "letters", "done"),
        ("editor", "upload", "done"), ("editor", "publish", "changed"), ("editor", "publish", "begun"),
        ("editor", "publish", "done"), ("editor", "publish", "begun"), ("editor", "upload", "done"),
        ("editor", "upload", "done"),
    ]  # fmt: skip
    published = next(entry for entry in desk_site.accounts.log() if (entry.act, entry.result) == ("publish", "done"))
    assert published.detail["accepted_warnings"] == ["unknown_column"]
    undone = next(entry for entry in desk_site.accounts.log() if (entry.act, entry.result) == ("undo", "done"))
    assert published.file_sha256 == undone.file_sha256 == address.rsplit("/", 1)[1]
    page = desk_site.client("administrator").get("/comision/bitacora").get_data(as_text=True)
    assert "deshacer importación" in page
    assert "advertencias aceptadas: columna que el cuestionario no tiene" in page


def _answering_state() -> str:
    return next(body.state_code for body in made_up_round(8, 5, 1, seed=3) if body.exercises)
