"""Reads the curated list of Mexico's national plans: plans, figures, timeline, commitments, organisations, actions.

Plan 4's actions and activities repeat the board, a source of its own, and are ignored here; of the activities only the
deadline written inside a title is taken, which the board has no field for. Organisations come from ``actors.csv``
alone: it names every organisation that the free text of ``commitments.csv`` names, already told apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from etl.identity import slug
from etl.sources.reading import Row, RowError, Source

EDITION = "national_plans"
BOARD_REPEATS = "repeats a record of the national board, which is read from the board itself"
BOARD_JUDGED = "quality judged by hand; the board's own reader marks the same rows and a test compares both"
CRITERIA = ("verifiable", "potential_impact", "ambition", "completion", "early_results", "starred")
TAGS = {"policy_areas": "ogp_page", "primary_policy_area_listed": "ogp_listing", "sdgs_board": "sdg"}
PLAN_ID = re.compile(r"MX-P\d+E?")


def parse(source: Source) -> None:
    """Read the nine files; a new event without its Spanish sentence in the YAML is rejected."""
    reader = NationalPlans(source)
    source.each("plans.csv", reader.plan, columns=("plan_id", "number"))
    source.each("plan_metrics.csv", metric, columns=("plan_id", "metric", "value"))
    source.each("timeline.csv", reader.event, columns=("date", "event"))
    source.each("actors.csv", reader.participation, columns=("name", "local_id", "role"))
    source.each("commitments.csv", commitment, columns=("local_id", "commitment_id"))
    source.each("actions.csv", reader.action, columns=("local_id", "action_id"))
    source.each("activities.csv", reader.activity, columns=("local_id", "activity_id", "deadline_in_text"))
    source.each("board4_staging_milestones.csv", ignored(BOARD_JUDGED), columns=("hito_uuid", "date_quality"))
    source.each("board4_staging_activities.csv", ignored(BOARD_JUDGED), columns=("actividad_uuid", "content_quality"))


class NationalPlans:
    """The readers that need what the YAML declares."""

    def __init__(self, source: Source) -> None:
        links = source.spec.links
        self.country: dict[str, str] = links["country"]
        self.same_plan: dict[str, str] = links["same_plan"]
        self.board_plan: str = links["board_plan"]
        self.events_es: dict[str, str] = links["events_es"]
        self.kinds = source.spec.lookups["kind_of_actor"]

    def plan(self, row: Row) -> None:
        """A national plan and the country it covers."""
        plan_id = row.need("plan_id")
        basis, note = row.text("n_commitments_basis"), row.text("notes")
        parts = [note, f"number of commitments from {basis}" if basis else None]
        row.add("countries", **self.country)
        row.add(
            "plans", plan_id=plan_id, scope="national", country_code=self.country["country_code"],
            number=row.integer("number"), name_es=row.text("name_es"), name_en=row.text("name_en"),
            **row.dated("starts", "start"), **row.dated("ends", "end"),
            declared_commitments=row.integer("n_commitments"), board_url=row.url("board_url"),
            same_as_plan_id=self.same_plan.get(plan_id), source_url=row.url("source_url"),
            note="; ".join(part for part in parts if part) or None,
        )  # fmt: skip
        country = self.country["country_code"]
        row.add("plan_jurisdictions", plan_id=plan_id, place_kind="country", place_id=country)
        row.skip("source_url_2")

    def event(self, row: Row) -> None:
        """An event of the timeline; its id is its date and its English sentence."""
        happened, event_en = row.dated("happened", "date"), row.need("event")
        event_id = f"{happened['happened_on'] or 'undated'}-{slug(event_en)}"
        if event_id not in self.events_es:
            raise RowError(
                f"column event: read {event_en!r}, without its Spanish; add it as {event_id!r} to links.events_es of "
                "national_plans.yml"
            )
        row.add(
            "plan_events", event_id=event_id, plan_id=row.text("plan_id"), **happened,
            event_es=self.events_es[event_id], event_en=event_en, source_url=row.url("source_url"),
        )  # fmt: skip

    def participation(self, row: Row) -> None:
        """An organisation in a plan or commitment."""
        name, local_id, role = row.need("name"), row.need("local_id"), row.need("role")
        kind = self.kinds.get(name.lower()) or row.choice("kind", "kind")
        role_code = row.choice("role", "role")
        row.skip("kind")
        if not slug(name) or kind is None:
            raise RowError(
                f"column name: read {name!r} of kind {kind!r}; the name of an organisation and its kind are needed"
            )
        commitment_id, address = row.text("commitment_id"), row.url("source_url")
        subject_kind = "plan" if PLAN_ID.fullmatch(local_id) else "commitment"
        subject_id = commitment_id or local_id
        actor = row.actor(name, kind=kind, acronym=row.text("acronym"))
        row.add(
            "participations", participation_id=f"{subject_id}:{role_code}:{actor}", actor_id=actor,
            subject_kind=subject_kind, subject_id=subject_id, role=role_code, role_in_source=role,
            source_url=address, note=row.text("notes"),
        )  # fmt: skip

    def action(self, row: Row) -> None:
        """A line of action of plan 3; those of plan 4 repeat the board."""
        if row.need("local_id").startswith(self.board_plan):
            ignored(BOARD_REPEATS)(row)
            return
        _must_be_empty(row, "status", "progress", "date_quality")
        row.add(
            "actions", action_id=row.need("action_id"), commitment_id=_commitment_id(row),
            position=row.integer("action_order"), title=row.text("title_es"),
            **row.dated("starts", "start"), **row.dated("ends", "end"), responsible=row.text("responsible"),
            is_placeholder=False, source_url=row.url("source_url"),
        )  # fmt: skip
        row.skip("title_shortened", "notes")

    def activity(self, row: Row) -> None:
        """The deadline inside an activity's title; the rest of the row repeats the board."""
        deadline = row.dated("deadline_in_text", "deadline_in_text")
        if not row.need("local_id").startswith(self.board_plan):
            raise RowError(
                f"column local_id: read {row.need('local_id')!r}; an activity of {self.board_plan} would be right"
            )
        if deadline["deadline_in_text_on"] is None:
            ignored(BOARD_REPEATS)(row)
            return
        row.add(
            "activities", activity_id=row.need("activity_id"), action_id=row.need("action_id"), is_placeholder=False,
            **deadline,
        )  # fmt: skip
        row.skip(*row.values)


