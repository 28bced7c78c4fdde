"""docs/adding-a-page.md, followed to the letter: its two blocks are a page of the site."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import data.queries
import layouts
from data.database import Database
from etl.run import RunResult
from settings import ROOT, Settings
from web.site import create_site

DOCUMENT = ROOT / "docs" / "adding-a-page.md"
MODULES = {"query": "data.queries.coverage", "page": "layouts.coverage"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blocks as files, each in a folder of its own."""
    root = tmp_path_factory.mktemp("page")
    for name in MODULES:
        (content,) = re.findall(rf"^```python {name}\n(.*?)^```$", DOCUMENT.read_text(), flags=re.M | re.S)
        (root / name).mkdir()
        (root / name / "coverage.py").write_text(content)
    return root


@pytest.fixture(scope="module")
def client(folder: Path, built: tuple[Settings, RunResult]) -> Iterator[FlaskClient]:
    """A site with the new page among those there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data.queries, "__path__", [*data.queries.__path__, str(folder / "query")])
        patch.setattr(layouts, "__path__", [*layouts.__path__, str(folder / "page")])
        found = import_module(MODULES["page"]).PAGES
        yield create_site(built[0], Database(built[0]), [*layouts.pages(), *found]).test_client()
        for name in MODULES.values():
            package, _, module = name.rpartition(".")
            delattr(sys.modules[package], module)
            del sys.modules[name]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_answers_in_both_languages_with_its_filter_map_and_table(client: FlaskClient, prefix: str) -> None:
    page = client.get(f"{prefix}/cobertura?situacion=ended")
    assert page.status_code == 200
    assert all(part in page.text for part in ('class="map"', 'name="situacion"', "Ejercicios por entidad"))
    assert "28 entidades tienen un ejercicio." in client.get(f"{prefix}/cobertura").text


@pytest.mark.parametrize(
    "address",
    [
        "/parte/cobertura?situacion=ended",
        "/embed/cobertura?vista=cobertura",
        "/imagen/cobertura?vista=cobertura",
        "/tabla/cobertura?vista=cobertura&forma=csv",
        "/cobertura/14",
    ],
)
def test_the_shell_does_the_rest(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_what_is_not_there_and_what_is_not_offered_say_so(client: FlaskClient) -> None:
    missing, wrong = client.get("/cobertura/99"), client.get("/cobertura?situacion=nada")
    assert (missing.status_code, wrong.status_code) == (404, 400)
    assert "Ver las 32 entidades" in missing.text


def test_the_blocks_are_in_the_style_of_the_house(folder: Path) -> None:
    for arguments in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--config", str(ROOT / "pyproject.toml"), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
