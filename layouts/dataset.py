"""``/datos/<dataset>``: a dataset's dictionary, first rows, sources and citation."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from data import metadata_citation as citation
from data.extract import column_said
from data.metadata_catalog import dataset_document
from data.queries.dataset_facts import Entry, Profile, catalogue, profile
from data.schema import label, table_info
from layouts.components.island import Node
from layouts.components.tables import Column, table
from layouts.components.texts import Fact, facts, note
from layouts.data_catalog import downloads
from layouts.i18n import N_, Locale
from layouts.linked_data import linked_data
from layouts.page import Missing, Page, PageView, Visit
from settings import settings

KINDS = {
    "text": N_("texto"),
    "integer": N_("entero"),
    "number": N_("número"),
    "boolean": N_("sí o no"),
    "partial_date": N_("fecha, quizá parcial"),
    "timestamp": N_("momento"),
    "url": N_("dirección"),
    "json": "JSON",
}
# What the quantities of the schema are counted in.
UNITS = {
    "activities": N_("actividades"),
    "bytes": "bytes",
    "commitments": N_("compromisos"),
    "count": N_("cuenta"),
    "degrees": N_("grados"),
    "guarantor bodies": N_("organismos garantes"),
    "index 0-1": N_("índice de 0 a 1"),
    "institutions": N_("instituciones"),
    "municipalities": N_("municipios"),
    "ordinal": N_("orden"),
    "percent": N_("por ciento"),
    "persons": N_("personas"),
    "rows": N_("filas"),
    "seats": N_("asientos"),
    "see column unit": N_("la unidad de su fila"),
    "year": N_("año"),
}
VALUES_SHOWN = 6


def show(visit: Visit) -> PageView:
    """One dataset."""
    locale, _ = visit.locale, visit.locale.text
    entries = {entry.name: entry for entry in catalogue(visit.release)}
    name = visit.place["dataset"]
    if name not in entries:
        near = [(locale.link(f"/datos/{other}"), other) for other in difflib.get_close_matches(name, entries, 3)]
        raise Missing(
            _("No hay un conjunto de datos «{name}».", name=name), [*near, (locale.link("/datos"), _("Ver todos"))]
        )
    entry = entries[name]
    found = profile(visit.release, entry.table)
    info = table_info(entry.table)
    row = info["one_row"][locale.data.code]
    host = settings().public_url.rstrip("/")
    return PageView(
        title=info["label"][locale.data.code],
        kicker=[html.A(_("Datos"), href=locale.link("/datos")), f" · {name}"],
        sentence=locale.plural(
            "{name}: {n} fila.", "{name}: {n} filas.", found.rows, name=info["label"][locale.data.code]
        ),
        text=_("Cada fila: {row}", row=f"{row[:1].lower()}{row[1:]}"),
        content=[
            _figures(visit, entry, found),
            *([] if found.rows else [note(_("Esta versión no tiene filas de esto; el diccionario dice qué tendría."))]),
            *_warnings(entry, locale),
            _files(entry, locale),
            _dictionary(entry, found, locale),
            *_preview(entry, found, locale),
            *_sources(found, locale),
            _citation(visit, entry, found, host),
        ],
        still=[linked_data(dataset_document(entry, visit.release, host, settings().contact))],
    )


def _figures(visit: Visit, entry: Entry, found: Profile) -> Component:
    locale, _ = visit.locale, visit.locale.text
    cut = locale.date(visit.release.built_at)
    return facts(
        [
            Fact(_("Filas"), locale.number(found.rows), None, cut),
            Fact(_("Columnas"), locale.number(len(entry.table.columns))),
            Fact(_("Celdas con dato"), locale.percent(_filled(found)) if found.rows else None, None, cut),
        ],
        locale,
    )


def _filled(found: Profile) -> float:
    return sum(found.filled.values()) / (found.rows * len(found.filled))


def _warnings(entry: Entry, locale: Locale) -> list[Node]:
    said = [label("usage_warning", code, locale.code) for code in entry.warnings]
    return [note(locale.text("Advertencias de sus fuentes: {warnings}.", warnings="; ".join(said)))] if said else []


def _files(entry: Entry, locale: Locale) -> Component:
    _ = locale.text
    raw, lines, described = (
        locale.plain_link(f"/datos/{entry.name}.{suffix}") for suffix in ("raw.csv", "ndjson", "raw.csv-metadata.json")
    )
    links: list[Node] = [
        *downloads(entry.name, locale),
        html.A(_("CSV para programas"), href=raw),
        html.A("NDJSON", href=lines),
        html.A("CSVW", href=described),
        html.A(_("Probar la API"), href=locale.link("/datos/api", conjunto=entry.name)),
    ]
    about = html.P(
        _(
            "El CSV lleva encabezados en palabras y protege las claves con un apóstrofo; el de programas deja cada valor intacto."
        )
    )
    return html.Section(
        [html.H2(_("Descargar")), html.P(links, className="line"), about], className="view", id="descargar"
    )


def _dictionary(entry: Entry, found: Profile, locale: Locale) -> Component:
    _ = locale.text
    columns = [
        Column(_("Columna"), "row"),
        Column(_("Clase y unidad")),
        Column(_("Valores")),
        Column(_("Con dato"), "number"),
    ]
    rows = [_described(column, found, locale) for column in entry.table.columns]
    drawn = table(_("Columnas de {name}", name=entry.name), columns, rows, locale, cards=True)
    return html.Section([html.H2(_("Diccionario")), drawn], className="view", id="diccionario")


def _described(column: Any, found: Profile, locale: Locale) -> list[Node]:
    said = column_said(column, locale.data.code)
    filled = found.filled[said.name]
    share = locale.percent(filled / found.rows) if found.rows else None
    return [
        html.Span([html.Strong(said.label), " ", html.Code(said.name), html.Br(), said.description]),
        ", ".join(locale.text(word) for word in (KINDS[said.kind], UNITS[said.unit] if said.unit else None) if word),
        _values(said.values, locale),
        None if share is None else f"{locale.number(filled)} ({share})",
    ]


def _values(values: Sequence[tuple[str, str]], locale: Locale) -> Node:
    if not values:
        return ""
    listed = html.Ul([html.Li([html.Code(code), f" {said}"]) for code, said in values])
    if len(values) <= VALUES_SHOWN:
        return listed
    return html.Details([html.Summary(locale.plural("{n} valor", "{n} valores", len(values))), listed])


def _preview(entry: Entry, found: Profile, locale: Locale) -> list[Node]:
    _ = locale.text
    if not found.preview:
        return []
    columns = [Column(str(column.name)) for column in entry.table.columns]
    rows = [[_cell(value, locale) for value in row] for row in found.preview]
    drawn = table(_("Primeras filas de {name}, como están", name=entry.name), columns, rows, locale)
    return [html.Section([html.H2(_("Primeras filas")), drawn], className="view", id="filas")]


def _cell(value: Any, locale: Locale) -> Node:
    if value is None or isinstance(value, str):
        return value if value != "" else None
    if isinstance(value, bool):
        return locale.text("sí") if value else locale.text("no")
    return str(value)


def _sources(found: Profile, locale: Locale) -> list[Node]:
    _ = locale.text
    if not found.sources:
        return []
    columns = [
        Column(_("Fuente"), "row"),
        Column(_("Licencia")),
        Column(_("Archivo")),
        Column(_("Obtenido")),
        Column("SHA-256"),
        Column(_("Filas"), "number"),
    ]
    rows = []
    for source in found.sources:
        title = locale.pick(source.title["es"], source.title["en"])
        terms = locale.pick(source.license["es"], source.license["en"])
        licence = html.A(terms, href=source.license_url) if source.license_url else terms
        for copy in source.copies:
            way = label("via", copy.via, locale.code)
            fetched = f"{locale.date(copy.fetched_at)}, {way}"
            rows.append([title, licence, copy.file, fetched, html.Code(copy.sha256[:16]), locale.number(copy.rows)])
    drawn = table(_("Copias de las que se leyeron las filas"), columns, rows, locale, cards=True)
    return [html.Section([html.H2(_("Fuentes y licencias")), drawn], className="view", id="fuentes")]


def _citation(visit: Visit, entry: Entry, found: Profile, host: str) -> Component:
    locale, _ = visit.locale, visit.locale.text
    address = f"{host}{locale.link(f'/datos/{entry.name}', corte=visit.release.release_id)}"
    publishers = list(dict.fromkeys(source.publisher[locale.data.code] for source in found.sources))
    title = table_info(entry.table)["label"][locale.data.code]
    cited = citation.Cited(entry.name, title, visit.release.release_id, visit.release.built_at, publishers, address)
    machine = json.dumps([citation.csl(cited)], ensure_ascii=False, indent=2)
    parts: list[Node] = [
        html.H2(_("Cómo citar")),
        html.P(citation.short(cited, locale.data.code)),
        html.P(citation.full(cited, locale.data.code)),
        html.Details([html.Summary("BibTeX"), html.Pre(citation.bibtex(cited))]),
        html.Details([html.Summary("CSL-JSON"), html.Pre(machine)]),
    ]
    return html.Section(parts, className="view", id="citar")


PAGES = (Page("/datos/<dataset>", show, order=71),)
