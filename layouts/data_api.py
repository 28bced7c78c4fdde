"""``/datos/api``: the API tried in the page, without a script: the address, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash import html

from data.dialect import QueryTooMuch
from data.queries.dataset_filters import operators
from data.queries.dataset_tables import tables_of
from data.queries.datasets import DatasetQuery, QueryError, Table, count, page, parse
from data.schema import VOCABULARIES, column_info, content_columns, key_columns, table_info
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
    options = [(name, f"{table_info(each)['label'][locale.data.code]} ({name})") for name, each in tables.items()]
    chosen = tables[visit.query.choice("conjunto", _("Conjunto de datos"), options, EXAMPLE) or EXAMPLE]
    words = visit.query.search("consulta", _("Consulta: columna=valor&columna.operador=valor")) or ""
    return PageView(
        title="API",
        kicker=[html.A(_("Datos"), href=locale.link("/datos")), " · API"],
        sentence=_("Pregunte a los datos desde un programa, o desde aquí."),
        text=_("Sin clave. Responde JSON o CSV; cada página dice cuál sigue y de qué versión de los datos viene."),
        filters=visit.query.form(),
        content=[*_answer(visit, chosen, words), _examples(visit, chosen), _operators(visit, chosen)],
    )


def _answer(visit: Visit, chosen: Table, words: str) -> list[Node]:
    locale, _ = visit.locale, visit.locale.text
    try:
        query = parse(chosen, parse_qsl(words, keep_blank_values=True, max_num_fields=40))
        with visit.release.connect() as connection:
            found, following = page(connection, replace(query, limit=min(query.limit or SHOWN, SHOWN)))
            total = count(connection, query)
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
        html.P(locale.plural("{n} fila responde a esto.", "{n} filas responden a esto.", total)),
        html.H2(locale.plural("La primera fila", "Las primeras {n} filas", max(len(found), 1))),
        html.Pre(body),
    ]
    return [html.Section(parts, className="view", id="respuesta"), _ways(visit, chosen, pairs)]


def _examples(visit: Visit, chosen: Table) -> Node:
    """Queries of the dataset to begin with, each a link that fills the form."""
    _ = visit.locale.text
    links = [
        html.Li(html.A(html.Code(words), href=visit.locale.link("/datos/api", conjunto=chosen.name, consulta=words)))
        for words in dict.fromkeys(_queries(chosen))
    ]
    return html.Section([html.H2(_("Por ejemplo")), html.Ul(links)], className="view", id="ejemplos")


def _queries(chosen: Table) -> Iterator[str]:
    key = key_columns(chosen)[0]
    yield f"sort=-{key}&limit=5"
    for column in chosen.columns:
        info = column_info(column)
        if info["enum"]:
            yield f"{column.name}={next(iter(VOCABULARIES[info['enum']]))}"
            break
    for kind, words in (
        ("number", "{}.gte=0.5&sort=-{}"),
        ("integer", "{}.gt=10&sort=-{}"),
        ("text", "{}.contains=de"),
    ):
        for column in chosen.columns:
            info = column_info(column)
            if info["kind"] == kind and not (info["provenance"] or info["enum"] or column.primary_key):
                yield words.format(column.name, column.name)
                break
    yield f"select={','.join(content_columns(chosen)[:3])}"


def _ways(visit: Visit, chosen: Table, pairs: Sequence[tuple[str, str]]) -> Node:
    """The same question from a shell, from Python and from R."""
    _, host = visit.locale.text, settings().public_url.rstrip("/")
    asked = f"?{urlencode(pairs)}" if pairs else ""
    file = f"{host}/datos/{chosen.name}.raw.csv{asked}"
    ways = [
        ("curl", f"curl -H 'Accept: text/csv' '{host}/api/v1/{chosen.name}{asked}'"),
        ("Python", f'import pandas\n\nrows = pandas.read_csv("{file}", dtype=str)'),
        ("R", f'rows <- read.csv("{file}", colClasses = "character", encoding = "UTF-8")'),
    ]
    said = [html.Div([html.Dt(name), html.Dd(html.Pre(html.Code(code)))]) for name, code in ways]
    described = html.A("OpenAPI 3.1", href="/api/v1/openapi.json")
    parts: list[Node] = [
        html.H2(_("Desde un programa")),
        html.Dl(said, className="rules"),
        html.P([_("La API da páginas de hasta 1,000 filas; el archivo, todas."), " ", described, "."]),
    ]
    return html.Section(parts, className="view", id="programa")


def _body(query: DatasetQuery, found: Any, more: bool) -> dict[str, Any]:
    rows = [dict(zip(query.columns, row, strict=True)) for row in found]
    return {"dataset": str(query.table.name), "data": rows, "next": "…" if more else None}


def _operators(visit: Visit, chosen: Table) -> Node:
    locale, _ = visit.locale, visit.locale.text
    columns = [Column(_("Columna"), "row"), Column(_("Qué es")), Column(_("Operadores"))]
    rows: list[list[Node]] = [
        [
            html.Code(str(column.name)),
            column.info["label"][locale.data.code],
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
