"""The pictures of ``/ogp-local``: the commitments of Mexico's members, members by group, and the published totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from babel.lists import format_list
from dash import html
from dash.development.base_component import Component

from data.queries.citations import Citation
from data.queries.ogp_local import COUNTRY, Member, MemberCommitment, PublishedTotal
from data.schema import label
from layouts.actor_names import capital, folded
from layouts.components.cited import cited, cut_off
from layouts.components.island import Node
from layouts.components.tables import Bar, Column, Key, Part, bars, table
from layouts.components.view import Data, view
from layouts.i18n import N_, Locale
from layouts.locality_names import cohort_name, member_link, member_name, region_name
from layouts.page import Visit
from layouts.written_words import publication_said

GROUPS: Mapping[str, str] = {
    "generacion": N_("Generación de ingreso"),
    "region": N_("Región"),
    "pais": N_("País"),
}
_NONE = "~"


def mexico_view(
    visit: Visit,
    mexican: Sequence[Member],
    plans: Mapping[str, int],
    promised: Sequence[MemberCommitment],
    sources: Sequence[Citation],
) -> Component:
    """A bar for each Mexican member: its commitments by what is known of them."""
    locale, _ = visit.locale, visit.locale.text
    own = {member.locality_id: [one for one in promised if one.locality_id == member.locality_id] for member in mexican}
    ordered = sorted(mexican, key=lambda one: (-len(own[one.locality_id]), folded(member_name(one, locale))))
    longest = max((len(found) for found in own.values()), default=0) or 1
    rows = [
        Bar(
            [member_link(member, locale)],
            known_parts(own[member.locality_id], longest, locale),
            locale.number(len(own[member.locality_id])),
            _member_detail(member, plans.get(member.locality_id, 0), locale),
        )
        for member in ordered
    ]
    return view(
        visit,
        key="mexico",
        sentence=_mexico_sentence(own, locale),
        text=_(
            "El cierre lo dice el órgano local de seguimiento o, en el registro anterior a 2020, el IRM; el informe inicial "
            "solo revisa el diseño. De los demás no se leyó ninguna evaluación: no es que no se cumplieran."
        ),
        keys=[Key(drawn, words) for drawn, words in known_keys(locale)],
        figure=html.Div(
            bars(
                _("Compromisos registrados de cada miembro mexicano, por lo que se sabe de ellos"),
                (_("Miembro"), _("Compromisos"), _("Total")),
                rows,
                locale,
            ),
            className="lengths",
        ),
        table=_mexico_table(ordered, plans, own, locale),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("commitments", {"locality_id": sorted(own)}),
    )


def _mexico_sentence(own: Mapping[str, Sequence[MemberCommitment]], locale: Locale) -> str:
    every = [one for found in own.values() for one in found]
    said = voices(every, locale)
    if not said:
        return locale.text("De ningún compromiso local leímos que se completara")
    return locale.text(
        "De {total} compromisos locales que encontramos, dados por completos: {voices}",
        total=locale.number(len(every)),
        voices=said,
    )


def _mexico_table(
    ordered: Sequence[Member],
    plans: Mapping[str, int],
    own: Mapping[str, Sequence[MemberCommitment]],
    locale: Locale,
) -> Component:
    _ = locale.text
    headings = [Column(_("Miembro"), "row"), Column(_("Ingreso")), Column(_("Situación"))]
    numbers = [
        _("Planes"),
        _("Compromisos"),
        _("Verificables, informe inicial"),
        _("Completos, cierre local"),
        _("Completos, IRM"),
    ]
    rows: list[list[Node]] = [
        [
            member_link(member, locale),
            str(member.joined_year) if member.joined_year else None,
            label("membership_status", member.status, locale.code) or None,
            locale.number(plans.get(member.locality_id, 0)),
            locale.number(len(own[member.locality_id])),
            _of_known(own[member.locality_id], lambda one: one.verifiable, "yes", locale),
            _of_known(own[member.locality_id], lambda one: one.closing, "complete", locale),
            _of_known(own[member.locality_id], lambda one: one.completion, "complete", locale),
        ]
        for member in ordered
    ]
    columns = [*headings, *(Column(name, "number") for name in numbers)]
    return table(_("Los miembros mexicanos, con lo que dice cada voz"), columns, rows, locale, cards=True)


def _of_known(
    found: Sequence[MemberCommitment], mark: Callable[[MemberCommitment], str | None], wanted: str, locale: Locale
) -> str | None:
    """``2 de 2``: how many have the value, of those of which it is known; None where it is known of none."""
    known = [mark(one) for one in found if mark(one) is not None]
    if not known:
        return None
    return locale.text("{n} de {total}", n=locale.number(known.count(wanted)), total=locale.number(len(known)))


def known_class(one: MemberCommitment) -> str:
    """The class in which a commitment is drawn: who says that it is complete, or else what is known of it."""
    if one.completion == "complete":
        return "verified"
    if one.closing == "complete":
        return "completed"
    return "level-2" if one.has_inception else "level-1"


def known_keys(locale: Locale) -> list[tuple[str, str]]:
    """What can be known of a commitment, most first: the class it is drawn in and its words."""
    _ = locale.text
    return [
        ("verified", _("Completo, según el IRM")),
        ("completed", _("Completo, según el órgano local de seguimiento")),
        ("level-2", _("Con informe inicial")),
        ("level-1", _("Solo registrado")),
    ]


def known_parts(found: Sequence[MemberCommitment], longest: int, locale: Locale) -> list[Part]:
    """The bar of some commitments by what is known of them; its whole length is `longest`."""
    classes = Counter(known_class(one) for one in found)
    return [
        Part(classes[drawn] / longest, drawn, f"{words}: {locale.number(classes[drawn])}")
        for drawn, words in known_keys(locale)
        if classes[drawn]
    ]


def voices(found: Sequence[MemberCommitment], locale: Locale) -> str:
    """How many commitments each voice calls complete, side by side and never added up; empty where none does."""
    local = sum(one.closing == "complete" for one in found)
    reviewed = sum(one.completion == "complete" for one in found)
    said = [
        *([locale.text("{n} por el órgano local", n=locale.number(local))] if local else []),
        *([locale.text("{n} por el IRM", n=locale.number(reviewed))] if reviewed else []),
    ]
    return str(format_list(said, locale=locale.rules))


def _member_detail(member: Member, plans: int, locale: Locale) -> str:
    _ = locale.text
    said = [_("ingresó en {year}", year=member.joined_year) if member.joined_year else _("ingreso: sin dato")]
    if member.status == "withdrawn":
        said.append(_("se retiró"))
    said.append(locale.plural("{n} plan", "{n} planes", plans) if plans else _("sin plan encontrado"))
    return " · ".join(said)


def groups_view(
    visit: Visit, group: str, explicit: Sequence[Member], sources: Sequence[Citation], data: Data | None
) -> Component:
    """Members by cohort, region or country, those of Mexico apart."""
    locale, _ = visit.locale, visit.locale.text
    name_of: Mapping[str, Callable[[Member], str | None]] = {
        "generacion": lambda one: one.cohort,
        "region": lambda one: one.region,
        "pais": lambda one: locale.pick(one.country_es, one.country_en),
    }
    grouped: dict[str, list[Member]] = defaultdict(list)
    for member in explicit:
        grouped[name_of[group](member) or _NONE].append(member)
    order = sorted(grouped, key=lambda name: name if group == "generacion" else (-len(grouped[name]), folded(name)))
    longest = max(map(len, grouped.values()))
    rows = [
        Bar(
            _group_name(group, name, locale), _places(grouped[name], longest, locale), locale.number(len(grouped[name]))
        )
        for name in order
    ]
    unknown = len(grouped.get(_NONE, []))
    return view(
        visit,
        key="miembros",
        sentence=_groups_sentence(group, grouped, locale),
        text=locale.plural("De {n} miembro no se leyó este dato.", "De {n} miembros no se leyó este dato.", unknown)
        if unknown
        else None,
        keys=[Key("level-4", _("México")), Key("level-2", _("Otros países"))],
        figure=html.Div(
            bars(
                _("Miembros con nombre, incluidos los que se retiraron"),
                (_(GROUPS[group]), _("Miembros"), _("Total")),
                rows,
                locale,
            ),
            className="lengths",
        ),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=data,
    )


def _groups_sentence(group: str, grouped: Mapping[str, Sequence[Member]], locale: Locale) -> str:
    _ = locale.text
    known = [name for name in grouped if name != _NONE]
    if not known:
        return _("De ninguno se leyó este dato")
    largest = max(sorted(known), key=lambda name: len(grouped[name]))
    return _(
        "{group} con más miembros con nombre: {name}, con {n}",
        group=_(GROUPS[group]),
        name=_group_name(group, largest, locale),
        n=locale.number(len(grouped[largest])),
    )


def _group_name(group: str, name: str, locale: Locale) -> str:
    if name == _NONE:
        return capital(locale.text("sin dato"))
    if group == "generacion":
        return cohort_name(name, locale)
    return region_name(name, locale) if group == "region" else name


def _places(found: Sequence[Member], longest: int, locale: Locale) -> list[Part]:
    here = sum(member.country_code == COUNTRY for member in found)
    parts = [("level-4", locale.text("México"), here), ("level-2", locale.text("Otros países"), len(found) - here)]
    return [Part(count / longest, drawn, f"{words}: {locale.number(count)}") for drawn, words, count in parts if count]


def totals_view(
    visit: Visit, totals: Sequence[PublishedTotal], explicit: Sequence[Member], sources: Sequence[Citation]
) -> Component:
    """The published totals as points that contradict one another, with how many have a name here."""
    locale, _ = visit.locale, visit.locale.text
    longest = max([one.value for one in totals] + [len(explicit)])
    rows = [
        Bar(
            _said(one, locale),
            [Part(one.value / longest, "level-2", locale.number(one.value))],
            locale.number(one.value),
            _when(one, locale),
        )
        for one in totals
    ]
    own = Bar(
        _("con nombre en esta base"),
        [Part(len(explicit) / longest, "level-4", locale.number(len(explicit)))],
        locale.number(len(explicit)),
        locale.date(visit.release.built_at),
    )
    values = ", ".join(dict.fromkeys(locale.number(one.value) for one in totals))
    return view(
        visit,
        key="totales",
        sentence=_("¿Cuántos miembros tiene OGP Local? Según quién y cuándo: {values}", values=values),
        text=_(
            "Son puntos sueltos de páginas distintas, no una serie: cada una cuenta a su manera y no todas tienen fecha."
        ),
        figure=html.Div(
            bars(
                _("Totales publicados de miembros en el mundo, de menor a mayor"),
                (_("Quién lo dice"), _("Miembros"), _("Total")),
                [*rows, own],
                locale,
            ),
            className="lengths",
        ),
        sources=cited(sources, locale),
        as_of=cut_off(sources, locale),
        data=Data("findings", {"check_id": "ogp_local_members"}),
    )


def _said(one: PublishedTotal, locale: Locale) -> Node:
    words = publication_said(locale.pick(one.says_es, one.says_en) or "", locale)
    return html.A(words, href=one.source_url, rel="noopener") if one.source_url else html.Span(words)


def _when(one: PublishedTotal, locale: Locale) -> str:
    return locale.date(one.as_of) if one.as_of else locale.text("sin fecha")
