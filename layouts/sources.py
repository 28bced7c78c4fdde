"""``/fuentes``: where everything comes from, how old it is, and what became of every row that was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from data.queries.sources import NO_ROWS, Rows, SourceAtAGlance, finding_counts, loaded_tables, sources_at_a_glance
from data.schema import label
from data.schema.vocabularies import codes
from layouts.components.folds import fold
from layouts.components.island import Children, Node
from layouts.components.tables import Bar, Column, Key, Part, bars, table
from layouts.components.texts import Fact, empty, facts
from layouts.components.view import Data, Source, view
from layouts.i18n import Locale
from layouts.page import Page, PageView, Visit
from layouts.source_words import age, cadence_standing, fate_words, finding_words, read_words, record, via_words

ORDERS = ("nombre", "edad", "hallazgos")


@dataclass(frozen=True)
class _Whole:
    """What the whole release holds: tables with rows, their rows, and findings by severity."""

    tables: int
    rows: int
    findings: int


def show(visit: Visit) -> PageView:
    """``/fuentes``: every source, or those of a way, a warning or a cadence."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        every = sources_at_a_glance(connection, visit.release.built_at.isoformat())
        whole = _Whole(*loaded_tables(connection, visit.release.release_id), sum(finding_counts(connection).values()))
    chosen = _sorted(_filtered(visit, every), visit.query.order("orden", ORDERS, "nombre"))
    total = sum((source.rows for source in chosen), NO_ROWS)
    content: list[Node] = [empty(_("Ninguna fuente cumple estas condiciones."), [(visit.path, _("Ver todas"))])]
    if chosen:
        content = [
            _facts(visit, chosen, total),
            _way(visit, every, whole),
            _rows_view(visit, chosen, total),
            _age_view(visit, chosen),
            *(_source_view(visit, source) for source in chosen),
        ]
    return PageView(
        title=_("Fuentes y estado"),
        kicker=_("Fuentes y estado"),
        sentence=_sentence(chosen, total, locale),
        text=_(
            "De dónde viene cada dato, cuándo y por qué vía se obtuvo, y qué pasó con cada fila. Las edades se miden al día "
            "en que se construyó esta versión: {date}.",
            date=locale.date(visit.release.built_at),
        ),
        filters=visit.query.form(),
        content=content,
    )


def _sentence(chosen: Sequence[SourceAtAGlance], total: Rows, locale: Locale) -> str:
    if not chosen:
        return locale.text("Ninguna fuente cumple estas condiciones.")
    return locale.plural(
        "{rows} en {n} fuente: {fates}.",
        "{rows} en {n} fuentes: {fates}.",
        len(chosen),
        rows=read_words(total, locale),
        fates=fate_words(total, locale),
    )


def _filtered(visit: Visit, every: Sequence[SourceAtAGlance]) -> list[SourceAtAGlance]:
    """The sources that meet the filters of the address."""
    locale, _ = visit.locale, visit.locale.text

    def options(vocabulary: str) -> list[tuple[str, str]]:
        return [(code, label(vocabulary, code, locale.code)) for code in codes(vocabulary)]

    via = visit.query.choice("via", _("Vía"), options("via"), every=_("Todas"))
    cadence = visit.query.choice("periodicidad", _("Periodicidad"), options("cadence"), every=_("Todas"))
    warning = visit.query.choice("advertencia", _("Advertencia"), options("usage_warning"), every=_("Todas"))
    return [
        source
        for source in every
        if via in (None, *source.vias) and cadence in (None, source.cadence) and warning in (None, *source.warnings)
    ]


def _sorted(chosen: list[SourceAtAGlance], order: str) -> list[SourceAtAGlance]:
    """By name, or the oldest, or the one with most findings first."""
    first: Mapping[str, Callable[[SourceAtAGlance], int]] = {
        "nombre": lambda source: 0,
        "edad": lambda source: -(source.freshness.days if source.freshness else -1),
        "hallazgos": lambda source: -sum(source.findings.values()),
    }
    return sorted(chosen, key=lambda source: (first[order](source), source.title_es))


