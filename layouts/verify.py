"""``/verificar``: the rows behind a number, the SQL that gives them, and the copies that they were read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from dash import html
from dash.development.base_component import Component

from data.dialect import QueryTooMuch
from data.queries.dataset_rows import key_text
from data.queries.dataset_sources import Copy, SourceUsed, sources_of
from data.queries.dataset_sql import sql_of
from data.queries.dataset_tables import tables_of
from data.queries.datasets import DatasetQuery, QueryError, Table, count, parse, stream
from data.schema import content_columns, key_columns, label, table_info
from layouts.components.island import Node, with_attributes
from layouts.components.tables import Column, table
from layouts.components.texts import note
from layouts.components.view import LONGEST_QUERY
from layouts.i18n import CUTOFF, Locale
from layouts.page import Page, PageView, Visit
from layouts.source_words import record

FIRST = "states"
MOST_FIELDS = 256
# Of the rows, as much as can be looked over; the files have all.
SHOWN = 10
MOST_COLUMNS = 8
LONGEST_SHOWN = 200


def show(visit: Visit) -> PageView:
    """The proof of a number: ``?conjunto=<dataset>&consulta=<filters, as a download's address takes them>``."""
    locale, _ = visit.locale, visit.locale.text
    tables = tables_of(visit.release)
    options = [(name, table_info(each)["label"][locale.data.code]) for name, each in tables.items()]
    chosen = tables[visit.query.choice("conjunto", _("Conjunto de datos"), options, FIRST) or FIRST]
    words = visit.query.search("consulta", _("Filtros, como en la dirección de la descarga"), LONGEST_QUERY) or ""
    counted, content = _proof(visit, chosen, words)
    sentence = (
        _("Esa consulta no se puede responder.")
        if counted is None
        else locale.plural("{n} fila da este número.", "{n} filas dan este número.", counted)
    )
    return PageView(
        title=_("Verificar este número"),
        kicker=_("Verificar este número"),
        sentence=sentence,
        text=_(
            "Versión de los datos: {release}. Cualquiera puede repetir la consulta sobre el archivo de esa versión.",
            release=visit.release.release_id,
        ),
        filters=visit.query.form(),
        content=content,
        status=200 if counted is not None else 400,
    )