def metric(row: Row) -> None:
    """A published total about a plan."""
    row.need("value")
    row.add(
        "plan_metrics", plan_id=row.need("plan_id"), metric=row.need("metric"), as_of=row.date("as_of").text or "",
        value=row.number("value"), unit=row.need("unit"), source_url=row.url("source_url"), note=row.text("notes"),
    )  # fmt: skip


def commitment(row: Row) -> None:
    """A commitment with its ids, tags and what its OGP page said of it."""
    identity, ogp_id = _commitment_id(row), row.text("commitment_id")
    title_es, title_on_page = row.text("title_es"), row.text("title_es_ogp")
    translated = title_es is None and title_on_page is not None
    address = row.url("source_url")
    row.add(
        "commitments", commitment_id=identity, ogp_id=ogp_id, plan_id=row.need("plan_id"),
        number=row.text("number_in_plan"), title_es=title_es or title_on_page, title_en=row.text("title_en"),
        title_board=row.text("title_board"), country_code="MX", scope="national",
        lead_institution=row.text("lead_institutions"), supporting_institutions=row.text("supporting_institutions"),
        ogp_status=row.text("ogp_status"), source_url=address, note=row.text("notes"),
        warning="machine_translated" if translated else None,
    )  # fmt: skip
    if ogp_id is not None:
        row.add("commitment_ids", commitment_id=identity, register="ogp", register_id=ogp_id, basis="read")
    row.add(
        "commitment_ids", commitment_id=identity, register="national_plans", register_id=row.need("local_id"),
        basis="given",
    )  # fmt: skip
    _tags_and_ratings(row, identity, address)
    # Reports are listed without saying which one a judgement is from; the board's id is read from the board.
    row.skip("irm_reports", "board_uuid", "source_url_2")


def ignored(reason: str) -> Callable[[Row], None]:
    """A reader that takes nothing from a row, and says why."""

    def ignore(row: Row) -> None:
        row.skip(*row.values)
        row.ignore(reason)

    return ignore


def _commitment_id(row: Row) -> str:
    """The OGP id where one was read, else the id given here (``MX-P2-01``)."""
    return row.text("commitment_id") or row.need("local_id")


def _tags_and_ratings(row: Row, commitment_id: str, address: str | None) -> None:
    tags = {(vocabulary, tag) for column, vocabulary in TAGS.items() for tag in row.split(column)}
    criteria = list(CRITERIA)
    # The newer page says only whether a commitment is relevant, the older one to which of OGP's values.
    if row.text("relevance_ogp_values") in ("Yes", "No"):
        criteria.append("relevant")
    else:
        tags |= {("ogp_values", tag) for tag in row.split("relevance_ogp_values")}
    for vocabulary, tag in sorted(tags):
        row.add("commitment_policy_areas", commitment_id=commitment_id, vocabulary=vocabulary, policy_area=tag)
    for criterion in criteria:
        column = "relevance_ogp_values" if criterion == "relevant" else criterion
        if row.text(column) is not None:
            row.add(
                "commitment_ratings", commitment_id=commitment_id, reviewer="irm", report="commitment_page",
                criterion=criterion, edition=EDITION, value_code=row.choice(column, "rating"),
                value_raw=row.text(column), no_value_reason=None, source_url=address,
            )  # fmt: skip


def _must_be_empty(row: Row, *columns: str) -> None:
    """Columns that hold nothing today and have no place: a value that appears in one must not be lost unseen."""
    for column in columns:
        if (text := row.text(column)) is not None:
            raise RowError(
                f"column {column}: read {text!r}, for which national_plans.py has no place yet; read it there"
            )
