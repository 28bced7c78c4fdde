"""Who stands behind the names on OGP Local's pages: bodies as declared under ``links.organisations``.

The pages write one body in many ways, often machine translated, and leave out of which place a "Secretary of Finance" is.
A name is taken for a declared organisation only where the YAML says so; any other is kept as written, without a kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError

from etl.identity import actor_id, plain
from etl.sources.reading import Row, RowError, Source, SourceError
from etl.sources.spec import Strict

EVERYWHERE = "everywhere"
PUBLIC = {"state_executive", "legislative", "judicial", "municipal", "autonomous", "guarantor"}
SHOWN = 8


class Organisation(Strict):
    """An organisation and the ways in which the pages of a place write it."""

    name: str
    kind: str
    acronym: str | None = None
    written: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What organisations take part in, and where: ``place`` is the key of their names in the YAML."""

    kind: str
    identity: str
    place: str
    country_code: str | None = None
    state_code: str | None = None
    source_url: str | None = None


@dataclass
class Organisations:
    """The declared organisations by place and plain name, and which names were met without a declaration."""

    source: Source
    _declared: dict[tuple[str, str], Organisation] = field(default_factory=dict)
    _ignored: set[str] = field(default_factory=set)
    _unclassified: dict[str, None] = field(default_factory=dict)
    _rewritten: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        links = self.source.spec.links
        self._ignored = {plain(name) for name in links["not_organisations"]}
        try:
            declared = {
                place: [Organisation(**entry) for entry in list_] for place, list_ in links["organisations"].items()
            }
        except ValidationError as error:
            raise SourceError(f"{self.source.source_id}.yml, links.organisations: {error}") from error
        for place, organisations in declared.items():
            for one in organisations:
                for name in (one.name, *one.written):
                    self._declared[place, plain(name)] = one

    def take_part(self, row: Row, subject: Subject, role: str, names: Iterable[str], in_source: str) -> None:
        """Add each organisation once in a role; the note keeps its name where the source writes it otherwise."""
        seen: set[str] = set()
        for written in names:
            if plain(written) in self._ignored:
                continue
            one = self._find(subject.place, written)
            identity = self._actor(row, one, subject)
            if identity in seen:
                continue
            seen.add(identity)
            row.add(
                "participations",
                participation_id=f"ogp-local:{subject.identity}:{role}:{identity}",
                actor_id=identity,
                subject_kind=subject.kind,
                subject_id=subject.identity,
                role=role,
                role_in_source=in_source,
                state_code=subject.state_code,
                source_url=subject.source_url,
                note=written if plain(written) != plain(one.name) else None,
            )

    def close(self) -> None:
        """Say how many names have no declared kind and how many were written otherwise than declared."""
        for check, names, es, en in (
            (
                "organisations_unclassified",
                self._unclassified,
                "{} organizaciones no tienen un tipo declarado y quedan sin clasificar: {}",
                "{} organisations have no declared kind and stay unclassified: {}",
            ),
            (
                "names_written_otherwise",
                self._rewritten,
                "{} nombres de organizaciones, muchos de traducción automática, se identifican con uno declarado: {}",
                "{} names of organisations, many machine translated, are identified with a declared one: {}",
            ),
        ):
            if names:
                listed = "; ".join(list(names)[:SHOWN]) + ("…" if len(names) > SHOWN else "")
                count = len(names)
                self.source.found(
                    "notice", check, es.format(count, listed), en.format(count, listed), table_name="actors"
                )

    def _find(self, place: str, written: str) -> Organisation:
        try:
            actor_id(written)
        except ValueError as error:
            raise RowError(f"{error}; a name with Latin letters would be right") from error
        one = self._declared.get((place, plain(written))) or self._declared.get((EVERYWHERE, plain(written)))
        if one is None:
            self._unclassified[written] = None
            return Organisation(name=written, kind="unknown")
        if plain(one.name) != plain(written):
            self._rewritten[written] = None
        return one

    def _actor(self, row: Row, one: Organisation, subject: Subject) -> str:
        return row.actor(
            one.name,
            kind=one.kind,
            acronym=one.acronym,
            state_code=subject.state_code if one.kind in PUBLIC else None,
            country_code=subject.country_code,
        )
