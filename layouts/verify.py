"""``/verificar``: the rows behind a number, the SQL that gives them, and the copies that they were read from."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlencode

from dash import html
from dash.development.base_component import Component

from data.dialect import QueryTooMuch
from data.queries.dataset_sources import SourceUsed, sources_of
from data.queries.dataset_sql import Statement, sql_of
from data.queries.dataset_tables import tables_of
from data.queries.datasets import DatasetQuery, QueryError, Table, count, parse
from data.schema import label, table_info
from layouts.components.island import Node
from layouts.components.tables import Column, table
from layouts.components.texts import note
from layouts.components.view import LONGEST_QUERY
from layouts.i18n import CUTOFF, Locale
from layouts.page import Page, PageView, Visit

FIRST = "states"
MOST_FIELDS = 256


def show(visit: Visit) -> PageView:
    """The proof of a number: ``?conjunto=<dataset>&consulta=<filters, as a download's address takes them>``."""
    locale, _ = visit.locale, visit.locale.text
    tables = tables_of(visit.release)
    options = [(name, table_info(each)["label"][locale.code]) for name, each in tables.items()]
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
    )


def _proof(visit: Visit, chosen: Table, words: str) -> tuple[int | None, list[Node]]:
    locale, _ = visit.locale, visit.locale.text
    try:
        query = parse(chosen, parse_qsl(words, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        with visit.release.connect() as connection:
            counted = count(connection, query)
            statement, sources = sql_of(connection, query), sources_of(connection, query)
    except QueryError as error:
        return None, [note(f"{error.parameter}: {error.message.said(locale.code)}. {', '.join(error.allowed[:12])}")]
    except (QueryTooMuch, ValueError):
        return None, [note(_("Pida menos filas o menos filtros."))]
    return counted, [_rows(visit, query), _sql(visit, statement), *_copies(sources, locale)]


def _rows(visit: Visit, query: DatasetQuery) -> Component:
    locale, _ = visit.locale, visit.locale.text
    pairs = [*query.pairs(), (CUTOFF, visit.release.release_id)]
    asked = "&".join(f"{name}={text}" for name, text in query.pairs()) or _("todas las filas")
    links: list[Node] = []
    for suffix, said in (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON")):
        links += [html.A(said, href=_address(locale, f"/datos/{query.table.name}.{suffix}", pairs)), " "]
    parts: list[Node] = [html.H2(_("Las filas")), html.P(html.Code(asked)), html.P(links, className="line")]
    return html.Section(parts, className="view", id="filas")


def _address(locale: Locale, path: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{locale.prefix}{quote(path)}?{urlencode(pairs)}"


def _sql(visit: Visit, statement: Statement) -> Component:
    _ = visit.locale.text
    values = [html.Li([html.Code(name), " = ", html.Code(repr(value))]) for name, value in statement.parameters]
    parts: list[Node] = [html.H2("SQL"), html.Pre(statement.text)]
    if values:
        parts += [html.H3(_("Valores")), html.Ul(values)]
    if visit.release.path is not None:
        file = html.A("apertura.duckdb", href=f"/datos/apertura.duckdb?{CUTOFF}={visit.release.release_id}")
        parts.append(html.P([_("Se puede repetir sobre el archivo"), " ", file, "."]))
    return html.Section(parts, className="view", id="sql")


def _copies(sources: Sequence[SourceUsed], locale: Locale) -> list[Node]:
    _ = locale.text
    columns = [
        Column(_("Fuente"), "row"),
        Column(_("Archivo")),
        Column(_("Dirección")),
        Column(_("Obtenido")),
        Column("SHA-256"),
        Column(_("Filas"), "number"),
    ]
    rows: list[list[Node]] = [
        [
            locale.pick(source.title["es"], source.title["en"]),
            copy.file,
            html.A(copy.url, href=copy.url) if copy.url else None,
            f"{locale.date(copy.fetched_at)}, {label('via', copy.via, locale.code)}",
            html.Code(copy.sha256),
            locale.number(copy.rows),
        ]
        for source in sources
        for copy in source.copies
    ]
    if not rows:
        return []
    drawn = table(_("Copias de las fuentes"), columns, rows, locale)
    return [html.Section([html.H2(_("Las fuentes")), drawn], className="view", id="fuentes")]


PAGES = (Page("/verificar", show),)
