"""``/diagnostico/calidad``: contradictions with both sides, rejected rows, overdue sources, what became of the bodies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import citations
from data.queries.diagnosis import BodyEvent, GuarantorBody, StateSteps, guarantor_list, state_steps
from data.queries.findings import SEVERITIES, Finding, findings_of, rejected_rows_of
from data.queries.home import Figure, newest_figures
from data.queries.row_places import RowRef, commitment_places
from data.queries.sources import SourceAtAGlance, sources_at_a_glance
from data.schema import label
from data.schema.vocabularies import codes
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Part, bars, table
from layouts.components.texts import Fact, empty, facts
from layouts.components.view import Data, Source, view
from layouts.diagnosis_parts import kicker, part_links
from layouts.finding_views import finding_list, rejected_table
from layouts.i18n import Locale
from layouts.page import Page, PageView, Visit
from layouts.source_words import age, cadence_standing, finding_words
from layouts.written_words import successor_said

# What a body's status means for the reader, and how it is drawn.
STATUS_CLASSES = {
    "operating": "verified",
    "replaced": "completed",
    "extinction_approved": "started",
    "extinct": "not-started",
}
# The published counts of bodies that are gone, and of those whose end was approved; no body is in both.
ENDED = ("ogl_extinct", "ogl_reform_approved")


def show(visit: Visit) -> PageView:
    """The findings that meet the filters; the rest of the part is about all sources and bodies."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        sources = sources_at_a_glance(connection, visit.release.built_at.isoformat())
        severity, source_id, state = _filters(visit, sources, state_steps(connection))
        every = findings_of(connection)
        found = findings_of(connection, severity=severity, source_id=source_id, state_code=state)
        rows = [RowRef(one.table_name, one.row_key) for one in found if one.table_name and one.row_key]
        commitments = commitment_places(connection, rows)
        rejected = rejected_rows_of(connection, source_id)
        bodies = guarantor_list(connection)
        register = citations(connection, ["reference"])
        told = newest_figures(connection, ENDED)
    titles = {one.source_id: locale.pick(one.title_es, one.title_en) or one.source_id for one in sources}
    return PageView(
        title=_("Contradicciones y calidad"),
        kicker=kicker(locale),
        sentence=quality_sentence(every, locale),
        text=_("No se corrige lo que dice una fuente ni se elige entre dos: se citan los dos lados."),
        filters=visit.query.form(),
        content=[
            part_links(visit),
            _facts(visit, every, sources, bodies, _ended_said(told, locale)),
            *_findings(visit, found, lambda shown: finding_list(shown, commitments, titles, locale)),
            view(
                visit,
                key="rechazadas",
                sentence=locale.plural("{n} fila rechazada", "{n} filas rechazadas", len(rejected))
                if rejected
                else _("Ninguna fila rechazada"),
                figure=rejected_table(rejected, locale)
                if rejected
                else html.P(_("Todas las filas leídas se cargaron o quedaron fuera por una regla declarada.")),
                sources=[Source(_("registro de esta versión"), locale.link("/fuentes"))],
                as_of=locale.date(visit.release.built_at),
                data=Data("rejected_rows", listed=True),
            ),
            _ages(visit, sources),
            _bodies(visit, bodies, _ended_said(told, locale), cited(register, locale), cut_off(register, locale)),
        ],
    )


def quality_sentence(every: Sequence[Finding], locale: Locale) -> str:
    """How often sources contradict each other, and what else was found."""
    return locale.plural(
        "En {n} punto las fuentes se contradicen o no cuadran; en total hay {all} hallazgos.",
        "En {n} puntos las fuentes se contradicen o no cuadran; en total hay {all} hallazgos.",
        sum(one.contradicts for one in every),
        all=locale.number(len(every)),
    )


