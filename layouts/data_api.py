"""``/datos/api``: the API tried in the page, without a script: the address, and what it answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash import html

from data.dialect import QueryTooMuch
from data.queries.dataset_filters import operators
from data.queries.dataset_tables import tables_of
from data.queries.datasets import DatasetQuery, QueryError, Table, page, parse
from data.schema import table_info
from layouts.components.island import Node
from layouts.components.tables import Column, table
from layouts.components.texts import note
from layouts.i18n import CUTOFF, N_
from layouts.page import Page, PageView, Visit
from settings import settings

SHOWN = 3
EXAMPLE = "states"
MEANINGS = {
    "eq": N_("es ese valor; repetido, cualquiera de ellos"),
    "ne": N_("es otro, o no tiene dato"),
    "gte": N_("es igual o mayor"),
    "lte": N_("es igual o menor"),
    "gt": N_("es mayor"),
    "lt": N_("es menor"),
    "contains": N_("contiene ese texto, sin importar acentos ni mayúsculas"),
    "is": N_("null: sin dato; notnull: con dato"),
}


def show(visit: Visit) -> PageView:
    """The form, the address it makes, and the beginning of the answer."""
    locale, _ = visit.locale, visit.locale.text
    tables = tables_of(visit.release)
    options = [(name, f"{table_info(each)['label'][locale.code]} ({name})") for name, each in tables.items()]
    chosen = tables[visit.query.choice("conjunto", _("Conjunto de datos"), options, EXAMPLE) or EXAMPLE]
    words = visit.query.search("consulta", _("Consulta: columna=valor&columna.operador=valor")) or ""
    return PageView(
        title="API",
        kicker=[html.A(_("Datos"), href=locale.link("/datos")), " · API"],
        sentence=_("Pregunte a los datos desde un programa, o desde aquí."),
        text=_("Sin clave. Responde JSON o CSV; cada página dice cuál sigue y de qué versión de los datos viene."),
        filters=visit.query.form(),
        content=[*_answer(visit, chosen, words), _operators(visit, chosen)],
    )


def _answer(visit: Visit, chosen: Table, words: str) -> list[Node]:
    locale, _ = visit.locale, visit.locale.text
    try:
        query = parse(chosen, parse_qsl(words, keep_blank_values=True, max_num_fields=40))
        with visit.release.connect() as connection:
            found, following = page(connection, replace(query, limit=SHOWN))
    except QueryError as error:
        allowed = ", ".join(error.allowed[:12])
        said = f"{error.parameter}: {error.message.said(locale.code)}. {allowed}"
        return [note(said)]
    except (QueryTooMuch, ValueError):
        return [note(_("Esa consulta no se puede responder: pida menos filas o menos filtros."))]
    pairs = [*query.pairs(), *([(CUTOFF, locale.cutoff)] if locale.cutoff else [])]
    path = f"/api/v1/{chosen.name}{f'?{urlencode(pairs)}' if pairs else ''}"
    address = f"{settings().public_url.rstrip('/')}{path}"
    body = json.dumps(_body(query, found, following is not None), ensure_ascii=False, indent=2)
    parts: list[Node] = [
        html.H2(_("La dirección")),
        html.P(html.A(html.Code(address), href=path)),
        html.H2(locale.plural("La primera fila", "Las primeras {n} filas", max(len(found), 1))),
        html.Pre(body),
    ]
    return [html.Section(parts, className="view", id="respuesta")]


def _body(query: DatasetQuery, found: Any, more: bool) -> dict[str, Any]:
    rows = [dict(zip(query.columns, row, strict=True)) for row in found]
    return {"dataset": str(query.table.name), "data": rows, "next": "…" if more else None}


def _operators(visit: Visit, chosen: Table) -> Node:
    locale, _ = visit.locale, visit.locale.text
    columns = [Column(_("Columna"), "row"), Column(_("Qué es")), Column(_("Operadores"))]
    rows: list[list[Node]] = [
        [
            html.Code(str(column.name)),
            column.info["label"][locale.code],
            html.Code(", ".join("=" if name == "eq" else f".{name}=" for name in operators(column))),
        ]
        for column in chosen.columns
    ]
    meanings = html.Dl(
        [
            html.Div([html.Dt(html.Code("=" if name == "eq" else f".{name}=")), html.Dd(locale.text(said))])
            for name, said in MEANINGS.items()
        ],
        className="rules",
    )
    more = html.P(
        _("Además: select (columnas), sort (orden; con - delante, descendente), limit, corte (versión o fecha).")
    )
    drawn = table(_("Filtros de {name}", name=str(chosen.name)), columns, rows, locale, cards=True)
    return html.Section([html.H2(_("Los filtros")), meanings, more, drawn], className="view", id="filtros")


PAGES = (Page("/datos/api", show, order=72),)
