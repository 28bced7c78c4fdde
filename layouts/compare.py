"""``/comparar``: up to four states, or Mexico with up to three countries, beside each other on the same scale."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from data.queries.citations import citations
from data.queries.compare import COMPLETION, CountryProfile, all_together, country_profiles, edition_date
from data.queries.state import local_plans
from data.queries.states import StateAtAGlance, states_at_a_glance
from layouts.compare_countries import country_name, country_views
from layouts.compare_plane import plane_view
from layouts.compare_states import state_views
from layouts.components.cited import cited
from layouts.components.texts import empty
from layouts.i18n import N_, Locale
from layouts.page import Page, PageView, Visit
from layouts.states import by_name, folded

HOME = "MX"
MOST_STATES, MOST_COUNTRIES = 4, 3
COUNTRY_SOURCES = ("ogp_commitments",)
STATE_SOURCES = ("state_exercises", "ogp_local", "metrica")


def show(visit: Visit) -> PageView:
    """The comparison that the address asks for; without a choice, Mexico beside all countries together."""
    locale, _ = visit.locale, visit.locale.text
    with visit.release.connect() as connection:
        profiles = country_profiles(connection)
        states = states_at_a_glance(connection)
        what = visit.query.choice(
            "que", _("Comparar"), [("paises", _("México y otros países")), ("estados", _("Entidades"))], "paises"
        )
        others = visit.query.several("pais", _("Países"), _countries(profiles, locale), MOST_COUNTRIES)
        codes = visit.query.several(
            "estado", _("Entidades"), [(s.state_code, s.name) for s in by_name(states)], MOST_STATES
        )
        chosen = [state for state in states if state.state_code in codes]
        plans = {state.state_code: local_plans(connection, state.state_code) for state in chosen}
        sources = citations(connection, COUNTRY_SOURCES if what == "paises" else STATE_SOURCES)
        edition = edition_date(connection)
    if what == "estados":
        sentence = _states_sentence(chosen, locale)
        content = state_views(visit, states, chosen, plans, sources) if chosen else [_nothing(states, locale)]
    else:
        shown = [profiles[code] for code in (HOME, *others) if code in profiles]
        together = all_together(list(profiles.values()))
        sentence = _countries_sentence(shown, together, len(profiles), edition, locale)
        content = country_views(visit, [*shown, together], len(profiles), cited(sources, locale), edition)
        content.append(plane_view(visit, list(profiles.values()), shown, cited(sources, locale), edition))
    return PageView(
        title=_("Comparar"),
        kicker=_("Comparar"),
        sentence=sentence,
        filters=visit.query.form(),
        content=content,
    )


def _countries(profiles: dict[str, CountryProfile], locale: Locale) -> list[tuple[str, str]]:
    named = [(code, country_name(profile, locale)) for code, profile in profiles.items() if code != HOME]
    return sorted(named, key=lambda pair: folded(pair[1]))


def _countries_sentence(
    shown: list[CountryProfile], together: CountryProfile, count: int, edition: str | None, locale: Locale
) -> str:
    """What Mexico had completed at the date of the edition, of how many, and the share of the others and of all together."""
    _ = locale.text
    own, usual = shown[0].total(COMPLETION) if shown else None, together.total(COMPLETION).share("complete")
    if own is None or not own.rated or usual is None:
        return _("Sin compromisos evaluados que comparar.")
    others = [_share(country, locale) for country in shown[1:]]
    others.append(_("el conjunto de {n} países, {share}", n=count, share=locale.percent(usual)))
    return _(
        "{country} había completado {done} de {rated} compromisos evaluados ({share}), según la base del IRM de {date}; {others}.",
        country=country_name(shown[0], locale),
        done=own.counts["complete"],
        rated=own.rated,
        share=locale.percent(own.share("complete") or 0),
        date=locale.date(edition),
        others="; ".join(others),
    )


def _share(country: CountryProfile, locale: Locale) -> str:
    share, name = country.total(COMPLETION).share("complete"), country_name(country, locale)
    if share is None:
        return locale.text("{country}, sin dato", country=name)
    return locale.text("{country}, {share}", country=name, share=locale.percent(share))


def _states_sentence(chosen: list[StateAtAGlance], locale: Locale) -> str:
    _ = locale.text
    if not chosen:
        return _("Elija hasta {n} entidades para verlas una junto a otra.", n=MOST_STATES)
    said = [_("{state}, {n}", state=state.name, n=state.steps) for state in chosen]
    return _("Pasos de la cocreación con evidencia, de 13: {states}.", states="; ".join(said))


def _nothing(states: list[StateAtAGlance], locale: Locale) -> Component:
    """Where to start: the states that are members of OGP Local themselves, as many as fit."""
    members = [state for state in states if state.is_member][:MOST_STATES]
    address = locale.link("/comparar", que="estados") + "".join(f"&estado={state.state_code}" for state in members)
    names = ", ".join(state.name for state in members)
    links = [(address, names)] if members else []
    said = empty(
        locale.text("Todavía no hay entidades elegidas. Por ejemplo, las que son miembros de OGP Local:"), links
    )
    return html.Section(said, className="view")


PAGES = (Page("/comparar", show, nav=N_("Comparar"), order=50),)
