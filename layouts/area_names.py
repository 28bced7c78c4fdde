"""How pages call what commitments are tagged with: policy areas in the reader's language, goals with number and name."""

from __future__ import annotations

from data.schema.policy_areas import GOALS, area_in_spanish
from layouts.components.island import Node
from layouts.i18n import Locale
from layouts.plan_names import in_language

# Where the tags of each vocabulary were read.
TAGGED_BY = {
    "explorer_2017": ("ogp_commitments",),
    "ogp_database": ("ogp_commitments",),
    "ogp_page": ("ogp_pages", "national_plans"),
    "ogp_listing": ("national_plans",),
    "ogp_values": ("ogp_commitments", "ogp_pages"),
    "sdg": ("national_plans",),
}


def area_name(tag: str, locale: Locale) -> str:
    """The tag in the reader's language, as the source writes it where there is no other name for it."""
    if tag in GOALS:
        return f"{tag}. {locale.pick(*GOALS[tag])}"
    return (area_in_spanish(tag) or tag) if locale.code == "es" else tag


def area_shown(tag: str, locale: Locale) -> Node:
    """The same for a page, marked as English where it stayed so."""
    name = area_name(tag, locale)
    return in_language(name, "en" if locale.code != "en" and name == tag and area_in_spanish(tag) is None else None)
