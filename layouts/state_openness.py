"""The file of a state, first half: the 13 steps, the technical secretariat, the plans and the exercises."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation
from data.queries.state import Declaration, Exercise, LocalPlan, Member, Secretariat, State, StepEvidence
from data.schema import VOCABULARIES, label
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Key, Part, bars, table
from layouts.components.texts import Step, empty, note, steps
from layouts.components.view import Data, view
from layouts.declaration_words import counted
from layouts.i18n import Locale
from layouts.page import Visit
from layouts.plan_names import title_language, titled

# Sides of a secretariat by status class, in the order of the bar.
SIDES = ("completed", "verified", "started", "not-started")


def steps_view(visit: Visit, place: State, found: Sequence[StepEvidence], sources: Sequence[Citation]) -> Component:
    """The path of the 13 steps, each with its evidence and date."""
    locale, _ = visit.locale, visit.locale.text
    done = sum(step.has_evidence for step in found)
    return view(
        visit,
        key="pasos",
        sentence=_("Hay evidencia de {n} de los {of} pasos de la cocreación.", n=done, of=len(found))
        if done
        else _("No hay evidencia de ninguno de los {of} pasos de la cocreación.", of=len(found)),
        text=_("Ausencia de evidencia no es evidencia de ausencia: solo dice que no se encontró."),
        figure=steps([_step(step, locale) for step in found], locale),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("exercise_steps", {"state_code": place.state_code}, listed=True),
        beside=True,
    )


def secretariat_view(visit: Visit, place: State, found: Secretariat | None, sources: Sequence[Citation]) -> Component:
    """The technical secretariat: its seats as one bar, its balance, and the organisations that sit in it."""
    locale, _ = visit.locale, visit.locale.text
    return view(
        visit,
        key="secretariado",
        sentence=_secretariat_sentence(place, found, locale),
        text=None if found is None else _secretariat_text(found, locale),
        figure=empty(_("Ninguna fuente reunida habla de uno.")) if found is None else _seats(found, locale),
        sources=cited(sources, locale),
        keys=() if found is None or not _sides(found, locale) else _side_keys(found, locale),
        table=_members(found.members, locale) if found is not None and found.members else None,
        as_of=cut_off(sources, locale),
        data=Data("technical_secretariats", {"state_code": place.state_code}),
    )


def plans_view(visit: Visit, place: State, found: Sequence[LocalPlan], sources: Sequence[Citation]) -> Component:
    """The plans, one row each, and the commitments that are known by title."""
    locale, _ = visit.locale, visit.locale.text
    listed = sum(len(plan.commitments) for plan in found)
    sentence = _("Sin plan de acción documentado")
    if found:
        sentence = _(
            "{plans} y {commitments} con título conocido",
            plans=locale.plural("{n} plan documentado", "{n} planes documentados", len(found)),
            commitments=locale.plural("{n} compromiso", "{n} compromisos", listed),
        )
    figure: Node = empty(_("Ninguna fuente reunida habla de un plan de la entidad ni de sus municipios."))
    if found:
        figure = html.Div([_plans_table(found, locale), *(_titles(plan, locale) for plan in found if plan.commitments)])
    return view(
        visit,
        key="planes",
        sentence=sentence,
        text=_("Dos registros de un mismo plan se muestran y cuentan una sola vez, con los compromisos de ambos.")
        if found
        else None,
        figure=figure,
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("plan_jurisdictions", {"place_kind": "state", "place_id": place.state_code}),
    )


def exercises_view(
    visit: Visit,
    place: State,
    found: Sequence[Exercise],
    declaration: Declaration | None,
    sources: Sequence[Citation],
) -> Component:
    """The exercises by name: what model, when, which powers took part, who convened them; and whether they were counted."""
    locale, _ = visit.locale, visit.locale.text
    sentence = _("Sin ejercicio de apertura documentado")
    if found:
        sentence = locale.plural(
            "{n} ejercicio de apertura documentado", "{n} ejercicios de apertura documentados", len(found)
        )
    return view(
        visit,
        key="ejercicios",
        sentence=sentence,
        text=counted(declaration, locale),
        figure=_exercises_table(found, locale) if found else empty(_("Ninguna fuente reunida nombra uno.")),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("exercises", {"state_code": place.state_code}, listed=True),
    )


def document_link(address: str | None, locale: Locale) -> Node:
    """The document in which a fact was read, as a link; None where it has no address."""
    return None if address is None else html.A(locale.text("documento"), href=address, rel="external")


def _step(step: StepEvidence, locale: Locale) -> Step:
    name: list[Node] = [label("cocreation_step", step.step, locale.code)]
    if step.plain_name and locale.code == "es":
        name.append(html.Span(f" · {step.plain_name}", className="plain"))
    if not step.has_evidence:
        return Step(False, name)
    when = locale.date(step.happened_on) if step.happened_on else locale.text("fecha sin dato")
    link = document_link(step.source_url, locale)
    return Step(
        True, name, html.Span([when, *([html.Span([" · ", link], className="off-paper")] if link is not None else [])])
    )


def _secretariat_sentence(place: State, found: Secretariat | None, locale: Locale) -> str:
    _ = locale.text
    if found is None:
        return _("Sin secretariado técnico documentado")
    balance = found.balance
    if balance is None:
        return _("El secretariado técnico existe; cuántos asientos tiene cada parte, sin dato.")
    values = {"government": found.government, "civil": found.civil_society}
    if balance.is_balanced:
        return _("Secretariado equilibrado: {government} de gobierno y {civil} de sociedad civil", **values)
    return _("Secretariado sin equilibrio: {government} de gobierno y {civil} de sociedad civil", **values)


def _secretariat_text(found: Secretariat, locale: Locale) -> str:
    _ = locale.text
    said = [
        _("Instalado: {date}.", date=locale.date(found.installed_on)),
        _("Composición al: {date}.", date=locale.date(found.composition_as_of)),
    ]
    if found.balance is not None:
        rule = _(
            "Desequilibrio {value} (|gobierno − sociedad civil| / suma; hasta 0.33 es equilibrio; el garante y los "
            "autónomos se cuentan aparte).",
            value=locale.number(found.balance.value, 2),
        )
        said.append(rule)
    if found.has_facilitator:
        said.append(_("Con facilitación."))
    return " ".join(said)


def _sides(found: Secretariat, locale: Locale) -> list[tuple[str, str, int]]:
    """Status class, name and seats of each side of which seats are known."""
    _ = locale.text
    names = (_("gobierno"), _("sociedad civil"), _("organismo garante"), _("autónomos"))
    seats = (found.government, found.civil_society, found.guarantor, found.autonomous)
    return [(side, name, count) for side, name, count in zip(SIDES, names, seats, strict=True) if count]


def _side_keys(found: Secretariat, locale: Locale) -> list[Key]:
    return [Key(side, f"{name} · {count}") for side, name, count in _sides(found, locale)]


def _seats(found: Secretariat, locale: Locale) -> Component:
    _ = locale.text
    sides = _sides(found, locale)
    total = sum(count for _side, _name, count in sides)
    parts = [
        Part(count / total, side, locale.plural("{who}: {n} asiento", "{who}: {n} asientos", count, who=name))
        for side, name, count in sides
    ]
    row = Bar(_("Asientos"), parts, locale.number(total) if sides else None)
    drawn = bars(_("Asientos por parte"), (_("Qué"), _("Reparto"), _("Total")), [row], locale)
    return html.Div([drawn, *([_note(found.note, locale)] if found.note else [])], className="line-up")


def _note(written: str, locale: Locale) -> Component:
    """The note on a composition, which is kept in English."""
    if locale.code == "en":
        return note(written)
    return note([locale.text("Nota, en inglés:"), " ", html.Span(written, lang="en")])


def _members(members: Sequence[Member], locale: Locale) -> Component:
    _ = locale.text
    rows: list[list[Node]] = [
        [_actor(member, locale), label("actor_kind", member.kind, locale.code)] for member in members
    ]
    caption = _("Organizaciones que lo integran, según las fuentes; quien ocupa un asiento en lo personal no se nombra")
    return table(caption, [Column(_("Organización"), "row"), Column(_("Tipo"))], rows, locale, cards=True)


def _actor(member: Member, locale: Locale) -> Component:
    return html.A(member.name, href=locale.link(f"/actores/{member.actor_id}"))


def _plans_table(found: Sequence[LocalPlan], locale: Locale) -> Component:
    _ = locale.text
    columns = [
        Column(_("Plan"), "row"),
        Column(_("Publicado")),
        Column(_("Vigencia")),
        Column(_("Compromisos declarados"), "number"),
        Column(_("Con título"), "number"),
        Column(_("Situación")),
        Column(_("Fuente")),
    ]
    caption = _("Planes de la entidad y de sus municipios")
    return table(caption, columns, [_plan(plan, locale) for plan in found], locale, cards=True)


def _plan(plan: LocalPlan, locale: Locale) -> list[Node]:
    kind = [label("opening_model", model, locale.code) for model in plan.models]
    if plan.scope != "state":
        kind.insert(0, label("plan_scope", plan.scope, locale.code))
    return [
        html.Span([titled(plan.plan_id, plan.name_es, plan.name_en, locale), " ", html.Small("; ".join(kind))]),
        locale.date(plan.published_on) if plan.published_on else None,
        _period(plan.starts_on, plan.ends_on, locale),
        None if plan.declared is None else locale.number(plan.declared),
        locale.number(len(plan.commitments)) if plan.commitments else None,
        _status(plan.status, plan.status_as_of, locale),
        document_link(plan.source_url, locale),
    ]


def _titles(plan: LocalPlan, locale: Locale) -> Component:
    """The commitments of a plan; titles in another language say so through ``lang``."""
    shown = []
    for one in plan.commitments:
        title = locale.pick(one.title_es, one.title_en) or one.commitment_id
        item: list[Node] = [html.Span(title, lang=title_language(one.title_es, one.title_en, locale))]
        if one.lead_institution:
            item += [" ", html.Small(one.lead_institution)]
        shown.append(html.Li(item))
    counted = locale.plural(": {n} compromiso", ": {n} compromisos", len(shown))
    name = titled(plan.plan_id, plan.name_es, plan.name_en, locale)
    return html.Details([html.Summary([name, counted]), html.Ul(shown)], className="twin titles")


def _exercises_table(found: Sequence[Exercise], locale: Locale) -> Component:
    _ = locale.text
    powers = VOCABULARIES["power"]
    columns = [
        Column(_("Ejercicio"), "row"),
        Column(_("Periodo")),
        Column(_("Situación")),
        *(Column(label("power", power, locale.code).capitalize()) for power in powers),
        Column(_("Convoca")),
        Column(_("Promueve")),
        Column(_("Fuente")),
    ]
    rows = [_exercise(one, list(powers), locale) for one in found]
    return table(_("Ejercicios, y qué poderes y organizaciones tomaron parte"), columns, rows, locale, cards=True)


def _exercise(one: Exercise, powers: Sequence[str], locale: Locale) -> list[Node]:
    models = [label("opening_model", model, locale.code) for model in one.models]
    detail = "; ".join([label("exercise_level", one.level, locale.code), *one.municipalities, *models])
    return [
        html.Span([one.name, " ", html.Small(detail)]),
        _period(one.starts_on, one.ends_on, locale),
        _status(one.status, one.status_as_of, locale),
        *(_took_part(one.powers.get(power), locale) for power in powers),
        _named(one.named("convener"), locale),
        _named(one.named("promoter"), locale),
        document_link(one.source_url, locale),
    ]


def _took_part(answer: str | None, locale: Locale) -> Node:
    return None if answer in (None, "unknown") else label("yes_no_unknown", answer, locale.code)


def _named(members: Sequence[Member], locale: Locale) -> Node:
    """The organisations as links, one a line; None where no source names one."""
    if not members:
        return None
    return html.Ul([html.Li(_actor(member, locale)) for member in members], className="plain-list")


def _period(starts_on: str | None, ends_on: str | None, locale: Locale) -> str | None:
    if starts_on is None and ends_on is None:
        return None
    if ends_on is None:
        return locale.text("desde {date}", date=locale.date(starts_on))
    if starts_on is None:
        return locale.text("hasta {date}", date=locale.date(ends_on))
    return locale.text("{start} a {end}", start=locale.date(starts_on), end=locale.date(ends_on))


def _status(status: str | None, as_of: str | None, locale: Locale) -> Node:
    if status is None:
        return None
    when = locale.text("al {date}", date=locale.date(as_of)) if as_of else locale.text("sin fecha")
    return html.Span([label("exercise_status", status, locale.code), " ", html.Small(when)])
