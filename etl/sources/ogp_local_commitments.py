"""Commitments of OGP Local members: under OGP's old and new ids, or under one given here where none was read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from etl.numbering import letters, number_part
from etl.sources.ogp_local_organisations import Organisations, Subject
from etl.sources.reading import PartialDate, Row, RowError, Source

# Until about 2020 three letters (JAL0001), since then the country and two or three more (MXJL0001, MXROO0001).
_LEGACY_ID = re.compile(r"[A-Z]{3}[0-9]{4}")
_OGP_ID = re.compile(r"[A-Z]{4,5}[0-9]{4}")
_EVIDENCE = re.compile(r"[a-z_]+")


class PlanRecord(NamedTuple):
    """A plan as far as its commitments need it."""

    plan_id: str
    locality_id: str
    country_code: str


@dataclass
class Commitments:
    """Commitments while they are read. ``plans`` finds a plan by member and by its id or title."""

    source: Source
    organisations: Organisations
    plans: Mapping[tuple[str, str], PlanRecord]
    _unnumbered: Counter[str] = field(default_factory=Counter)
    _ids: set[str] = field(default_factory=set)

    def commitment(self, row: Row, member: str, country: str) -> None:
        """One commitment with its ids, tags, values, ratings and the institutions involved."""
        # The year is the plan's; whether the IRM assessed it follows from the ratings.
        row.skip("year_of_submission", "irm_assessed")
        read = row.text("commitment_id")
        plan_id = self._plan_id(row, member, read)
        commitment_id, register = self._identity(row, read, plan_id)
        starts, ends = row.date("start"), row.date("end")
        report = row.url("end_of_commitment_report_url")
        row.add(
            "commitments",
            commitment_id=commitment_id,
            ogp_id=read,
            plan_id=plan_id,
            number=row.text("commitment_number"),
            **self._titles(row, commitment_id),
            country_code=country,
            scope="local",
            locality_id=member,
            starts_on=starts.text,
            starts_precision=starts.precision,
            ends_on=ends.text,
            ends_precision=ends.precision,
            lead_institution=row.text("lead_institution"),
            supporting_institutions=row.text("institutions_involved"),
            source_url=row.url("source_url"),
            note="; ".join(filter(None, (row.text("evidence"), report and f"end of commitment report: {report}")))
            or None,
            warning=self._warning(read, starts, ends),
        )
        row.add(
            "commitment_ids",
            commitment_id=commitment_id,
            register=register,
            register_id=commitment_id,
            basis="read" if read else "given",
        )
        self._tags(row, commitment_id)
        self._ratings(row, commitment_id, report)
        self._institutions(row, commitment_id, member, country)
        self._links(row, commitment_id)
        self._ids.add(commitment_id)

    def _plan_id(self, row: Row, member: str, read: str | None) -> str:
        """The plan by its id or title; for one that OGP's page attaches to none, the plan that the YAML names."""
        key = row.text("action_plan_id") or row.text("action_plan")
        row.skip("action_plan")
        if key is None:
            attached = self.source.spec.links["not_attached"].get(read)
            if attached is None:
                raise RowError(
                    "columns action_plan and action_plan_id: both empty; name the plan, or decide it in "
                    f"links.not_attached of {self.source.source_id}.yml"
                )
            return str(attached)
        if (member, key) not in self.plans:
            raise RowError(
                f"column action_plan: {member} has no plan {key!r} in action_plans.csv; add it or correct it"
            )
        return self.plans[member, key].plan_id

    def _identity(self, row: Row, read: str | None, plan_id: str) -> tuple[str, str]:
        """The id and the register that gives it: OGP's as read, else plan and number, else plan and a letter."""
        number = row.text("commitment_number")
        if read is not None:
            if not (_LEGACY_ID.fullmatch(read) or _OGP_ID.fullmatch(read)):
                raise RowError(f"column commitment_id: read {read!r}; an id such as JAL0001 or MXJL0001 would be right")
            given, register = read, "ogp_legacy_local" if _LEGACY_ID.fullmatch(read) else "ogp"
        elif number is not None:
            given, register = f"{plan_id}-{number_part(number)}", "ogp_local"
        else:
            self._unnumbered[plan_id] += 1
            given, register = f"{plan_id}-{letters(self._unnumbered[plan_id])}", "ogp_local"
        if given in self._ids:
            raise RowError(f"the commitment {given} stands twice; keep the row that holds")
        return given, register

    def _titles(self, row: Row, commitment_id: str) -> dict[str, str | None]:
        title, short = row.text("commitment_title"), row.text("short_title")
        if not title and not short:
            raise RowError("columns commitment_title and short_title: both empty; a title is needed")
        if commitment_id in self.source.spec.links["spanish_titles"]:
            return {"title_es": title, "title_en": short}
        return {"title_es": None, "title_en": title or short}

    def _warning(self, read: str | None, starts: PartialDate, ends: PartialDate) -> str | None:
        if read in self.source.spec.links["not_attached"]:
            return "not_attached_to_plan"
        if starts.text is None or ends.text is None:
            return None
        known = min(len(starts.text), len(ends.text))
        return "ends_before_start" if ends.text[:known] < starts.text[:known] else None

    def _tags(self, row: Row, commitment_id: str) -> None:
        values = [self.source.look_up("ogp_values", value, "ogp_values") for value in row.split("ogp_values")]
        tags = {("ogp_values", value) for value in values}
        area = row.text("policy_area")
        for vocabulary, tag in sorted(tags | ({("ogp_listing", area)} if area else set())):
            row.add("commitment_policy_areas", commitment_id=commitment_id, vocabulary=vocabulary, policy_area=tag)

    def _ratings(self, row: Row, commitment_id: str, report_url: str | None) -> None:
        """The judgements read, each under the report that the kind of page points to."""
        kind = _EVIDENCE.match(row.text("evidence") or "")
        origin: Mapping[str, Any] = self.source.spec.links["evidence"].get(kind[0] if kind else "", {})
        for column, entry in self.source.spec.links["ratings"].items():
            raw = row.text(column)
            if raw is None:
                continue
            if not origin:
                raise RowError(
                    f"column {column}: read {raw!r} on a page that links.evidence does not name; add it to the YAML"
                )
            # Completion is never on a commitment's page: it comes from the report that the row names.
            from_report = entry["criterion"] == "completion" and origin["report"] == "inception_report"
            row.add(
                "commitment_ratings",
                commitment_id=commitment_id,
                reviewer=origin["reviewer"],
                report="end_of_commitment_report" if from_report else origin["report"],
                criterion=entry["criterion"],
                edition=self.source.source_id,
                value_code=self._value(row, column, entry["lookup"]),
                value_raw=raw,
                source_url=report_url if from_report else row.url("source_url"),
            )

    def _value(self, row: Row, column: str, lookup: str | None) -> str | None:
        return row.code(column, "rating_value") if lookup is None else row.choice(column, lookup)

    def _institutions(self, row: Row, commitment_id: str, member: str, country: str) -> None:
        """Who is involved: a flat list that does not tell lead from support. The lead is taken from the lead's column.

        Outside of Mexico that column is prose naming several bodies: it stays a text.
        """
        codes = self.source.spec.links["localities"].get(member, {})
        subject = Subject("commitment", commitment_id, member, country, codes.get("state_code"), row.url("source_url"))
        lead = row.split("lead_institution") if country == "MX" else []
        self.organisations.take_part(row, subject, "lead", lead, "lead_institution")
        involved = row.split("institutions_involved")
        self.organisations.take_part(row, subject, "participant", involved, "institutions_involved")

    def _links(self, row: Row, commitment_id: str) -> None:
        for link in self.source.spec.links["same_commitments"]:
            if link["commitment"] == commitment_id:
                row.add(
                    "commitment_links",
                    commitment_id=commitment_id,
                    other_commitment_id=link["other"],
                    link="same_commitment",
                    note=link["note"],
                )
