"""``/cambios``: what each release changed against the one before, in sentences, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from data.queries.actors import state_names
from data.queries.changes import (
    NO_CHANGES,
    Change,
    Release,
    Subject,
    TableChanges,
    change_count,
    change_page,
    release_list,
    table_changes,
)
from data.queries.national_plan import NationalPlan, national_plans
from data.queries.row_places import RowRef, commitment_places
from data.schema import label, public_tables, table_info
from data.schema.vocabularies import codes
from layouts.change_words import change_words, counts_words, moment, short
from layouts.components.island import Node, with_attributes
from layouts.components.paging import Span, page_of, paging
from layouts.components.tables import Bar, Column, Key, Part, bars, table
from layouts.components.texts import empty
from layouts.components.view import Data, Source, view
from layouts.i18n import Locale
from layouts.page import Page, PageView, Visit
from layouts.row_links import row_link, table_label

PAGE_SIZE = 100
# The filters of what changes are about, here and in the feed, and the kinds of subject they name.
ABOUT = {"estado": "state", "plan": "plan", "compromiso": "commitment"}
# What publication itself fills: it is not compared.
UNCOMPARED = frozenset({"releases", "release_tables", "changes", "change_subjects", "fetch_attempts"})


@dataclass(frozen=True)
class _Asked:
    """The release looked at, and the filters; ``about`` by parameter: ``{"estado": "14"}``."""

    release: Release
    about: Mapping[str, str]
    table_name: str | None
    kind: str | None

    @property
    def subjects(self) -> list[Subject]:
        """What the changes must be about."""
        return [(ABOUT[name], value) for name, value in self.about.items()]


def show(visit: Visit) -> PageView:
    """``/cambios``: the newest release, or the one asked for."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        every = release_list(connection)
        asked = _asked(visit, every, state_names(connection), national_plans(connection))
        release_id = asked.release.release_id
        tables = table_changes(connection, release_id, about=asked.subjects)
        total = change_count(connection, release_id, asked.table_name, asked.kind, asked.subjects)
        shown = page_of(visit, total, PAGE_SIZE)
        rows = change_page(
            connection, release_id, asked.table_name, asked.kind, shown.first, shown.last, asked.subjects
        )
        commitments = commitment_places(connection, [RowRef(row.table_name, row.row_key) for row in rows])
    content: list[Node] = [_first(asked.release, locale)] if asked.release.previous_release_id is None else []
    if tables or asked.about:
        content += [_summary(visit, asked, tables)] if tables else []
        content.append(_rows(visit, asked, shown, rows, commitments))
    return PageView(
        title=_("Cambios"),
        kicker=_("Cambios"),
        sentence=_sentence(asked, tables, locale),
        text=[_text(tables, locale), *_feed(asked, locale)],
        filters=visit.query.form(),
        content=[*content, _versions(visit, every)],
    )


def _asked(visit: Visit, every: Sequence[Release], states: Mapping[str, str], plans: Sequence[NationalPlan]) -> _Asked:
    locale, _ = visit.locale, visit.locale.text
    by_id = {release.release_id: release for release in every}
    versions = [
        (release.release_id, f"{moment(release.built_at, locale)} · {release.release_id[-8:]}") for release in every
    ]
    newest = every[0].release_id
    chosen = visit.query.choice("version", _("Versión"), versions, newest) or newest
    named = [
        (one.name, table_info(one)["label"][locale.data.code]) for one in public_tables() if one.name not in UNCOMPARED
    ]
    name = visit.query.choice("tabla", _("Tabla"), sorted(named, key=lambda pair: pair[1]), every=_("Todas"))
    kinds = [(code, label("change_kind", code, locale.code)) for code in codes("change_kind")]
    kind = visit.query.choice("tipo", _("Clase de cambio"), kinds, every=_("Todas"))
    about = {
        "estado": visit.query.choice("estado", _("Entidad"), list(states.items()), every=_("Todas")),
        "plan": visit.query.choice("plan", _("Plan"), [(p.plan_id, _plan(p, locale)) for p in plans], every=_("Todos")),
        "compromiso": visit.query.search("compromiso", _("Clave de un compromiso")),
    }
    asked = {parameter: value for parameter, value in about.items() if value}
    return _Asked(by_id[chosen], asked, name, kind)


