"""Who may import whom, and how large a module may grow: the rules that keep the way of a fact one-directional."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from settings import ROOT

PACKAGES = ["data", "etl", "web", "layouts", "callbacks"]
MODULE_LINES = 400
VAGUE_NAMES = {"utils", "util", "helpers", "common", "misc"}
# What a package must not import: nothing upstream knows of pages, and pages leave SQL to data/queries.
FORBIDDEN = {
    "data": {"etl", "web", "layouts", "callbacks", "dash", "plotly", "flask"},
    "etl": {"web", "layouts", "callbacks", "dash", "plotly", "flask", "app"},
    "web": {"etl", "sqlalchemy", "duckdb", "psycopg", "pandas"},
    "layouts": {"etl", "callbacks", "sqlalchemy", "duckdb", "psycopg", "pandas", "plotly.express"},
    "callbacks": {"etl", "sqlalchemy", "duckdb", "psycopg", "pandas", "plotly.express"},
}


def _modules(package: str) -> list[Path]:
    return [path for path in sorted((ROOT / package).rglob("*.py")) if "snapshots" not in path.parts]


def _names(path: Path) -> Iterator[tuple[str, str]]:
    """What a module imports, at its top, inside a function or for its types alone: the module and what of it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((name.name, "") for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from ((node.module, name.name) for name in node.names)


def _breaks(package: str, module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in FORBIDDEN[package])


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_imports_what_it_must_not_know(package: str) -> None:
    broken = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in _modules(package)
        for module, _ in _names(path)
        if _breaks(package, module)
    ]
    assert broken == []


@pytest.mark.parametrize("package", [*PACKAGES, "tests", "bench", "deploy"])
def test_every_module_has_one_subject_and_a_telling_name(package: str) -> None:
    modules = _modules(package)
    assert [path.name for path in modules if path.stem in VAGUE_NAMES] == []
    assert [path.name for path in modules if len(path.read_text().splitlines()) > MODULE_LINES] == []


def test_no_module_needs_itself_by_way_of_others() -> None:
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in PACKAGES
        for path in _modules(package)
    }
    needs = {
        module: {f"{name}.{part}" if f"{name}.{part}" in paths else name for name, part in _names(path)} - {module}
        for module, path in paths.items()
    }
    assert set(TopologicalSorter(needs).static_order()) >= set(paths)
