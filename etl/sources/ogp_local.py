"""OGP Local: members, their plans and commitments, and the Multi-City Challenge México 2020 (curated from pages)."""

from __future__ import annotations

from dataclasses import dataclass, field

from etl.countries import country_row
from etl.identity import locality_id, slug
from etl.sources.ogp_local_commitments import Commitments, PlanRecord
from etl.sources.ogp_local_multicity import MultiCity
from etl.sources.ogp_local_organisations import Organisations, Subject
from etl.sources.reading import Row, RowError, Source

SOURCE = "ogp_local"


@dataclass
class Members:
    """Members and plans while they are read; ``plans`` finds a plan by member and by its id or title."""

    source: Source
    organisations: Organisations
    plans: dict[tuple[str, str], PlanRecord] = field(default_factory=dict)
    _countries: set[str] = field(default_factory=set)
    _members: set[str] = field(default_factory=set)
    _plan_ids: set[str] = field(default_factory=set)
    _two_ends: list[str] = field(default_factory=list)

    def locality(self, row: Row) -> None:
        """One member of OGP Local."""
        # How the page's address was found and where the population stands: told in the notes of the source.
        row.skip("member_page_url_basis", "population_source_url")
        identity, country = place_of(self.source, row)
        if identity in self._members:
            row.reject(f"column locality: {identity} stands twice; keep the row that holds")
        codes = self.source.spec.links["localities"].get(identity, {})
        membership = row.yes_no("membership_explicit_in_source")
        if membership is None:
            row.reject("column membership_explicit_in_source: empty; yes or no would be right")
        row.add(
            "localities",
            locality_id=identity,
            name=row.need("locality"),
            country_code=country,
            region=row.text("region"),
            joined_year=row.integer("year_joined"),
            cohort=row.text("cohort"),
            status=row.code("membership_status", "membership_status"),
            ogp_code=row.text("ogp_code"),
            legacy_prefix=row.text("legacy_id_prefix"),
            state_code=codes.get("state_code"),
            municipality_code=codes.get("municipality_code"),
            population=row.integer("population"),
            membership_explicit=membership,
            member_page_url=row.url("member_page_url"),
            evidence=row.text("evidence"),
            source_url=row.url("source_url"),
        )
        self._country(row, country)
        self._members.add(identity)

    def plan(self, row: Row) -> None:
        """One action plan with its places, its lead institutions and the members of its forum."""
        member, country = place_of(self.source, row)
        plan_id, number = self._plan_id(row, member)
        scope = self.source.look_up("plan_scopes", member, "locality")
        ends, duration = row.date("period_end"), row.text("period_end_duration_field")
        row.add(
            "plans",
            plan_id=plan_id,
            scope=scope,
            country_code=country,
            locality_id=member,
            number=number,
            name_en=row.text("action_plan_title"),
            **row.dated("starts", "period_start"),
            ends_on=ends.text,
            ends_precision=ends.precision,
            **self._published(row),
            declared_commitments=row.integer("commitments_count"),
            document_url=row.url("document_url"),
            ogp_plan_id=row.text("action_plan_id"),
            forum=row.text("multi_stakeholder_forum"),
            source_url=row.url("source_url"),
            note="; ".join(filter(None, (row.text("evidence"), duration and f"Duration: {duration}"))) or None,
        )
        row.add("plan_models", plan_id=plan_id, model="ogp_local")
        codes = self.source.spec.links["localities"].get(member, {})
        self._places(row, plan_id, member, scope, codes)
        subject = Subject("plan", plan_id, member, country, codes.get("state_code"), row.url("source_url"))
        for role, column in (("lead", "lead_institutions"), ("member", "forum_members")):
            self.organisations.take_part(row, subject, role, row.split(column), column)
        self._country(row, country)
        self._keep(row, PlanRecord(plan_id, member, country), ends.text, duration)

    def close(self) -> None:
        """Report the plans to which OGP's page gives two ends."""
        if self._two_ends:
            listed = ", ".join(self._two_ends)
            self.source.found(
                "notice",
                "plan_with_two_ends",
                f"La página de OGP da dos fechas de fin a {len(self._two_ends)} planes («Action Plan End» y «Duration»); "
                f"se usa la primera: {listed}.",
                f"OGP's page gives two ends to {len(self._two_ends)} plans (“Action Plan End” and “Duration”); "
                f"the first is used: {listed}.",
                table_name="plans",
            )

    def _plan_id(self, row: Row, member: str) -> tuple[str, int | None]:
        """OGP's id where it was read, else member and number, else member and first year."""
        read, number, start = row.text("action_plan_id"), row.integer("plan_number"), row.date("period_start")
        if not read and number is None and start.text is None:
            row.reject("columns action_plan_id, plan_number and period_start: all empty; one of them is needed")
        plan_id = read or f"{member}-P{number if number is not None else str(start.text)[:4]}"
        if plan_id in self._plan_ids:
            row.reject(f"the plan {plan_id} stands twice; keep the row that holds")
        return plan_id, number

    def _published(self, row: Row) -> dict[str, str | None]:
        submitted, year = row.date("date_submitted"), row.date("submission_year")
        published = submitted if submitted.text else year
        return {"published_on": published.text, "published_precision": published.precision}

    def _places(self, row: Row, plan_id: str, member: str, scope: str, codes: dict[str, str]) -> None:
        """The member, and the Mexican state or municipality it governs."""
        row.add("plan_jurisdictions", plan_id=plan_id, place_kind="locality", place_id=member)
        kind, code = ("state", "state_code") if scope == "state" else ("municipality", "municipality_code")
        if code in codes:
            row.add("plan_jurisdictions", plan_id=plan_id, place_kind=kind, place_id=codes[code])

    def _country(self, row: Row, code: str) -> None:
        if code not in self._countries:
            self._countries.add(code)
            row.add("countries", **country_row(code, row.need("country")))

    def _keep(self, row: Row, plan: PlanRecord, ends: str | None, duration: str | None) -> None:
        self._plan_ids.add(plan.plan_id)
        for key in (row.text("action_plan_id"), row.text("action_plan_title")):
            if key:
                self.plans[plan.locality_id, key] = plan
        if ends and duration and ends != duration:
            self._two_ends.append(f"{plan.plan_id} ({ends} / {duration})")


def place_of(source: Source, row: Row) -> tuple[str, str]:
    """The id of the member a row speaks of and the code of its country. Raises ``RowError`` for a name without letters."""
    name, country = row.need("locality"), source.look_up("countries", row.need("country"), "country")
    if not slug(name):
        raise RowError(f"column locality: read {name!r}; a name with Latin letters would be right")
    return locality_id(name, country), country


def parse(source: Source) -> None:
    """Load the four files: members before plans, plans before their commitments."""
    organisations = Organisations(source)
    members = Members(source, organisations)
    source.each("localities.csv", members.locality)
    source.each("action_plans.csv", members.plan)
    commitments = Commitments(source, organisations, members.plans)
    source.each("commitments.csv", lambda row: commitments.commitment(row, *place_of(source, row)))
    source.each("multicity.csv", MultiCity(source, organisations).fact)
    members.close()
    organisations.close()