def _filters(
    visit: Visit, sources: Sequence[SourceAtAGlance], places: Sequence[StateSteps]
) -> tuple[str | None, str | None, str | None]:
    locale, _ = visit.locale, visit.locale.text
    grave = [(code, label("severity", code, locale.code)) for code in codes("severity")]
    severity = visit.query.choice("gravedad", _("Gravedad"), grave, every=_("Todas"))
    named = [(one.source_id, locale.pick(one.title_es, one.title_en) or one.source_id) for one in sources]
    source_id = visit.query.choice("fuente", _("Fuente"), sorted(named, key=lambda pair: pair[1]), every=_("Todas"))
    states = [(one.state_code, one.name) for one in places]
    state = visit.query.choice("estado", _("Entidad"), sorted(states, key=lambda pair: pair[1]), every=_("Todas"))
    return severity, source_id, state


def _facts(
    visit: Visit,
    every: Sequence[Finding],
    sources: Sequence[SourceAtAGlance],
    bodies: Sequence[GuarantorBody],
    published: str | None,
) -> Component:
    locale, _ = visit.locale, visit.locale.text
    counts = Counter(one.severity for one in every)
    built = locale.date(visit.release.built_at)
    timed = [one.freshness for one in sources if one.freshness and one.freshness.limit is not None]
    local = [one for one in bodies if one.state_code]
    ended = sum(one.status not in ("operating", "unknown") for one in local)
    return facts(
        [
            *(
                Fact(label("severity", severity, locale.code), locale.number(counts[severity]), when=built)
                for severity in SEVERITIES
                if counts[severity] or severity != "error"
            ),
            Fact(
                _("fuentes vencidas"),
                locale.number(sum(one.standing == "overdue" for one in timed)) if timed else None,
                when=built,
                note=_("de {n} con plazo", n=len(timed)) if timed else _("ninguna tiene plazo"),
            ),
            Fact(
                _("organismos garantes extintos, por extinguirse o sustituidos, con fuente de cada uno"),
                locale.number(ended),
                _("de {n}", n=len(local)),
                note=published,
            ),
        ],
        locale,
    )


def _findings(
    visit: Visit, found: Sequence[Finding], drawn: Callable[[Sequence[Finding]], Component]
) -> list[Component]:
    """First where sources contradict each other, then whatever else the checks found."""
    locale, _ = visit.locale, visit.locale.text
    if not found:
        clear = visit.query.link(gravedad=None, fuente=None, estado=None)
        return [empty(_("Ningún hallazgo cumple estas condiciones."), [(clear, _("Ver todos"))])]
    against = [one for one in found if one.contradicts]
    others = [one for one in found if not one.contradicts]
    said = locale.plural(
        "{n} contradicción o dato que no cuadra", "{n} contradicciones o datos que no cuadran", len(against)
    )
    views = []
    if against:
        text = _("Bajo cada una, lo que dice cada fuente, con su fecha y su enlace.")
        views.append(_finding_view(visit, "contradicciones", said, text, against, drawn))
    if others:
        counts = finding_words(Counter(one.severity for one in others), locale)
        views.append(
            _finding_view(visit, "hallazgos", _("Otros hallazgos: {counts}", counts=counts), None, others, drawn)
        )
    return views


