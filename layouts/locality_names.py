"""How the pages of OGP Local call things: members, regions and cohorts, in the reader's language."""

from __future__ import annotations

from dash import html

from data.queries.locality import Locality
from data.queries.ogp_local import Member
from layouts.components.island import Node
from layouts.i18n import N_, Locale

# OGP's regions as the source writes them.
REGIONS = {
    "Africa and the Middle East": N_("África y Medio Oriente"),
    "Americas": N_("Américas"),
    "Asia and the Pacific": N_("Asia y el Pacífico"),
    "Europe": N_("Europa"),
}
_PIONEERS = " pioneer"


def region_name(region: str, locale: Locale) -> str:
    """A region in words; as the source writes it where it is not one that we know."""
    return locale.text(REGIONS[region]) if region in REGIONS else region


def cohort_name(cohort: str, locale: Locale) -> str:
    """``2022``, or ``2016 (pioneros)``."""
    if cohort.endswith(_PIONEERS):
        return locale.text("{year} (pioneros)", year=cohort.removesuffix(_PIONEERS))
    return cohort


def member_name(member: Member, locale: Locale) -> str:
    """The name in Mexico's own registers in Spanish, OGP's in other languages and for other countries."""
    return _named(member.name, member.municipality_name, member.state_name, locale)


def member_link(member: Member, locale: Locale) -> Node:
    """The name as a link to the page of the member."""
    return html.A(member_name(member, locale), href=locale.link(f"/ogp-local/{member.locality_id}"))


def place_name(member: Locality, locale: Locale) -> str:
    """The name of a member on its own page, as `member_name` gives it in lists."""
    return _named(member.name, member.municipality_name, member.state_name, locale)


def _named(name: str, municipality: str | None, state: str | None, locale: Locale) -> str:
    if locale.code != "es" or not (municipality or state):
        return name
    if municipality and municipality == state:
        return f"{municipality} (municipio)"
    return municipality or state or name
