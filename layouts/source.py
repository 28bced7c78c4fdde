"""``/fuentes/<source_id>``: all that the release knows of one source, down to the hash of each copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from data.queries.row_places import RowRef, commitment_places
from data.queries.sources import SourceAssertion, SourceAtAGlance, SourceCopy, SourceFile, source_file
from data.schema import label
from layouts.components.island import Children, Node
from layouts.components.tables import Column, table
from layouts.components.texts import Fact, facts, note
from layouts.components.view import Data, Source, view
from layouts.finding_views import finding_list, rejected_table
from layouts.i18n import Locale
from layouts.page import Missing, Page, PageView, Visit
from layouts.row_links import table_label
from layouts.source_words import (
    OUTCOMES,
    age,
    cadence_standing,
    fate_words,
    finding_words,
    read_words,
    record,
    size,
    via_words,
)

SHORT = 12


def show(visit: Visit) -> PageView:
    """The file of the source whose id the address has; `Missing` where there is none."""
    locale, _ = visit.locale, visit.locale.text
    source_id = visit.place["source_id"]
    with visit.release.connect() as connection:
        found = source_file(connection, source_id, visit.release.built_at.isoformat())
        rows = [
            RowRef(finding.table_name, finding.row_key)
            for finding in (found.findings if found else ())
            if finding.table_name and finding.row_key
        ]
        commitments = commitment_places(connection, rows)
    if found is None:
        raise Missing(
            _("No hay una fuente con la clave {id}.", id=source_id[:40]),
            [(locale.link("/fuentes"), _("Ver todas las fuentes"))],
        )
    source = found.source
    title = locale.pick(source.title_es, source.title_en) or source_id
    sentence = locale.plural(
        "{title}: {rows} en {n} archivo, {fates}.",
        "{title}: {rows} en {n} archivos, {fates}.",
        len(source.copies),
        title=title,
        rows=read_words(source.rows, locale),
        fates=fate_words(source.rows, locale),
    )
    return PageView(
        title=title,
        kicker=html.A(_("Fuentes y estado"), href=locale.link("/fuentes")),
        sentence=sentence,
        text=locale.pick(source.summary_es, source.summary_en),
        content=[
            *_warnings(source, locale),
            _facts(visit, source),
            _about(visit, source),
            _copies(visit, source),
            _attempts(visit, found),
            _assertions(visit, found),
            _findings(visit, found, commitments),
            _rejected(visit, found),
        ],
    )


def _warnings(source: SourceAtAGlance, locale: Locale) -> list[Node]:
    if not source.warnings:
        return []
    names = "; ".join(label("usage_warning", code, locale.code) for code in source.warnings)
    return [note(locale.text("Al usar esta fuente: {warnings}.", warnings=names))]


def _facts(visit: Visit, source: SourceAtAGlance) -> Component:
    locale, _ = visit.locale, visit.locale.text
    built, rows = locale.date(visit.release.built_at), source.rows
    of = _("de {n} leídas", n=locale.number(rows.read))
    days = source.freshness.days if source.freshness else None
    standing = cadence_standing(source.freshness, locale) if source.freshness else None
    return facts(
        [
            Fact(_("filas leídas"), locale.number(rows.read), when=built),
            Fact(_("cargadas"), locale.number(rows.loaded), when=built, note=of),
            Fact(_("fuera por regla declarada"), locale.number(rows.ignored), when=built, note=of),
            Fact(_("rechazadas"), locale.number(rows.rejected), when=built, note=of),
            Fact(_("edad de la última copia"), None if days is None else age(days, locale), when=built, note=standing),
        ],
        locale,
    )


def _about(visit: Visit, source: SourceAtAGlance) -> Component:
    locale, _ = visit.locale, visit.locale.text
    licence: Node = locale.pick(source.license_es, source.license_en)
    if source.license_url:
        licence = html.A(licence, href=source.license_url)
    entries: list[tuple[str, Children]] = [
        (_("Quién publica"), locale.pick(source.publisher_es, source.publisher_en)),
        (_("Dirección"), html.A(source.address, href=source.address) if source.address else None),
        (_("Licencia"), licence),
        (_("Periodicidad"), label("cadence", source.cadence, locale.code)),
        (_("Última copia"), f"{locale.date(source.last_fetched_at)}, {via_words(source, locale)}"),
        (_("Qué cubre y qué falta"), locale.pick(source.coverage_es, source.coverage_en)),
        (_("Datos personales"), locale.pick(source.personal_data_es, source.personal_data_en)),
    ]
    return view(
        visit,
        key="ficha",
        sentence=_("Qué es, quién la publica y en qué términos"),
        figure=record(entries, locale),
        sources=[_origin(source, locale)],
        as_of=locale.date(source.last_fetched_at),
        data=Data("sources", {"source_id": source.source_id}),
    )


def _copies(visit: Visit, source: SourceAtAGlance) -> Component:
    locale, _ = visit.locale, visit.locale.text
    columns = [
        Column(_("Archivo"), "row"),
        Column(_("Vigente al")),
        Column(_("Obtenida")),
        Column(_("Vía")),
        Column(_("Tamaño"), "number"),
        Column(_("Leídas"), "number"),
        Column(_("Cargadas"), "number"),
        Column(_("Fuera"), "number"),
        Column(_("Rechazadas"), "number"),
        Column("SHA-256"),
    ]
    rows = [_copy_row(copy, locale) for copy in source.copies]
    return view(
        visit,
        key="copias",
        sentence=locale.plural("{n} copia, con su huella", "{n} copias, cada una con su huella", len(source.copies)),
        text=_("La huella permite comprobar que una copia es la misma: basta calcular el SHA-256 del archivo."),
        figure=table(_("Copias de las que se leyó esta versión"), columns, rows, locale, cards=True),
        sources=[_origin(source, locale)],
        as_of=locale.date(source.last_fetched_at),
        data=Data("snapshots", {"source_id": source.source_id}, listed=True),
    )


def _copy_row(copy: SourceCopy, locale: Locale) -> list[Node]:
    name = html.A(copy.file, href=copy.url) if copy.url else copy.file
    counts = (copy.rows.read, copy.rows.loaded, copy.rows.ignored, copy.rows.rejected)
    whole = html.Details([html.Summary(html.Code(copy.sha256[:SHORT])), html.Code(copy.sha256)], className="hash")
    return [
        name,
        locale.date(copy.current_on),
        locale.date(copy.fetched_at),
        label("via", copy.via, locale.code),
        size(copy.bytes, locale),
        *(locale.number(count) for count in counts),
        whole,
    ]


def _attempts(visit: Visit, found: SourceFile) -> Component:
    """What was tried to get each file, in order. Files of which there is no copy at all are counted, not listed."""
    locale, _ = visit.locale, visit.locale.text
    outcomes = Counter(attempt.outcome for attempt in found.attempts)
    said = "; ".join(f"{_(OUTCOMES.get(name, name))}, {locale.number(count)}" for name, count in outcomes.most_common())
    columns = [Column(_("Archivo"), "row"), Column(_("Paso"), "number"), Column(_("Vía")), Column(_("Resultado"))]
    rows: list[list[Node]] = [
        [
            attempt.file,
            locale.number(attempt.position),
            label("via", attempt.via, locale.code),
            _outcome(attempt.outcome, attempt.detail, locale),
        ]
        for attempt in found.attempts
    ]
    return view(
        visit,
        key="intentos",
        sentence=_("Cómo se obtuvo cada archivo: {outcomes}", outcomes=said) if said else _("Nada se intentó obtener"),
        text=_(
            "Primero se pide en línea, luego al archivo de la web y al final se usa la copia guardada más reciente."
        ),
        figure=table(_("Pasos de la obtención en esta versión"), columns, rows, locale, cards=True),
        sources=[Source(_("registro de esta versión"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("fetch_attempts", {"source_id": found.source.source_id}, listed=True),
    )


def _outcome(outcome: str, detail: str | None, locale: Locale) -> Node:
    said = locale.text(OUTCOMES[outcome]) if outcome in OUTCOMES else outcome
    # Of the other outcomes the detail only repeats what the table of copies has.
    if detail and outcome in ("failed", "older"):
        return html.Span([f"{said}: ", html.Span(detail, lang="en")])
    return said


def _assertions(visit: Visit, found: SourceFile) -> Component:
    locale, _ = visit.locale, visit.locale.text
    columns = [
        Column(_("Tabla"), "row"),
        Column(_("Filas contadas")),
        Column(_("Mínimo"), "number"),
        Column(_("Máximo"), "number"),
        Column(_("Encontradas"), "number"),
        Column(_("¿Se cumple?")),
    ]
    rows = [_assertion_row(assertion, locale) for assertion in found.assertions]
    return view(
        visit,
        key="condiciones",
        sentence=locale.plural(
            "{n} condición para publicar; se cumple",
            "{n} condiciones para publicar; se cumplen todas",
            len(found.assertions),
        )
        if all(_holds(assertion) for assertion in found.assertions)
        else _("Hay condiciones que no se cumplen"),
        text=_("Si la fuente diera menos o más filas que estas, no se publicaría una versión nueva."),
        figure=table(_("Lo que la fuente debe traer y lo que trajo"), columns, rows, locale, cards=True),
        sources=[Source(_("registro de esta versión"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("source_assertions", {"source_id": found.source.source_id}, listed=True),
    )


def _assertion_row(assertion: SourceAssertion, locale: Locale) -> list[Node]:
    _ = locale.text
    return [
        table_label(assertion.table_name, locale),
        html.Code(assertion.condition) if assertion.condition else _("todas"),
        locale.number(assertion.at_least),
        locale.number(assertion.at_most) if assertion.at_most is not None else _("sin máximo"),
        locale.number(assertion.found),
        _("sí") if _holds(assertion) else _("no"),
    ]


def _holds(assertion: SourceAssertion) -> bool:
    return assertion.at_least <= assertion.found and (assertion.at_most is None or assertion.found <= assertion.at_most)


def _findings(visit: Visit, found: SourceFile, commitments: Mapping[str, str]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    source = found.source
    titles = {source.source_id: locale.pick(source.title_es, source.title_en) or source.source_id}
    shown: Node = html.P(_("Las verificaciones de esta versión no hallaron nada sobre esta fuente."))
    if found.findings:
        shown = finding_list(found.findings, commitments, titles, locale)
    return view(
        visit,
        key="hallazgos",
        sentence=_("Hallazgos: {counts}", counts=finding_words(source.findings, locale)),
        text=_("Lo que las verificaciones encontraron en esta fuente o entre ella y otra. No se corrige: se dice."),
        figure=shown,
        sources=[Source(_("verificaciones de esta versión"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("findings", {"finding_id": [finding.finding_id for finding in found.findings]}, listed=True)
        if found.findings
        else None,
    )


def _rejected(visit: Visit, found: SourceFile) -> Component:
    locale, _ = visit.locale, visit.locale.text
    nothing = html.P(_("Todas las filas de esta fuente se pudieron leer."))
    sentence = _("Ninguna fila rechazada")
    if found.rejected:
        sentence = locale.plural(
            "{n} fila rechazada, con su motivo", "{n} filas rechazadas, cada una con su motivo", len(found.rejected)
        )
    return view(
        visit,
        key="rechazadas",
        sentence=sentence,
        figure=rejected_table(found.rejected, locale) if found.rejected else nothing,
        sources=[Source(_("registro de esta versión"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("rejected_rows", {"source_id": found.source.source_id}, listed=True),
    )


def _origin(source: SourceAtAGlance, locale: Locale) -> Source:
    return Source(locale.pick(source.publisher_es, source.publisher_en) or source.source_id, source.address)


PAGES = (Page("/fuentes/<source_id>", show),)
