"""What institutions report, kept apart from what was verified: published totals, and the board's own stacked bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.indicators.completion import Completion
from data.queries.citations import Citation
from data.queries.national_plan import (
    BoardProgress,
    CommitmentSummary,
    NationalPlan,
    PublishedTotal,
    completion_by_plan,
)
from data.schema.vocabularies import codes, label
from layouts.components.cited import cited, cut_off
from layouts.components.folds import fold_list
from layouts.components.tables import Bar, Key, Part, bars
from layouts.components.texts import note
from layouts.components.view import Data, view
from layouts.page import Visit
from layouts.plan_names import capital, outside, plan_name, titled
from layouts.plan_reviews import reports_named
from layouts.plan_views import graded_rows

# The published totals in which a government says how many commitments it met.
REPORTED = ("commitments_with_all_activities_met_self_reported", "commitments_completed_board")
STATUS_CLASSES = {
    "verified": "verified",
    "completed": "completed",
    "started": "started",
    "not_started": "not-started",
}


def reported_view(
    visit: Visit,
    plans: Sequence[NationalPlan],
    items: Sequence[CommitmentSummary],
    totals: Sequence[PublishedTotal],
    citations: Sequence[Citation],
) -> Component:
    """Two bars a plan: commitments met as the government reports them, and complete as the IRM found them."""
    locale, _ = visit.locale, visit.locale.text
    reported = {total.plan_id: total for total in totals if total.metric in REPORTED}
    counts = completion_by_plan(items)
    own = {plan.plan_id: [item for item in items if item.plan_id == plan.plan_id] for plan in plans}
    rows = [
        bar
        for plan in plans
        for bar in (
            _reported_bar(visit, plan, reported.get(plan.plan_id)),
            _found_bar(visit, plan, counts.get(plan.plan_id), own[plan.plan_id]),
        )
    ]
    return view(
        visit,
        key="reportado",
        sentence=_reported_sentence(visit, plans, own, counts, reported),
        text=_(
            "Reportado y verificado no se suman ni se promedian: son voces distintas, con denominadores distintos y no "
            "siempre de la misma fecha."
        ),
        keys=[
            Key("completed", _("Cumplidos, según el gobierno o su tablero")),
            Key("verified", _("Completos, según la revisión independiente")),
            Key("not-started", _("Los demás")),
            Key("no-data", capital(_("sin dato"))),
        ],
        figure=bars(
            _("Compromisos cumplidos por plan, según quien lo dice"),
            (_("Plan y quién lo dice"), _("Parte de los compromisos"), _("Cumplidos")),
            rows,
            locale,
        ),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        proofs=[
            Data("plan_metrics", {"plan_id": [plan.plan_id for plan in plans], "metric": REPORTED}),
            graded_rows(items),
        ],
    )


def board_view(
    visit: Visit, items: Sequence[CommitmentSummary], progress: Sequence[BoardProgress], citations: Sequence[Citation]
) -> Component:
    """The board, commitment by commitment, with the warning where it is only a draft."""
    locale, _ = visit.locale, visit.locale.text
    by_id = {item.commitment_id: item for item in items}
    figure: list[Component] = []
    if any(found.warning for found in progress):
        figure.append(note(_draft(visit, progress)))
    drawn = bars(
        _("Parte de cada compromiso en cada estado, según el tablero"),
        (_("Compromiso"), _("Avance"), _("Actividades")),
        [_board_bar(visit, by_id[found.commitment_id], found) for found in progress],
        locale,
    )
    opens = locale.plural("Ver {n} compromiso", "Ver los {n} compromisos", len(progress))
    figure.append(fold_list(len(progress), opens, drawn))
    return view(
        visit,
        key="tablero",
        sentence=_board_sentence(visit, progress),
        text=_(
            "Cada acción pesa lo que dice el tablero, o lo mismo que las demás si no lo dice; los marcadores de posición "
            "y los textos de otro compromiso no cuentan, y donde no queda nada más no hay avance, que no es lo mismo que cero."
        ),
        keys=[*status_keys(visit), Key("no-data", capital(_("sin dato")))],
        figure=html.Div(figure, className="stacked"),
        sources=cited(citations, locale),
        as_of=locale.date(max(found.as_of for found in progress)),
        data=Data("commitment_progress", {"commitment_id": [found.commitment_id for found in progress]}),
    )


def status_keys(visit: Visit) -> list[Key]:
    """The legend of the board's statuses, the best first."""
    language = visit.locale.code
    return [
        Key(STATUS_CLASSES[code], capital(label("activity_status", code, language)))
        for code in reversed(list(codes("activity_status")))
    ]


def progress_parts(visit: Visit, found: BoardProgress) -> list[Part]:
    """The statuses of a commitment as parts of a bar; none where it has no progress."""
    if found.shares is None:
        return []
    return [
        Part(
            found.shares.get(code, 0.0) / 100,
            drawn,
            f"{capital(label('activity_status', code, visit.locale.code))}: "
            f"{visit.locale.percent(found.shares.get(code, 0.0) / 100)}",
        )
        for code, drawn in STATUS_CLASSES.items()
    ]


