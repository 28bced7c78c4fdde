"""The SQL of a query, as the engine gets it: to be read, and run again on the release by who doubts a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries.datasets import DatasetQuery


@dataclass(frozen=True)
class Statement:
    """The text of a query, with placeholders, and the values for them in their order; they are never put into the text."""

    text: str
    parameters: tuple[tuple[str, Any], ...]


def sql_of(connection: Connection, query: DatasetQuery) -> Statement:
    """The query in the dialect of the connection's engine."""
    statement = query.statement()
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    names = compiled.positiontup or list(compiled.params)
    return Statement(str(compiled), tuple((name, compiled.params[name]) for name in names))
