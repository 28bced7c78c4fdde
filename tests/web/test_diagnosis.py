"""``/diagnostico`` and its four parts, as HTTP."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from data.database import Database, ReleaseHandle
from data.queries.diagnosis import exercise_documents, local_commitments, secretariat_seats, state_steps
from data.queries.findings import findings_of
from etl.__main__ import main
from etl.checks.doubtful_matches import CHECK
from etl.progress import Silence
from etl.run import RunResult, run
from settings import ROOT, Settings
from tests.etl.survey.answered import environment_of, fill_template, made_up_round, make_template
from tests.shown import behind
from web.site import create_site

PARTS = ["", "/encuesta", "/cobertura", "/autenticidad", "/calidad"]


@pytest.fixture(scope="module")
def site(built: tuple[Settings, RunResult]) -> Iterator[FlaskClient]:
    """A client of the whole site."""
    database = Database(built[0])
    yield create_site(built[0], database).test_client()
    database.close()


def _page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status, address
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def _rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """The rows of a raw CSV."""
    return list(csv.DictReader(io.StringIO(client.get(address).get_data(as_text=True))))


def _heading(soup: BeautifulSoup) -> str:
    heading = soup.select_one("h1")
    assert heading is not None
    return heading.get_text()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_answers_in_both_languages_and_leads_to_the_others(
    site: FlaskClient, prefix: str, part: str
) -> None:
    soup = _page(site, f"{prefix}/diagnostico{part}")
    links = [link["href"] for link in soup.select("nav.contents a")]
    assert links == [f"{prefix}/diagnostico{other}" for other in PARTS]
    marked = soup.select("nav.contents a[aria-current]")
    assert [link["href"] for link in marked] == [f"{prefix}/diagnostico{part}"]


def test_the_published_round_is_told_with_its_denominators_and_nothing_is_computed(site: FlaskClient) -> None:
    soup = _page(site, "/diagnostico/encuesta")
    # That 25 answered is nowhere printed: it is the number of which 10 are 40 %.
    assert _heading(soup) == (
        "En 2021 se publicaron 49 ejercicios de apertura; respondieron, según se deduce, 25 de 32 organismos garantes."
    )
    rows = {
        row.select("th")[0].get_text(" "): row.select("td")[-1].get_text() for row in soup.select("#publicado tbody tr")
    }
    by_value = {value: name for name, value in rows.items()}
    assert "de 49 solo pueden ser 26" in by_value["53%"]
    assert "de 49 solo pueden ser 23" in by_value["47%"]
    assert "11 de 49" in by_value["22%"]
    assert "sin conteo" in by_value["80%"]
    assert "se deduce" in by_value["25 de 32"]
    assert soup.select_one("#calculado") is None
    note = soup.select_one("#results .note")
    assert note is not None
    assert "no son públicas" in note.get_text()
    assert "warning=published_aggregate_only" in behind(soup.select("#publicado")[0])


@pytest.mark.slow
def test_a_computed_round_stands_apart_from_the_published_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("round")
    shutil.copytree(ROOT / "data" / "snapshots", folder / "snapshots")
    settings = Settings(releases_dir=folder / "releases", snapshots_dir=folder / "snapshots")
    returns = made_up_round(exercises=60, answering=27, without=3)
    make_template(folder / "round.xlsx")
    fill_template(folder / "round.xlsx", returns)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment_of(settings).items():
            patch.setenv(name, value)
        run(settings, Silence(), offline=True)
        assert main(["import-survey", str(folder / "round.xlsx"), "--round", "2026"]) == 0
    database = Database(settings)
    client = create_site(settings, database).test_client()
    soup = _page(client, "/diagnostico/encuesta")
    assert _heading(soup) == "En 2026 respondieron 27 de 32 organismos garantes, con 60 ejercicios de apertura."
    planned = sum(one.cells["Compromisos en plan de acción"] == "Sí" for body in returns for one in body.exercises)
    computed = {row.th.get_text(): row.select("td")[-1].get_text() for row in soup.select("#calculado tbody tr")}  # type: ignore[union-attr]
    (plan,) = [value for name, value in computed.items() if "plan de acción" in name]
    assert plan == f"{planned} de 60"
    assert "2021" in soup.select_one("#publicado h2").get_text()  # type: ignore[union-attr]
    assert len(soup.select("#entidades tbody tr")) == 32
    assert _page(client, "/diagnostico/encuesta?ronda=2021").select_one("#calculado") is None
    marks = _page(client, "/diagnostico/autenticidad")
    assert marks.select_one("#encuesta") is not None
    _page(client, "/en/diagnostico/encuesta")
    database.close()


def test_the_matrix_shows_the_evidence_of_the_release(site: FlaskClient, release: ReleaseHandle) -> None:
    with release.connect() as connection:
        states = state_steps(connection)
    soup = _page(site, "/diagnostico/cobertura")
    rows = soup.select("#matriz tbody tr")
    assert len(rows) == 32
    for row, state in zip(rows, states, strict=True):
        assert len(row.select(".square")) == 13
        assert len(row.select(".square.verified")) == len(state.evidence)
        assert all(square["aria-label"] for square in row.select(".square"))


def test_a_missing_step_keeps_the_states_that_lack_it(site: FlaskClient, release: ReleaseHandle) -> None:
    with release.connect() as connection:
        lacking = [state.state_code for state in state_steps(connection) if "plan" not in state.evidence]
    soup = _page(site, "/diagnostico/cobertura?falta=plan")
    links = [link["href"] for link in soup.select("#matriz tbody th a")]
    assert links == [f"/estados/{code}" for code in lacking]
    assert _heading(soup).startswith(f"En {len(lacking)} de 32 entidades")
    sorted_rows = _page(site, "/diagnostico/cobertura?orden=pasos").select("#matriz tbody tr")
    counts = [len(row.select(".square.verified")) for row in sorted_rows]
    assert counts == sorted(counts, reverse=True)


def test_exercises_secretariats_and_commitments_are_all_there(site: FlaskClient, release: ReleaseHandle) -> None:
    with release.connect() as connection:
        exercises, seats = exercise_documents(connection), secretariat_seats(connection)
        promised = local_commitments(connection)
    soup = _page(site, "/diagnostico/autenticidad")
    assert len(soup.select("#condiciones .twin tbody tr")) == len(exercises)
    assert len(soup.select("#balance tbody tr")) == len(seats)
    assert len(soup.select("#smart .twin tbody tr")) == len(promised)
    # The file under a view has its rows, under a filter too.
    for query in ("", "?estado=10", "?estado=15"):
        smart = _page(site, f"/diagnostico/autenticidad{query}").select("#smart")[0]
        shown = [cell.get_text(" ") for cell in smart.select(".twin tbody th")]
        listed = {row["commitment_id"] for row in _rows(site, behind(smart).replace(".csv", ".raw.csv"))}
        assert len(listed) == len(shown)
        assert all(any(identity in name.split() for identity in listed) for name in shown)
    # Seats were counted between 2015 and 2018; nothing is known of them today.
    path = ROOT / "data" / "snapshots" / "state_exercises" / "2026-11-23" / "stl.csv"
    with path.open(encoding="utf-8", newline="") as file:
        counted = [row for row in csv.DictReader(file) if row["n_government"] and row["n_civil_society"]]
    years = sorted(row["composition_as_of"][:4] for row in counted)
    assert soup.select("#balance h2")[0].get_text() == (
        f"{len(counted)} de {len(counted)} secretariados con asientos conocidos estaban balanceados, {years[0]}–{years[-1]}"
    )
    unknown = _page(site, "/diagnostico/autenticidad?estado=14").select("#balance h2")[0].get_text()
    assert "no se conocen los asientos" in unknown
    one = _page(site, "/diagnostico/autenticidad?estado=25")
    assert len(one.select("#balance tbody tr")) == 1
    assert len(one.select("#condiciones .twin tbody tr")) == sum(found.state_code == "25" for found in exercises)


def test_contradictions_quote_both_sides(site: FlaskClient, release: ReleaseHandle) -> None:
    with release.connect() as connection:
        every = findings_of(connection)
    soup = _page(site, "/diagnostico/calidad")
    # Two rows that may be one thing are quoted side by side too, and say nothing against each other.
    doubtful = [one for one in every if one.check_id == CHECK]
    assert doubtful
    against = [one for one in every if len(one.sides) > 1 and one not in doubtful]
    assert _heading(soup).startswith(f"En {len(against)} puntos las fuentes se contradicen o no cuadran")
    quoted = [len(item.select(".sides li")) for item in soup.select("#contradicciones .findings > li")]
    assert quoted == [len(one.sides) for one in against]
    assert len(soup.select("#hallazgos .findings > li")) == len(every) - len(against)
    of_one = _page(site, "/diagnostico/calidad?estado=14&fuente=ogp_local")
    assert [link["href"] for link in of_one.select("#contradicciones .about a")] == ["/ogp-local/mx-jalisco"]


def test_steps_without_evidence_are_not_called_missing(site: FlaskClient) -> None:
    for address, wrong in (("/diagnostico/cobertura", "falta"), ("/en/diagnostico/cobertura", "lack")):
        soup = _page(site, address)
        assert wrong not in " ".join(part.get_text() for part in soup.select("h1, h2, #results p, th, label")).lower()
    assert _heading(_page(site, "/diagnostico/cobertura")) == (
        "De ninguna entidad encontramos evidencia de más de 5 de los 13 pasos de la cocreación; de 8 de 32, de ninguno."
    )


def test_guarantor_bodies_known_by_name_stand_beside_those_that_the_press_counted(site: FlaskClient) -> None:
    path = ROOT / "data" / "snapshots" / "national_aggregates" / "2026-11-23" / "national_aggregates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        counted = {row["indicator"]: row["value"] for row in csv.DictReader(file) if row["as_of"] == "2025-08-22"}
    # Its four classes are all 32 bodies: none is in two of them.
    assert sum(int(value) for value in counted.values()) == 32
    said = f"{counted['ogl_extinct']} extintos y {counted['ogl_reform_approved']} con la extinción aprobada"
    soup = _page(site, "/diagnostico/calidad")
    assert said in soup.select(".facts")[0].get_text()
    assert said in soup.select("#organismos")[0].get_text()


def test_nothing_found_and_wrong_filters_are_said(site: FlaskClient) -> None:
    assert _page(site, "/diagnostico/calidad?gravedad=error").select_one(".empty") is not None
    assert _page(site, "/diagnostico/autenticidad?modelo=justicia_abierta").select_one(".empty") is not None
    _page(site, "/diagnostico/calidad?estado=99", 400)
    _page(site, "/diagnostico/encuesta?ronda=1999", 400)
    _page(site, "/diagnostico/cobertura?falta=x", 400)
    _page(site, "/diagnostico/otra", 404)
