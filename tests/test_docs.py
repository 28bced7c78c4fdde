"""Documentation is part of the code: what exists has its entry, and what has an entry exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from inspect import Parameter, signature
from pathlib import Path
from pkgutil import resolve_name

import pytest
from pydantic.fields import FieldInfo

from settings import ROOT, Settings

README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
PACKAGES = ("data", "etl", "web", "layouts", "callbacks")
# What a reader makes, by following the page that names it.
MADE = {
    "deploy/.env", "deploy/apertura.env", "data/queries/coverage.py", "layouts/coverage.py", "data/cache", "data/releases", "data/uploads",
    "locales/fr/<module>.po",
}  # fmt: skip
# Files that are ours, named without their folder.
FILE = re.compile(r"[\w.<>-]+\.(?:py|md|js|css|yml|toml)")


def _first_cells(path: Path) -> set[str]:
    """The code names in the first column of the tables of a Markdown file."""
    return set(re.findall(r"^\| `([^`]+)` \|", path.read_text(), flags=re.MULTILINE))


def _direct_requirements(name: str) -> set[str]:
    return set(re.findall(r"^([A-Za-z0-9][\w.-]*)", (ROOT / name).read_text(), flags=re.MULTILINE))


def _debian_packages() -> set[str]:
    lists = re.findall(r"^\w+_PACKAGES := (.+)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    return {package for packages in lists for package in packages.split()}


def _settings_line(name: str, field: FieldInfo) -> str:
    default = field.default
    if isinstance(default, Path) and default.is_relative_to(ROOT):
        default = default.relative_to(ROOT).as_posix()
    shown = "none" if default is None else f"`{default}`"
    return f"| `APERTURA_{name.upper()}` | {shown} | {field.description} |"


def test_every_dependency_says_why_it_is_there() -> None:
    needed = _direct_requirements("requirements.in") | _direct_requirements("requirements-dev.in") | _debian_packages()
    assert _first_cells(ROOT / "docs" / "dependencies.md") == needed


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_direct_requirement_is_locked_with_hashes(name: str) -> None:
    lock = (ROOT / f"{name}.txt").read_text()
    pinned = dict(
        re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==\S+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.M)
    )
    missing = _direct_requirements(f"{name}.in") - set(pinned)
    assert not missing, f"make lock, then commit {name}.txt: {missing}"


def test_every_setting_is_documented_with_its_default() -> None:
    written = (ROOT / "docs" / "settings.md").read_text().splitlines()
    lines = {_settings_line(name, field) for name, field in Settings.model_fields.items()}
    assert {line for line in written if line.startswith("| `APERTURA_")} == lines


def test_every_make_target_that_people_call_is_listed_by_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)
    assert phony is not None
    listed = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.M))
    assert listed == set(phony[1].split()) - {"debian"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_of_a_page_leads_to_a_file(page: Path) -> None:
    linked = re.findall(r"\]\(([^)#:\s]+)\)", page.read_text())
    assert [link for link in linked if not (page.parent / link).exists()] == []


def test_both_halves_of_the_readme_lead_to_the_same_pages_and_name_the_same_things() -> None:
    spanish, english = README.read_text().split("\n## English\n")
    for pattern in (r"\]\(((?:docs/(?!img)|LICENSE)[^)]*)\)", r"^\| (`.+?) \|", r"^make \w+"):
        assert set(re.findall(pattern, spanish, re.M)) == set(re.findall(pattern, english, re.M)) != set()
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    assert pages <= set(re.findall(r"\]\((docs/\S+?)\)", english))


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in README.read_text()
    assert re.search(r"^exec make test$", (ROOT / ".ci" / "run").read_text(), re.M)


def _quoted(page: Path) -> list[str]:
    """What stands between backticks in the prose and tables of a page."""
    prose = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", prose)


ROOMS = [path for path in sorted(ROOT.iterdir()) if path.is_dir() and not path.name.startswith(".")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    rooms = {room.name for room in ROOMS}
    paths = {said for said in _quoted(page) if re.fullmatch(r"[\w.<>*-]+/[\w.<>*/-]*", said)} - MADE
    ours = sorted(path for path in paths if path.split("/")[0] in rooms)
    # Patterns (`etl/sources/<source>.py`, `web/downloads*.py`) lead to something.
    assert [path for path in ours if not any(ROOT.glob(re.sub(r"<[\w-]+>", "*", path).rstrip("/")))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_without_its_folder_is_there(page: Path) -> None:
    named = {said for said in _quoted(page) if FILE.fullmatch(said) and "<" not in said} - {"plotly.py"}
    known = {path.name for path in ROOT.iterdir()} | {path.name for room in ROOMS for path in room.rglob("*.*")}
    assert named <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_name_of_the_code_in_a_page_is_there(page: Path) -> None:
    dotted = {
        said for said in _quoted(page) if re.fullmatch(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+(?:\([\w, ]*\))?", said)
    }
    assert [name for name in sorted(dotted) if not _resolves(name.partition("(")[0])] == []


def _resolves(name: str) -> bool:
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_setting_and_target_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()
    modules = set(re.findall(r"(?:python -m|apertura) ((?:etl|web|bench)(?:\.\w+)*)", text))
    assert [name for name in sorted(modules) if find_spec(name) is None and find_spec(f"{name}.__main__") is None] == []
    acts = set(re.findall(r"(?:python -m|apertura) etl ([a-z-]+)", text))
    assert acts <= set(re.findall(r'add_parser\(\s*"([a-z-]+)"', _source("etl/__main__.py", "etl/survey/command.py")))
    acts = set(re.findall(r"web\.accounts ([a-z]+)", text))
    assert acts <= set(re.findall(r'add_parser\("([a-z]+)"', _source("web/accounts.py"))) | {"password"}
    settings = set(re.findall(r"APERTURA_[A-Z_]+[A-Z]", text))
    assert settings <= {f"APERTURA_{name.upper()}" for name in Settings.model_fields}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?:`|^ *)make ([a-z-]+)", text, re.M)) <= targets


def _source(*names: str) -> str:
    return "".join((ROOT / name).read_text() for name in names)


def test_every_call_that_a_page_shows_can_be_made_so() -> None:
    cells = re.findall(r"^\| (`\w+\.\w+\(.+?) \|", (ROOT / "docs" / "adding-a-page.md").read_text(), re.MULTILINE)
    calls = [call for cell in cells for shown in re.findall(r"`([^`]+)`", cell) for call in _calls(shown)]
    assert len(calls) > 20
    for module, name, positional, named in calls:
        known = signature(getattr(import_module(f"layouts.components.{module}"), name)).parameters
        places = [one for one in known.values() if one.kind is not Parameter.KEYWORD_ONLY]
        assert positional <= len(places), f"{module}.{name} takes {len(places)} in order"
        assert named <= set(known), f"{module}.{name} has no {named - set(known)}"


def _calls(shown: str) -> Iterator[tuple[str, str, int, set[str]]]:
    """The calls in a piece of code as a page shows it, each with its module, and how its arguments are given."""
    code = re.sub(r"(\w+)=(?=[,)])", r"\1=None", shown).replace(", ...", "")
    outer = ast.parse(code, mode="eval").body
    assert isinstance(outer, ast.Call)
    assert isinstance(outer.func, ast.Attribute)
    assert isinstance(outer.func.value, ast.Name)
    for call in (node for node in ast.walk(outer) if isinstance(node, ast.Call)):
        name = (
            call.func.attr
            if isinstance(call.func, ast.Attribute)
            else call.func.id
            if isinstance(call.func, ast.Name)
            else ""
        )
        yield outer.func.value.id, name, len(call.args), {word.arg for word in call.keywords if word.arg}
