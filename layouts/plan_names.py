"""How the pages of the national plans call things: plans, commitments, grades, institutions' and reviewers' words."""

from __future__ import annotations

from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from data.queries.national_plan import NationalPlan
from data.schema.vocabularies import label
from layouts.components.island import Node
from layouts.components.tables import Key
from layouts.components.texts import no_data
from layouts.i18n import N_, Locale

ORDINALS = (
    N_("Primer plan"),
    N_("Segundo plan"),
    N_("Tercer plan"),
    N_("Cuarto plan"),
    N_("Quinto plan"),
    N_("Sexto plan"),
    N_("Séptimo plan"),
    N_("Octavo plan"),
)
# The grades of the IRM and the classes they are drawn in, best first.
GRADE_CLASSES = {
    "complete": "verified",
    "substantial": "completed",
    "limited": "started",
    "not_started": "not-started",
}
LEVELS = ("level-4", "level-3", "level-2", "level-1")


def plan_name(plan: NationalPlan, locale: Locale) -> str:
    """``Primer plan``, ``First plan``."""
    if 1 <= plan.number <= len(ORDINALS):
        return locale.text(ORDINALS[plan.number - 1])
    return locale.text("Plan {n}", n=plan.number)


def plan_years(plan: NationalPlan, locale: Locale) -> str:
    """``2011–2012``, from the first record of the plan; what is not known is said."""
    starts = plan.earlier_starts_on or plan.starts_on
    known = [date[:4] if date else locale.text("sin dato") for date in (starts, plan.ends_on)]
    return "–".join(known)


def commitment_title(commitment_id: str, title_es: str | None, title_en: str | None, locale: Locale) -> str:
    """The title in the reader's language, else in the other one, else the id. A number that opens it is left out."""
    title = locale.pick(title_es, title_en)
    if not title:
        return commitment_id
    return _without_number(title).rstrip(":").strip() or title


def title_language(title_es: str | None, title_en: str | None, locale: Locale) -> str | None:
    """The language of the title shown where it is not the reader's, for ``lang``."""
    shown = title_es if locale.code == "es" else title_en
    other = "en" if locale.code == "es" else "es"
    return other if not shown and (title_es or title_en) else None


def grade_name(grade: str | None, locale: Locale) -> str:
    """``Completo``; "Sin dato" for none."""
    return capital(label("rating_value", grade, locale.code)) if grade else capital(locale.text("sin dato"))


def grade_keys(locale: Locale) -> list[Key]:
    """The legend of the IRM's grades."""
    known = [Key(drawn, grade_name(grade, locale)) for grade, drawn in GRADE_CLASSES.items()]
    return [*known, Key("no-data", capital(locale.text("sin dato")))]


def values_said(vocabulary: str, codes: Iterable[str], locale: Locale) -> str | None:
    """Coded values in words, one after another where editions disagree; None for none."""
    said = [label(vocabulary, code, locale.code) for code in codes]
    return " / ".join(said) or None


def outside(text: str, address: str | None) -> Node:
    """A link to another site; the bare text where no address is known."""
    return html.A(text, href=address, rel="noopener") if address else text


def in_language(text: str, language: str | None) -> Node:
    """A text that is not in the language of the page."""
    return html.Span(text, lang=language) if language else text


def titled(commitment_id: str, title_es: str | None, title_en: str | None, locale: Locale) -> Node:
    """The title of a commitment, marked where it is not in the reader's language."""
    title = commitment_title(commitment_id, title_es, title_en, locale)
    return in_language(title, title_language(title_es, title_en, locale))


def in_spanish(text: str | None, locale: Locale) -> Node:
    """What the national plans and their board write, which they do in Spanish only; None is "sin dato"."""
    if text is None:
        return no_data(locale)
    return in_language(text, None if locale.code == "es" else "es")


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def mark(text: Node) -> Component:
    """The number that a headline is about."""
    return html.Mark(text)


def _without_number(title: str) -> str:
    """``7. Compras Abiertas:`` as ``Compras Abiertas:``; ``13) Mining`` as ``Mining``."""
    head, _, rest = title.partition(" ")
    return rest if rest and head[:-1].isdigit() and head[-1] in ".)" else title
