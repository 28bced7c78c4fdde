"""The file of a state, second half: the Metric beside the country, the guarantor, OGP Local, contradictions."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation
from data.queries.state import State
from data.queries.state_context import Contradiction, Guarantor, LaterScore, LocalMember, MetricIndex
from data.queries.states import METRIC_EDITION
from data.schema import label
from layouts.components.cited import cited, cut_off
from layouts.components.gauge import gauge
from layouts.components.island import Node
from layouts.components.tables import Column, table
from layouts.components.texts import empty
from layouts.components.view import Data, Source, view
from layouts.i18n import Locale
from layouts.page import Visit
from layouts.state_openness import document_link
from layouts.written_words import successor_said


def metric_view(
    visit: Visit,
    place: State,
    indices: Sequence[MetricIndex],
    measured: int | None,
    later: Sequence[LaterScore],
    sources: Sequence[Citation],
) -> Component:
    """The seven indices of 2017, each beside the mean of the country; what the press gave of later editions apart."""
    locale, _ = visit.locale, visit.locale.text
    above = [one for one in indices if one.value is not None and one.mean is not None and one.value > one.mean]
    having = [one for one in indices if one.value is not None]
    text = _("Índices de 0 a 1. La marca es la media de todas las instituciones medidas en el país.")
    if measured is not None:
        text += " " + _("En la entidad se midieron {n}.", n=locale.number(measured))
    figure: list[Node] = [_indices_table(indices, locale), *([_later_table(later, locale)] if later else [])]
    return view(
        visit,
        key="metrica",
        sentence=_(
            "Por encima de la media nacional en {n} de {of} índices de la Métrica {year}",
            n=len(above),
            of=len(having),
            year=METRIC_EDITION,
        ),
        text=text,
        figure=html.Div(figure, className="line-up"),
        sources=cited(sources, locale),
        as_of=METRIC_EDITION,
        data=Data("metric_scores", {"state_code": place.state_code}, listed=True),
    )


def guarantor_view(visit: Visit, place: State, found: Guarantor | None, sources: Sequence[Citation]) -> Component:
    """The guarantor body and what became of it."""
    locale, _ = visit.locale, visit.locale.text
    sentence = _("Sin dato del organismo garante")
    text = None
    if found is not None:
        status = label("body_status", found.status, locale.code)
        sentence = _("{body}: {status}", body=found.acronym or found.name, status=status)
        text = found.name
        if found.name_as_of:
            text = _("{name} (nombre de {date}).", name=found.name, date=locale.date(found.name_as_of))
    figure: Node = empty(_("Ninguna fuente reunida dice qué fue de él después de la reforma de 2025."))
    if found is not None and found.events:
        figure = _events_table(found, locale)
    return view(
        visit,
        key="garante",
        sentence=sentence,
        text=text,
        figure=figure,
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("guarantor_bodies", {"state_code": place.state_code}, listed=True),
    )


def members_view(
    visit: Visit, place: State, found: Sequence[LocalMember], cities: Sequence[str], sources: Sequence[Citation]
) -> Component:
    """Who of the state is in OGP Local, and its cities in the challenge of 2020."""
    locale, _ = visit.locale, visit.locale.text
    rows: list[list[Node]] = [
        [
            html.A(one.municipality or place.name, href=locale.link(f"/ogp-local/{one.locality_id}")),
            _("municipio") if one.municipality else _("entidad"),
            None if one.joined_year is None else str(one.joined_year),
            None if one.status is None else label("membership_status", one.status, locale.code),
        ]
        for one in found
    ]
    columns = [Column(_("Miembro"), "row"), Column(_("Nivel")), Column(_("Ingreso")), Column(_("Situación"))]
    sentence = _("Sin registro en OGP Local")
    if found:
        sentence = locale.plural("{n} registro en OGP Local", "{n} registros en OGP Local", len(found))
    text = None
    if cities:
        text = _("En el Multi-City Challenge México 2020: {cities}.", cities=", ".join(cities))
    nothing = empty(
        _("Ni la entidad ni sus municipios aparecen en las páginas reunidas, que no son todas."),
        [(locale.link("/ogp-local"), _("Ver OGP Local"))],
    )
    return view(
        visit,
        key="ogp-local",
        sentence=sentence,
        text=text,
        figure=table(_("OGP Local en la entidad"), columns, rows, locale, cards=True) if found else nothing,
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("localities", {"state_code": place.state_code}, listed=True),
    )


def contradictions_view(
    visit: Visit, place: State, found: Sequence[Contradiction], sources: Sequence[Citation]
) -> Component:
    """Where sources say different things of the state, both quoted; nothing is chosen or averaged."""
    locale, _ = visit.locale, visit.locale.text
    sentence = _("Ninguna contradicción encontrada entre las fuentes")
    if found:
        sentence = locale.plural(
            "{n} contradicción entre las fuentes", "{n} contradicciones entre las fuentes", len(found)
        )
    nothing = empty(_("Las verificaciones de esta versión no hallaron ninguna sobre la entidad."))
    return view(
        visit,
        key="contradicciones",
        sentence=sentence,
        figure=html.Div([_contradiction(one, locale) for one in found], className="line-up") if found else nothing,
        sources=[Source(_("verificaciones de esta versión"), locale.link("/fuentes")), *cited(sources, locale)],
        as_of=locale.date(visit.release.built_at),
        data=Data("findings", {"state_code": place.state_code}, listed=True),
    )


def _indices_table(indices: Sequence[MetricIndex], locale: Locale) -> Component:
    _ = locale.text
    columns = [
        Column(_("Índice"), "row"),
        Column(_("De 0 a 1")),
        Column(_("Entidad"), "number"),
        Column(_("Media, calculada"), "number"),
        Column(_("Nacional, publicada"), "number"),
    ]
    rows: list[list[Node]] = [
        [
            label("metric_index", one.index, locale.code),
            gauge(one.value, one.mean),
            _number(one.value, locale),
            _number(one.mean, locale),
            _number(one.national, locale),
        ]
        for one in indices
    ]
    return table(_("Métrica de Gobierno Abierto {year}", year=METRIC_EDITION), columns, rows, locale)


def _later_table(later: Sequence[LaterScore], locale: Locale) -> Component:
    _ = locale.text
    columns = [
        Column(_("Edición"), "row"),
        Column(_("Índice")),
        Column(_("Valor"), "number"),
        Column(_("Lugar"), "number"),
        Column(_("Fuente")),
    ]
    rows: list[list[Node]] = [
        [
            one.edition,
            label("metric_index", one.index, locale.code),
            _number(one.value, locale),
            None if one.rank is None else locale.number(one.rank),
            document_link(one.source_url, locale),
        ]
        for one in later
    ]
    return table(
        _("Ediciones posteriores, según la prensa; no forman serie con la de 2017"), columns, rows, locale, cards=True
    )


def _events_table(found: Guarantor, locale: Locale) -> Component:
    _ = locale.text
    columns = [Column(_("Fecha"), "row"), Column(_("Hecho")), Column(_("Sucesor")), Column(_("Fuente"))]
    rows: list[list[Node]] = []
    for one in found.events:
        when = locale.date(one.happened_on)
        if one.is_article_date:
            when = _("{date} (fecha de la nota)", date=when)
        link = document_link(one.source_url, locale)
        successor = successor_said(one.successor, locale) if one.successor else None
        rows.append([when, label("body_event", one.event, locale.code), successor, link])
    return table(_("Qué fue del organismo garante"), columns, rows, locale, cards=True)


def _contradiction(one: Contradiction, locale: Locale) -> Component:
    sides = []
    for side in one.sides:
        when = [" · ", locale.date(side.as_of)] if side.as_of and side.as_of[:4].isdigit() else []
        link = document_link(side.source_url, locale)
        sides.append(
            html.Li([locale.pick(side.says_es, side.says_en), *when, *([" · ", link] if link is not None else [])])
        )
    message = locale.pick(one.message_es, one.message_en)
    return html.Div([html.P(message), html.Ul(sides)], className="contradiction")


def _number(value: float | None, locale: Locale) -> str | None:
    return None if value is None else locale.number(value, 2)
