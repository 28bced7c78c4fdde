"""The catalogues of the method for readers: models, steps, conditions, SMART; with what is documented of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.indicators.authenticity import DOCUMENTS, ITEMS, Condition
from data.queries.citations import Citation
from data.queries.method import MethodTerm
from data.schema import TABLES, column_info, label, table_info
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Part, bars, table
from layouts.components.view import Data, view
from layouts.i18n import N_, Locale
from layouts.page import Visit

# The terms as they are published, which is in Spanish, so that the catalogues hold them too.
PUBLISHED = (
    N_("Compromiso con los principios"),
    N_("Mecanismos de incidencia"),
    N_("Espacio cívico seguro"),
    N_("Cocreación efectiva"),
    N_("Seguimiento y evaluación"),
    N_("Específicos"),
    N_("Medibles"),
    N_("Factibles"),
    N_("Relevantes"),
    N_("Acotados al tiempo"),
    N_("Las personas firmamos un documento"),
    N_("Un espacio para platicar"),
    N_("Una persona que nos facilite el diálogo"),
    N_("Conocer qué haremos"),
    N_("Las personas identificamos problemas"),
    N_("Dibujemos un árbol"),
    N_("Invitamos a la comunidad a participar"),
    N_("Expliquemos qué estamos haciendo"),
    N_("Manos a la obra"),
    N_("Ahora comprometámonos"),
    N_("Publiquemos nuestro trabajo"),
    N_("Difundamos nuestro trabajo"),
    N_("Recordemos nuestro trabajo"),
)
MODELS = {
    "cocreacion_snt": N_("Un secretariado local convoca, cocrea y publica un plan, con acompañamiento nacional."),
    "ogp_local": N_("Un gobierno local, miembro de OGP, cocrea un plan que OGP revisa."),
    "multi_city_challenge": N_("Municipios convocan a la ciudadanía a resolver un problema público concreto."),
    "apertura_por_diseno": N_("Se parte de una necesidad, se cocrea un prototipo y se aplica."),
    "parlamento_abierto": N_("El poder legislativo abre su trabajo y lo acuerda con la sociedad."),
    "justicia_abierta": N_("El poder judicial abre su trabajo y lo acuerda con la sociedad."),
    "estado_abierto": N_("Los tres poderes, los órganos autónomos y los municipios se abren a la vez."),
}
SURVEY_ITEMS = {
    "principles_declared": N_("documento público con los principios"),
    "agenda_influence": N_("la sociedad pudo decidir qué problemas se atienden"),
    "safe_civic_space": N_("medidas para que participar sea seguro"),
    "commitments_cocreated": N_("compromisos acordados entre autoridades y sociedad"),
    "followup_published": N_("informes de avance o de resultados"),
    "verification_measures": N_("medidas para verificar el cumplimiento"),
}


def term_name(term: MethodTerm, locale: Locale) -> str:
    """The name of a term in the reader's language, where there is one."""
    return locale.text(term.label_es)


def models_view(
    visit: Visit, terms: Sequence[MethodTerm], counts: Mapping[str, int], sources: Sequence[Citation]
) -> Component:
    """The models of openness, with the documented exercises that follow each."""
    locale, _ = visit.locale, visit.locale.text
    rows: list[list[Node]] = [
        [
            label("opening_model", term.code, locale.code),
            _(MODELS[term.code]) if term.code in MODELS else None,
            locale.number(counts[term.code]) if term.code in counts else None,
        ]
        for term in terms
    ]
    columns = [Column(_("Modelo"), "row"), Column(_("En pocas palabras")), Column(_("Ejercicios"), "number")]
    return view(
        visit,
        key="modelos",
        sentence=locale.plural("{n} modelo de apertura", "{n} modelos de apertura", len(terms)),
        text=_("Un ejercicio puede seguir varios. Se cuentan los ejercicios documentados que lo dicen."),
        figure=table(_("Modelos y ejercicios documentados"), columns, rows, locale, cards=True),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("exercise_models"),
    )


def steps_view(
    visit: Visit, terms: Sequence[MethodTerm], counts: Mapping[str, tuple[int, int]], sources: Sequence[Citation]
) -> Component:
    """The steps of co-creation in plain words, and in how many states each is documented."""
    locale, _ = visit.locale, visit.locale.text
    rows = [_step_bar(number, term, counts, locale) for number, term in enumerate(terms, 1)]
    documented = sum(counts.get(term.code, (0, 0))[0] > 0 for term in terms)
    return view(
        visit,
        key="pasos",
        sentence=_(
            "Los {n} pasos de la cocreación; de {documented} hay evidencia en alguna entidad",
            n=len(terms),
            documented=documented,
        ),
        text=_("El segundo renglón es la versión en lenguaje sencillo. Rayado: no encontramos evidencia."),
        figure=bars(
            _("Entidades con evidencia de cada paso"), (_("Paso"), _("Con evidencia"), _("Entidades")), rows, locale
        ),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("exercise_steps"),
    )


def _step_bar(number: int, term: MethodTerm, counts: Mapping[str, tuple[int, int]], locale: Locale) -> Bar:
    documented, states = counts.get(term.code, (0, 0))
    name: list[Node] = [f"{number}. {label('cocreation_step', term.code, locale.code)}"]
    if term.plain_label_es:
        name += [html.Br(), html.Small(locale.text(term.plain_label_es))]
    value = locale.text("{n} de {of}", n=locale.number(documented), of=locale.number(states)) if states else None
    parts = [Part(documented / states, "verified", value or "")] if documented else []
    return Bar(name, parts, value)


def conditions_view(visit: Visit, terms: Sequence[MethodTerm], sources: Sequence[Citation]) -> Component:
    """The conditions of authenticity and what decides each."""
    locale, _ = visit.locale, visit.locale.text
    columns = [Column(_("Condición"), "row"), Column(_("Preguntas de la encuesta")), Column(_("Documentos"))]
    rows: list[list[Node]] = [
        [term_name(term, locale), _items(term.code, locale), _documents(term.code, locale)] for term in terms
    ]
    return view(
        visit,
        key="condiciones",
        sentence=locale.plural(
            "{n} condición mínima de un ejercicio auténtico",
            "{n} condiciones mínimas de un ejercicio auténtico",
            len(terms),
        ),
        text=_("Qué decide cada una. Donde hay varias, decide la primera que tenga dato."),
        figure=table(_("Condiciones, y de dónde sale cada marca"), columns, rows, locale, cards=True),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("method_terms", {"catalog": "authenticity_conditions"}, listed=True),
    )


def _items(code: str, locale: Locale) -> Node:
    variables = next((items for condition, items in ITEMS.items() if condition == code), ())
    return "; ".join(locale.text(SURVEY_ITEMS[variable]) for variable in variables) or None


def _documents(code: str, locale: Locale) -> Node:
    condition: Condition | None = next((known for known in DOCUMENTS if known == code), None)
    if condition is None or not DOCUMENTS[condition]:
        return locale.text("ninguno basta")
    return "; ".join(column_words(name, locale) for name in DOCUMENTS[condition])


def column_words(name: str, locale: Locale) -> str:
    """``table.column`` as readers know it: ``Ejercicios: Secretariado``; a step of co-creation by its name."""
    table_name, column_name = name.split(".")
    table_ = TABLES[table_name]
    if table_name == "exercise_steps":
        return label("cocreation_step", column_name, locale.code)
    column = column_info(table_.c[column_name])["label"][locale.data.code]
    return f"{table_info(table_)['label'][locale.data.code]}: {column}"
