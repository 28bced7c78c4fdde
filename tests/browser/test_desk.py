"""The desk in a real Chromium, as an editor goes through a round: by keyboard, in both languages, and axe finds nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from data.accounts import Accounts
from etl.run import RunResult
from settings import ROOT, Settings
from tests.etl.survey.answered import as_csv, made_up_round, rows_of
from tests.etl.survey.spreadsheets import HEAD, ROW, book
from tests.site import running_site
from tests.web.desk.conftest import at_work
from web.desk.passwords import hashed
from web.desk.uploads import PROGRESS, RESULT, write_json

PASSWORD = "correcto caballo batería"
PATIENCE_MS = 120_000
SIZES = {"telephone": {"width": 360, "height": 740}, "desk": {"width": 1440, "height": 900}}


@dataclass(frozen=True)
class RunningDesk:
    """A site with its desk on and two accounts, an editor's and an administrator's; the folder for files to send."""

    url: str
    folder: Path


@pytest.fixture(scope="module")
def running_desk(built: tuple[Settings, RunResult], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A site of this module's own: what is published here is published nowhere else."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "data" / "snapshots", folder / "snapshots")
    shutil.copytree(built[0].releases_dir, folder / "releases")
    accounts_url = f"sqlite:///{folder / 'accounts.sqlite'}"
    accounts = Accounts(accounts_url)
    accounts.add("ana.perez", "editor", hashed(PASSWORD))
    accounts.add("jefa", "administrator", hashed(PASSWORD))
    accounts.close()
    environment = {
        "APERTURA_ACCOUNTS_URL": accounts_url,
        "APERTURA_UPLOADS_DIR": str(folder / "uploads"),
        "APERTURA_SNAPSHOTS_DIR": str(folder / "snapshots"),
        "APERTURA_RELEASES_DIR": str(folder / "releases"),
        "WEB_CONCURRENCY": "1",
    }
    with running_site(folder, environment) as site:
        yield RunningDesk(site.url, folder)


@pytest.fixture(params=["light", "dark"])
def context(chromium: Browser, running_desk: RunningDesk, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser, in each colour scheme."""
    made = chromium.new_context(
        base_url=running_desk.url, locale="es-MX", color_scheme=request.param, viewport=SIZES["telephone"]  # type: ignore[arg-type]
    )  # fmt: skip
    yield made
    made.close()


def upload_of(desk: RunningDesk, page: Page) -> Path:
    """The folder of the upload that the page is about."""
    return desk.folder / "uploads" / page.url.rsplit("/", 1)[1]


def sign_in(page: Page, name: str, address: str = "/comision") -> None:
    """With the keyboard alone."""
    page.goto(address)
    page.get_by_role("textbox").first.focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("form[action$='/salir']").wait_for()


def upload(page: Page, path: Path) -> None:
    """Choose a file, have it checked, and wait for its report."""
    page.goto("/comision")
    page.locator("input[type=file]").first.set_input_files(path)
    press(page, "Revisar")
    settle(page)


