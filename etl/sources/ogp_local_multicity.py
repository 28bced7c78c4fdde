"""The Multi-City Challenge México 2020: one fact a row, with the organisations behind it and no people."""

from __future__ import annotations

from dataclasses import dataclass, field

from etl.identity import slug
from etl.sources.ogp_local_organisations import Organisations, Subject
from etl.sources.reading import Row, RowError, Source

PLACE = "multi_city"


@dataclass
class MultiCity:
    """Facts of the challenge while they are read."""

    source: Source
    organisations: Organisations
    _facts: set[str] = field(default_factory=set)

    def fact(self, row: Row) -> None:
        """One fact; rows about an organisation also say in which role it took part."""
        edition, name, city = row.need("edition"), row.need("name"), row.text("city")
        kind = row.code("record_type", "multicity_kind")
        if kind is None:
            raise RowError("column record_type: empty; a kind of fact such as winner is needed")
        identity = ":".join(slug(part) for part in (edition, kind, city or "", name) if part)
        if identity in self._facts:
            row.reject(f"the fact {identity} stands twice; keep the row that holds")
        source_url = row.url("source_url")
        row.add(
            "multicity_facts",
            fact_id=identity,
            edition=edition,
            city=city,
            **self._codes(city),
            kind=kind,
            name=name,
            value=row.number("value"),
            qualifier=row.code("value_qualifier", "value_qualifier"),
            unit=row.text("unit"),
            **row.dated("happened", "date"),
            source_url=source_url,
        )
        role = self.source.spec.links["challenge_roles"].get(kind)
        if role is not None:
            challenge = Subject("challenge", slug(edition), PLACE, source_url=source_url)
            self.organisations.take_part(row, challenge, role, [name], kind)
        proposal = Subject("challenge", identity, PLACE, source_url=source_url)
        proposers = row.split("proposing_organizations")
        self.organisations.take_part(row, proposal, "proposer", proposers, "proposing_organizations")
        self._facts.add(identity)

    def _codes(self, city: str | None) -> dict[str, str | None]:
        if city is None:
            return {"state_code": None, "municipality_code": None}
        code = self.source.look_up("cities", city, "city")
        return {"state_code": code[:2], "municipality_code": code}