def _proof(visit: Visit, chosen: Table, words: str) -> tuple[int | None, list[Node]]:
    locale, _ = visit.locale, visit.locale.text
    try:
        query = parse(chosen, parse_qsl(words, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        with visit.release.connect() as connection:
            counted = count(connection, query)
            beginning = _beginning(query)
            first = [dict(zip(beginning.columns, row, strict=True)) for row in stream(connection, beginning)]
            statement, sources = sql_of(connection, query), sources_of(connection, query)
    except QueryError as error:
        return None, [note(f"{error.parameter}: {error.message.said(locale.code)}. {', '.join(error.allowed[:12])}")]
    except (QueryTooMuch, ValueError):
        return None, [note(_("Pida menos filas o menos filtros."))]
    return counted, [_rows(visit, query, first, counted), _sql(visit, statement), *_copies(visit, sources)]


def _beginning(query: DatasetQuery) -> DatasetQuery:
    """The first rows, with every column: the key of a row is shown whatever was chosen."""
    return replace(query, selected=(), limit=min(query.limit or SHOWN, SHOWN))


def _rows(visit: Visit, query: DatasetQuery, first: Sequence[Mapping[str, Any]], counted: int) -> Component:
    locale, _ = visit.locale, visit.locale.text
    pairs = [*query.pairs(), (CUTOFF, visit.release.release_id)]
    asked = "&".join(f"{name}={text}" for name, text in query.pairs()) or _("todas las filas")
    links: list[Node] = []
    for suffix, said in (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON")):
        links += [html.A(said, href=_address(locale.data, f"/datos/{query.table.name}.{suffix}", pairs)), " "]
    links.append(html.A(_("Diccionario"), href=locale.link(f"/datos/{query.table.name}")))
    shown = [_first_rows(visit, query, first, counted)] if first else []
    parts: list[Node] = [html.H2(_("Las filas")), html.P(html.Code(asked)), html.P(links, className="line"), *shown]
    return html.Section(parts, className="view", id="filas")


def _first_rows(visit: Visit, query: DatasetQuery, first: Sequence[Mapping[str, Any]], counted: int) -> Component:
    """The beginning of the rows: key, what was filtered or chosen, and what else there is room for."""
    locale, _ = visit.locale, visit.locale.text
    keys = key_columns(query.table)
    asked = [condition.column.name for condition in query.conditions]
    telling = [name for name in content_columns(query.table) if any(row[name] is not None for row in first)]
    names = list(dict.fromkeys([*keys, *asked, *query.selected, *telling]))
    names = names[: max(MOST_COLUMNS, len({*keys, *asked, *query.selected}))]
    columns = [
        Column(query.table.c[name].info["label"][locale.data.code], "row" if name == keys[0] else "text")
        for name in names
    ]
    rows = [[_cell(visit, query.table, row, name) for name in names] for row in first]
    caption = _("Las primeras {n} de {total}", n=locale.number(len(first)), total=locale.number(counted))
    return table(caption if counted > len(first) else _("Todas"), columns, rows, locale)


def _cell(visit: Visit, of: Table, row: Mapping[str, Any], name: str) -> Node:
    value = row[name]
    if name == key_columns(of)[0]:
        # The row with what is related to it and where it was read.
        pairs = [(CUTOFF, visit.release.release_id)]
        address = f"/api/v1/{of.name}/{quote(key_text(of, row), safe='')}?{urlencode(pairs)}"
        return html.A(str(value), href=address)
    if isinstance(value, bool):
        return visit.locale.text("sí") if value else visit.locale.text("no")
    said = "" if value is None else str(value)
    return f"{said[:LONGEST_SHOWN]}…" if len(said) > LONGEST_SHOWN else said or None


def _address(locale: Locale, path: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{locale.prefix}{quote(path)}?{urlencode(pairs)}"


def _sql(visit: Visit, statement: str) -> Component:
    _ = visit.locale.text
    copy = html.Button(_("Copiar SQL"), type="button")
    parts: list[Node] = [
        html.H2("SQL"),
        html.Pre(html.Code(statement, id="consulta-sql")),
        html.P(with_attributes(copy, {"data-copy": "consulta-sql", "data-done": _("Copiado")}), className="line"),
    ]
    if visit.release.path is not None:
        file = html.A("apertura.duckdb", href=f"/datos/apertura.duckdb?{CUTOFF}={visit.release.release_id}")
        parts.append(html.P([_("Se puede repetir tal cual sobre el archivo"), " ", file, "."]))
    return html.Section(parts, className="view", id="sql")


def _copies(visit: Visit, sources: Sequence[SourceUsed]) -> list[Node]:
    """Each copy that the rows were read from: what it is, where and how it was got, and its hash."""
    locale, _ = visit.locale, visit.locale.text
    items = [
        html.Li([html.P(_titled(source, locale)), _record(copy, source.address, visit)])
        for source in sources
        for copy in source.copies
    ]
    if not items:
        return []
    heading = html.H2(locale.plural("La fuente", "Las fuentes", len(sources)))
    return [html.Section([heading, html.Ul(items, className="findings")], className="view", id="fuentes")]


def _titled(source: SourceUsed, locale: Locale) -> list[Node]:
    title = locale.pick(source.title["es"], source.title["en"]) or source.source_id
    publisher = locale.pick(source.publisher["es"], source.publisher["en"])
    return [html.A(title, href=locale.link(f"/fuentes/{source.source_id}")), f" · {publisher}" if publisher else ""]


def _record(copy: Copy, home: str | None, visit: Visit) -> Component:
    locale, _ = visit.locale, visit.locale.text
    address = copy.url or home
    return record(
        [
            (_("Archivo"), copy.file),
            (_("Dirección"), html.A(address, href=address) if address else None),
            (_("Obtenido"), f"{locale.date(copy.fetched_at)}, {label('via', copy.via, locale.code)}"),
            ("SHA-256", html.Code(copy.sha256)),
            (_("Versión de los datos"), html.Code(visit.release.release_id)),
            (_("Filas de este número"), locale.number(copy.rows)),
        ],
        locale,
    )


PAGES = (Page("/verificar", show),)
