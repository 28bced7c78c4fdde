"""The pictures of ``/actores``: who takes part by kind and level, as what, which powers, and what was published."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.actors import (
    CIVIL,
    POWERS,
    PUBLIC,
    Actor,
    ExercisePower,
    Participation,
    PublishedCount,
    PublishedShare,
)
from data.queries.citations import Citation
from data.schema import label
from layouts.actor_names import LEVELS, capital
from layouts.components.cited import cited, cut_off
from layouts.components.folds import fold_list
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Key, Part, bars, table
from layouts.components.view import Data, view
from layouts.i18n import N_, Locale
from layouts.page import Visit
from layouts.plan_names import outside
from layouts.written_words import publication_said

# The sides that are told apart, with the class each is drawn in.
SIDES = {"public": "level-4", "civil": "level-2", "other": "level-1"}
TOOK_PART = {"yes": "level-4", "no": "not-started", "unknown": "no-data"}
PUBLISHED_NAMES = {
    "public_institutions_participating": N_("instituciones públicas participantes"),
    "csos_participating": N_("organizaciones de la sociedad civil participantes"),
    "authorities": N_("autoridades"),
    "state_authorities": N_("autoridades estatales"),
}


def side(kind: str) -> str:
    """``public`` for public institutions, ``civil`` for civil society, ``other`` for the rest and the unclassified."""
    return "public" if kind in PUBLIC else "civil" if kind in CIVIL else "other"


def kinds_view(
    visit: Visit,
    kept: Sequence[Participation],
    actors: Mapping[str, Actor],
    citations: Sequence[Citation],
    data: Data | None,
) -> Component:
    """Participations by kind of organisation, each bar divided by level."""
    locale, _ = visit.locale, visit.locale.text
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    named: dict[str, set[str]] = defaultdict(set)
    for one in kept:
        by_kind[actors[one.actor_id].kind][one.level] += 1
        named[actors[one.actor_id].kind].add(one.actor_id)
    order = sorted(by_kind, key=lambda kind: (-by_kind[kind].total(), kind))
    longest = max(counts.total() for counts in by_kind.values())
    rows = [
        Bar(
            capital(label("actor_kind", kind, locale.code)),
            _parts(by_kind[kind], LEVELS, "exercise_level", longest, locale),
            locale.number(by_kind[kind].total()),
            locale.plural("{n} organización", "{n} organizaciones", len(named[kind])),
        )
        for kind in order
    ]
    return view(
        visit,
        key="tipos",
        sentence=_kinds_sentence(by_kind, order, locale),
        text=_(
            "Una participación es una organización en un plan, un compromiso, un ejercicio, un secretariado o un reto, "
            "con un papel. Una misma organización cuenta tantas veces como se le nombra."
        ),
        keys=[Key(drawn, capital(label("exercise_level", level, locale.code))) for level, drawn in LEVELS.items()],
        figure=_lengths(
            bars(
                _("Participaciones por tipo de organización y nivel de aquello en lo que participan"),
                (_("Tipo de organización"), _("Participaciones"), _("Total")),
                rows,
                locale,
            )
        ),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=data,
    )


def roles_view(
    visit: Visit,
    kept: Sequence[Participation],
    actors: Mapping[str, Actor],
    citations: Sequence[Citation],
    data: Data | None,
) -> Component:
    """Participations by role, each bar divided between public institutions, civil society and others."""
    locale, _ = visit.locale, visit.locale.text
    by_role: dict[str, Counter[str]] = defaultdict(Counter)
    for one in kept:
        by_role[one.role][side(actors[one.actor_id].kind)] += 1
    order = sorted(by_role, key=lambda role: (-by_role[role].total(), role))
    longest = max(counts.total() for counts in by_role.values())
    names = side_names(locale)
    rows = [
        Bar(
            capital(label("role", role, locale.code)),
            _side_parts(by_role[role], longest, locale),
            locale.number(by_role[role].total()),
        )
        for role in order
    ]
    leading = sum((counts for role, counts in by_role.items() if role in ("lead", "responsible")), Counter[str]())
    drawn = bars(
        _("Participaciones por papel, según de qué lado está la organización"),
        (_("Papel"), _("Participaciones"), _("Total")),
        rows,
        locale,
    )
    return view(
        visit,
        key="papeles",
        sentence=_roles_sentence(leading, order[0], locale),
        text=_(
            "El papel es el que escribe cada fuente, llevado a una lista común. «Mencionado» y «mostrado en el sitio» son "
            "los más débiles: un nombre en un borrador del tablero o un logotipo al pie."
        ),
        keys=[Key(drawn, names[name]) for name, drawn in SIDES.items()],
        figure=fold_list(len(rows), locale.plural("Ver {n} papel", "Ver los {n} papeles", len(rows)), _lengths(drawn)),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=data,
    )


def powers_view(
    visit: Visit,
    found: Sequence[ExercisePower],
    published: Mapping[str, PublishedShare],
    citations: Sequence[Citation],
    data: Data | None,
) -> Component:
    """Which powers took part in the exercises: yes, no, no data; and the share that was published of 2021, apart."""
    locale, _ = visit.locale, visit.locale.text
    exercises = len({one.exercise_id for one in found})
    by_power = {power: Counter(one.took_part for one in found if one.power == power) for power in POWERS}
    rows = [
        Bar(
            capital(label("power", power, locale.code)),
            _parts(counts, TOOK_PART, "yes_no_unknown", exercises, locale),
            _("{n} de {total}", n=locale.number(counts["yes"]), total=locale.number(exercises)),
            _published_share(published.get(power), locale),
        )
        for power, counts in by_power.items()
    ]
    refused = sum(counts["no"] for counts in by_power.values())
    return view(
        visit,
        key="poderes",
        sentence=_(
            "El judicial consta en {judicial} de {n} ejercicios; el ejecutivo, en {executive}",
            judicial=locale.number(by_power["judicial"]["yes"]),
            executive=locale.number(by_power["executive"]["yes"]),
            n=locale.number(exercises),
        ),
        text=_("Ninguna fuente dice que un poder se haya quedado fuera: lo demás es «sin dato», no un no.")
        if not refused
        else None,
        keys=[Key(drawn, capital(label("yes_no_unknown", code, locale.code))) for code, drawn in TOOK_PART.items()],
        figure=bars(
            _("Ejercicios de apertura en los que consta cada poder o nivel"),
            (_("Poder o nivel"), _("Ejercicios"), _("Consta en")),
            rows,
            locale,
        ),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=data,
    )


def published_view(
    visit: Visit, published: Sequence[PublishedCount], named: Mapping[str, int], citations: Sequence[Citation]
) -> Component:
    """What can be named, and under it every published total; each by its own rule, so never a series."""
    locale, _ = visit.locale, visit.locale.text
    here = _("con nombre en esta base, por la regla de arriba")
    own: list[list[Node]] = [
        [_("instituciones públicas"), locale.number(named["public"]), locale.date(visit.release.built_at), here],
        [
            _("organizaciones de la sociedad civil"),
            locale.number(named["civil"]),
            locale.date(visit.release.built_at),
            here,
        ],
    ]
    columns = [Column(_("Qué se cuenta"), "row"), Column(_("Cuántas"), "number"), Column(_("Fecha"))]
    rows = [*own, *(_published_row(one, locale) for one in published)]
    listed = table(
        _("Lo que se puede nombrar y lo que se publicó"),
        [*columns, Column(_("Quién lo dice"))],
        rows,
        locale,
        cards=True,
    )
    return view(
        visit,
        key="totales",
        sentence=_("Los totales publicados no se pueden revisar nombre por nombre"),
        text=_(
            "Aquí se cuenta una vez cada organización que alguna fuente nombra en un plan, compromiso, ejercicio, "
            "secretariado o reto en México desde 2011. Las publicaciones no dicen cómo contaron ni a quiénes: van lado a "
            "lado, no se restan ni forman una serie."
        ),
        figure=fold_list(len(rows), locale.plural("Ver {n} total", "Ver los {n} totales", len(rows)), listed),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        data=Data("indicators", {"indicator": list(PUBLISHED_NAMES), "scope": "national"}),
    )


def side_names(locale: Locale) -> Mapping[str, str]:
    """The sides in words."""
    _ = locale.text
    return {
        "public": _("Instituciones públicas"),
        "civil": _("Sociedad civil"),
        "other": _("Academia, empresas, organismos internacionales y sin clasificar"),
    }


def _published_row(one: PublishedCount, locale: Locale) -> list[Node]:
    number = locale.number(one.value)
    if one.qualifier not in (None, "exact"):
        number = f"{label('value_qualifier', one.qualifier, locale.code)} {number}"
    return [
        locale.text(PUBLISHED_NAMES[one.indicator]),
        number,
        locale.date(one.as_of) if one.as_of else None,
        outside(publication_said(one.reference, locale), one.source_url),
    ]


def _published_share(share: PublishedShare | None, locale: Locale) -> str | None:
    if share is None:
        return None
    if share.numerator is not None and share.denominator is not None:
        of = locale.text("{n} de {total}", n=locale.number(share.numerator), total=locale.number(share.denominator))
        return locale.text("se publicó {n} ({when})", n=of, when=share.as_of[:4])
    return locale.text("se publicó {n} ({when})", n=locale.percent(share.percent / 100), when=share.as_of[:4])


def _kinds_sentence(by_kind: Mapping[str, Counter[str]], order: Sequence[str], locale: Locale) -> str:
    first = by_kind[order[0]].total()
    kind = label("actor_kind", order[0], locale.code)
    if len(order) == 1:
        return locale.plural("{kind}: {n} participación", "{kind}: {n} participaciones", first, kind=capital(kind))
    return locale.text(
        "Quien más aparece: {kind}, en {n} de {total} participaciones",
        kind=kind,
        n=locale.number(first),
        total=locale.number(sum(counts.total() for counts in by_kind.values())),
    )


def _roles_sentence(leading: Counter[str], most: str, locale: Locale) -> str:
    if not leading.total():
        return locale.text("El papel más frecuente: {role}", role=label("role", most, locale.code))
    return locale.text(
        "De {total} veces que se nombra a quien responde de un plan o compromiso, en {n} es una institución pública",
        total=locale.number(leading.total()),
        n=locale.number(leading["public"]),
    )


def _parts(
    counts: Counter[str], classes: Mapping[str, str], vocabulary: str, longest: int, locale: Locale
) -> list[Part]:
    """A bar whose whole length is `longest`, divided as `classes` orders."""
    return [
        Part(counts[code] / longest, drawn, f"{label(vocabulary, code, locale.code)}: {locale.number(counts[code])}")
        for code, drawn in classes.items()
        if counts[code]
    ]


def _side_parts(counts: Counter[str], longest: int, locale: Locale) -> list[Part]:
    names = side_names(locale)
    return [
        Part(counts[name] / longest, drawn, f"{names[name]}: {locale.number(counts[name])}")
        for name, drawn in SIDES.items()
        if counts[name]
    ]


def _lengths(figure: Component) -> Component:
    """Bars whose length is a count: what is left of the track is no missing datum."""
    return html.Div(figure, className="lengths")