def _plan(plan: NationalPlan, locale: Locale) -> str:
    return locale.pick(plan.name_es, plan.name_en) or plan.plan_id


def _feed(asked: _Asked, locale: Locale) -> list[Node]:
    """The feed of what is looked at, which takes one subject; who looks at an older release follows nothing."""
    if locale.cutoff:
        return []
    query = f"?{urlencode(asked.about)}" if len(asked.about) == 1 else ""
    return [" ", html.A(locale.text("Recibir los cambios (Atom)"), href=f"{locale.data.prefix}/cambios.atom{query}")]


def _sentence(asked: _Asked, tables: Sequence[TableChanges], locale: Locale) -> str:
    """What the release says of the world that the one before did not."""
    release = asked.release
    _, date = locale.text, locale.date(release.built_at)
    if release.previous_release_id is None:
        return _("La versión del {date} es la primera: no hay otra con la cual compararla.", date=date)
    facts = [one for one in tables if not one.is_bookkeeping]
    if not facts and asked.about:
        return _("La versión del {date} no cambió nada de lo que se pide.", date=date)
    if not facts:
        return _("La versión del {date} no cambió ningún dato de la anterior.", date=date)
    return locale.plural(
        "La versión del {date} cambió {n} tabla: {counts}.",
        "La versión del {date} cambió {n} tablas: {counts}.",
        len(facts),
        date=date,
        counts=counts_words(sum(facts, NO_CHANGES), locale),
    )


def _text(tables: Sequence[TableChanges], locale: Locale) -> str:
    _ = locale.text
    said = _("Cada versión se compara con la anterior, fila por fila y celda por celda. Una vez publicada, no cambia.")
    kept = sum((one for one in tables if one.is_bookkeeping), NO_CHANGES)
    if not kept.rows:
        return said
    return f"{said} {_('En el registro de copias y verificaciones: {counts}.', counts=counts_words(kept, locale))}"


def _first(release: Release, locale: Locale) -> Component:
    return empty(
        locale.plural(
            "Publicó {n} fila. Desde la siguiente versión, aquí estará lo que cambie.",
            "Publicó {n} filas. Desde la siguiente versión, aquí estará lo que cambie.",
            release.rows,
        ),
        [(locale.link("/fuentes"), locale.text("De qué copias se leyó"))],
    )


