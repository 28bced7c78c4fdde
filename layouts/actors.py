"""``/actores``: who takes part, by kind, role, power and level, and every organisation that can be named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from data.queries.actors import (
    Actor,
    ExercisePower,
    Participation,
    PublishedCount,
    PublishedShare,
    all_actors,
    exercise_participation,
    followed_models,
    participations_in_mexico,
    published_counts,
    published_power_shares,
    state_names,
    subjects_abroad,
    without_participation,
)
from data.queries.citations import Citation, citations
from data.queries.plan_titles import PlanTitle, plan_titles
from data.schema import label
from layouts.actor_names import actor_link, code_options, counted_things, folded, plan_options
from layouts.actor_views import kinds_view, powers_view, published_view, roles_view, side
from layouts.components.cited import cited, cut_off
from layouts.components.island import Children, Node
from layouts.components.paging import page_of, paging
from layouts.components.tables import Column, table
from layouts.components.texts import Fact, empty, facts
from layouts.components.view import Data, view
from layouts.i18n import N_, Locale
from layouts.page import Page, PageView, Visit

SOURCES = ("national_plans", "state_exercises", "ogp_local")
PUBLISHED_SOURCE = "national_aggregates"
BY_PAGE = 25
ORDERS = ("participaciones", "nombre")


@dataclass(frozen=True)
class _Read:
    """Everything the page reads from a release."""

    actors: Mapping[str, Actor]
    participations: Sequence[Participation]
    nowhere: frozenset[str]
    abroad: Sequence[str]
    powers: Sequence[ExercisePower]
    published: Sequence[PublishedCount]
    shares: Mapping[str, PublishedShare]
    titles: Mapping[str, PlanTitle]
    states: Mapping[str, str]
    citations: Mapping[str, Citation]


@dataclass(frozen=True)
class _Asked:
    """The filters; None is "all"."""

    kind: str | None
    role: str | None
    plan_id: str | None
    state_code: str | None
    model: str | None
    text: str | None

    @property
    def any(self) -> bool:
        """Whether any filter is set."""
        return any((self.kind, self.role, self.plan_id, self.state_code, self.model, self.text))

    @property
    def of_participations(self) -> bool:
        """Whether a filter asks for what organisations do, not only for who they are."""
        return any((self.role, self.plan_id, self.state_code, self.model))

    def takes(self, actor: Actor) -> bool:
        """Whether an organisation fits by kind and name."""
        if self.kind is not None and actor.kind != self.kind:
            return False
        names = (actor.name, actor.acronym or "", *actor.aliases)
        return self.text is None or any(folded(self.text) in folded(name) for name in names)

    def takes_part(self, one: Participation) -> bool:
        """Whether a participation fits by what it is in and as what."""
        return (
            self.role in (None, one.role)
            and self.plan_id in (None, one.plan_id)
            and self.state_code in (None, one.state_code)
            and (self.model is None or self.model in one.models)
        )


def show(visit: Visit) -> PageView:
    """The kinds, roles and powers under the filters, what was published, and the list."""
    locale, _ = visit.locale, visit.locale.text
    read = _read(visit)
    asked = _asked(visit, read)
    order = visit.query.order("orden", ORDERS, ORDERS[0])
    fitting = {actor_id for actor_id, actor in read.actors.items() if asked.takes(actor)}
    kept = [one for one in read.participations if one.actor_id in fitting and asked.takes_part(one)]
    listed = _listed(read, asked, kept, fitting, order)
    named = Counter(side(read.actors[actor_id].kind) for actor_id in {one.actor_id for one in kept})
    sources = [read.citations[source] for source in SOURCES if source in read.citations]
    data = _rows(read, asked, kept)
    pictures: list[Node] = (
        [_facts(read, named, asked, cut_off(sources, locale), locale)] if kept and not asked.kind else []
    )
    if kept:
        pictures += [
            kinds_view(visit, kept, read.actors, sources, data),
            roles_view(visit, kept, read.actors, sources, data),
        ]
    pictures += _powers(visit, read, asked)
    if not asked.any:
        published = [read.citations[PUBLISHED_SOURCE]] if PUBLISHED_SOURCE in read.citations else []
        pictures.append(published_view(visit, read.published, named, [*published, *sources]))
    list_of_all = _list(visit, read, listed, kept, asked, sources)
    return PageView(
        title=_("Actores"),
        kicker=_("Actores"),
        sentence=_sentence(read, named, kept, asked, locale),
        text=_text(asked, kept, listed, locale),
        filters=visit.query.form(),
        # Who searches for a name wants the list first.
        content=[list_of_all, *pictures] if asked.text else [*pictures, list_of_all],
    )


def _read(visit: Visit) -> _Read:
    with visit.release.connect() as connection:
        followed = followed_models(connection)
        return _Read(
            actors=all_actors(connection),
            participations=participations_in_mexico(connection, followed),
            nowhere=without_participation(connection),
            abroad=subjects_abroad(connection),
            powers=exercise_participation(connection, followed),
            published=published_counts(connection),
            shares=published_power_shares(connection),
            titles=plan_titles(connection),
            states=state_names(connection),
            citations={one.source_id: one for one in citations(connection, (*SOURCES, PUBLISHED_SOURCE))},
        )


def _asked(visit: Visit, read: _Read) -> _Asked:
    query, locale, _ = visit.query, visit.locale, visit.locale.text
    found = read.participations
    text = query.search("q", _("Buscar una organización"))
    kinds = code_options("actor_kind", (actor.kind for actor in read.actors.values()), locale)
    kind = query.choice("tipo", _("Tipo"), kinds)
    role = query.choice("papel", _("Papel"), code_options("role", (one.role for one in found), locale))
    plans = plan_options(read.titles, {one.plan_id for one in found if one.plan_id}, locale)
    plan_id = query.choice("plan", _("Plan"), plans)
    in_states = {one.state_code for one in found if one.state_code}
    states = [(code, name) for code, name in read.states.items() if code in in_states]
    state_code = query.choice(
        "estado", _("Entidad"), sorted(states, key=lambda pair: folded(pair[1])), every=_("Todas")
    )
    models = code_options("opening_model", (model for one in found for model in one.models), locale)
    model = query.choice("modelo", _("Modelo"), models)
    return _Asked(kind, role, plan_id, state_code, model, text)


def _listed(read: _Read, asked: _Asked, kept: Sequence[Participation], fitting: set[str], order: str) -> list[Actor]:
    """The organisations of the list: those that take part as asked, and, where nobody asks in what, those in nothing."""
    counts = Counter(one.actor_id for one in kept)
    also = set() if asked.of_participations else read.nowhere & fitting
    found = [read.actors[actor_id] for actor_id in {*counts, *also}]
    found.sort(key=lambda actor: (folded(actor.name), actor.actor_id))
    return found if order == "nombre" else sorted(found, key=lambda actor: -counts[actor.actor_id])


def _rows(read: _Read, asked: _Asked, kept: Sequence[Participation]) -> Data:
    """The address of exactly these participations."""
    filters: dict[str, str | Sequence[str]] = {"subject_id.ne": read.abroad} if read.abroad else {}
    if asked.role:
        filters["role"] = asked.role
    if asked.state_code:
        filters["state_code"] = asked.state_code
    if asked.plan_id or asked.model:
        filters.pop("subject_id.ne", None)
        filters["subject_id"] = sorted({one.subject_id for one in kept})
    if asked.kind or asked.text:
        filters["actor_id"] = sorted({one.actor_id for one in kept})
    return Data("participations", filters)


def _facts(read: _Read, named: Mapping[str, int], asked: _Asked, copied: str | None, locale: Locale) -> Component:
    """The organisations that can be named, beside the newest published totals where no filter is set."""
    _ = locale.text
    latest = {one.indicator: one for one in reversed(read.published) if one.as_of}

    def beside(indicator: str) -> str | None:
        one = latest.get(indicator)
        if one is None or asked.any:
            return None
        return _("se publicaron {n} ({when})", n=locale.number(one.value), when=locale.date(one.as_of))

    return facts(
        [
            Fact(
                _("instituciones públicas con nombre"),
                locale.number(named["public"]),
                when=copied,
                note=beside("public_institutions_participating"),
            ),
            Fact(
                _("organizaciones de la sociedad civil con nombre"),
                locale.number(named["civil"]),
                when=copied,
                note=beside("csos_participating"),
            ),
            Fact(_("academia, empresas, organismos y sin clasificar"), locale.number(named["other"]), when=copied),
        ],
        locale,
    )


def _powers(visit: Visit, read: _Read, asked: _Asked) -> list[Node]:
    """The powers in the exercises of the state and model asked for; exercises have no kind, role or plan."""
    found = [
        one
        for one in read.powers
        if asked.state_code in (None, one.state_code) and (asked.model is None or asked.model in one.models)
    ]
    if not found or asked.kind or asked.role or asked.plan_id or asked.text:
        return []
    ids = sorted({one.exercise_id for one in found})
    data = Data("exercise_powers", {"exercise_id": ids} if asked.any else {})
    named = [read.citations[source] for source in ("state_exercises", PUBLISHED_SOURCE) if source in read.citations]
    return [powers_view(visit, found, {} if asked.any else read.shares, named, data)]


def _list(
    visit: Visit,
    read: _Read,
    listed: Sequence[Actor],
    kept: Sequence[Participation],
    asked: _Asked,
    sources: Sequence[Citation],
) -> Component:
    """A page of the list."""
    locale, _ = visit.locale, visit.locale.text
    span = page_of(visit, len(listed), BY_PAGE)
    by_actor: dict[str, list[Participation]] = defaultdict(list)
    for one in kept:
        by_actor[one.actor_id].append(one)
    if not listed:
        figure: Node = empty(
            _("Ninguna organización corresponde a estos filtros."), [(locale.link("/actores"), _("Ver todas"))]
        )
    else:
        rows = [_row(actor, by_actor[actor.actor_id], read.states, locale) for actor in span.of(listed)]
        drawn = table(_("Organizaciones, con aquello en lo que participan"), _columns(visit), rows, locale, cards=True)
        figure = html.Div([drawn, *paging(visit, span, "lista")])
    named = {actor.actor_id for actor in listed}
    others = read.actors.keys() - named
    filters = {"actor_id": sorted(named)} if len(named) < len(others) else {"actor_id.ne": sorted(others)}
    data = Data("actors", filters, listed=True)
    return view(
        visit,
        key="lista",
        sentence=locale.plural("{n} organización de la lista", "{n} organizaciones, una por una", len(listed))
        if listed
        else _("La lista está vacía"),
        figure=figure,
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=data if listed else None,
    )


def _columns(visit: Visit) -> list[Column]:
    _ = visit.locale.text
    by_name = visit.query.values().get("orden") == "nombre"
    return [
        Column(_("Organización"), "row", visit.query.link(orden="nombre"), "ascending" if by_name else None),
        Column(_("Tipo")),
        Column(_("Entidad")),
        Column(_("Participa en"), "text", visit.query.link(orden=None), None if by_name else "descending"),
        Column(_("Papeles")),
    ]


def _row(actor: Actor, own: Sequence[Participation], states: Mapping[str, str], locale: Locale) -> list[Node]:
    things = Counter(kind for kind, _ in {(one.subject_kind, one.subject_id) for one in own})
    roles = Counter(label("role", one.role, locale.code) for one in own)
    name: list[Node] = [actor_link(actor.actor_id, actor.name, locale)]
    if actor.acronym:
        name += [" ", html.Small(actor.acronym)]
    return [
        html.Span(name),
        label("actor_kind", actor.kind, locale.code),
        states.get(actor.state_code or "", "") if actor.state_code else "",
        counted_things(things, locale) or html.Span(locale.text("nada documentado"), className="no-data"),
        ", ".join(role for role, _ in roles.most_common()) or "",
    ]


def _sentence(
    read: _Read, named: Mapping[str, int], kept: Sequence[Participation], asked: _Asked, locale: Locale
) -> Children:
    _ = locale.text
    actors = len({one.actor_id for one in kept})
    if not kept:
        return _("Nadie participa, que se sepa, con estos filtros.")
    if asked.any:
        return locale.plural(
            "{n} organización participa, con nombre, según estos filtros.",
            "{n} organizaciones participan, con nombre, según estos filtros.",
            actors,
        )
    latest = {one.indicator: one for one in reversed(read.published) if one.as_of}
    institutions, civil = latest.get("public_institutions_participating"), latest.get("csos_participating")
    if institutions is None or civil is None:
        return locale.plural("Con nombre consta {n} organización.", "Con nombre constan {n} organizaciones.", actors)
    return _(
        "En {year} se publicó que participaban {institutions} instituciones y {civil} organizaciones civiles; desde 2011 "
        "constan con nombre {named_institutions} y {named_civil}.",
        year=civil.as_of[:4],
        institutions=locale.number(institutions.value),
        civil=locale.number(civil.value),
        named_institutions=locale.number(named["public"]),
        named_civil=locale.number(named["civil"]),
    )


def _text(asked: _Asked, kept: Sequence[Participation], listed: Sequence[Actor], locale: Locale) -> str | None:
    if asked.any:
        return (
            locale.plural("{n} participación en total.", "{n} participaciones en total.", len(kept)) if kept else None
        )
    silent = len(listed) - len({one.actor_id for one in kept})
    said = locale.text(
        "Las cifras publicadas no dicen a quiénes cuentan. Esta base nombra a quien aparece en un documento y dice en cuál."
    )
    if not silent:
        return said
    more = locale.plural(
        "Otra figura en los registros sin que conste en qué participó.",
        "Otras {n} figuran en los registros sin que conste en qué participaron.",
        silent,
    )
    return f"{said} {more}"


PAGES = (Page("/actores", show, nav=N_("Actores"), order=20),)
