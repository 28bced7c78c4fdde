"""The board of one commitment: its actions and activities as a dated list, and how its deadlines moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.indicators.slippage import slippage
from data.queries.citations import Citation
from data.queries.commitment import Action, Activity, DeadlineChange
from data.queries.national_plan import BoardProgress
from data.schema.vocabularies import label
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Key, bars, table
from layouts.components.view import Data, view
from layouts.page import Visit
from layouts.plan_board import activities_said, progress_parts, status_keys
from layouts.plan_names import capital, in_spanish

BOARD = "national_board"


def board_section(
    visit: Visit, actions: Sequence[Action], progress: BoardProgress | None, sources: Sequence[Citation]
) -> Component:
    """The bar of the commitment, and every action that has content with its real activities."""
    locale, _ = visit.locale, visit.locale.text
    shown = [action for action in actions if not action.is_placeholder or action.activities]
    hidden = len(actions) - len(shown)
    figure: list[Node] = []
    if progress is not None:
        bar = Bar(_("Avance"), progress_parts(visit, progress), activities_said(visit, progress))
        headings = (_("Según el tablero"), _("Parte en cada estado"), _("Actividades"))
        figure.append(bars(_("Avance del compromiso"), headings, [bar], locale))
    figure.append(html.Ol([html.Li(_action(visit, action)) for action in shown], className="actions"))
    if hidden:
        figure.append(
            html.P(
                locale.plural(
                    "Además hay {n} acción que es un marcador de posición sin contenido.",
                    "Además hay {n} acciones que son marcadores de posición sin contenido.",
                    hidden,
                )
            )
        )
    own = {action.source_id for action in actions}
    return view(
        visit,
        key="acciones",
        sentence=_sentence(visit, shown),
        text=_("Las fechas son las que da el tablero. Los marcadores de posición se cuentan y no se listan.")
        if progress is not None
        else None,
        keys=[*status_keys(visit), Key("no-data", capital(_("sin dato")))] if progress is not None else [],
        figure=html.Div(figure, className="stacked"),
        sources=cited([source for source in sources if source.source_id in own], locale),
        as_of=locale.date(progress.as_of) if progress is not None else None,
        data=Data("activities", {"action_id": [action.action_id for action in actions]}),
    )


def slippage_section(
    visit: Visit,
    actions: Sequence[Action],
    changes: Sequence[DeadlineChange],
    compared: bool,
    sources: Sequence[Citation],
) -> Component:
    """How the deadlines moved between copies of the board, or why that cannot be known."""
    locale, _ = visit.locale, visit.locale.text
    moved = _moved(visit, actions, changes)
    figure: Node = html.P(_("Cada copia nueva del tablero se compara con las anteriores, plazo por plazo."))
    if moved:
        columns = [
            Column(_("Qué"), "row"),
            Column(_("Primer plazo")),
            Column(_("Plazo actual")),
            Column(_("Días"), "number"),
        ]
        figure = table(_("Plazos que cambiaron entre copias del tablero"), columns, moved, locale, cards=True)
        sentence = locale.plural("{n} plazo se movió", "{n} plazos se movieron", len(moved))
    elif not actions:
        sentence = _("De este compromiso no hay acciones ni plazos publicados en un tablero que se pueda comparar")
    elif compared:
        sentence = _("Ningún plazo de este compromiso ha cambiado entre las copias del tablero")
    else:
        sentence = _(
            "No se sabe si los plazos se movieron: hay una sola copia del tablero y ninguna con la que compararla"
        )
    own = [source for source in sources if actions and source.source_id == BOARD]
    return view(
        visit,
        key="plazos",
        sentence=sentence,
        figure=figure,
        sources=cited(own, locale),
        as_of=cut_off(own, locale),
        data=Data("activities", {"action_id": [action.action_id for action in actions]}) if moved else None,
    )


def _sentence(visit: Visit, shown: Sequence[Action]) -> str:
    locale = visit.locale
    real = [activity for action in shown for activity in action.activities]
    dated = sum(activity.deadline is not None for activity in real)
    if not real:
        return locale.plural(
            "{n} acción, sin actividades con contenido", "{n} acciones, sin actividades con contenido", len(shown)
        )
    return locale.plural(
        "{n} actividad con contenido; con plazo propio, {dated}",
        "{n} actividades con contenido; con plazo propio, {dated}",
        len(real),
        dated=locale.number(dated),
    )


def _action(visit: Visit, action: Action) -> list[Node]:
    locale, _ = visit.locale, visit.locale.text
    head: list[Node] = [
        html.H3(in_spanish(action.title, locale) if action.title else _("Acción sin título")),
        html.P(_details(visit, action), className="when"),
    ]
    if action.activities:
        columns = [Column(_("Actividad"), "row"), Column(_("Plazo")), Column(_("Estado")), Column(_("Evidencia"))]
        rows = [_activity(visit, activity) for activity in action.activities]
        caption = locale.plural("{n} actividad", "{n} actividades", len(rows))
        head.append(table(caption, columns, rows, locale, cards=True))
    if action.placeholders:
        head.append(
            html.P(
                locale.plural(
                    "{n} marcador de posición, sin contenido",
                    "{n} marcadores de posición, sin contenido",
                    action.placeholders,
                ),
                className="when",
            )
        )
    return head


def _details(visit: Visit, action: Action) -> list[Node]:
    """When, by whom, with what weight, and what is wrong with it."""
    locale, _ = visit.locale, visit.locale.text
    said: list[Node] = [_span(visit, action.starts_on, action.ends_on)]
    if action.responsible:
        said.append(in_spanish(action.responsible, locale))
    if action.weight is not None:
        said.append(_("ponderación {n}%", n=locale.number(action.weight)))
    said += [label("row_warning", warning, locale.code) for warning in _warnings(action)]
    return [part for each in said for part in (" · ", each)][1:]


def _warnings(action: Action) -> list[str]:
    return list(dict.fromkeys(warning for warning in (action.warning, action.date_warning) if warning))


def _span(visit: Visit, starts_on: str | None, ends_on: str | None) -> str:
    locale, _ = visit.locale, visit.locale.text
    if starts_on is None and ends_on is None:
        return _("sin fechas")
    return _("de {start} a {end}", start=locale.date(starts_on), end=locale.date(ends_on))


def _activity(visit: Visit, activity: Activity) -> list[Node]:
    locale, _ = visit.locale, visit.locale.text
    title: list[Node] = [in_spanish(activity.title, locale) if activity.title else _("Actividad sin título")]
    if activity.warning:
        title += [" ", html.Small(label("row_warning", activity.warning, locale.code))]
    deadline: Node = locale.date(activity.deadline) if activity.deadline else None
    if activity.ends_on is None and activity.deadline_in_text_on is not None:
        deadline = html.Span([locale.date(activity.deadline_in_text_on), " ", html.Small(_("escrito en el título"))])
    evidence = html.A(_("Ver"), href=activity.evidence_url, rel="noopener") if activity.evidence_url else None
    status = capital(label("activity_status", activity.status, locale.code)) if activity.status else None
    return [html.Span(title), deadline, status, evidence]


def _moved(visit: Visit, actions: Sequence[Action], changes: Sequence[DeadlineChange]) -> list[list[Node]]:
    """A row for each action or activity whose deadline moved."""
    locale = visit.locale
    titles: Mapping[str, tuple[str | None, str | None]] = {
        action.action_id: (action.title, action.starts_on) for action in actions
    } | {
        activity.activity_id: (activity.title, activity.starts_on)
        for action in actions
        for activity in action.activities
    }
    values: dict[tuple[str, str], list[str | None]] = {}
    for change in changes:
        values.setdefault((change.row_key, change.column), [change.old]).append(change.new)
    rows: list[list[Node]] = []
    for (key, _column), deadlines in values.items():
        title, starts_on = titles.get(key, (None, None))
        found = slippage(deadlines, starts_on)
        if found is not None:
            days = locale.number(found.days) if found.days is not None else None
            rows.append([in_spanish(title or key, locale), locale.date(found.first), locale.date(found.current), days])
    return rows
