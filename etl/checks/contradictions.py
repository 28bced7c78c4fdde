"""Cross-source checks: where two sources say different things of the same fact, both are quoted.

What is compared with what is declared in ``contradictions.yml`` beside this file; here it is only evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, TypeAdapter

from etl.resolve import TablesRead
from etl.sources.reading import Found
from etl.sources.spec import Strict, Text
from etl.table_rows import TableRow

DECLARED = Path(__file__).with_name("contradictions.yml")
How = Literal["value", "sum", "mean", "count", "count_distinct", "years"]


@dataclass(frozen=True)
class Contradicted(Found):
    """A contradiction: a finding whose sides each say what their value is."""

    abouts: tuple[Text, ...] = ()


class Side(Strict):
    """What one source says: read from a table, or quoted in ``says`` where no table holds it."""

    about: Text
    says: str | None = None
    source: str | None = None
    source_url: str | None = None
    as_of: str | None = None
    table: str | None = None
    where: dict[str, str | list[str]] = Field(default_factory=dict)
    plan: str | None = None
    column: str | None = None
    columns: list[str] = Field(default_factory=list)
    how: How = "value"


class Contradiction(Strict):
    """Two or more sides; ``{a}``, ``{b}``... in the message stand for what they say, in their order."""

    severity: Literal["warning", "notice"]
    message: Text
    sides: list[Side]
    table: str | None = None
    key: str | None = None
    state_code: str | None = None


def declared(path: Path = DECLARED) -> Mapping[str, Contradiction]:
    """The declared contradictions by their id."""
    return TypeAdapter(dict[str, Contradiction]).validate_python(
        yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    )


def contradictions(tables: TablesRead, declarations: Mapping[str, Contradiction] | None = None) -> Iterator[Found]:
    """A finding for every declared contradiction whose sides all say something and do not say the same."""
    for check_id, contradiction in (declared() if declarations is None else declarations).items():
        said = [_said(side, tables) for side in contradiction.sides]
        values = [value for value, _ in said if value is not None]
        if len(values) < len(said) or len(set(values)) == 1:
            continue
        words = dict(zip("abcdefgh", values, strict=False))
        yield Contradicted(
            contradiction.severity,
            check_id,
            contradiction.message.es.format(**words),
            contradiction.message.en.format(**words),
            contradiction.table,
            contradiction.key,
            contradiction.state_code,
            tuple(_quoted(side, value, row) for side, (value, row) in zip(contradiction.sides, said, strict=True)),
            tuple(side.about for side in contradiction.sides),
        )


def _quoted(side: Side, value: str | None, row: TableRow) -> tuple[str | None, str, str | None, str | None]:
    return (
        side.source or row.get("source_id"),
        value or "",
        side.as_of or row.get("as_of") or None,
        side.source_url or row.get("source_url"),
    )


def _said(side: Side, tables: TablesRead) -> tuple[str | None, TableRow]:
    """What a side says, as text, and a row that says it."""
    if side.says is not None:
        return side.says, {}
    rows = [row for row in tables.get(side.table or "", []) if _matches(row, side.where)]
    if side.plan is not None:
        members = {row["commitment_id"] for row in tables["commitments"] if row["plan_id"] == side.plan}
        rows = [row for row in rows if row["commitment_id"] in members]
    columns = side.columns or [side.column or ""]
    values = [row[column] for row in rows for column in columns if row.get(column) is not None]
    return (_reduced(side.how, values), rows[0]) if values else (None, {})


def _matches(row: TableRow, where: Mapping[str, str | list[str]]) -> bool:
    return all(
        row.get(c) in wanted if isinstance(wanted, list) else row.get(c) == wanted for c, wanted in where.items()
    )


def _reduced(how: How, values: Sequence[Any]) -> str:
    if how == "sum":
        return _plain(sum(values))
    if how == "mean":
        return _plain(sum(values) / len(values))
    if how == "count":
        return str(len(values))
    if how == "count_distinct":
        return str(len(set(values)))
    if how == "years":
        years = sorted({str(value)[:4] for value in values})
        return years[0] if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return _plain(values[0])


def _plain(value: Any) -> str:
    return f"{round(value, 4):g}" if isinstance(value, float) else str(value)
