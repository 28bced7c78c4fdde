"""``/datos``: what can be taken away, dataset by dataset and all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.metadata_catalog import catalog_summary
from data.queries.dataset_facts import Entry, catalogue, source_entries
from data.queries.dataset_sizes import Size, sizes
from data.schema import label, table_info
from layouts.actor_names import folded
from layouts.components.folds import fold
from layouts.components.island import Node
from layouts.components.texts import Fact, empty, facts
from layouts.i18n import N_, Locale
from layouts.linked_data import linked_data
from layouts.page import Page, PageView, Visit
from layouts.source_words import size
from settings import settings

SUBJECTS = {
    "plans": N_("Planes y compromisos"),
    "local": N_("Estados y municipios"),
    "places": N_("Lugares y organismos"),
    "actors": N_("Actores"),
    "figures": N_("Cifras publicadas"),
    "survey": N_("Encuesta"),
    "provenance": N_("Fuentes, versiones y verificaciones"),
}


def show(visit: Visit) -> PageView:
    """The catalogue, searched and by subject."""
    locale, _ = visit.locale, visit.locale.text
    words = visit.query.search("q", _("Buscar un conjunto de datos o una columna"))
    options = [(code, locale.text(name)) for code, name in SUBJECTS.items()]
    subject = visit.query.choice("tema", _("Tema"), options)
    entries = catalogue(visit.release)
    found = [entry for entry in entries if _fits(entry, words, subject)]
    rows = sum(entry.rows for entry in entries)
    host = settings().public_url.rstrip("/")
    return PageView(
        title=_("Datos"),
        kicker=_("Datos"),
        sentence=locale.plural(
            "{n} conjunto de datos que puede llevarse, citar y verificar.",
            "{n} conjuntos de datos que puede llevarse, citar y verificar.",
            len(entries),
        ),
        text=_("Cada fila dice de qué fuente viene y de qué copia; cada archivo, de qué versión de los datos."),
        filters=visit.query.form(),
        content=[_figures(visit, entries, rows), *_listed(visit, found), _everything(visit)],
        still=[linked_data(catalog_summary(visit.release, host))],
    )


def _figures(visit: Visit, entries: Sequence[Entry], rows: int) -> Component:
    locale, _ = visit.locale, visit.locale.text
    cut = locale.date(visit.release.built_at)
    columns = sum(len(entry.table.columns) for entry in entries)
    return facts(
        [
            Fact(_("Filas"), locale.number(rows), None, cut),
            Fact(_("Columnas descritas"), locale.number(columns)),
            Fact(_("Fuentes"), locale.number(len(source_entries(visit.release))), None, cut),
        ],
        locale,
    )


def _fits(entry: Entry, words: str | None, subject: str | None) -> bool:
    info = table_info(entry.table)
    if subject and info["subject"] != subject:
        return False
    if not words:
        return True
    texts = [entry.name, *info["label"].values(), *info["one_row"].values()]
    for column in entry.table.columns:
        texts += [str(column.name), *column.info["label"].values()]
    return all(word in folded(" ".join(texts)) for word in folded(words).split())


def _listed(visit: Visit, found: Sequence[Entry]) -> list[Node]:
    locale, _ = visit.locale, visit.locale.text
    if not found:
        return [empty(_("Ningún conjunto de datos coincide."), [(locale.link("/datos"), _("Ver todos"))])]
    by_subject: Mapping[str, list[Entry]] = {code: [] for code in SUBJECTS}
    for entry in found:
        by_subject[table_info(entry.table)["subject"]].append(entry)
    known = sizes(visit.release)
    return [_section(visit, code, entries, known) for code, entries in by_subject.items() if entries]


def _section(visit: Visit, subject: str, entries: Sequence[Entry], known: Mapping[str, Size]) -> Component:
    items = [html.Li(_described(visit, entry, known[entry.name])) for entry in entries]
    heading = html.H2(visit.locale.text(SUBJECTS[subject]))
    listed: Component = html.Ul(items, className="findings")
    # Who asks for something is shown what was found.
    if not visit.query.values():
        opens = visit.locale.plural("Ver {n} conjunto de datos", "Ver los {n} conjuntos de datos", len(items))
        listed = fold(opens, listed)
    return html.Section([heading, listed], className="view", id=f"tema-{subject}")


def _described(visit: Visit, entry: Entry, measured: Size) -> list[Node]:
    """What a dataset is, how large and how recent, what to beware of, and its files."""
    locale, _ = visit.locale, visit.locale.text
    info = table_info(entry.table)
    about = [
        locale.plural("{n} fila", "{n} filas", entry.rows),
        locale.plural("{n} columna", "{n} columnas", len(entry.table.columns)),
        *([_("cerca de {size} en CSV", size=size(measured.bytes, locale))] if entry.rows else []),
        _("copia del {date}", date=locale.date(measured.as_of))
        if measured.as_of
        else _("versión del {date}", date=locale.date(visit.release.built_at)),
    ]
    warnings = ", ".join(label("usage_warning", code, locale.code) for code in entry.warnings)
    return [
        html.H3(html.A(info["label"][locale.data.code], href=locale.link(f"/datos/{entry.name}"))),
        html.P(info["one_row"][locale.data.code]),
        html.P(" · ".join(about), className="about"),
        *(
            [html.P(_("Advertencias de sus fuentes: {warnings}.", warnings=warnings), className="about")]
            if warnings
            else []
        ),
        html.P(downloads(entry.name, locale), className="line"),
    ]


def downloads(name: str, locale: Locale) -> list[Node]:
    """The files of a dataset, one link each."""
    forms = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"), ("parquet", "Parquet"))
    return [html.A(said, href=locale.data.link(f"/datos/{name}.{suffix}")) for suffix, said in forms]


def _everything(visit: Visit) -> Component:
    locale, _ = visit.locale, visit.locale.text
    offered = [
        (
            "/datos/apertura.zip",
            _("Paquete de datos (ZIP)"),
            _("Todas las tablas en CSV, con diccionario y cómo citar."),
        ),
        ("/datos/apertura.duckdb", _("Base DuckDB"), _("La versión misma, para consultarla con SQL.")),
        ("/datapackage.json", "datapackage.json", _("Descripción para programas (Frictionless).")),
        ("/catalog.jsonld", "catalog.jsonld", _("Catálogo para portales (DCAT) y buscadores (schema.org).")),
        ("/api/v1/openapi.json", "OpenAPI", _("La interfaz para programas, descrita.")),
    ]
    listed = [html.Li([html.A(name, href=locale.plain_link(address)), ". ", about]) for address, name, about in offered]
    listed.append(html.Li([html.A(_("Probar la API"), href=locale.link("/datos/api")), ". ", _("Sin programar.")]))
    return html.Section([html.H2(_("Todo junto")), html.Ul(listed)], className="view", id="todo")


PAGES = (Page("/datos", show, nav=N_("Datos"), order=70),)
