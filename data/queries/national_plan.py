"""The national plans of Mexico and their commitments: what was promised, what the board says, what the IRM found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Row, Select, case, func, select, union

from data.indicators.completion import REVIEWER, Coding, Completion, completion, final_coding
from data.schema.commitments import actions, activities, commitment_policy_areas, commitments
from data.schema.plans import plan_events, plan_metrics, plans
from data.schema.provenance import snapshots
from data.schema.ratings import commitment_progress, commitment_ratings

COUNTRY = "MX"
# What a row's warning says where its text is another commitment's: it is no promise of this one and does not count.
COPIED = ("cloned_from_template", "text_of_other_commitment")
SHOWN_RATINGS = ("potential_impact", "ambition", "early_results")


@dataclass(frozen=True)
class NationalPlan:
    """A national plan; dates are partial (``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``).

    `declared` is what the plan says it has, `listed` how many commitments stand in this release. `earlier_plan_id` and
    `earlier_starts_on` are of an earlier record of the same plan (the first plan was expanded).
    """

    plan_id: str
    number: int
    name_es: str | None
    name_en: str | None
    starts_on: str | None
    ends_on: str | None
    declared: int | None
    listed: int
    board_url: str | None
    source_url: str | None
    earlier_plan_id: str | None
    earlier_starts_on: str | None

    @property
    def unlisted(self) -> int:
        """How many commitments the plan says it has beyond those of which anything was found."""
        return max(0, (self.declared or 0) - self.listed)


@dataclass(frozen=True)
class CommitmentSummary:
    """A commitment in a list. `grade` is its completion by the IRM, `grade_report` and `grade_year` the report in which it
    was coded and the year of that report, and `graded_on` the date of the copy it was read from.

    `ratings` are the coded values of `SHOWN_RATINGS` that have one, more than one where editions disagree.
    `policy_areas` are (vocabulary, tag).
    """

    commitment_id: str
    plan_id: str
    number: str | None
    title_es: str | None
    title_en: str | None
    lead_institution: str | None
    warning: str | None
    grade: str | None
    grade_report: str | None
    grade_year: int | None
    graded_on: str | None
    ratings: Mapping[str, tuple[str, ...]]
    policy_areas: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class BoardProgress:
    """The board on one commitment at a cut-off: its own activities, those with a status, and what does not count.

    `shares` are percent by status and sum to 100; None where no own activity is left: no progress, which is not 0.
    `copied` are activities with the text of another commitment, `placeholders` those without content.
    """

    commitment_id: str
    as_of: str
    shares: Mapping[str, float] | None
    activities: int
    with_status: int
    copied: int
    placeholders: int
    basis: str
    warning: str | None


@dataclass(frozen=True)
class PublishedTotal:
    """A published total about a plan; `as_of` is None where the source does not date it."""

    plan_id: str
    metric: str
    value: float
    unit: str
    as_of: str | None
    note: str | None
    source_url: str | None


@dataclass(frozen=True)
class PlanEvent:
    """Something that happened in the national process; `happened_on` is a partial date."""

    happened_on: str
    event_es: str
    event_en: str
    plan_id: str | None
    source_url: str | None


def national_plans(connection: Connection) -> list[NationalPlan]:
    """The plans by number, each once: other records of the same plan only lend it their start."""
    listed = select(commitments.c.plan_id, func.count().label("listed")).group_by(commitments.c.plan_id).subquery()
    columns = plans.c
    query = (
        select(
            columns.plan_id,
            columns.number,
            columns.name_es,
            columns.name_en,
            columns.starts_on,
            columns.ends_on,
            columns.declared_commitments,
            columns.board_url,
            columns.source_url,
            columns.same_as_plan_id,
            func.coalesce(listed.c.listed, 0).label("listed"),
        )
        .outerjoin(listed, listed.c.plan_id == plans.c.plan_id)
        .where(plans.c.country_code == COUNTRY, plans.c.scope == "national", plans.c.number.is_not(None))
    )
    rows = connection.execute(query).all()
    earlier = {row.same_as_plan_id: (row.plan_id, row.starts_on) for row in rows if row.same_as_plan_id}
    found = [_plan(row, *earlier.get(row.plan_id, (None, None))) for row in rows if row.same_as_plan_id is None]
    return sorted(found, key=lambda plan: (plan.number, plan.plan_id))


def plan_commitments(connection: Connection) -> list[CommitmentSummary]:
    """Every commitment of the national plans, by plan and number."""
    own = _national()
    codings, values = _codings(connection, own)
    areas = _areas(connection, own)
    columns = commitments.c
    query = select(
        columns.commitment_id,
        columns.plan_id,
        columns.number,
        columns.title_es,
        columns.title_en,
        columns.lead_institution,
        columns.warning,
    ).where(columns.commitment_id.in_(own))
    rows = connection.execute(query).all()
    found = [
        _summary(row, codings[row.commitment_id], values[row.commitment_id], areas[row.commitment_id]) for row in rows
    ]
    return sorted(found, key=lambda item: (item.plan_id, number_order(item.number), item.commitment_id))


def own_copies(commitment_id: str | None = None) -> CompoundSelect[str]:
    """The copies of sources from which something of the commitments of the national plans was read, or of one of them."""
    tables = (commitments, commitment_ratings, commitment_policy_areas)
    own = _national() if commitment_id is None else [commitment_id]
    return union(*(select(table.c.snapshot_id).where(table.c.commitment_id.in_(own)) for table in tables))


def completion_by_plan(summaries: Sequence[CommitmentSummary]) -> dict[str, Completion]:
    """The count of grades of each plan that has commitments in the list."""
    grades: dict[str, list[str | None]] = defaultdict(list)
    for summary in summaries:
        grades[summary.plan_id].append(summary.grade)
    return {plan_id: completion(found) for plan_id, found in grades.items()}


def board_progress(connection: Connection, commitment_id: str | None = None) -> list[BoardProgress]:
    """The newest cut-off of the board, by commitment; of one commitment where it is named."""
    counting, asked = _activity_counts(), select(commitment_progress)
    if commitment_id is not None:
        counting = counting.where(actions.c.commitment_id == commitment_id)
        asked = asked.where(commitment_progress.c.commitment_id == commitment_id)
    counts = {row.commitment_id: row for row in connection.execute(counting)}
    by_commitment: dict[tuple[str, str], list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in connection.execute(asked):
        by_commitment[row.commitment_id, row.as_of].append(row)
    newest = {commitment_id: (commitment_id, as_of) for commitment_id, as_of in sorted(by_commitment)}
    return [_progress(by_commitment[key], counts.get(commitment_id)) for commitment_id, key in newest.items()]


def published_totals(connection: Connection) -> list[PublishedTotal]:
    """What was published about the national plans as a whole, by plan and figure."""
    columns = plan_metrics.c
    query = (
        select(
            columns.plan_id,
            columns.metric,
            columns.value,
            columns.unit,
            columns.as_of,
            columns.note,
            columns.source_url,
        )
        .join(plans, plans.c.plan_id == columns.plan_id)
        .where(plans.c.country_code == COUNTRY, plans.c.scope == "national")
    )
    found = [PublishedTotal(*row[:4], row[4] or None, *row[5:]) for row in connection.execute(query)]
    return sorted(found, key=lambda total: (total.plan_id, total.metric, total.as_of or ""))


def national_events(connection: Connection) -> list[PlanEvent]:
    """The timeline of the national process, oldest first; within a year, what is dated only by year comes last."""
    columns = plan_events.c
    query = select(columns.happened_on, columns.event_es, columns.event_en, columns.plan_id, columns.source_url).where(
        columns.happened_on.is_not(None)
    )
    found = [PlanEvent(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda event: (f"{event.happened_on}-99-99"[:10], event.event_es))


def number_order(number: str | None) -> tuple[int, str]:
    """How numbers within a plan are ordered: ``2`` before ``10``, ``10b`` after it, none last."""
    digits = ""
    for letter in number or "":
        if not letter.isdigit():
            break
        digits += letter
    return (int(digits) if digits else 10**6, number or "")


def _national() -> Select[tuple[str]]:
    """The ids of the commitments of the national plans."""
    return select(commitments.c.commitment_id).where(
        commitments.c.country_code == COUNTRY, commitments.c.scope == "national"
    )


def _codings(
    connection: Connection, own: Select[tuple[str]]
) -> tuple[dict[str, list[Coding]], dict[str, dict[str, tuple[str, ...]]]]:
    """By commitment: the codings of its completion, and the distinct values of the other ratings shown."""
    codings: dict[str, list[Coding]] = defaultdict(list)
    values: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    columns = commitment_ratings.c
    query = (
        select(
            columns.commitment_id,
            columns.criterion,
            columns.reviewer,
            columns.report,
            columns.edition,
            columns.value_code,
            columns.report_year,
            snapshots.c.fetched_at,
        )
        .outerjoin(snapshots, snapshots.c.snapshot_id == columns.snapshot_id)
        .where(columns.commitment_id.in_(own), columns.value_code.is_not(None))
        .where(columns.criterion.in_(["completion", *SHOWN_RATINGS]))
    )
    for row in connection.execute(query):
        if row.criterion == "completion" and row.reviewer == REVIEWER:
            read_on = row.fetched_at and row.fetched_at[:10]
            codings[row.commitment_id].append(Coding(row.report, row.edition, row.value_code, read_on, row.report_year))
        elif row.criterion != "completion":
            known = values[row.commitment_id].get(row.criterion, ())
            values[row.commitment_id][row.criterion] = tuple(sorted({*known, row.value_code}))
    return codings, values


def _areas(connection: Connection, own: Select[tuple[str]]) -> dict[str, frozenset[tuple[str, str]]]:
    columns = commitment_policy_areas.c
    query = select(columns.commitment_id, columns.vocabulary, columns.policy_area).where(columns.commitment_id.in_(own))
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for commitment_id, vocabulary, area in connection.execute(query):
        found[commitment_id].add((vocabulary, area))
    return defaultdict(frozenset, {commitment_id: frozenset(tags) for commitment_id, tags in found.items()})


def _activity_counts() -> Select[tuple[str, int, int, int]]:
    """By commitment: own activities with a status, copied ones, placeholders."""
    real = activities.c.is_placeholder.is_(False)
    copied = real & func.coalesce(activities.c.warning, "").in_(COPIED)
    stated = real & ~copied & activities.c.status.is_not(None)
    counted = {"stated": stated, "copied": copied, "placeholders": activities.c.is_placeholder.is_(True)}
    return (
        select(
            actions.c.commitment_id,
            *(func.sum(case((which, 1), else_=0)).label(name) for name, which in counted.items()),
        )
        .join(activities, activities.c.action_id == actions.c.action_id)
        .group_by(actions.c.commitment_id)
    )


def _plan(row: Row[*tuple[Any, ...]], earlier_plan_id: str | None, earlier_starts_on: str | None) -> NationalPlan:
    return NationalPlan(
        row.plan_id,
        row.number,
        row.name_es,
        row.name_en,
        row.starts_on,
        row.ends_on,
        row.declared_commitments,
        row.listed,
        row.board_url,
        row.source_url,
        earlier_plan_id,
        earlier_starts_on,
    )


def _summary(
    row: Row[*tuple[Any, ...]],
    codings: Sequence[Coding],
    ratings: Mapping[str, tuple[str, ...]],
    areas: frozenset[tuple[str, str]],
) -> CommitmentSummary:
    final = final_coding(codings)
    return CommitmentSummary(
        row.commitment_id,
        row.plan_id,
        row.number,
        row.title_es,
        row.title_en,
        row.lead_institution,
        row.warning,
        final.value_code if final else None,
        final.report if final else None,
        final.report_year if final else None,
        final.read_on if final else None,
        ratings,
        areas,
    )


def _progress(rows: Sequence[Row[*tuple[Any, ...]]], counts: Row[*tuple[Any, ...]] | None) -> BoardProgress:
    first = rows[0]
    known = all(row.share_pct is not None for row in rows)
    return BoardProgress(
        first.commitment_id,
        first.as_of,
        {row.status: row.share_pct for row in rows} if known else None,
        sum(row.n_activities for row in rows),
        int(counts.stated) if counts else 0,
        int(counts.copied) if counts else 0,
        int(counts.placeholders) if counts else 0,
        first.basis,
        first.warning,
    )
