"""``/actores/<actor_id>``: everything one organisation took part in, with whom, and under which names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.actor import (
    ActorFile,
    Involvement,
    Partner,
    actor_file,
    involvements,
    partners,
    same_thing,
    things,
)
from data.queries.citations import Citation, citations
from data.queries.plan_titles import PlanTitle, plan_titles
from data.schema import label
from layouts.actor_names import SUBJECTS, actor_link, capital, counted_things, plan_label
from layouts.actor_network import MOST_PARTNERS, network
from layouts.actor_network import Node as Dot
from layouts.actor_views import SIDES, side, side_names
from layouts.components.cited import cited, cut_off
from layouts.components.island import Children, Node
from layouts.components.tables import Column, Key, table
from layouts.components.texts import empty
from layouts.components.view import Data, view
from layouts.i18n import Locale
from layouts.page import Missing, Page, PageView, Visit
from layouts.written_words import remark_said, role_said, seems_english

LONGEST_ID = 120


def show(visit: Visit) -> PageView:
    """The network, the rows, and the other names."""
    locale, _ = visit.locale, visit.locale.text
    actor_id = visit.place["actor_id"]
    with visit.release.connect() as connection:
        actor = actor_file(connection, actor_id)
        if actor is None:
            raise Missing(
                _("No hay una organización con la clave «{actor_id}».", actor_id=actor_id[:LONGEST_ID]),
                [(locale.link("/actores"), _("Ver todas las organizaciones"))],
            )
        found = involvements(connection, actor_id)
        others = partners(connection, actor_id)
        titles = plan_titles(connection)
        sources = citations(connection, sorted({one.source_id for one in found} | {actor.source_id}))
    ordered = sorted(found, key=lambda one: (SUBJECTS.index(one.subject_kind), _title(one, titles, locale)))
    content: list[Node] = []
    if found:
        content.append(_network_view(visit, actor, ordered, others, titles, sources))
        content.append(_rows_view(visit, actor, ordered, titles, sources))
    else:
        content.append(_nothing(locale))
    if actor.aliases:
        content.append(_names_view(visit, actor, sources))
    return PageView(
        title=actor.acronym or actor.name,
        kicker=_kicker(actor, locale),
        sentence=_sentence(actor, found, locale),
        text=_text(actor, found, locale),
        content=content,
    )


def _kicker(actor: ActorFile, locale: Locale) -> Children:
    said: list[Node] = [
        html.A(locale.text("Actores"), href=locale.link("/actores")),
        " · ",
        html.A(label("actor_kind", actor.kind, locale.code), href=locale.link("/actores", tipo=actor.kind)),
    ]
    if actor.state_code and actor.state_name:
        said += [" · ", html.A(actor.state_name, href=locale.link(f"/estados/{actor.state_code}"))]
    return said


def _sentence(actor: ActorFile, found: Sequence[Involvement], locale: Locale) -> str:
    if not found:
        return locale.text("{name}: no consta en qué participó.", name=capital(actor.name))
    counts = Counter(one.subject_kind for one in things(found))
    return locale.text("{name} consta en {things}.", name=capital(actor.name), things=counted_things(counts, locale))


def _text(actor: ActorFile, found: Sequence[Involvement], locale: Locale) -> str | None:
    roles = Counter(label("role", one.role, locale.code) for one in found)
    said = [f"{role} ({locale.number(count)})" for role, count in roles.most_common()]
    text = locale.text("Papeles: {roles}.", roles=", ".join(said)) if said else ""
    if actor.kind == "unknown":
        text += " " + locale.text("Ninguna fuente dice de qué tipo es; el nombre va como se leyó.")
    if side(actor.kind) == "public" and locale.code != "en" and seems_english(actor.name):
        text += " " + locale.text("La fuente escribe el nombre en inglés; el que lleva en español no consta en ella.")
    return text.strip() or None


def _nothing(locale: Locale) -> Component:
    return html.Section(
        empty(
            locale.text("Figura en un registro de organismos, pero ninguna fuente la nombra en un plan o ejercicio."),
            [(locale.link("/actores"), locale.text("Ver todas las organizaciones"))],
        ),
        className="view",
    )


def _network_view(
    visit: Visit,
    actor: ActorFile,
    found: Sequence[Involvement],
    others: Sequence[Partner],
    titles: Mapping[str, PlanTitle],
    sources: Sequence[Citation],
) -> Component:
    """The organisation, its things and its partners."""
    locale, _ = visit.locale, visit.locale.text
    own = things(found)
    at = {same_thing(one): index for index, one in enumerate(own)}
    dots = [Dot(_title(one, titles, locale), _address(one, locale), "thing") for one in own]
    around = [
        Dot(
            one.name,
            locale.link(f"/actores/{one.actor_id}"),
            SIDES[side(one.kind)],
            tuple(at[thing] for thing in one.shared),
        )
        for one in others
    ]
    sentence = _partners_sentence(others, locale)
    left_out = max(0, len(others) - MOST_PARTNERS)
    names = side_names(locale)
    sides = {side(one.kind) for one in others}
    return view(
        visit,
        key="red",
        sentence=sentence,
        text=locale.plural(
            "El dibujo lleva a las {most} con más en común; la tabla, también a la otra.",
            "El dibujo lleva a las {most} con más en común; la tabla, también a las otras {n}.",
            left_out,
            most=locale.number(MOST_PARTNERS),
        )
        if left_out
        else None,
        keys=[Key(drawn, names[name]) for name, drawn in SIDES.items() if name in sides],
        figure=network(actor.acronym or actor.name, dots, around, _("Red de {name}", name=actor.name)),
        table=_partners_table(others, own, titles, locale) if others else None,
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=_data(found),
    )


def _partners_sentence(others: Sequence[Partner], locale: Locale) -> str:
    if not others:
        return locale.text("Nadie más consta en aquello en lo que participa")
    most = len(others[0].shared)
    said = locale.plural("Coincide con {n} organización", "Coincide con {n} organizaciones", len(others))
    if len(others) > 1 and most > 1:
        leaders = [one for one in others if len(one.shared) == most]
        if len(leaders) == 1:
            return locale.text(
                "{said}; con quien más, {name}, en {n} ocasiones", said=said, name=others[0].name, n=locale.number(most)
            )
    return said


def _partners_table(
    others: Sequence[Partner], own: Sequence[Involvement], titles: Mapping[str, PlanTitle], locale: Locale
) -> Component:
    _ = locale.text
    named = {same_thing(one): _linked(one, titles, locale) for one in own}
    columns = [Column(_("Organización"), "row"), Column(_("Tipo")), Column(_("En común"))]
    rows: list[list[Node]] = [
        [
            actor_link(one.actor_id, one.name, locale),
            label("actor_kind", one.kind, locale.code),
            html.Ul([html.Li(named[thing]) for thing in one.shared], className="plain"),
        ]
        for one in others
    ]
    return table(_("Organizaciones que participan en lo mismo"), columns, rows, locale, cards=True)


def _rows_view(
    visit: Visit,
    actor: ActorFile,
    found: Sequence[Involvement],
    titles: Mapping[str, PlanTitle],
    sources: Sequence[Citation],
) -> Component:
    """Everything, one row a role."""
    locale, _ = visit.locale, visit.locale.text
    columns = [
        Column(_("En qué"), "row"),
        Column(_("Qué es")),
        Column(_("Papel")),
        Column(_("Papel en la fuente")),
        Column(_("Fuente")),
    ]
    named = {source.source_id: locale.pick(source.title_es, source.title_en) for source in sources}
    rows: list[list[Node]] = [
        [
            _with_plan(one, titles, locale),
            label("subject_kind", one.subject_kind, locale.code),
            label("role", one.role, locale.code),
            _as_written(one, locale),
            html.A(named.get(one.source_id) or one.source_id, href=one.source_url, rel="noopener")
            if one.source_url
            else named.get(one.source_id),
        ]
        for one in found
    ]
    return view(
        visit,
        key="participaciones",
        sentence=locale.plural("{n} participación, con su fuente", "{n} participaciones, una por una", len(found)),
        figure=table(_("Todo en lo que consta, y quién lo dice"), columns, rows, locale, cards=True),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("participations", {"actor_id": actor.actor_id}, listed=True),
    )


def _names_view(visit: Visit, actor: ActorFile, sources: Sequence[Citation]) -> Component:
    locale, _ = visit.locale, visit.locale.text
    rows: list[list[Node]] = [[alias.name, label("alias_basis", alias.basis, locale.code)] for alias in actor.aliases]
    return view(
        visit,
        key="nombres",
        sentence=locale.plural("También aparece con otro nombre", "También aparece con otros {n} nombres", len(rows)),
        figure=table(
            _("Otros nombres con que la escriben las fuentes"),
            [Column(_("Nombre"), "row"), Column(_("Qué clase de nombre es"))],
            rows,
            locale,
            cards=True,
        ),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("actor_aliases", {"actor_id": actor.actor_id}, listed=True),
    )


def _data(found: Sequence[Involvement]) -> Data:
    """Everyone's participations in the same things."""
    return Data("participations", {"subject_id": sorted({one.subject_id for one in found})})


