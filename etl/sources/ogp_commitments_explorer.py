"""The Explorer file of 2017: commitments of the first plans by country, plan and number, without ids of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from etl.numbering import letters, number_part
from etl.sources.ogp_commitments_coding import (
    Parts,
    add_values,
    bare_title,
    clean,
    pass_over,
    plan_number,
    values_of,
)
from etl.sources.reading import Row, RowError, Source

CommitmentKey = tuple[str, str, str]


class Known(NamedTuple):
    """A commitment of the Explorer file by which the newer database may be matched. ``title`` is its bare title."""

    commitment_id: str
    title: str


@dataclass
class Explorer:
    """The Explorer file while it is read, and the commitments it turned out to hold.

    ``known`` has None under a key that the file repeats: such a commitment is matched to nothing.
    """

    parts: Parts
    repeats: Counter[CommitmentKey] = field(default_factory=Counter)
    years: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    known: dict[CommitmentKey, Known | None] = field(default_factory=dict)
    _given: Counter[CommitmentKey] = field(default_factory=Counter)
    _ids: set[str] = field(default_factory=set)

    def parse(self) -> None:
        """Read the file twice: once to see which numbers repeat, once to load it."""
        parts, source = self.parts, self.parts.source
        _, rows = source.csv(parts.file, parts.shape.header_line)
        for _, values in rows:
            self._survey(source, values)
        source.each(parts.file, self.commitment, header_line=parts.shape.header_line)
        parts.close()

    def commitment(self, row: Row) -> None:
        """One commitment with its plan, tags and ratings."""
        parts, columns = self.parts, self.parts.shape.columns
        pass_over(row, parts.shape)
        name, plan = row.need(columns.country), plan_number(row, columns.plan)
        country = parts.source.look_up("countries", name, columns.country)
        number = clean(row.need(columns.number))
        key = (country, str(plan), number_part(number))
        part = self._numbered(key)
        commitment_id = f"{country}-P{plan}-{part}"
        texts = parts.texts(row, parts.link("titles_in").get(f"{country}-P{plan}"), "unknown")
        row.add(
            "commitments",
            commitment_id=commitment_id,
            plan_id=self._plan_id(country, plan),
            number=number,
            country_code=country,
            scope="national",
            **texts,
        )
        row.add(
            "commitment_ids",
            commitment_id=commitment_id,
            register=parts.shape.name,
            register_id=f"{country}/{plan}/{part}",
            basis="given",
        )
        self._infer(row, commitment_id, f"{country}-P{plan}", part)
        add_values(row, commitment_id, values_of(row, parts.shape))
        parts.tags(row, commitment_id)
        parts.ratings(row, commitment_id)
        self._plan(row, country, plan)
        parts.country(row, country, name)
        known = Known(commitment_id, bare_title(texts, number))
        self.known[key] = known if self.repeats[key] == 1 else None

    def _survey(self, source: Source, values: dict[str, str]) -> None:
        columns = self.parts.shape.columns
        name, plan = values[columns.country].strip(), values[columns.plan].strip()
        country = source.spec.lookups["countries"].get(name.lower(), name)
        self.years[country, plan].add(values[columns.year].strip())
        try:
            self.repeats[country, plan, number_part(clean(values[columns.number]))] += 1
        except RowError:  # the row is rejected when it is loaded
            return

    def _numbered(self, key: CommitmentKey) -> str:
        """The number of a commitment, with a letter where the file repeats it; the first gets one too."""
        stem = f"{key[0]}-P{key[1]}-{key[2]}"
        suffix = ""
        while True:
            if self.repeats[key] > 1:
                self._given[key] += 1
                suffix = letters(self._given[key])
            if stem + suffix not in self._ids:
                self._ids.add(stem + suffix)
                return key[2] + suffix
            self.repeats[key] = max(self.repeats[key], 2)

    def _plan_id(self, country: str, plan: int) -> str:
        return str(self.parts.link("plan_ids").get(f"{country}-P{plan}", f"{country}-P{plan}"))

    def _plan(self, row: Row, country: str, plan: int) -> None:
        """The plan, once. Its year of submission is kept where all its rows agree on it."""
        plan_id, years = self._plan_id(country, plan), self.years[country, str(plan)]
        year = row.text(self.parts.shape.columns.year)
        # A plan that is filed under another record of it keeps that record's dates.
        is_own = plan_id == f"{country}-P{plan}" and len(years) == 1
        self.parts.plan(row, plan_id, country, plan, published=year if is_own else None)

    def _infer(self, row: Row, commitment_id: str, plan: str, part: str) -> None:
        """OGP's id where the order of a plan gives it: never read, so it goes to the crosswalk only."""
        order = self.parts.link("inferred_ogp_ids").get(plan)
        if order is None or not part.isdigit() or order["first"] + int(part) - 1 > order["last"]:
            return
        row.add(
            "commitment_ids",
            commitment_id=commitment_id,
            register="ogp",
            register_id=f"{order['prefix']}{order['first'] + int(part) - 1:04}",
            basis="inferred_order",
        )
