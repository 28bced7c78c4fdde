"""What a source is: the typed form of ``etl/sources/<source_id>.yml``.

A misspelt key, a missing file or an impossible assertion stops the run with the file, the place and the remedy. The
parser of the same name beside the YAML only parses; everything that can be said in words or numbers is said here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Cadence = Literal["once", "irregular", "monthly", "quarterly", "yearly", "per_round", "discontinued"]
UsageWarning = Literal[
    "incomplete_coverage", "draft_export", "published_aggregate_only", "discontinued_source", "machine_translated"
]


class SourceError(Exception):
    """A source cannot be read; the message says where, what was read and what would be right."""


class UnknownSourceError(SourceError):
    """A name that no source has: wrong usage, not a broken source."""


class Strict(BaseModel):
    """A model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """A text in both languages of the site."""

    es: str = Field(min_length=1)
    en: str = Field(min_length=1)


class LiveSpec(Strict):
    """Where a file is published now. ``{board_url}`` in the address is filled from the settings."""

    url: str
    method: Literal["GET", "GRAPHQL"] = "GET"
    query: str | None = None
    expect: Literal["csv", "json", "html"]

    @model_validator(mode="after")
    def _graphql_needs_a_query(self) -> LiveSpec:
        if (self.method == "GRAPHQL") != (self.query is not None):
            raise ValueError("`query` goes with `method: GRAPHQL`, and only with it")
        return self


class FileSpec(Strict):
    """One file of a source. ``personal`` names the columns of a CSV that are blanked before a fetched copy is kept;
    ``history`` says that all copies on disk are read, for what changed from each to the next."""

    name: str = Field(pattern=r"^[a-z0-9_./-]+$")
    about: Text
    live: LiveSpec | None = None
    required: bool = True
    encoding: str = "utf-8"
    personal: list[str] = []
    history: bool = False


class Assertion(Strict):
    """Rows a table must have from this source; outside of the bounds nothing is published."""

    table: str
    min: int = Field(0, ge=0)
    max: int | None = Field(None, ge=0)
    where: dict[str, Any] = {}

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Assertion:
        if self.max is not None and self.max < self.min:
            raise ValueError(f"max {self.max} is below min {self.min}")
        return self


class Correction(Strict):
    """A value we change, with the value we expect to find: once the source mends it, the run says so and stops."""

    file: str
    match: dict[str, str] = Field(min_length=1)
    column: str
    expect: str
    value: str
    reason: Text


class SourceSpec(Strict):
    """One source: what it is, who publishes it, under what terms, how it is fetched and what it must hold."""

    source_id: str
    title: Text
    summary: Text
    publisher: Text
    license: Text
    license_url: str | None = None
    address: str | None
    cadence: Cadence
    coverage: Text
    personal_data: Text
    credit: Text | None = None
    warnings: list[UsageWarning] = []
    priority: int = Field(50, ge=0, le=100)
    files: list[FileSpec] = Field(min_length=1)
    assertions: list[Assertion] = []
    lookups: dict[str, dict[str, str]] = {}
    corrections: list[Correction] = []
    links: dict[str, Any] = {}

    def file(self, name: str) -> FileSpec:
        """The entry of one file; ``SourceError`` when the YAML does not list it."""
        for entry in self.files:
            if entry.name == name:
                return entry
        known = ", ".join(entry.name for entry in self.files)
        raise SourceError(f"{self.source_id}.yml lists no file {name!r}; it lists {known}")


def load_spec(path: Path) -> SourceSpec:
    """Read and check one source YAML; raises ``SourceError`` naming the file, the line or key, and the remedy."""
    try:
        return _spec(path, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(
            f"{path}: cannot be read ({error.strerror}); check that the file exists and may be read"
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from error


@lru_cache(maxsize=32)
def _spec(path: Path, text: str) -> SourceSpec:
    """The specification that a text says; kept, because every source needs that of the reference, too."""
    try:
        raw = yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise SourceError(f"{path}, {_yaml_place(error)}: not valid YAML; mend the line or quote its value") from error
    if not isinstance(raw, dict):
        raise SourceError(f"{path}, line 1: read {type(raw).__name__}; a source file is a mapping of keys to values")
    try:
        spec = SourceSpec.model_validate({"source_id": path.stem, **raw})
    except ValidationError as error:
        raise SourceError(f"{path}: " + "; ".join(_problem(e, text) for e in error.errors())) from error
    if spec.source_id != path.stem:
        raise SourceError(f"{path}: source_id {spec.source_id!r} differs from the file name; the stem is the id")
    return spec


def load_specs(folder: Path, only: list[str] | None = None) -> list[SourceSpec]:
    """All sources of a folder in the order of their ids, or those named in ``only``.

    Raises ``UnknownSourceError`` for a name that no file has, listing the names there are.
    """
    paths = {path.stem: path for path in sorted(folder.glob("*.yml"))}
    require_known(only or (), paths, folder)
    return [load_spec(path) for stem, path in paths.items() if not only or stem in only]


def require_known(names: Iterable[str], known: Iterable[str], folder: Path) -> None:
    """Raise ``UnknownSourceError``, listing the sources there are, for a name that is none of them."""
    there = sorted(known)
    unknown = sorted(set(names) - set(there))
    if unknown:
        raise UnknownSourceError(f"no source {', '.join(unknown)} in {folder}; there are: {', '.join(there)}")


def _yaml_place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "unreadable"
    return f"line {mark.line + 1}, column {mark.column + 1} ({problem})" if mark else str(error)


def _problem(error: Any, text: str) -> str:
    """One pydantic error in words, with the line of the key where it can be found."""
    where = ".".join(str(part) for part in error["loc"])
    key = next((str(part) for part in reversed(error["loc"]) if isinstance(part, str)), "")
    line = next((n for n, content in enumerate(text.splitlines(), 1) if key and f"{key}:" in content), None)
    place = f"line {line}, " if line else ""
    if error["type"] == "extra_forbidden":
        return f"{place}key {where}: unknown key; remove it or correct its spelling"
    if error["type"] == "missing":
        return f"key {where}: missing; add it"
    return f"{place}key {where}: {error['msg']} (read {error.get('input')!r})"