def _title(one: Involvement, titles: Mapping[str, PlanTitle], locale: Locale) -> str:
    if one.subject_kind == "plan" and one.plan_id is not None and one.plan_id in titles:
        return plan_label(titles[one.plan_id], locale)
    if one.subject_kind == "technical_secretariat":
        return locale.text("Secretariado técnico de {state}", state=one.state_name or one.subject_id)
    return locale.pick(one.title_es, one.title_en) or one.subject_id


def _address(one: Involvement, locale: Locale) -> str | None:
    """The page that shows the thing; None where none does."""
    if one.scope == "national" and one.subject_kind == "commitment":
        return locale.link(f"/plan-nacional/{one.subject_id}")
    if one.scope == "national":
        return locale.link("/plan-nacional", plan=one.plan_id)
    if one.locality_id is not None:
        part = f"#{one.subject_id}" if one.subject_kind == "commitment" else ""
        return f"{locale.link(f'/ogp-local/{one.locality_id}')}{part}"
    return locale.link(f"/estados/{one.state_code}") if one.state_code else None


def _linked(one: Involvement, titles: Mapping[str, PlanTitle], locale: Locale) -> Node:
    title, address = _title(one, titles, locale), _address(one, locale)
    shown: Node = html.A(title, href=address) if address else title
    own = one.title_es if locale.code == "es" else one.title_en
    if one.subject_kind != "commitment" or own or title == one.subject_id:
        return shown
    return html.Span(shown, lang="en" if locale.code == "es" else "es")


def _with_plan(one: Involvement, titles: Mapping[str, PlanTitle], locale: Locale) -> Node:
    """The thing, and under a commitment the plan it belongs to."""
    linked = _linked(one, titles, locale)
    if one.subject_kind != "commitment" or one.plan_id is None or one.plan_id not in titles:
        return linked
    return html.Span([linked, " ", html.Small(plan_label(titles[one.plan_id], locale))])


def _as_written(one: Involvement, locale: Locale) -> Node:
    """The role that the source gives, and what it adds."""
    said = [role_said(one.role_in_source, locale)] if one.role_in_source else []
    said += [remark_said(one.note, locale)] if one.note else []
    return "; ".join(said) or None


PAGES = (Page("/actores/<actor_id>", show),)
