"""The CSV for spreadsheets, opened by a spreadsheet: LibreOffice reads it, and tells what it made of each cell."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook

from data.database import Database
from etl.release import open_store
from settings import Settings
from tests.both_engines import contents, publish
from tests.programs import find_program
from tests.web.data_site import client
from web.site import create_site

__all__ = ["client"]

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1;1)", "\t=1+1", ' =HYPERLINK("http://127.0.0.1/")', "＝1+1")
# Comma, quote, UTF-8, from the first line; every column as LibreOffice itself takes it.
READ_AS = "--infilter=CSV:44,34,76,1,,0,false,true,false"


def opened(content: bytes, folder: Path) -> Workbook:
    """What LibreOffice makes of a CSV, formulas kept as formulas."""
    office = find_program("soffice", debian_package="libreoffice-calc-nogui")
    written = folder / "rows.csv"
    written.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["--headless", READ_AS, "--convert-to", "xlsx", "--outdir", str(folder), str(written)]
    done = subprocess.run([office, profile, *convert], capture_output=True, text=True, timeout=120, check=False)
    assert (folder / "rows.xlsx").exists(), done.stderr
    return load_workbook(folder / "rows.xlsx")


def test_accents_and_leading_zeros_survive(client: FlaskClient, tmp_path: Path) -> None:
    sheet = opened(client.get("/datos/states.csv?select=state_code,name,population_2020").get_data(), tmp_path).active
    assert sheet is not None
    heading, *rows = sheet.iter_rows(values_only=True)
    assert heading[1] == "Nombre"
    found = {str(name): (str(code).removeprefix("'"), population) for code, name, population in rows}
    assert len(found) == 32
    assert (found["Aguascalientes"][0], found["Ciudad de México"][0], found["Yucatán"][0]) == ("01", "09", "31")
    assert {"Michoacán", "Nuevo León", "Querétaro", "San Luis Potosí"} <= found.keys()
    assert sum(int(str(population)) for _, population in found.values()) == 126_014_024


@pytest.mark.parametrize("language", ["", "/en"])
def test_no_cell_is_run_as_a_formula(language: str, tmp_path: Path) -> None:
    settings = Settings(releases_dir=tmp_path / "releases")
    store = open_store(settings)
    publish(store, contents(**{f"n{number:02}": text for number, text in enumerate(FORMULAS)}))
    store.close()
    database = Database(settings)
    site = create_site(settings, database).test_client()
    sheet = opened(site.get(f"{language}/datos/commitments.csv?select=title_es").get_data(), tmp_path).active
    unguarded = opened(site.get("/datos/commitments.raw.csv?select=title_es").get_data(), tmp_path).active
    database.close()
    assert sheet is not None
    assert unguarded is not None
    # Without the apostrophe it would run, or the test shows nothing.
    assert unguarded["A2"].data_type == "f"
    cells = [cell for (cell,) in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(FORMULAS)
    assert [str(cell.value).removeprefix("'") for cell in cells] == list(FORMULAS)