def _facts(visit: Visit, chosen: Sequence[SourceAtAGlance], total: Rows) -> Component:
    locale, _ = visit.locale, visit.locale.text
    moment = visit.release.built_at.isoformat()
    oldest = max((days for source in chosen if (days := source.oldest_days(moment)) is not None), default=None)
    timed = [source.freshness for source in chosen if source.freshness and source.freshness.limit is not None]
    overdue = sum(found.standing == "overdue" for found in timed)
    built, of_read = locale.date(visit.release.built_at), _("de {n} leídas", n=locale.number(total.read))
    return facts(
        [
            Fact(_("filas leídas"), locale.number(total.read), when=built),
            Fact(_("cargadas"), locale.number(total.loaded), when=built, note=of_read),
            Fact(_("rechazadas"), locale.number(total.rejected), when=built, note=of_read),
            Fact(
                _("fuentes vencidas"),
                locale.number(overdue) if timed else None,
                when=built,
                note=_("de {n} con plazo", n=locale.number(len(timed))) if timed else _("ninguna tiene plazo"),
            ),
            Fact(_("la copia vigente más antigua"), None if oldest is None else age(oldest, locale), when=built),
        ],
        locale,
    )


def _way(visit: Visit, every: Sequence[SourceAtAGlance], whole: _Whole) -> Component:
    """The way of a fact from its source to this page, with what each station held in this release."""
    locale, _ = visit.locale, visit.locale.text
    copies = sum(len(source.copies) for source in every)
    total = sum((source.rows for source in every), NO_ROWS)
    stations = [
        (locale.number(len(every)), _("fuentes"), _("públicas, cada una con su responsable y su licencia")),
        (locale.number(copies), _("copias"), _("guardadas sin tocar, con su huella SHA-256")),
        (
            locale.number(total.read),
            _("filas leídas"),
            _(
                "{loaded} cargadas + {ignored} fuera por regla + {rejected} rechazadas",
                loaded=locale.number(total.loaded),
                ignored=locale.number(total.ignored),
                rejected=locale.number(total.rejected),
            ),
        ),
        (locale.number(whole.findings), _("hallazgos"), _("de verificar fechas, claves y fuentes que se contradicen")),
        (
            locale.number(whole.rows),
            _("filas publicadas"),
            _("en {n} tablas: una fila leída puede alimentar varias", n=locale.number(whole.tables)),
        ),
        ("1", _("versión"), _("que no cambia: {id}", id=visit.release.release_id)),
    ]
    picture = html.Ol(
        [html.Li([html.B(number), html.Span(name), html.Small(about)]) for number, name, about in stations],
        className="way",
    )
    return view(
        visit,
        key="camino",
        sentence=_("El camino de un dato, en una sola dirección"),
        text=_(
            "Nada se corrige después de publicar y ninguna fila se pierde: si las cuentas no cierran, no se publica."
        ),
        figure=picture,
        table=table(
            _("El camino de un dato, etapa por etapa"),
            [Column(_("Etapa"), "row"), Column(_("Cuántas"), "number"), Column(_("Qué son"))],
            [[name, number, about] for number, name, about in stations],
            locale,
            cards=True,
        ),
        sources=[Source(_("Metodología"), locale.link("/metodologia"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("snapshots"),
    )


def _rows_view(visit: Visit, chosen: Sequence[SourceAtAGlance], total: Rows) -> Component:
    locale, _ = visit.locale, visit.locale.text
    names = {"loaded": _("cargadas"), "ignored": _("fuera por regla declarada"), "rejected": _("rechazadas")}
    keys = [
        Key("verified", names["loaded"]),
        Key("not-started", names["ignored"]),
        Key("started", names["rejected"]),
    ]
    sentence = _("Todo lo leído se cargó")
    if total.ignored or total.rejected:
        share = locale.percent(total.loaded / total.read) if total.read else _("sin dato")
        sentence = _("De cada fuente, qué se cargó y qué no: en total, {share} de lo leído", share=share)
    return view(
        visit,
        key="filas",
        sentence=sentence,
        text=_("Una fila queda fuera por una regla escrita en la lectura de su fuente; una rechazada lleva su motivo."),
        keys=keys,
        figure=bars(
            _("Filas leídas, por fuente"),
            (_("Fuente"), _("Qué fue de ellas"), _("Leídas")),
            [_bar(source, names, locale) for source in chosen],
            locale,
        ),
        sources=[Source(_("registro de esta versión"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("snapshots", {"source_id": sorted(source.source_id for source in chosen)}),
    )


def _bar(source: SourceAtAGlance, names: dict[str, str], locale: Locale) -> Bar:
    rows = source.rows
    counted = [("verified", "loaded", rows.loaded), ("not-started", "ignored", rows.ignored)]
    counted.append(("started", "rejected", rows.rejected))
    parts = [
        Part(count / rows.read, status, f"{names[fate]}: {locale.number(count)}")
        for status, fate, count in counted
        if count
    ]
    return Bar(_link(source, locale), parts, locale.number(rows.read))


def _age_view(visit: Visit, chosen: Sequence[SourceAtAGlance]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    link = visit.query.link
    order = visit.query.values().get("orden", "nombre")
    columns = [
        Column(_("Fuente"), "row", link(orden=None), "ascending" if order == "nombre" else None),
        Column(_("Última copia")),
        Column(_("Vía")),
        Column(_("Edad"), "number", link(orden="edad"), "descending" if order == "edad" else None),
        Column(_("Periodicidad")),
        Column(_("¿A tiempo?")),
        Column(_("Hallazgos"), "number", link(orden="hallazgos"), "descending" if order == "hallazgos" else None),
    ]
    rows = [_age_row(source, locale) for source in chosen]
    timed = [source for source in chosen if source.freshness and source.freshness.limit is not None]
    overdue = sum(source.freshness.standing == "overdue" for source in timed if source.freshness)
    sentence = _("Ninguna de estas fuentes tiene un plazo de renovación")
    if timed:
        sentence = locale.plural(
            "{n} fuente vencida, de {of} con plazo", "{n} fuentes vencidas, de {of} con plazo", overdue, of=len(timed)
        )
    return view(
        visit,
        key="edad",
        sentence=sentence,
        text=_(
            "La edad va del día en que el contenido era el vigente al día de esta versión. Solo vence una fuente mensual, "
            "trimestral o anual; una interrumpida ya no se renueva y una irregular no tiene plazo."
        ),
        figure=table(_("Edad de las copias y periodicidad de cada fuente"), columns, rows, locale, cards=True),
        sources=[Source(_("registro de esta versión"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("sources", {"source_id": sorted(source.source_id for source in chosen)}),
    )


def _age_row(source: SourceAtAGlance, locale: Locale) -> list[Node]:
    found = source.freshness
    return [
        _link(source, locale),
        locale.date(source.last_fetched_at),
        via_words(source, locale),
        age(found.days, locale) if found else None,
        label("cadence", source.cadence, locale.code),
        cadence_standing(found, locale) if found else None,
        locale.number(sum(source.findings.values())),
    ]


def _source_view(visit: Visit, source: SourceAtAGlance) -> Component:
    """One source in short; its page has the rest."""
    locale, _ = visit.locale, visit.locale.text
    entries: list[tuple[str, Children]] = [
        (_("Quién publica"), locale.pick(source.publisher_es, source.publisher_en)),
        (_("Licencia"), _licence(source, locale)),
        (_("Última copia"), [locale.date(source.last_fetched_at), ", ", via_words(source, locale)]),
        (_("Filas"), f"{read_words(source.rows, locale)}: {fate_words(source.rows, locale)}"),
        (_("Hallazgos"), finding_words(source.findings, locale)),
        (
            _("Advertencias"),
            "; ".join(label("usage_warning", code, locale.code) for code in source.warnings) or _("ninguna"),
        ),
    ]
    more = html.A(_("Copias, intentos, condiciones y hallazgos"), href=locale.link(f"/fuentes/{source.source_id}"))
    return view(
        visit,
        key=source.source_id,
        sentence=locale.pick(source.title_es, source.title_en),
        text=locale.pick(source.summary_es, source.summary_en),
        figure=html.Div([fold(_("Responsable, licencia y filas"), record(entries, locale)), html.P(more)]),
        sources=[Source(locale.pick(source.publisher_es, source.publisher_en) or source.source_id, source.address)],
        as_of=locale.date(source.last_fetched_at),
        data=Data("snapshots", {"source_id": source.source_id}),
        beside=True,
    )


def _licence(source: SourceAtAGlance, locale: Locale) -> Node:
    name = locale.pick(source.license_es, source.license_en)
    return html.A(name, href=source.license_url) if source.license_url else name


def _link(source: SourceAtAGlance, locale: Locale) -> Component:
    return html.A(locale.pick(source.title_es, source.title_en), href=locale.link(f"/fuentes/{source.source_id}"))


PAGES = (Page("/fuentes", show),)
