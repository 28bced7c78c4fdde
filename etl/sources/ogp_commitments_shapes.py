"""The shapes in which OGP publishes its commitments, as declared in ``ogp_commitments.yml``, and which one a file has."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from pydantic import ValidationError

from etl.sources.reading import Source, SourceError
from etl.sources.spec import Strict


class RatingColumn(Strict):
    """A column that holds a judgement. ``twin`` is its numeric copy, ``scale`` what the copy should say for each code."""

    column: str
    criterion: str
    report: str
    lookup: str
    twin: str | None = None
    scale: str | None = None


class Roles(Strict):
    """Which column of a shape says what; None where the shape has no such column."""

    country: str
    plan: str
    number: str
    title: str
    short_title: str
    theme: str
    starts: str
    ends: str
    lead: str
    support: str
    year: str
    plan_ends: str | None = None
    unique_id: str | None = None
    register_id: str | None = None
    plan_id: str | None = None
    scope: str | None = None
    url: str | None = None


class Shape(Strict):
    """One form of the file: where its header stands and what each of its columns is for.

    ``report_years`` names, by report, the column with the year in which it was published; a file may lack it.
    """

    name: str
    kind: Literal["explorer", "database"]
    header_line: int
    columns: Roles
    tags: list[str]
    values: dict[str, str]
    ratings: list[RatingColumn]
    report_years: dict[str, str]
    skip: list[str]
    drop: list[str]

    def required(self) -> set[str]:
        """The columns without which a file does not have this shape; those not used or dropped may be missing."""
        named = {column for column in self.columns.model_dump().values() if column}
        rated = {rating.column for rating in self.ratings} | {rating.twin for rating in self.ratings if rating.twin}
        return named | rated | set(self.tags) | set(self.values)


def shapes_of(source: Source) -> list[Shape]:
    """The shapes declared under ``links.shapes``; ``SourceError`` naming the key when a declaration is wrong."""
    try:
        return [Shape(name=name, **entry) for name, entry in source.spec.links["shapes"].items()]
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SourceError(f"{source.source_id}.yml, links.shapes: {wrong}") from error


def shape_of(source: Source, file: str, shapes: list[Shape]) -> Shape:
    """The shape whose columns the file has; ``SourceError`` with the columns that the nearest shape would need."""
    lines = list(islice(_lines(source.content(file)), max(shape.header_line for shape in shapes)))
    missing = {}
    for shape in shapes:
        header = lines[shape.header_line - 1] if len(lines) >= shape.header_line else []
        missing[shape.name] = sorted(shape.required() - {name.strip() for name in header})
        if not missing[shape.name]:
            return shape
    nearest = min(shapes, key=lambda shape: len(missing[shape.name]) / len(shape.required()))
    raise SourceError(
        f"{source.copy(file).path}: unknown header; the nearest shape is {nearest.name} (header on line "
        f"{nearest.header_line}), missing {', '.join(missing[nearest.name])}; "
        f"compare it with links.shapes in {source.source_id}.yml"
    )


def _lines(text: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        return