def _finding_view(
    visit: Visit,
    key: str,
    sentence: str,
    text: str | None,
    shown: Sequence[Finding],
    drawn: Callable[[Sequence[Finding]], Component],
) -> Component:
    locale = visit.locale
    return view(
        visit,
        key=key,
        sentence=sentence,
        text=text,
        figure=drawn(shown),
        sources=[Source(locale.text("verificaciones de esta versión"), locale.link("/metodologia"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("findings", {"finding_id": [one.finding_id for one in shown]}, listed=True),
    )


def _ages(visit: Visit, sources: Sequence[SourceAtAGlance]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    columns = [
        Column(_("Fuente"), "row"),
        Column(_("Periodicidad")),
        Column(_("Edad"), "number"),
        Column(_("¿A tiempo?")),
        Column(_("Advertencias")),
    ]
    ordered = sorted(sources, key=lambda one: -(one.freshness.days if one.freshness else -1))
    rows: list[list[Node]] = [
        [
            html.A(locale.pick(one.title_es, one.title_en), href=locale.link(f"/fuentes/{one.source_id}")),
            label("cadence", one.cadence, locale.code),
            age(one.freshness.days, locale) if one.freshness else None,
            cadence_standing(one.freshness, locale) if one.freshness else None,
            "; ".join(label("usage_warning", code, locale.code) for code in one.warnings) or _("ninguna"),
        ]
        for one in ordered
    ]
    overdue = sum(one.freshness.standing == "overdue" for one in sources if one.freshness)
    return view(
        visit,
        key="edad",
        sentence=locale.plural("{n} fuente vencida", "{n} fuentes vencidas", overdue)
        if overdue
        else _("Ninguna fuente está vencida; varias ya no se renuevan"),
        figure=table(_("Las fuentes, de la más antigua a la más reciente"), columns, rows, locale, cards=True),
        sources=[Source(_("registro de esta versión"), locale.link("/fuentes"))],
        as_of=locale.date(visit.release.built_at),
        data=Data("sources"),
    )


def _ended_said(published: Mapping[str, Figure], locale: Locale) -> str | None:
    """How many bodies the press counted as gone or going, and when; None where either count is missing."""
    extinct, approved = (published.get(name) for name in ENDED)
    if extinct is None or approved is None:
        return None
    return locale.text(
        "la prensa contó {extinct} extintos y {approved} con la extinción aprobada ({date})",
        extinct=locale.number(extinct.value),
        approved=locale.number(approved.value),
        date=locale.date(extinct.as_of),
    )


def _bodies(
    visit: Visit, bodies: Sequence[GuarantorBody], published: str | None, sources: Sequence[Source], as_of: str | None
) -> Component:
    """The guarantor bodies by what became of them; of most nothing is known since."""
    locale, _ = visit.locale, visit.locale.text
    local = [one for one in bodies if one.state_code]
    counts = Counter(one.status for one in local)
    rows = [
        Bar(
            label("body_status", status, locale.code),
            [Part(counts[status] / len(local), STATUS_CLASSES[status], str(counts[status]))]
            if status in STATUS_CLASSES
            else [],
            locale.text("{n} de {of}", n=counts[status], of=len(local)),
        )
        for status in codes("body_status")
        if counts[status]
    ]
    columns = [
        Column(_("Entidad"), "row"),
        Column(_("Organismo")),
        Column(_("Situación")),
        Column(_("Qué pasó")),
        Column(_("Lo sigue")),
    ]
    return view(
        visit,
        key="organismos",
        sentence=_(
            "No encontramos qué fue desde 2025 de {n} de {of} organismos garantes de las entidades",
            n=counts["unknown"],
            of=len(local),
        ),
        text=_(
            "Organismo por organismo, lo que se sabe viene de prensa. Una fecha marcada «nota» es la del artículo, no la del "
            "hecho."
        )
        + (" " + _("Sin nombrarlos, {published}.", published=published) if published else ""),
        figure=bars(
            _("Organismos garantes de las entidades, por situación"),
            (_("Situación"), _("Proporción"), _("Organismos")),
            rows,
            locale,
        ),
        table=table(
            _("Organismo por organismo"),
            columns,
            [_body(one, locale) for one in bodies],
            locale,
            cards=True,
        ),
        sources=sources,
        as_of=as_of,
        data=Data("guarantor_bodies", listed=True),
    )


def _body(one: GuarantorBody, locale: Locale) -> list[Node]:
    place: Node = locale.text("Nacional")
    if one.state_code:
        place = html.A(one.state, href=locale.link(f"/estados/{one.state_code}"))
    told: list[Node] = []
    for event in one.events:
        told += [*([html.Br()] if told else []), *_event(event, locale)]
    return [
        place,
        html.Span(one.name),
        label("body_status", one.status, locale.code),
        html.Span(told) if told else None,
        successor_said(one.successor, locale) if one.successor else None,
    ]


def _event(event: BodyEvent, locale: Locale) -> list[Node]:
    name = label("body_event", event.event, locale.code)
    shown: Node = html.A(name, href=event.source_url) if event.source_url else name
    when = locale.date(event.happened_on) if event.happened_on else locale.text("sin fecha")
    said = locale.text("nota: {date}", date=when) if event.is_article_date else when
    return [shown, f" ({said})"]


PAGES = (Page("/diagnostico/calidad", show),)
