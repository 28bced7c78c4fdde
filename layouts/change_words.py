"""How a change between two releases is told: counts, moments, and one change as a sentence."""

from __future__ import annotations

from datetime import datetime

from dash import html
from dash.development.base_component import Component

from data.queries.changes import Change, TableChanges
from data.schema import TABLES, column_info, label
from layouts.components.island import Node
from layouts.components.texts import known
from layouts.i18n import Locale

SHORT = 12
LONGEST = 240


def moment(built_at: str, locale: Locale) -> str:
    """``23 de noviembre de 2026, 20:11 UTC``."""
    at = datetime.fromisoformat(built_at)
    return f"{locale.date(built_at)}, {at:%H:%M} UTC"


def short(digest: str) -> Component:
    """A hash by its first digits, whole on demand."""
    return html.Details([html.Summary(html.Code(digest[:SHORT])), html.Code(digest)], className="hash")


def counts_words(counted: TableChanges, locale: Locale) -> str:
    """``3 filas agregadas, 1 retirada y 2 cambiadas en 4 celdas``, leaving out what did not happen."""
    said = []
    if counted.added:
        said.append(locale.plural("{n} fila agregada", "{n} filas agregadas", counted.added))
    if counted.removed:
        said.append(locale.plural("{n} fila retirada", "{n} filas retiradas", counted.removed))
    if counted.changed:
        cells = locale.plural("{n} celda", "{n} celdas", counted.cells)
        said.append(
            locale.plural(
                "{n} fila cambiada en {cells}", "{n} filas cambiadas en {cells}", counted.changed, cells=cells
            )
        )
    return ", ".join(said)


def change_words(change: Change, locale: Locale) -> Node:
    """One change: added, removed, or which column went from what to what."""
    _ = locale.text
    if change.kind == "added":
        return _("fila nueva")
    if change.kind == "removed":
        return _("fila retirada")
    old, new = (known(_value(change, value, locale), locale) for value in (change.old, change.new))
    return html.Span([html.B(_column(change, locale)), ": ", _("antes"), " ", old, "; ", _("ahora"), " ", new])


def _column(change: Change, locale: Locale) -> str:
    """The label of the column; its name where the schema of today has none such."""
    table = TABLES.get(change.table_name)
    if table is None or change.column_name is None or change.column_name not in table.c:
        return change.column_name or ""
    return column_info(table.c[change.column_name])["label"][locale.data.code]


def _value(change: Change, value: str | None, locale: Locale) -> Node:
    """A value as readers know it: codes by their labels, yes and no in words, long texts cut."""
    if value is None:
        return None
    table, column_name = TABLES.get(change.table_name), change.column_name
    if table is not None and column_name is not None and column_name in table.c:
        info = column_info(table.c[column_name])
        if info["kind"] == "boolean":
            return html.Q({"true": locale.text("sí"), "false": locale.text("no")}.get(value, value))
        if info["enum"] is not None:
            return html.Q(label(info["enum"], value, locale.code))
    return html.Q(value if len(value) <= LONGEST else f"{value[:LONGEST]}…")
