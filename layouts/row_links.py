"""Links from a row of the release to the page that shows it, and the words for a table."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html

from data.queries.row_places import RowRef
from data.schema import TABLES, table_info
from layouts.components.island import Node
from layouts.i18n import Locale

# The pages that rows with such a key stand on.
PAGES = {
    "state_code": "/estados/{}",
    "locality_id": "/ogp-local/{}",
    "actor_id": "/actores/{}",
    "source_id": "/fuentes/{}",
}


def table_label(table_name: str, locale: Locale) -> str:
    """The name of a table for readers; that in the database where the schema of today has no such table."""
    table = TABLES.get(table_name)
    return table_info(table)["label"][locale.data.code] if table is not None else table_name


def row_link(row: RowRef, commitments: Mapping[str, str], locale: Locale) -> Node:
    """The key of a row, as a link to the page that shows it where there is one. `commitments` as `commitment_places`."""
    path = row_path(row, commitments)
    shown = row.row_key.replace("|", " · ")
    return html.A(shown, href=locale.link(path)) if path is not None else shown


def row_path(row: RowRef, commitments: Mapping[str, str]) -> str | None:
    """The path of the page that shows a row; None where no page does."""
    key = row.key
    if "commitment_id" in key:
        return commitments.get(key["commitment_id"])
    for column, path in PAGES.items():
        if key.get(column):
            return path.format(key[column])
    return None