def _summary(visit: Visit, asked: _Asked, tables: Sequence[TableChanges]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    names = {kind: label("change_kind", kind, locale.code) for kind in codes("change_kind")}
    first = tables[0]
    return view(
        visit,
        key="tablas",
        sentence=_(
            "Lo que más cambió: {table}, con {counts}",
            table=table_label(first.table_name, locale),
            counts=counts_words(first, locale),
        ),
        keys=[
            Key("verified", names["added"]),
            Key("started", names["changed"]),
            Key("not-started", names["removed"]),
        ],
        figure=bars(
            _("Filas que cambiaron, por tabla"),
            (_("Tabla"), _("De qué manera"), _("Filas")),
            [_bar(visit, asked, one, names) for one in tables],
            locale,
        ),
        sources=[Source(_("comparación con la versión {id}", id=asked.release.previous_release_id))],
        as_of=locale.date(asked.release.built_at),
        data=Data("changes", {"release_id": asked.release.release_id}),
    )


def _bar(visit: Visit, asked: _Asked, one: TableChanges, names: Mapping[str, str]) -> Bar:
    locale = visit.locale
    counted = [("verified", "added", one.added), ("started", "changed", one.changed)]
    counted.append(("not-started", "removed", one.removed))
    parts = [
        Part(count / one.rows, status, f"{names[kind]}: {locale.number(count)}") for status, kind, count in counted
    ]
    link = html.A(
        table_label(one.table_name, locale), href=visit.query.link(tabla=one.table_name, tipo=None, pagina=None)
    )
    return Bar(
        with_attributes(link, {"data-query": ""}), [part for part in parts if part.share], locale.number(one.rows)
    )


def _rows(
    visit: Visit, asked: _Asked, shown: Span, rows: Sequence[Change], commitments: Mapping[str, str]
) -> Component:
    locale, _ = visit.locale, visit.locale.text
    filters = {"release_id": asked.release.release_id}
    filters |= {"table_name": asked.table_name} if asked.table_name else {}
    filters |= {"kind": asked.kind} if asked.kind else {}
    if not rows:
        clear = visit.query.link(tabla=None, tipo=None, pagina=None, estado=None, plan=None, compromiso=None)
        return empty(_("Esta versión no trae cambios así."), [(clear, _("Ver todos los cambios de la versión"))])
    return view(
        visit,
        key="cambios",
        sentence=locale.plural("{n} cambio, en palabras", "{n} cambios, en palabras", shown.total),
        figure=html.Div([_told(rows, commitments, locale), *paging(visit, shown, "cambios")]),
        sources=[Source(_("comparación con la versión {id}", id=asked.release.previous_release_id))],
        as_of=locale.date(asked.release.built_at),
        data=_behind(asked, filters),
    )


def _behind(asked: _Asked, filters: Mapping[str, str]) -> Data:
    """The rows behind the list; of changes about one thing, which they are."""
    if asked.subjects:
        kind, subject = asked.subjects[0]
        return Data("change_subjects", {"subject_kind": kind, "subject_id": subject})
    return Data("changes", filters, listed=True)


def _told(rows: Sequence[Change], commitments: Mapping[str, str], locale: Locale) -> Component:
    """The changes as a list, those of one row together."""
    grouped = groupby(rows, key=lambda change: RowRef(change.table_name, change.row_key))
    items = [
        html.Li(
            [
                html.P(
                    [table_label(row.table_name, locale), " · ", row_link(row, commitments, locale)], className="about"
                ),
                *(html.P(change_words(change, locale)) for change in changes),
            ]
        )
        for row, changes in grouped
    ]
    return html.Ul(items, className="findings")


def _versions(visit: Visit, every: Sequence[Release]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    columns = [
        Column(_("Versión"), "row"),
        Column(_("Construida")),
        Column(_("Filas"), "number"),
        Column(_("Filas que cambió"), "number"),
        Column(_("Huella del contenido")),
        Column(_("Huella de las entradas")),
        Column(_("Esquema")),
        Column(_("Código")),
    ]
    return view(
        visit,
        key="versiones",
        sentence=locale.plural("{n} versión publicada", "{n} versiones publicadas", len(every)),
        text=_(
            "La huella del contenido es la misma cuando dos versiones dicen lo mismo, sin importar cuándo ni dónde se "
            "construyeron; la de las entradas resume las copias, el esquema y las reglas."
        ),
        figure=table(
            _("Versiones, de la más reciente a la primera"),
            columns,
            [_version(visit, one) for one in every],
            locale,
            cards=True,
        ),
        sources=[Source(_("registro de esta versión"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("releases", listed=True),
    )


def _version(visit: Visit, release: Release) -> list[Node]:
    locale, _ = visit.locale, visit.locale.text
    link = html.A(release.release_id, href=locale.link("/cambios", version=release.release_id))
    changed: Node = locale.number(release.rows_changed)
    return [
        link,
        moment(release.built_at, locale),
        locale.number(release.rows),
        changed if release.previous_release_id else _("es la primera"),
        short(release.content_hash),
        short(release.input_hash),
        html.Code(release.schema_version),
        html.Code(release.git_commit) if release.git_commit else None,
    ]


PAGES = (Page("/cambios", show),)
