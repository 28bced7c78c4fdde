"""The organisations of the state exercises: which one a name in a state means, and what kind it is.

Names stand in the files as their pages wrote them: acronyms that two guarantor bodies share, "Congreso del Estado" in
every state, seats held by people. What each means is declared in ``state_exercises.yml``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from etl.identity import slug
from etl.sources.reading import Row, RowError, Source

COUNTRY = "MX"
PUBLIC_KINDS = {"state_executive", "legislative", "judicial", "municipal", "autonomous", "guarantor"}


class Place(NamedTuple):
    """The state a row belongs to; no code for the one national exercise."""

    state_code: str | None
    state_name: str


class Part(NamedTuple):
    """What organisations of a column take part in: kind and id of the subject, and their role."""

    subject_kind: str
    subject_id: str
    role: str
    role_in_source: str | None = None


def kind_of(source: Source, name: str, column: str, otherwise: str | None = None) -> str:
    """The declared kind of an organisation; ``otherwise`` for one not declared, else ``RowError`` (the row is rejected)."""
    kind = source.spec.lookups["kinds"].get(name, otherwise)
    if kind is None or not slug(name):
        raise RowError(
            f"column {column}: read {name!r}; a declared organisation would be right: add it to lookups.kinds "
            f"in {source.source_id}.yml, or to links.descriptions if it names none"
        )
    return kind


def take_part(source: Source, row: Row, name: str, kind: str, place: Place, part: Part, **more: Any) -> None:
    """Add an organisation and its participation; ``more`` are further columns of ``participations``."""
    actor = _organisation(source, row, name, kind, place)
    row.add(
        "participations",
        participation_id=f"{part.subject_kind}-{part.subject_id}-{part.role}-{actor}",
        actor_id=actor,
        subject_kind=part.subject_kind,
        subject_id=part.subject_id,
        role=part.role,
        role_in_source=part.role_in_source,
        state_code=place.state_code,
        **more,
    )


def _organisation(source: Source, row: Row, name: str, kind: str, place: Place) -> str:
    """The id of the organisation that a name means in a state. Only public bodies are said to belong to the state."""
    home = place.state_code if kind in PUBLIC_KINDS else None
    more: dict[str, Any] = {"kind": kind, "state_code": home, "country_code": COUNTRY if home else None}
    declared = source.spec.lookups["names"].get(f"{place.state_code} {name.lower()}")
    if declared is not None:
        actor = row.actor(declared, **more)
        row.add("actor_aliases", actor_id=actor, alias=name, basis="acronym" if name.isupper() else "spelling")
        return actor
    if name in source.spec.links["shared_names"] and home is not None:
        return row.actor(f"{name} ({place.state_name})", **more)
    return row.actor(name, **more)
