"""The warehouse, declared once: every table and column, with type, unit, label, description and vocabulary.

The DDL, the checks, the data dictionary, the data package and the API are all derived from here.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, cast

from sqlalchemy import Column, Table

from data.schema import (
    actors,
    changes,
    commitments,
    figures,
    findings,
    local,
    members,
    places,
    plans,
    provenance,
    ratings,
    survey,
)
from data.schema.columns import ColumnInfo, TableInfo, metadata
from data.schema.vocabularies import VOCABULARIES, label

__all__ = [
    "TABLES",
    "VOCABULARIES",
    "actors",
    "changes",
    "column_info",
    "commitments",
    "content_columns",
    "figures",
    "findings",
    "key_columns",
    "label",
    "local",
    "members",
    "metadata",
    "places",
    "plans",
    "provenance",
    "public_tables",
    "ratings",
    "schema_version",
    "survey",
    "table_info",
]

TABLES: dict[str, Table] = {table.name: table for table in metadata.sorted_tables}


def table_info(table: Table) -> TableInfo:
    """What is known of a table beyond its columns."""
    return cast(TableInfo, table.info)


def column_info(column: Column[Any]) -> ColumnInfo:
    """What is known of a column beyond its SQL type."""
    return cast(ColumnInfo, column.info)


def public_tables() -> list[Table]:
    """The tables readers may take away, in the order in which rows can be loaded."""
    return [table for table in TABLES.values() if table_info(table)["public"]]


def key_columns(table: Table) -> list[str]:
    """The names of the columns that identify a row."""
    return [column.name for column in table.primary_key.columns]


def content_columns(table: Table) -> list[str]:
    """The columns that say something about the world: all but those that say where the row came from."""
    return [column.name for column in table.columns if not column_info(column)["provenance"]]


def schema_version() -> str:
    """First 12 hex digits of the SHA-256 of everything declared about tables, columns and vocabularies."""
    declared = {
        name: {
            "info": dict(table.info),
            "columns": [
                [
                    c.name,
                    str(c.type),
                    c.primary_key,
                    c.nullable,
                    dict(c.info),
                    sorted(k.target_fullname for k in c.foreign_keys),
                ]
                for c in table.columns
            ],
        }
        for name, table in sorted(TABLES.items())
    }
    text = json.dumps([declared, VOCABULARIES], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
