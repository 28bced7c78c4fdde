"""OGP's commitments with the coding of its Independent Reporting Mechanism, all countries, in either published shape.

A file is recognised by its header, never by its name. Without ids of its own (2017) a commitment is
``<ISO2>-P<plan>-<number>``; with them (newer database) it keeps OGP's, and where plan, number and title meet exactly one
commitment of 2017 both are the same commitment.
"""

from __future__ import annotations

from etl.sources.ogp_commitments_coding import Parts
from etl.sources.ogp_commitments_database import Database
from etl.sources.ogp_commitments_explorer import CommitmentKey, Explorer, Known
from etl.sources.ogp_commitments_shapes import Shape, shape_of, shapes_of
from etl.sources.reading import Source, SourceError


def parse(source: Source) -> None:
    """Load every file at hand, the Explorer file first; ``SourceError`` for an unknown header or a shape that comes twice."""
    announced: set[str] = set()
    explorer: dict[CommitmentKey, Known | None] = {}
    for shape, file in _files(source):
        parts = Parts(source, file, shape, announced)
        if shape.kind == "explorer":
            reading = Explorer(parts)
            reading.parse()
            explorer = reading.known
        else:
            Database(parts, explorer).parse()


def _files(source: Source) -> list[tuple[Shape, str]]:
    shapes = shapes_of(source)
    found: dict[str, tuple[Shape, str]] = {}
    for entry in source.spec.files:
        if not source.has(entry.name) and not entry.required:
            continue
        shape = shape_of(source, entry.name, shapes)
        if shape.name in found:
            raise SourceError(
                f"{source.copy(entry.name).path}: has the shape {shape.name}, as {found[shape.name][1]} does; keep one"
            )
        found[shape.name] = (shape, entry.name)
    return sorted(found.values(), key=lambda pair: pair[0].kind != "explorer")