def press(page: Page, name: str) -> None:
    """Press a button with the keyboard, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator("button").filter(has_text=re.compile(f"^{name}$")).first.press("Enter")


def settle(page: Page) -> None:
    """Wait until nothing goes on any more: the page asks for itself."""
    # A whole page without a bar: between two pages there is none either.
    expect(page.locator("html:has(footer):not(:has(progress))")).to_be_attached(timeout=PATIENCE_MS)


def held_against(page: Page, where: str) -> list[str]:
    """What axe-core holds against the page, and a page that is wider than the screen."""
    results = Axe().run(page).response
    assert results["passes"], "axe tried nothing"
    found = [f"{where}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in results["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, *([f"{where}: wider than the screen"] if wide else [])]


def test_a_round_from_file_to_undo(context: BrowserContext, running_desk: RunningDesk, tmp_path: Path) -> None:
    page, found = context.new_page(), []
    page.goto("/comision/entrar")
    found += held_against(page, "sign-in")
    sign_in(page, "ana.perez")
    found += held_against(page, "rounds")

    wrong = tmp_path / "con-errores.xlsx"
    wrong.write_bytes(book([[*HEAD, "Presupuesto"], [*ROW[:-1], "Pausado", 500]]))
    upload(page, wrong)
    expect(page.get_by_role("heading", level=1)).to_have_text("No se puede publicar: 1 error")
    assert page.get_by_role("button", name="Publicar").count() == 0
    found += held_against(page, "errors")

    answers = made_up_round(exercises=40, answering=20, without=2)
    first = tmp_path / "ronda.csv"
    first.write_bytes(as_csv(rows_of(answers)))
    upload(page, first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Listo para publicar")
    expect(page.get_by_text("Ningún enlace perdería sus filas.")).to_be_visible()
    found += held_against(page, "preview")
    press(page, "Publicar")
    bar = page.locator("progress")
    if bar.count():
        assert bar.get_attribute("max") == "100"
        found += held_against(page, "progress")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("El archivo está publicado")
    assert context.request.get("/api/v1/survey_answers?round_id=2026&limit=1").json()["count"] > 0

    fewer = next(body for body in answers if len(body.exercises) > 1)
    gone = fewer.exercises.pop()
    second = tmp_path / "menos.csv"
    second.write_bytes(as_csv(rows_of([fewer])))
    upload(page, second)
    found += held_against(page, "links")
    row = page.get_by_role("row").filter(has_text=f"{gone.number}. {gone.cells['Nombre del ejercicio']}")
    links = [link.get_attribute("href") or "" for link in row.get_by_role("link").all()]
    assert [re.sub(r"\?.*", "", link) for link in links] == [
        "/api/v1/survey_answers", "/datos/survey_answers.csv", "/verificar", "/en/verificar",
    ]  # fmt: skip
    api, download, spanish, english = (context.request.get(link) for link in links)
    rows = int(re.findall(r"^(\d+) de \1$", row.get_by_role("cell").nth(1).inner_text())[0])
    assert api.json()["count"] == rows, "the address gives today the rows that would go"
    assert len(download.text().splitlines()) == rows + 1
    assert f"{rows} filas dan este número" in spanish.text()
    assert english.status == 200
    # A file of one body leaves columns out, which is a warning: without the tick the browser sends nothing.
    page.get_by_role("checkbox").check()
    press(page, "Publicar")
    settle(page)
    assert context.request.get(links[0]).json()["count"] == 0, "and none once it is published"

    for _ in range(2):
        page.goto("/comision")
        settle(page)
        page.get_by_text("Deshacer la última importación").first.press("Enter")
        expect(page.locator("details[open] button")).to_be_visible()
        press(page, "Deshacer")
        settle(page)
    found += held_against(page, "undone")
    assert context.request.get("/api/v1/survey_answers?round_id=2026&limit=1").json()["count"] == 0
    assert found == []


def refused_upload(context: BrowserContext, folder: Path) -> Page:
    """The page of a file with an error, as the editor who uploaded it sees it."""
    page = context.new_page()
    sign_in(page, "ana.perez")
    wrong = folder / "con-errores.xlsx"
    wrong.write_bytes(book([HEAD, [*ROW[:-1], "Pausado"]]))
    upload(page, wrong)
    return page


def test_a_bar_moves_without_a_reload_and_ends_at_the_heading(
    context: BrowserContext, running_desk: RunningDesk, tmp_path: Path
) -> None:
    page = refused_upload(context, tmp_path)
    page.reload()
    assert page.locator("script").count() == 0, "where nothing goes on nothing has to move"
    folder = upload_of(running_desk, page)
    bar, phase = page.get_by_role("progressbar"), page.locator(".progress [role=status]")
    with at_work(folder, phase="read", percent=5):
        page.reload()
        expect(phase).to_have_text("Trabajando: Leer el archivo")
        page.evaluate("window.stayed = true")
        write_json(folder / PROGRESS, {"phase": "compare", "percent": 52})
        expect(bar).to_have_attribute("value", "52")
        expect(bar).to_have_accessible_name("Trabajando: Ver qué cambiaría")
        expect(page).to_have_title("52% · Archivo · Apertura")
        assert held_against(page, "progress") == []
        expect(page.get_by_role("heading", level=1)).to_have_text("Revisando el archivo")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("No se puede publicar: 1 error")
    expect(heading).to_be_focused()
    expect(page).to_have_title("Archivo · Apertura")
    expect(bar).to_have_count(0)
    assert page.evaluate("window.stayed"), "the page was never loaded anew"


def test_a_bar_of_somebody_signed_out_leads_to_the_door(
    context: BrowserContext, running_desk: RunningDesk, tmp_path: Path
) -> None:
    page = refused_upload(context, tmp_path)
    address = page.url
    with at_work(upload_of(running_desk, page), phase="read", percent=5):
        page.reload()
        expect(page.get_by_role("progressbar")).to_be_visible()
        context.clear_cookies()
        expect(page.get_by_label("Contraseña")).to_be_visible()
    assert page.url == f"{running_desk.url}/comision/entrar?siguiente={address.removeprefix(running_desk.url)}"


def test_without_scripts_the_page_of_an_act_asks_for_itself(
    chromium: Browser, running_desk: RunningDesk, tmp_path: Path
) -> None:
    context = chromium.new_context(base_url=running_desk.url, locale="es-MX", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "ana.perez")
    wrong = tmp_path / "con-errores.xlsx"
    wrong.write_bytes(book([HEAD, [*ROW[:-1], "Pausado"]]))
    upload(page, wrong)
    folder = upload_of(running_desk, page)
    with at_work(folder, phase="read", percent=5):
        page.reload()
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "5")
        write_json(folder / PROGRESS, {"phase": "compare", "percent": 52})
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "52")
    expect(page.get_by_role("heading", level=1)).to_have_text("No se puede publicar: 1 error")
    context.close()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_failure_says_what_to_do_and_folds_what_the_machine_said(
    context: BrowserContext, running_desk: RunningDesk, tmp_path: Path, prefix: str
) -> None:
    page = refused_upload(context, tmp_path)
    folder = upload_of(running_desk, page)
    page.goto(f"{prefix}/comision/archivos/{folder.name}")
    failure = {"reason": "disk", "message": f"/srv/{'a' * 90}: cannot be written (No space left on device)"}
    write_json(folder / RESULT, {"act": "check", "failure": failure})
    page.reload()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("administra el sitio" if not prefix else "whoever runs the site")
    expect(told.locator("pre")).to_be_hidden()
    told.locator("summary").press("Enter")
    expect(told.locator("pre[lang=en]")).to_be_visible()
    assert held_against(page, "failure") == []
    press(page, "Check again" if prefix else "Revisar otra vez")
    settle(page)
    expect(told).to_have_count(0)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_the_desk_in_both_languages(context: BrowserContext, prefix: str, size: str) -> None:
    page = context.new_page()
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    sign_in(page, "jefa", f"{prefix}/comision/bitacora")
    found = held_against(page, f"log {size}")
    page.goto(f"{prefix}/comision")
    for fold in page.locator("main summary").all():
        fold.press("Enter")
    found += held_against(page, f"rounds {size}")
    switched = page.locator(".languages a").first
    switched.press("Enter")
    page.wait_for_url(re.compile(r"/comision$"))
    expect(page.locator("html")).to_have_attribute("lang", "es-MX" if prefix else "en")
    assert found == []
