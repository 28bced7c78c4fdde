"""OGP's newer commitments database: commitments with ids of their own, national ones and those of the first local members."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from etl.identity import locality_id
from etl.numbering import number_part
from etl.sources.ogp_commitments_coding import (
    NO_VALUE,
    Parts,
    add_values,
    bare_title,
    clean,
    pass_over,
    plan_number,
    values_of,
    year_of,
)
from etl.sources.ogp_commitments_explorer import CommitmentKey, Known
from etl.sources.reading import Row, RowError

_UNIQUE_ID = re.compile(r"[A-Z]{2,5}[0-9]{4}")
_PLAN_ID = re.compile(r"AP_[A-Z]{3,5}[0-9]{2}")
# Numbers went through a spreadsheet on their way: 2.2000000000000002 was 2.2.
_FLOAT_RESIDUE = re.compile(r"[0-9]+\.[0-9]{10,}")


@dataclass(frozen=True)
class Place:
    """Whose commitment it is: a country, or a member of OGP Local within one."""

    country: str
    country_name: str
    locality: str | None


@dataclass
class Database:
    """The database file while it is read. ``explorer`` holds what the Explorer file knows, empty where there is none."""

    parts: Parts
    explorer: Mapping[CommitmentKey, Known | None]
    _ids: set[str] = field(default_factory=set)
    _claimed: set[str] = field(default_factory=set)
    _plans: set[tuple[str, str]] = field(init=False)
    _overlapping: int = 0
    _matched: int = 0

    def __post_init__(self) -> None:
        self._plans = {(country, plan) for country, plan, _ in self.explorer}

    def parse(self) -> None:
        """Load the file and say how much of it could be matched with the Explorer file."""
        parts = self.parts
        parts.source.each(parts.file, self.commitment, header_line=parts.shape.header_line)
        parts.close()
        apart = self._overlapping - self._matched
        if apart:
            parts.source.found(
                "notice",
                "not_matched_with_explorer",
                f"{apart} de {self._overlapping} compromisos de {parts.file} son de planes que también están en el "
                "explorador de 2017, pero ni su número ni su título coinciden con uno solo: quedan como registros aparte.",
                f"{apart} of {self._overlapping} commitments of {parts.file} belong to plans that the Explorer file of 2017 "
                "also has, but number and title do not both meet exactly one there: they stay separate records.",
                table_name="commitments",
            )

    def commitment(self, row: Row) -> None:
        """One commitment with its plan, tags and ratings."""
        parts, columns = self.parts, self.parts.shape.columns
        pass_over(row, parts.shape)
        commitment_id = self._unique_id(row)
        scope = row.choice(str(columns.scope), "scopes")
        place = self._place(row, is_local=scope == "local")
        plan, plan_id = self._plan_id(row, place)
        number = _number(row.need(columns.number))
        languages = parts.link("titles_in")
        texts = parts.texts(row, languages.get(commitment_id, languages.get(plan_id)), "month_first")
        url = self._url(row, str(columns.url))
        row.add(
            "commitments",
            commitment_id=commitment_id,
            ogp_id=commitment_id,
            plan_id=plan_id,
            number=number,
            country_code=place.country,
            scope=scope or "national",
            locality_id=place.locality,
            source_url=url,
            **texts,
        )
        self._registers(row, commitment_id, place)
        known = None if place.locality else self._match(place.country, plan, number, bare_title(texts, number))
        add_values(row, commitment_id, values_of(row, parts.shape))
        parts.tags(row, commitment_id)
        parts.ratings(row, commitment_id, url)
        self._plan(row, plan_id, place, plan)
        parts.country(row, place.country, place.country_name)
        self._ids.add(commitment_id)
        self._overlapping += place.locality is None and (place.country, str(plan)) in self._plans
        self._join(row, commitment_id, known)

    def _unique_id(self, row: Row) -> str:
        column = str(self.parts.shape.columns.unique_id)
        text = row.need(column)
        if not _UNIQUE_ID.fullmatch(text):
            raise RowError(f"column {column}: read {text!r}; letters and four digits such as AL0018 would be right")
        if text in self._ids:
            raise RowError(f"column {column}: {text} stands twice in the file; keep the row that holds")
        return text

    def _url(self, row: Row, column: str) -> str | None:
        """The commitment's page. The apostrophe of Côte d'Ivoire is written as an address needs it."""
        row.values[column] = str(row.value(column)).replace("'", "%27")
        return row.url(column)

    def _place(self, row: Row, *, is_local: bool) -> Place:
        """``Jalisco, Mexico`` is a member of OGP Local, ``Mexico`` a country."""
        column = self.parts.shape.columns.country
        written = row.need(column)
        member, _, name = written.rpartition(", ")
        if not is_local:
            return Place(self.parts.source.look_up("countries", written, column), written, None)
        if not member:
            raise RowError(
                f"column {column}: read {written!r}; place and country such as Jalisco, Mexico would be right"
            )
        country = self.parts.source.look_up("countries", name, column)
        return Place(country, name, locality_id(member, country))

    def _plan_id(self, row: Row, place: Place) -> tuple[int, str]:
        columns = self.parts.shape.columns
        number, read = plan_number(row, columns.plan), row.need(str(columns.plan_id))
        if not _PLAN_ID.fullmatch(read):
            raise RowError(f"column {columns.plan_id}: read {read!r}; an id such as AP_ALB01 would be right")
        given = f"{place.country}-P{number}"
        return number, read if place.locality else str(self.parts.link("plan_ids").get(given, given))

    def _registers(self, row: Row, commitment_id: str, place: Place) -> None:
        """The ids that OGP's registers give: those of local members are in the list of OGP Local already."""
        if place.locality is None:
            row.add(
                "commitment_ids", commitment_id=commitment_id, register="ogp", register_id=commitment_id, basis="read"
            )
        row.add(
            "commitment_ids",
            commitment_id=commitment_id,
            register=self.parts.shape.name,
            register_id=row.need(str(self.parts.shape.columns.register_id)),
            basis="read",
        )

    def _match(self, country: str, plan: int, number: str, title: str) -> Known | None:
        """The one commitment of the Explorer file with the same country, plan, number and title, if there is one."""
        known = self.explorer.get((country, str(plan), number_part(number)))
        if known is None or known.commitment_id in self._claimed or not title or known.title != title:
            return None
        return known

    def _plan(self, row: Row, plan_id: str, place: Place, number: int) -> None:
        columns = self.parts.shape.columns
        published, ends = row.text(columns.year), year_of("ends", row.text(str(columns.plan_ends)))
        read = row.need(str(columns.plan_id))
        if place.locality is None:
            own = plan_id == f"{place.country}-P{number}"
            published, ends = (published, ends) if own else (None, {})
            self.parts.plan(row, plan_id, place.country, number, published=published, ogp_plan_id=read, **ends)
            return
        scope = self.parts.source.look_up("local_plan_scopes", place.locality, columns.country)
        about = {"scope": scope, "locality_id": place.locality, "name_es": None, "name_en": None}
        self.parts.plan(row, plan_id, place.country, number, published=published, ogp_plan_id=read, **about, **ends)

    def _join(self, row: Row, commitment_id: str, known: Known | None) -> None:
        """Say that the commitment is one of the Explorer file. Called last, so that a rejected row claims nothing."""
        if known is None:
            return
        self._matched += 1
        self._claimed.add(known.commitment_id)
        row.add(
            "commitment_ids",
            commitment_id=commitment_id,
            register="explorer_2017",
            register_id=known.commitment_id,
            basis="matched_by_number",
        )


def _number(text: str) -> str:
    number = clean(text)
    if number in NO_VALUE:
        raise RowError(f"no number of a commitment: read {number!r}; a number such as 7 or 3.1 would be right")
    return f"{float(number):.10g}" if _FLOAT_RESIDUE.fullmatch(number) else number
