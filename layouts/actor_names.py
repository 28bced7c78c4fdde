"""How the pages of organisations call things: plans of any scope, kinds, roles, and what an organisation takes part in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from babel.lists import format_list
from dash import html

from data.queries.plan_titles import PlanTitle
from data.schema import label
from data.schema.vocabularies import codes
from layouts.components.island import Node
from layouts.i18n import Locale

# The levels, from the whole country to a municipality, and the classes in which they are drawn.
LEVELS = {"national": "level-4", "state": "level-2", "municipal": "level-1"}
SUBJECTS = ("plan", "commitment", "exercise", "technical_secretariat", "challenge", "process")


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def code_options(vocabulary: str, found: Iterable[str], locale: Locale) -> list[tuple[str, str]]:
    """The codes of a vocabulary that occur, in its order, as options of a filter."""
    present = set(found)
    return [(code, capital(label(vocabulary, code, locale.code))) for code in codes(vocabulary) if code in present]


def plan_label(title: PlanTitle, locale: Locale) -> str:
    """``Plan nacional 4, 2019–2021``; plans of states and municipalities by place: ``Durango (2), 2019–2021``."""
    years = "–".join(dict.fromkeys(date[:4] for date in (title.starts_on, title.ends_on) if date))
    if title.scope == "national":
        name = locale.text("Plan nacional {n}", n=title.number or "")
    else:
        name = " · ".join(title.places) or locale.pick(title.name_es, title.name_en) or title.plan_id
    numbered = f"{name} ({title.number})" if title.scope != "national" and title.number else name
    return f"{numbered}, {years}" if years else numbered


def plan_options(titles: Mapping[str, PlanTitle], found: Iterable[str], locale: Locale) -> list[tuple[str, str]]:
    """The plans that occur as options of a filter: national ones first, then by name."""
    shown = {plan_id: titles[plan_id] for plan_id in found if plan_id in titles}
    ordered = sorted(
        shown.values(), key=lambda title: (title.scope != "national", plan_label(title, locale), title.plan_id)
    )
    return [(title.plan_id, plan_label(title, locale)) for title in ordered]


def counted_things(counts: Mapping[str, int], locale: Locale) -> str:
    """``2 planes y 1 compromiso``; empty for nothing."""
    said = [_counted(kind, counts[kind], locale) for kind in SUBJECTS if counts.get(kind)]
    return str(format_list(said, locale=locale.rules))


def _counted(kind: str, count: int, locale: Locale) -> str:
    match kind:
        case "plan":
            return locale.plural("{n} plan", "{n} planes", count)
        case "commitment":
            return locale.plural("{n} compromiso", "{n} compromisos", count)
        case "exercise":
            return locale.plural("{n} ejercicio", "{n} ejercicios", count)
        case "technical_secretariat":
            return locale.plural("{n} secretariado técnico", "{n} secretariados técnicos", count)
        case "challenge":
            return locale.plural("{n} reto de ciudades", "{n} retos de ciudades", count)
    return locale.plural("{n} proceso nacional", "{n} procesos nacionales", count)


def actor_link(actor_id: str, name: str, locale: Locale) -> Node:
    """The name of an organisation as a link to its page."""
    return html.A(name, href=locale.link(f"/actores/{actor_id}"))


def folded(text: str) -> str:
    """Without accents and in small letters, as readers search and as lists are sorted."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))
