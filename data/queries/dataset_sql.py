"""The SQL of a query, to be read, and run again on the release by who doubts a number."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from data.queries.datasets import DatasetQuery


def sql_of(connection: Connection, query: DatasetQuery) -> str:
    """The query in the dialect of the connection's engine, its values written in, so that it runs as it stands.

    Only to be shown: the site itself hands values to the engine apart from the text.
    """
    # Another style of placeholders would have every percent sign doubled in the text.
    dialect_of: Any = type(connection.dialect)
    dialect = dialect_of(paramstyle="named")
    written = str(query.statement().compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    # On a server, the tables of a release stand in a schema of their own.
    schemas = connection.get_execution_options().get("schema_translate_map") or {}
    place = [f"SET search_path TO {dialect.identifier_preparer.quote(name)};" for name in schemas.values()]
    return "\n".join([*place, written])
