"""The page of the national plans and the file of one commitment, as HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from data.database import ReleaseHandle
from data.queries.national_plan import plan_commitments
from settings import ROOT
from tests.shown import behind
from tests.web.data_site import client
from tests.web.test_home import heading, page

__all__ = ["client"]

PLAN = "/plan-nacional"


def bars(soup: BeautifulSoup, key: str) -> dict[str, str]:
    """The rows of a table with bars: name -> value."""
    rows = soup.select(f"#{key} table.bars tbody tr")
    return {row.select("th")[0].get_text(" ", strip=True): row.select("td")[-1].get_text() for row in rows}


def test_completion_has_its_denominator_and_says_where_there_is_no_datum(client: FlaskClient) -> None:
    found = bars(page(client, PLAN), "cumplimiento")
    assert list(found.values()) == ["16 de 36", "5 de 26", "sin dato", "sin dato"]


def test_reported_and_verified_stand_side_by_side(client: FlaskClient) -> None:
    found = bars(page(client, PLAN), "reportado")
    second = {name: value for name, value in found.items() if name.startswith("Segundo")}
    assert list(second.values()) == ["26 de 26", "5 de 26"]
    third = {name: value for name, value in found.items() if name.startswith("Tercer")}
    assert list(third.values()) == ["8 de 11", "sin dato"]


def test_what_was_reported_and_what_was_found_say_when(client: FlaskClient) -> None:
    soup = page(client, PLAN)
    assert soup.select("#reportado h2")[0].get_text() == (
        "Segundo plan: el gobierno reportó 26 compromisos cumplidos, 17 de septiembre de 2015; la revisión independiente "
        "encontró 5, informe de avance (2015)"
    )
    assert "Segundo plan según el IRM, informe de avance (2015)" in bars(soup, "reportado")


def test_commitments_of_which_nothing_was_found_are_counted_as_promised(client: FlaskClient) -> None:
    path = ROOT / "data" / "snapshots" / "national_plans" / "2026-11-23"
    with (path / "plans.csv").open(encoding="utf-8", newline="") as file:
        promised = next(int(row["n_commitments"]) for row in csv.DictReader(file) if row["plan_id"] == "MX-P3")
    with (path / "commitments.csv").open(encoding="utf-8", newline="") as file:
        named = sum(row["plan_id"] == "MX-P3" for row in csv.DictReader(file))
    assert (promised, named) == (11, 8)
    soup = page(client, f"{PLAN}?plan=MX-P3")
    assert heading(soup).startswith(f"Tercer plan: {promised} compromisos, y de ninguno hay dato")
    assert f"De {promised - named} compromisos no encontramos ni el título" in soup.select("#lead")[0].get_text()
    assert bars(soup, "ambicion") == {"Tercer plan ambición": f"4 de {promised}"}
    # Of all plans: 84 on the list, 62 of them rated, and these.
    assert f"De otros {84 - 62 + promised - named} compromisos" in page(client, PLAN).select("#lead")[0].get_text()
    # Under a subject only what is tagged counts.
    assert "ni el título" not in page(client, f"{PLAN}?plan=MX-P3&tema=E-Government").select("#lead")[0].get_text()


def test_a_published_total_leads_to_its_own_row(client: FlaskClient) -> None:
    path = ROOT / "data" / "snapshots" / "national_plans" / "2026-11-23" / "plan_metrics.csv"
    with path.open(encoding="utf-8", newline="") as file:
        written = {(row["plan_id"], row["metric"]): row["value"] for row in csv.DictReader(file)}
    soup = page(client, PLAN)
    for view, metric in (
        ("resultados", "early_results_any_irm"),
        ("ambicion", "commitments_transformative_irm_design"),
        ("reportado", "commitments_with_all_activities_met_self_reported"),
    ):
        raw = client.get(behind(soup.select(f"#{view}")[0], "raw.csv")).get_data(as_text=True)
        found = {(row["plan_id"], row["metric"]): row["value"] for row in csv.DictReader(io.StringIO(raw))}
        key = next(key for key in written if key[1] == metric)
        assert float(found[key]) == float(written[key]), view
    assert bars(soup, "ambicion")["Cuarto plan impacto potencial, informe de diseño del IRM, 2021"] == "4 de 13"


def test_the_date_of_a_view_is_that_of_the_files_its_rows_come_from(client: FlaskClient) -> None:
    # The sample of 2024 has no commitment of a national plan of Mexico: all tags and grades are of the file of 2017.
    assert "corte: 30 de marzo de 2017" in page(client, PLAN).select("#areas .foot")[0].get_text()
    assert "corte: 30 de marzo de 2017" in page(client, f"{PLAN}/MX-P2-12").select("#quien .foot")[0].get_text()


def test_the_board_says_that_it_is_a_draft(client: FlaskClient) -> None:
    soup = page(client, f"{PLAN}?plan=MX-P4")
    warning = soup.select_one("#tablero [role=note]")
    assert warning is not None
    assert "1,075" in warning.get_text()
    assert "970" in warning.get_text()
    assert "22 de noviembre de 2019" in warning.get_text()
    assert len(bars(soup, "tablero")) == 13


def key(link: Tag) -> str:
    """The id at the end of a link to a commitment."""
    return str(link["href"]).rsplit("/", 1)[1]


def walked(client: FlaskClient, address: str) -> Iterator[BeautifulSoup]:
    """The pages of the list from the one at `address` on, as a reader without scripts turns them."""
    while True:
        soup = page(client, address)
        yield soup
        following = soup.select_one("#compromisos a[rel=next]")
        if following is None:
            return
        address = str(following["href"]).partition("#")[0]


@pytest.mark.parametrize("order", ["plan", "titulo", "cumplimiento"])
def test_the_list_turned_page_by_page_has_every_row_of_the_query(
    client: FlaskClient, release: ReleaseHandle, order: str
) -> None:
    with release.connect() as connection:
        expected = [f"{PLAN}/{item.commitment_id}" for item in plan_commitments(connection)]
    turned = list(walked(client, f"{PLAN}?orden={order}"))
    links = [link["href"] for soup in turned for link in soup.select("#compromisos tbody th a")]
    assert len(turned) > 2
    assert sorted(links) == sorted(expected)
    said = [soup.select_one("#compromisos .paging span") for soup in turned]
    assert said[0] is not None
    assert said[0].get_text() == f"1–20 de {len(expected)}"
    assert said[-1] is not None
    assert said[-1].get_text().endswith(f"–{len(expected)} de {len(expected)}")
    back = turned[-1].select_one("#compromisos a[rel=prev]")
    assert back is not None
    assert f"orden={order}" in str(back["href"]) or order == "plan"


def test_the_download_has_all_that_the_filter_keeps_whatever_the_page(
    client: FlaskClient, release: ReleaseHandle
) -> None:
    with release.connect() as connection:
        expected = {item.commitment_id for item in plan_commitments(connection) if item.plan_id == "MX-P1E"}
    link = page(client, f"{PLAN}?plan=MX-P1E&pagina=2").select_one("#compromisos .get a[href*='.csv']")
    assert link is not None
    raw = client.get(str(link["href"]).replace(".csv?", ".raw.csv?")).get_data(as_text=True)
    assert {row["commitment_id"] for row in csv.DictReader(io.StringIO(raw))} == expected


def test_a_list_that_fits_has_no_pages_and_one_beyond_the_last_is_refused(client: FlaskClient) -> None:
    assert page(client, f"{PLAN}?plan=MX-P4").select_one(".paging") is None
    page(client, f"{PLAN}?plan=MX-P4&pagina=2", 400)
    page(client, "/buscar?q=jalisco&tipo=estados&pagina=2", 400)


def test_a_plan_and_a_subject_narrow_every_view(client: FlaskClient, release: ReleaseHandle) -> None:
    with release.connect() as connection:
        tagged = [
            item.commitment_id
            for item in plan_commitments(connection)
            if item.plan_id == "MX-P2" and ("explorer_2017", "Open Data") in item.policy_areas
        ]
    soup = page(client, f"{PLAN}?plan=MX-P2&tema=Open+Data")
    links = [str(link["href"]).rsplit("/", 1)[1] for link in soup.select("#compromisos tbody th a")]
    assert links == tagged
    assert len(bars(soup, "cumplimiento")) == 1
    # What is published of the whole plan says nothing of one subject.
    assert soup.select_one("#reportado") is None


def test_subjects_are_offered_once_each_in_the_language_of_the_page(
    client: FlaskClient, release: ReleaseHandle
) -> None:
    for prefix, name in (("", "Gobierno electrónico"), ("/en", "E-Government")):
        offered = [option.get_text() for option in page(client, f"{prefix}{PLAN}").select("select[name=tema] option")]
        assert offered.count(name) == 1
        assert len(offered) == len({option.casefold() for option in offered})
    # Two vocabularies write it with different capitals; the filter keeps the commitments of both.
    tagged = {"E-Government", "E-government"}
    with release.connect() as connection:
        expected = [
            item.commitment_id
            for item in plan_commitments(connection)
            if any(area in tagged for _vocabulary, area in item.policy_areas)
        ]
    turned = walked(client, f"{PLAN}?tema=E-Government")
    assert [key(link) for soup in turned for link in soup.select("#compromisos tbody th a")] == expected


def test_what_no_commitment_fits_says_so(client: FlaskClient) -> None:
    soup = page(client, f"{PLAN}?plan=MX-P1E&tema=Youth")
    assert soup.select_one(".empty a[href='/plan-nacional']") is not None


@pytest.mark.parametrize("query", ["plan=MX-P9", "tema=nada", "orden=peor"])
def test_a_filter_that_does_not_exist_is_refused(client: FlaskClient, query: str) -> None:
    page(client, f"{PLAN}?{query}", 400)
    page(client, f"/en{PLAN}?{query}", 400)


@pytest.mark.parametrize("key", ["cumplimiento", "compromisos", "tablero", "areas", "linea"])
def test_the_rows_behind_a_view_are_there(client: FlaskClient, key: str) -> None:
    response = client.get(behind(page(client, PLAN).select(f"#{key}")[0]))
    assert response.status_code == 200
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    assert rows


def test_the_rows_behind_completion_count_what_the_bars_show(client: FlaskClient) -> None:
    view = page(client, f"{PLAN}?plan=MX-P2").select("#cumplimiento")[0]
    raw = client.get(behind(view, "raw.csv")).get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(raw)))
    assert len({row["commitment_id"] for row in rows}) == 26
    assert sum(row["value_code"] == "complete" for row in rows) == 5


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_national_commitment_has_its_file(client: FlaskClient, release: ReleaseHandle, prefix: str) -> None:
    with release.connect() as connection:
        items = plan_commitments(connection)
    for item in items[:: 9 if prefix else 4]:
        soup = page(client, f"{prefix}{PLAN}/{item.commitment_id}")
        assert len(soup.select("#smart tbody tr")) == 5
        assert soup.select_one("#identificadores tbody code") is not None


def test_a_file_says_who_what_and_what_is_missing(client: FlaskClient) -> None:
    soup = page(client, f"{PLAN}/MX0042")
    assert heading(soup) == (
        "Base de datos de personas desaparecidas: limitado, según el informe de avance de la revisión independiente"
    )
    assert "informe de avance (2015)" in soup.select(".facts")[0].get_text()
    assert "b. Limited" in {code.get_text() for code in soup.select("#evaluaciones code")}
    assert "/actores/procuraduria-general-de-la-republica" in {link["href"] for link in soup.select("#quien a")}
    feasible = next(row for row in soup.select("#smart tbody tr") if row.select("th")[0].get_text() == "Factible")
    assert [cell.get_text() for cell in feasible.select("td")] == ["sin dato"] * 3


def test_no_mark_with_data_is_not_a_share_of_nothing(client: FlaskClient) -> None:
    assert (
        page(client, f"{PLAN}/MX0083").select("#smart h2")[0].get_text() == "Lectura SMART: de ninguna marca hay dato"
    )


def test_placeholders_are_counted_and_not_listed(client: FlaskClient) -> None:
    soup = page(client, f"{PLAN}/MX0075")
    titles = [cell.get_text() for cell in soup.select("#acciones .actions tbody th")]
    assert len(titles) == 12
    assert "Actividad" not in titles
    section = soup.select_one("#plazos")
    assert section is not None
    assert "hay una sola copia del tablero" in section.get_text()


def test_a_title_in_the_other_language_is_marked(client: FlaskClient) -> None:
    soup = page(client, f"{PLAN}/MX-P1-07")
    assert soup.select_one("h1 [lang=en]") is not None


@pytest.mark.parametrize(
    ("asked", "leads_to"), [("MX0007", "MX-P1-07"), ("MX-P2-05", "MX0042"), ("MXJL0001", None), ("%00", None)]
)
def test_an_unknown_id_is_missing_and_says_where_to_go(client: FlaskClient, asked: str, leads_to: str | None) -> None:
    soup = page(client, f"{PLAN}/{asked}", 404)
    links = {link["href"] for link in soup.select(".empty a")}
    assert "/plan-nacional" in links
    assert leads_to is None or f"/plan-nacional/{leads_to}" in links


def test_a_view_can_be_embedded(client: FlaskClient) -> None:
    soup = page(client, f"/embed{PLAN}?plan=MX-P2&vista=cumplimiento")
    assert bars(soup, "cumplimiento") == {"Segundo plan 2013–2015": "5 de 26"}
