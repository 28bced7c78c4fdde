"""Doubtful matches: rows that may be one thing, kept apart for want of evidence, each pair told as a notice.

Which pairs is declared in ``doubtful_matches.yml`` beside this file; nothing is ever merged by likeness alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter

from data.schema import TABLES, key_columns, table_info
from etl.resolve import TablesRead
from etl.sources.reading import Found
from etl.sources.spec import Strict, Text
from etl.table_rows import TableRow

DECLARED = Path(__file__).with_name("doubtful_matches.yml")
CHECK = "doubtful_match"


class DoubtfulMatch(Strict):
    """Two rows of a table by their keys, the columns that may name them (the first that is filled does), and the doubt."""

    table: str
    keys: tuple[str, str]
    columns: list[str] = Field(min_length=1)
    why: Text


def declared(path: Path = DECLARED) -> Mapping[str, DoubtfulMatch]:
    """The declared pairs by their id."""
    return TypeAdapter(dict[str, DoubtfulMatch]).validate_python(
        yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    )


def doubtful_matches(tables: TablesRead, declarations: Mapping[str, DoubtfulMatch] | None = None) -> Iterator[Found]:
    """A notice for each declared pair of which both rows are there."""
    for match in (declared() if declarations is None else declarations).values():
        (key,) = key_columns(TABLES[match.table])
        rows = {row[key]: row for row in tables.get(match.table, []) if row[key] in match.keys}
        if len(rows) < len(match.keys):
            continue
        pair = [rows[each] for each in match.keys]
        said = [f"«{_named(row, match)}» ({row[key]})" for row in pair]
        one, other = (f"{text[:-1]}, {row['source_id']})" for text, row in zip(said, pair, strict=True))
        label = table_info(TABLES[match.table])["label"]
        yield Found(
            "notice",
            CHECK,
            f"{label['es']}: {one} y {other} podrían ser lo mismo: {match.why.es}. Se conservan por separado.",
            f"{label['en']}: {one} and {other} may be the same: {match.why.en}. They are kept apart.",
            match.table,
            match.keys[0],
            sides=tuple(
                (row["source_id"], text, None, row.get("source_url")) for text, row in zip(said, pair, strict=True)
            ),
        )


def _named(row: TableRow, match: DoubtfulMatch) -> str:
    return next((str(row[column]) for column in match.columns if row.get(column)), "")