def activities_said(visit: Visit, found: BoardProgress) -> str | None:
    """``12, sin estado``: the real activities and whether the board says anything of them; None without any."""
    if not found.activities:
        return None
    locale = visit.locale
    if not found.with_status:
        return locale.plural("{n}, sin estado", "{n}, sin estado", found.activities)
    return locale.text(
        "{n} de {total} con estado", n=locale.number(found.with_status), total=locale.number(found.activities)
    )


def _draft(visit: Visit, progress: Sequence[BoardProgress]) -> str:
    locale = visit.locale
    copied = sum(found.copied for found in progress)
    return locale.plural(
        "La copia que hay del tablero es un borrador del {date}: de sus {all} actividades, {n} es un marcador de "
        "posición sin contenido, {copied} y ninguna trae estado. «Sin iniciar» dice aquí que nadie ha reportado otra cosa.",
        "La copia que hay del tablero es un borrador del {date}: de sus {all} actividades, {n} son marcadores de "
        "posición sin contenido, {copied} y ninguna trae estado. «Sin iniciar» dice aquí que nadie ha reportado otra cosa.",
        sum(found.placeholders for found in progress),
        copied=locale.plural("{n} lleva el texto de otro compromiso", "{n} llevan el texto de otro compromiso", copied),
        date=locale.date(max(found.as_of for found in progress)),
        all=locale.number(sum(found.placeholders + found.copied + found.activities for found in progress)),
    )


def _board_sentence(visit: Visit, progress: Sequence[BoardProgress]) -> str:
    locale = visit.locale
    real = sum(found.activities for found in progress)
    stated = sum(found.with_status for found in progress)
    if not stated:
        return locale.plural(
            "El tablero no dice qué se cumplió: su única actividad propia no trae estado",
            "El tablero no dice qué se cumplió: ninguna de sus {n} actividades propias trae estado",
            real,
        )
    return locale.plural(
        "El tablero dice el estado de {n} de {total} actividades propias",
        "El tablero dice el estado de {n} de {total} actividades propias",
        stated,
        total=locale.number(real),
    )


def _board_bar(visit: Visit, item: CommitmentSummary, found: BoardProgress) -> Bar:
    locale = visit.locale
    title = titled(item.commitment_id, item.title_es, item.title_en, locale)
    name = html.A(title, href=locale.link(f"/plan-nacional/{item.commitment_id}"))
    return Bar(name, progress_parts(visit, found), activities_said(visit, found), item.commitment_id)


def _reported_bar(visit: Visit, plan: NationalPlan, total: PublishedTotal | None) -> Bar:
    locale = visit.locale
    who = locale.text("según el gobierno")
    if total is None or not plan.declared:
        return Bar(plan_name(plan, locale), [], None, who)
    said = locale.text("{n} de {total}", n=locale.number(total.value), total=locale.number(plan.declared))
    value = outside(said, total.source_url)
    dated = f"{who}, {locale.date(total.as_of)}" if total.as_of else locale.text("según el tablero, sin fecha")
    return Bar(plan_name(plan, locale), _of_all(visit, total.value / plan.declared, "completed", said), value, dated)


def _found_bar(visit: Visit, plan: NationalPlan, counted: Completion | None, items: Sequence[CommitmentSummary]) -> Bar:
    locale = visit.locale
    reports = reports_named(items, locale)
    who = locale.text("según el IRM, {reports}", reports=reports) if reports else locale.text("según el IRM")
    if counted is None or counted.share is None:
        return Bar(plan_name(plan, locale), [], None, who)
    said = locale.text("{n} de {total}", n=locale.number(counted.complete), total=locale.number(counted.rated))
    return Bar(plan_name(plan, locale), _of_all(visit, counted.share, "verified", said), said, who)


def _of_all(visit: Visit, share: float, drawn: str, said: str) -> list[Part]:
    """The bar of a share that is known, and of the rest, which is known with it."""
    return [Part(share, drawn, said), Part(1 - share, "not-started", visit.locale.text("Los demás"))]


def _reported_sentence(
    visit: Visit,
    plans: Sequence[NationalPlan],
    own: Mapping[str, Sequence[CommitmentSummary]],
    counts: Mapping[str, Completion],
    reported: Mapping[str, PublishedTotal],
) -> str:
    """The widest gap between what was reported and what was found; else what is missing to compare."""
    locale = visit.locale
    both = [
        (plan, reported[plan.plan_id], counts[plan.plan_id])
        for plan in plans
        if plan.plan_id in reported and plan.plan_id in counts and counts[plan.plan_id].rated
    ]
    if not both:
        return locale.text("Lo reportado y lo verificado no se pueden comparar: falta al menos uno de los dos")
    plan, total, counted = max(both, key=lambda row: row[1].value - row[2].complete)
    return locale.text(
        "{plan}: el gobierno reportó {reported} compromisos cumplidos, {when}; la revisión independiente encontró {found}, "
        "{reports}",
        plan=plan_name(plan, locale),
        reported=locale.number(total.value),
        when=locale.date(total.as_of) if total.as_of else locale.text("sin fecha"),
        found=locale.number(counted.complete),
        reports=reports_named(own[plan.plan_id], locale),
    )
