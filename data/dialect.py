"""What DuckDB and PostgreSQL say in different words. Nothing else in the project speaks only one of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class folded(FunctionElement[str]):
    """A text without accents and in small letters (``Michoacán`` and ``MICHOACAN`` are ``michoacan``).

    Sorting by it gives the same order on both engines, whatever the server's collation.
    """

    name = "folded"
    type = Text()
    inherit_cache = True


@compiles(folded, "duckdb")
def _folded_duckdb(element: folded, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower(strip_accents({compiler.process(element.clauses, **options)}))"


@compiles(folded, "postgresql")
def _folded_postgresql(element: folded, compiler: SQLCompiler, **options: Any) -> str:
    # Not the extension `unaccent`, which not every server lets us install.
    decomposed = f"normalize({compiler.process(element.clauses, **options)}, NFD)"
    return f"""(lower(regexp_replace({decomposed}, '[\\u0300-\\u036f]', '', 'g')) COLLATE "C")"""


def contains(column: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Whether the column has the words somewhere, whatever their accents and capitals; ``%`` and ``_`` are plain."""
    return func.strpos(folded(column), folded(literal(words, Text))) > 0
