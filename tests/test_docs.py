"""Documentation is part of the code: what exists has its entry, and what has an entry exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from settings import ROOT, Settings

README = ROOT / "README.md"


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


def test_the_readme_names_targets_and_files_that_exist() -> None:
    readme = README.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`make ([a-z-]+)", readme)) <= targets
    linked = [link for link in re.findall(r"\]\(([^)#:]+)\)", readme) if link.startswith(("docs/", "LICENSE"))]
    assert [link for link in linked if not (ROOT / link).exists()] == []


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in README.read_text()
    assert re.search(r"^exec make test$", (ROOT / ".ci" / "run").read_text(), re.M)
