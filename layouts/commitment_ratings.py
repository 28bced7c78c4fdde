"""How one commitment was rated: each judgement with the copies that carry it, and those published without a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation
from data.queries.commitment import Rating
from data.schema.vocabularies import VOCABULARIES, label
from layouts.components.cited import cited
from layouts.components.island import Node
from layouts.components.tables import Column, table
from layouts.components.texts import empty
from layouts.components.view import Data, view
from layouts.page import Visit
from layouts.plan_names import capital, outside
from layouts.plan_reviews import report_named


def ratings_view(visit: Visit, commitment_id: str, ratings: Sequence[Rating], sources: Sequence[Citation]) -> Component:
    """Every judgement by criterion and report, with the exact text of the source; those without a value say why."""
    locale, _ = visit.locale, visit.locale.text
    valued = [rating for rating in ratings if rating.value_code is not None]
    others = [rating for rating in ratings if rating.value_code is None]
    figure: list[Node] = []
    if valued:
        figure.append(_ratings_table(visit, _("Calificaciones por criterio e informe"), valued))
    if others:
        said = locale.plural("{n} publicada sin valor", "{n} publicadas sin valor", len(others))
        apart = _ratings_table(visit, _("Calificaciones sin valor, y por qué"), others)
        figure.append(html.Details([html.Summary(said), apart], className="folded") if valued else apart)
    own = {rating.source_id for rating in ratings}
    return view(
        visit,
        key="evaluaciones",
        sentence=_sentence(visit, len(valued), len(ratings)),
        text=_("Las copias que dicen lo mismo van juntas.") if ratings else None,
        figure=html.Div(figure, className="stacked")
        if figure
        else empty(_("No se encontró ninguna calificación en las fuentes leídas.")),
        sources=cited([source for source in sources if source.source_id in own], locale),
        data=Data("commitment_ratings", {"commitment_id": commitment_id}) if ratings else None,
    )


def _sentence(visit: Visit, valued: int, published: int) -> str:
    locale = visit.locale
    if not published:
        return locale.text("No encontramos ninguna calificación de este compromiso")
    return locale.plural(
        "{n} calificación con valor, de {total} publicadas",
        "{n} calificaciones con valor, de {total} publicadas",
        valued,
        total=locale.number(published),
    )


def _ratings_table(visit: Visit, caption: str, ratings: Sequence[Rating]) -> Component:
    _ = visit.locale.text
    columns = [
        Column(_("Criterio"), "row"),
        Column(_("Valor")),
        Column(_("Texto de la fuente")),
        Column(_("Quién y en qué informe")),
        Column(_("Copias que lo dicen")),
    ]
    rows = [_judgement(visit, copies) for copies in _judgements(ratings).values()]
    return table(caption, columns, rows, visit.locale, cards=True)


Judgement = tuple[str, str | None, str | None, str, str]


def _judgements(ratings: Sequence[Rating]) -> Mapping[Judgement, Sequence[Rating]]:
    """The copies by what they say: criterion, value or why none, reviewer, report."""
    found: dict[Judgement, list[Rating]] = {}
    for one in ratings:
        key = (one.criterion, one.value_code, one.no_value_reason, one.reviewer, one.report)
        found.setdefault(key, []).append(one)
    return found


def _judgement(visit: Visit, copies: Sequence[Rating]) -> list[Node]:
    locale, one = visit.locale, copies[0]
    value: Node = label("rating_value", one.value_code, locale.code) if one.value_code else None
    if value is None and one.no_value_reason:
        value = html.Span(label("no_value_reason", one.no_value_reason, locale.code), className="no-data")
    written = list(dict.fromkeys(copy.value_raw for copy in copies if copy.value_raw))
    return [
        capital(label("criterion", one.criterion, locale.code)),
        value,
        html.Span([part for text in written for part in (" / ", html.Code(text))][1:]) if written else None,
        f"{label('reviewer', one.reviewer, locale.code)}, "
        + report_named(one.report, [copy.report_year for copy in copies], locale),
        html.Ul([html.Li(_copy(visit, copy)) for copy in copies], className="plain"),
    ]


def _copy(visit: Visit, rating: Rating) -> list[Node]:
    """Which copy of the source it was read from, and when."""
    locale = visit.locale
    read: list[Node] = [" ", html.Small(locale.date(rating.read_on))] if rating.read_on else []
    return [outside(_edition(visit, rating.edition), rating.source_url), *read]


def _edition(visit: Visit, written: str) -> str:
    """``new/es/1`` in words: which design of OGP's page, in which language, which of several copies; other names as they are."""
    locale, _ = visit.locale, visit.locale.text
    design, _slash, rest = written.partition("/")
    language, _slash, number = rest.partition("/")
    designs = {"new": _("página nueva"), "old": _("página antigua")}
    languages = {"es": _("en español"), "en": _("en inglés")}
    if design not in designs or language not in languages:
        known = VOCABULARIES["id_register"]
        return label("id_register", written, locale.code) if written in known else written
    return f"{designs[design]}, {languages[language]} ({number})"
