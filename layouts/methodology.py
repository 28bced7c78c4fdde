"""``/metodologia``: how the figures are made."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation, citations
from data.queries.findings import SEVERITIES
from data.queries.method import exercises_by_model, method_catalogs, states_by_step
from data.queries.sources import finding_counts
from layouts.components.folds import fold
from layouts.components.island import Children, Node
from layouts.components.texts import note
from layouts.i18n import N_, Locale
from layouts.method_indicators import GLOSSARY, INDICATORS, Indicator
from layouts.method_terms import conditions_view, models_view, steps_view, term_name
from layouts.page import Page, PageView, Visit
from layouts.source_words import finding_words

SOURCES = ("reference", "state_exercises")


def show(visit: Visit) -> PageView:
    """The method page."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        catalogs = method_catalogs(connection)
        models, steps = exercises_by_model(connection), states_by_step(connection)
        counts = finding_counts(connection)
        named = {citation.source_id: citation for citation in citations(connection, SOURCES)}
    smart = ", ".join(term_name(term, locale).lower() for term in catalogs["smart_criteria"])
    return PageView(
        title=_("Metodología"),
        kicker=_("Metodología"),
        sentence=_("Cada número se puede rehacer: {n} indicadores, con su fórmula y sus límites.", n=len(INDICATORS)),
        text=_(
            "Qué mide cada indicador, cómo se calcula y hasta dónde llega. Al final, qué quiere decir cada palabra."
        ),
        content=[
            _contents(locale),
            _section("reglas", _("Tres reglas que nunca se rompen"), _rules(locale)),
            _indicators(locale, smart),
            _contradictions({severity: counts.get(severity, 0) for severity in SEVERITIES}, locale),
            conditions_view(visit, catalogs["authenticity_conditions"], _of(named, "reference")),
            models_view(visit, catalogs["opening_models"], models, _of(named, "reference", "state_exercises")),
            steps_view(visit, catalogs["cocreation_steps"], steps, _of(named, "reference", "state_exercises")),
            _section("personas", _("Datos personales"), [html.P(text) for text in _people(locale)]),
            _section("licencia", _("Licencia y cómo citar"), _licence(visit)),
            _section(
                "glosario", _("Glosario"), _definitions([(_(word), _(meaning)) for word, meaning in GLOSSARY], "rules")
            ),
        ],
    )


def _of(named: dict[str, Citation], *source_ids: str) -> list[Citation]:
    return [named[source_id] for source_id in source_ids if source_id in named]


def _contents(locale: Locale) -> Component:
    _ = locale.text
    parts = [
        ("reglas", _("Tres reglas")),
        ("indicadores", _("Indicadores")),
        ("contradicciones", _("Contradicciones")),
        ("condiciones", _("Condiciones")),
        ("modelos", _("Modelos")),
        ("pasos", _("Pasos")),
        ("personas", _("Datos personales")),
        ("licencia", _("Licencia")),
        ("glosario", _("Glosario")),
    ]
    return html.P([html.A(name, href=f"#{key}") for key, name in parts], className="line contents")


def _section(key: str, heading: str, inside: Children) -> Component:
    return html.Section([html.H2(heading), html.Div(inside, className="prose")], id=key, className="view")


def _rules(locale: Locale) -> Component:
    _ = locale.text
    rules = [
        (
            _("«Sin dato» es un valor"),
            _("Nunca es cero y nunca se esconde; cada proporción dice su denominador y su fecha."),
        ),
        (
            _("Lo reportado no es lo verificado"),
            _(
                "Lo que dice una institución, lo que verificó el tablero y lo que encontró la revisión independiente son tres "
                "columnas distintas."
            ),
        ),
        (_("Nada se pierde"), _("Filas leídas = filas cargadas + rechazadas + ignoradas, por fuente y por corrida.")),
    ]
    return html.Div([_definitions(rules, "rules"), note(_("Ausencia de evidencia no es evidencia de ausencia."))])


def _indicators(locale: Locale, smart: str) -> Component:
    _ = locale.text
    heading = html.H2(_("Los indicadores, uno por uno"))
    return html.Section(
        [heading, html.Div([_indicator(one, locale, smart) for one in INDICATORS], className="indicators")],
        id="indicadores",
        className="view",
    )


def _indicator(one: Indicator, locale: Locale, smart: str) -> Component:
    _ = locale.text
    asks = f"{_(one.asks).removesuffix('.')}: {smart}." if one.key == "smart" else _(one.asks)
    entries: list[tuple[str, Children]] = [
        (_("Cómo se calcula"), _(one.formula)),
        (_("Hasta dónde llega"), _(one.limits)),
        (_("Dónde se ve"), html.A(locale.link(one.page), href=locale.link(one.page))),
    ]
    details = fold(_("Cómo se calcula y hasta dónde llega"), _definitions(entries, "record"))
    asked = _definitions([(_("Qué pregunta"), asks)], "record")
    return html.Article([html.H3(_(one.name)), html.Div([asked, details])], id=one.key)


def _contradictions(counts: dict[str, int], locale: Locale) -> Component:
    _ = locale.text
    said = [
        html.P(
            _(
                "Cuando dos fuentes dicen cosas distintas no elegimos ni promediamos: se guardan las dos, cada una con su "
                "fecha y su dirección, y se publica un hallazgo que cita los dos lados. Donde una página necesita un solo "
                "número, muestra uno y enlaza al otro."
            )
        ),
        html.P(
            _(
                "Lo mismo con lo imposible: una fecha de fin anterior al inicio se publica tal como está, con una advertencia, "
                "y no entra en ningún cálculo."
            )
        ),
        html.P(
            [
                _("En esta versión hay {counts}.", counts=finding_words(counts, locale)),
                " ",
                html.A(_("Ver los hallazgos"), href=locale.link("/diagnostico/calidad")),
            ]
        ),
    ]
    return _section("contradicciones", _("Las contradicciones se publican"), said)


def _people(locale: Locale) -> Sequence[str]:
    _ = locale.text
    return (
        _(
            "No se guardan nombres, correos ni teléfonos de personas. Las columnas de contacto se descartan al leer, y de los "
            "textos se quitan los correos; tampoco quedan en las filas rechazadas."
        ),
        _(
            "Los actores son organizaciones. Quien facilita un ejercicio o se sienta en un secretariado a título propio se "
            "cuenta y no se nombra."
        ),
        _("Quien lee este sitio no recibe cookies ni rastreadores."),
    )


def _licence(visit: Visit) -> list[Node]:
    locale, _ = visit.locale, visit.locale.text
    return [
        html.P(
            [
                _("Cada dato conserva los términos de quien lo publicó; están con cada fuente."),
                " ",
                html.A(_("Ver las fuentes y sus licencias"), href=locale.link("/fuentes")),
            ]
        ),
        html.P(
            _(
                "El código y los textos del sitio son libres (licencia MIT). Al citar una cifra, nombre primero a quien la "
                "publicó y después a Apertura con su versión: {id}.",
                id=visit.release.release_id,
            )
        ),
    ]


def _definitions(entries: Sequence[tuple[str, Children]], name: str) -> Component:
    return html.Dl([html.Div([html.Dt(word), html.Dd(meaning)]) for word, meaning in entries], className=name)


PAGES = (Page("/metodologia", show, nav=N_("Metodología"), order=90),)
