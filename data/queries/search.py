"""Search over Mexico's commitments, the states, the members of OGP Local and the actors; accents and case are ignored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, case, exists, func, literal, or_, select

from data.dialect import contains, folded
from data.schema.actors import actor_aliases, actors
from data.schema.commitments import commitment_ids, commitments
from data.schema.members import localities
from data.schema.places import countries, states
from data.schema.plans import plan_jurisdictions, plans

COUNTRY = "MX"
KINDS = ("commitment", "state", "locality", "actor")
MOST_WORDS = 8


@dataclass(frozen=True)
class Hit:
    """Something found. `kind` is one of `KINDS`, `name_*` what it is called in each language.

    `detail_*` is the plan of a commitment, the abbreviation of a state, the country of a member, the code of an actor's
    kind.
    `place` says where a commitment is shown: ``national``, ``state:14`` or ``locality:mx-jalisco``; else None.
    """

    kind: str
    key: str
    name_es: str | None
    name_en: str | None
    detail_es: str | None
    detail_en: str | None
    place: str | None = None


@dataclass(frozen=True)
class Found:
    """How many things of a kind fit, and the part of them asked for, the best first."""

    total: int
    hits: Sequence[Hit]


@dataclass(frozen=True)
class _Kind:
    """How a kind is asked for: its rows (columns as `Hit` takes them), what is searched, what it is sorted by."""

    rows: Select[Any]
    haystacks: Sequence[ColumnElement[Any]]
    name: ColumnElement[Any]
    elsewhere: Callable[[str], ColumnElement[bool]] | None = None


def search(connection: Connection, kind: str, text: str, limit: int, offset: int = 0) -> Found:
    """What of `kind` has every word of `text` somewhere in its names, numbers or other names.

    Names that begin with the whole text come first, then by name. Raises KeyError for an unknown kind.
    """
    words = text.split()[:MOST_WORDS]
    if not words:
        return Found(0, [])
    asked = _KINDS[kind]
    fits = and_(*(or_(*_somewhere(asked, word)) for word in words))
    begins = case((func.strpos(folded(asked.name), folded(literal(text, Text))) == 1, 0), else_=1)
    query = asked.rows.where(fits).order_by(begins, folded(asked.name), asked.rows.selected_columns[0])
    rows = connection.execute(query.add_columns(func.count().over()).limit(limit).offset(offset)).all()
    if not rows and offset:
        return Found(search(connection, kind, text, 1).total, [])
    return Found(rows[0][-1] if rows else 0, [Hit(kind, *row[:-1]) for row in rows])


def _somewhere(asked: _Kind, word: str) -> list[ColumnElement[bool]]:
    found = [contains(column, word) for column in asked.haystacks]
    return [*found, asked.elsewhere(word)] if asked.elsewhere else found


def _place() -> ColumnElement[Any]:
    """Where a commitment is shown: nationally, with its member of OGP Local, or with a state that its plan covers."""
    state = (
        select(func.min(plan_jurisdictions.c.place_id))
        .where(plan_jurisdictions.c.plan_id == commitments.c.plan_id, plan_jurisdictions.c.place_kind == "state")
        .scalar_subquery()
    )
    member = func.coalesce(commitments.c.locality_id, plans.c.locality_id)
    return case(
        (commitments.c.scope == "national", literal("national", Text)),
        (member.is_not(None), literal("locality:", Text) + member),
        else_=literal("state:", Text) + state,
    )


def _other_id(word: str) -> ColumnElement[bool]:
    """Whether some register calls a commitment by a number with the word in it."""
    return exists().where(
        commitment_ids.c.commitment_id == commitments.c.commitment_id, contains(commitment_ids.c.register_id, word)
    )


def _alias(word: str) -> ColumnElement[bool]:
    """Whether an actor has another name with the word in it."""
    return exists().where(actor_aliases.c.actor_id == actors.c.actor_id, contains(actor_aliases.c.alias, word))


_NOTHING = literal(None, Text)
_TITLE = func.coalesce(commitments.c.title_es, commitments.c.title_en, commitments.c.commitment_id)
_KINDS = {
    "commitment": _Kind(
        select(
            commitments.c.commitment_id,
            commitments.c.title_es,
            commitments.c.title_en,
            plans.c.name_es,
            plans.c.name_en,
            _place(),
        )
        .join(plans, plans.c.plan_id == commitments.c.plan_id)
        .where(commitments.c.country_code == COUNTRY),
        [
            commitments.c.title_es,
            commitments.c.title_en,
            commitments.c.title_board,
            commitments.c.theme,
            commitments.c.lead_institution,
        ],
        _TITLE,
        _other_id,
    ),
    "state": _Kind(
        select(states.c.state_code, states.c.name, _NOTHING, states.c.abbreviation, _NOTHING, _NOTHING),
        [states.c.name, states.c.official_name, states.c.abbreviation, states.c.capital],
        states.c.name,
    ),
    "locality": _Kind(
        select(
            localities.c.locality_id, localities.c.name, _NOTHING, countries.c.name_es, countries.c.name_en, _NOTHING
        ).join(countries, countries.c.country_code == localities.c.country_code),
        [localities.c.name, localities.c.ogp_code, countries.c.name_es, countries.c.name_en],
        localities.c.name,
    ),
    "actor": _Kind(
        select(actors.c.actor_id, actors.c.name, _NOTHING, actors.c.kind, _NOTHING, _NOTHING),
        [actors.c.name, actors.c.acronym],
        actors.c.name,
        _alias,
    ),
}
