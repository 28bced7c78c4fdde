"""``/diagnostico/cobertura``: the 13 steps in the 32 states, what is documented and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import citations
from data.queries.diagnosis import Evidence, StateSteps, state_steps
from data.schema import label
from data.schema.vocabularies import codes
from layouts.components.cited import cited, cut_off
from layouts.components.folds import fold_list
from layouts.components.island import Node, with_attributes
from layouts.components.tables import Column, Key, table
from layouts.components.texts import Fact, empty, facts
from layouts.components.view import Data, view
from layouts.diagnosis_parts import kicker, part_links
from layouts.i18n import Locale
from layouts.page import Page, PageView, Visit

VOCABULARY = "cocreation_step"
# The steps that the commission asks for by name; the matrix has all of them.
MAIN = ("declaratoria", "stl_act", "call_facilitator", "plan", "reports")
ORDERS = ("entidad", "pasos")


def show(visit: Visit) -> PageView:
    """All states, or those in which a step is missing."""
    locale, _ = visit.locale, visit.locale.text
    steps = list(codes(VOCABULARY))
    named = [(step, f"{number}. {label(VOCABULARY, step, locale.code)}") for number, step in enumerate(steps, 1)]
    missing = visit.query.choice("falta", _("Sin evidencia del paso"), named, every=_("Cualquiera"))
    order = visit.query.order("orden", ORDERS, "entidad")
    with visit.release.connect() as connection:
        every = state_steps(connection)
        sources = citations(connection, ["state_exercises", "ogp_local"])
    chosen = [state for state in every if missing is None or missing not in state.evidence]
    if order == "pasos":
        chosen.sort(key=lambda state: -len(state.evidence))
    content: list[Node] = [
        empty(_("De todas las entidades hay evidencia de ese paso."), [(locale.link(visit.path), _("Ver todas"))])
    ]
    if chosen:
        as_of = cut_off(sources, locale)
        about = cited(sources, locale)
        data = Data("exercise_steps", {"state_code": [state.state_code for state in chosen]} if missing else {})
        content = [
            view(
                visit,
                key="matriz",
                sentence=_matrix_sentence(every, steps, locale),
                text=_(
                    "Cada columna es un paso, en orden; cada marca lleva a su evidencia. Rayado: no la encontramos, lo que no "
                    "prueba que no exista."
                ),
                keys=[Key("verified", _("con evidencia")), Key("no-data", _("sin evidencia encontrada"))],
                figure=_matrix(visit, chosen, steps, order),
                sources=about,
                as_of=as_of,
                data=data,
            ),
            view(
                visit,
                key="faltantes",
                sentence=_("Los pasos sin evidencia, por su nombre"),
                text=_nowhere(every, steps, locale),
                figure=_gaps(
                    chosen, [step for step in steps if any(step in state.evidence for state in every)], locale
                ),
                sources=about,
                as_of=as_of,
                data=data,
            ),
        ]
    return PageView(
        title=_("Cobertura"),
        kicker=kicker(locale),
        sentence=coverage_sentence(every, missing, locale),
        filters=visit.query.form(),
        content=[part_links(visit), _facts(every, cut_off(sources, locale), locale), *content],
    )


def coverage_sentence(every: Sequence[StateSteps], missing: str | None, locale: Locale) -> str:
    """Of how many steps there is evidence at most; or of how many states there is none of one step."""
    _ = locale.text
    if missing is not None:
        return _(
            "En {n} de {of} entidades no hay evidencia del paso «{step}».",
            n=sum(missing not in state.evidence for state in every),
            of=len(every),
            step=label(VOCABULARY, missing, locale.code),
        )
    total = len(codes(VOCABULARY))
    most = max((len(state.evidence) for state in every), default=0)
    return _(
        "De ninguna entidad encontramos evidencia de más de {most} de los {steps} pasos de la cocreación; de {none} de {of}, de ninguno.",
        most=most,
        steps=total,
        none=sum(not state.evidence for state in every),
        of=len(every),
    )


def _facts(every: Sequence[StateSteps], when: str | None, locale: Locale) -> Component:
    of = locale.text("de {n}", n=len(every))
    return facts(
        [
            Fact(
                label(VOCABULARY, step, locale.code),
                locale.number(sum(step in state.evidence for state in every)),
                of,
                when,
            )
            for step in MAIN
        ],
        locale,
    )


def _matrix_sentence(every: Sequence[StateSteps], steps: Sequence[str], locale: Locale) -> str:
    nowhere = sum(not any(step in state.evidence for state in every) for step in steps)
    return locale.plural(
        "De {n} paso, entre los {steps}, ninguna fuente reunida da evidencia",
        "De {n} pasos, entre los {steps}, ninguna fuente reunida da evidencia",
        nowhere,
        steps=len(steps),
    )


def _nowhere(every: Sequence[StateSteps], steps: Sequence[str], locale: Locale) -> str | None:
    """The steps of which no source gives evidence, named once instead of in every row; that says nothing of the states."""
    names = [
        label(VOCABULARY, step, locale.code) for step in steps if not any(step in state.evidence for state in every)
    ]
    if not names:
        return None
    return locale.text(
        "Ninguna fuente reunida deja constancia, de ninguna entidad, de: {steps}. No prueba que no se dieran. La tabla dice "
        "lo demás.",
        steps="; ".join(names),
    )


def _matrix(visit: Visit, chosen: Sequence[StateSteps], steps: Sequence[str], order: str) -> Component:
    locale, _ = visit.locale, visit.locale.text
    link = visit.query.link
    columns = [
        Column(_("Entidad"), "row", link(orden=None), "ascending" if order == "entidad" else None),
        *(_step_column(number, step, locale) for number, step in enumerate(steps, 1)),
        Column(_("Pasos"), "number", link(orden="pasos"), "descending" if order == "pasos" else None),
    ]
    rows: list[list[Node]] = [
        [
            html.A(state.name, href=locale.link(f"/estados/{state.state_code}")),
            *(_cell(state.evidence.get(step), label(VOCABULARY, step, locale.code), locale) for step in steps),
            locale.text("{n} de {of}", n=len(state.evidence), of=len(steps)),
        ]
        for state in chosen
    ]
    names = html.Ol([html.Li(label(VOCABULARY, step, locale.code)) for step in steps], className="names")
    drawn = table(_("Evidencia de cada paso, por entidad"), columns, rows, locale)
    return html.Div([names, drawn], className="matrix")


def _step_column(number: int, step: str, locale: Locale) -> Column:
    return Column(html.Abbr(str(number), title=label(VOCABULARY, step, locale.code)))


def _cell(found: Evidence | None, step: str, locale: Locale) -> Node:
    """A square: filled and a link where there is evidence, hatched where none was found; in words for who cannot see it."""
    if found is None:
        words = locale.text("{step}: sin evidencia encontrada", step=step)
        return with_attributes(html.Span(className="square no-data", role="img", title=words), {"aria-label": words})
    when = locale.date(found.happened_on) if found.happened_on else locale.text("sin fecha")
    words = locale.text("{step}: con evidencia, {date}", step=step, date=when)
    if found.source_url is None:
        return with_attributes(html.Span(className="square verified", role="img", title=words), {"aria-label": words})
    return with_attributes(
        html.A(className="square verified", href=found.source_url, title=words), {"aria-label": words}
    )


def _gaps(chosen: Sequence[StateSteps], steps: Sequence[str], locale: Locale) -> Component:
    _ = locale.text
    columns = [Column(_("Entidad"), "row"), Column(_("Con evidencia")), Column(_("Tampoco se encontró"))]
    rows: list[list[Node]] = []
    for state in chosen:
        found = [label(VOCABULARY, step, locale.code) for step in steps if step in state.evidence]
        lacking = [label(VOCABULARY, step, locale.code) for step in steps if step not in state.evidence]
        name = html.A(state.name, href=locale.link(f"/estados/{state.state_code}"))
        rows.append([name, "; ".join(found) or None, "; ".join(lacking) or _("ninguno")])
    listed = table(_("Pasos con y sin evidencia, por entidad"), columns, rows, locale, cards=True)
    return fold_list(len(rows), locale.plural("Ver {n} entidad", "Ver las {n} entidades", len(rows)), listed)


PAGES = (Page("/diagnostico/cobertura", show),)
