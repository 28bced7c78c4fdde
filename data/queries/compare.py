"""Countries beside each other: how their commitments were coded, plan by plan, in one edition of one source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, case, func, select

from data.indicators.completion import REVIEWER
from data.schema.commitments import commitments
from data.schema.places import countries
from data.schema.plans import plans
from data.schema.provenance import snapshots
from data.schema.ratings import commitment_ratings

# One edition for all: editions differ in coverage, and only this one has every country coded by the same rules.
EDITION = "explorer_2017"
COMPLETION, IMPACT, SPECIFICITY = "completion", "potential_impact", "specificity"
# The values of each criterion that make up its denominator, from the best to the worst; others stand apart.
SCALES: Mapping[str, tuple[str, ...]] = {
    COMPLETION: ("complete", "substantial", "limited", "not_started"),
    IMPACT: ("transformative", "moderate", "minor", "none"),
    SPECIFICITY: ("high", "medium", "low", "none"),
}


@dataclass
class Graded:
    """Commitments by coded value, of one criterion. Key None counts those without a value (ND, NR, NA)."""

    criterion: str
    counts: Counter[str | None] = field(default_factory=Counter)

    @property
    def rated(self) -> int:
        """The denominator: commitments with a value of the scale."""
        return sum(self.counts[value] for value in SCALES[self.criterion])

    @property
    def apart(self) -> int:
        """Commitments outside the scale (withdrawn, unclear) or without a value."""
        return sum(self.counts.values()) - self.rated

    def share(self, *values: str) -> float | None:
        """The share of some values of the scale, 0 to 1; None where nothing was rated, which is not 0."""
        return sum(self.counts[value] for value in values) / self.rated if self.rated else None


@dataclass
class PlanProfile:
    """A plan of a country, or all plans with one number: its year (None: not known) and its commitments by criterion."""

    number: int
    year: str | None
    graded: dict[str, Graded] = field(default_factory=lambda: {name: Graded(name) for name in SCALES})


@dataclass
class CountryProfile:
    """A country with its plans by number. `country_code` is None for all countries together."""

    country_code: str | None
    name_es: str
    name_en: str
    plans: dict[int, PlanProfile] = field(default_factory=dict)

    def total(self, criterion: str) -> Graded:
        """All plans together."""
        together = Graded(criterion)
        for plan in self.plans.values():
            together.counts.update(plan.graded[criterion].counts)
        return together


def country_profiles(connection: Connection) -> dict[str, CountryProfile]:
    """Every country with coded commitments, by its code."""
    columns = countries.c
    named = {
        row.country_code: row
        for row in connection.execute(select(columns.country_code, columns.name_es, columns.name_en))
    }
    found: dict[str, CountryProfile] = {}
    for country_code, number, year, criterion, value, count in _graded(connection):
        names = named[country_code]
        country = found.setdefault(country_code, CountryProfile(country_code, names.name_es, names.name_en))
        plan = country.plans.setdefault(number, PlanProfile(number, year))
        plan.graded[criterion].counts[value] += count
    return found


def all_together(profiles: Sequence[CountryProfile]) -> CountryProfile:
    """The countries as one, their plans joined by number; a measure of what is usual, not a country."""
    together = CountryProfile(None, "", "")
    for profile in profiles:
        for number, plan in profile.plans.items():
            joined = together.plans.setdefault(number, PlanProfile(number, None))
            for criterion, graded in plan.graded.items():
                joined.graded[criterion].counts.update(graded.counts)
    return together


def edition_date(connection: Connection) -> str | None:
    """The date (``YYYY-MM-DD``) of the copy that the edition was read from; None where the release has none."""
    copies = select(commitment_ratings.c.snapshot_id).where(commitment_ratings.c.edition == EDITION).distinct()
    query = select(func.max(snapshots.c.fetched_at)).where(snapshots.c.snapshot_id.in_(copies))
    found: str | None = connection.execute(query).scalar()
    return found[:10] if found else None


def _graded(connection: Connection) -> Sequence[tuple[str, int, str | None, str, str | None, int]]:
    """Country, number and year of the plan, criterion, value, commitments: of completion the last word counts."""
    ratings = commitment_ratings.c
    last_word = func.coalesce(
        func.max(case((ratings.report == "end_of_term", ratings.value_code))),
        func.max(case((ratings.report == "progress_report", ratings.value_code))),
        func.max(case((ratings.report == "database", ratings.value_code))),
    )
    # A plan that was expanded began with the record that it replaced.
    earlier = plans.alias()
    each = (
        select(
            commitments.c.country_code,
            plans.c.number,
            func.coalesce(earlier.c.starts_on, plans.c.published_on, plans.c.starts_on).label("since"),
            ratings.criterion,
            last_word.label("value"),
        )
        .join(commitments, commitments.c.commitment_id == ratings.commitment_id)
        .join(plans, plans.c.plan_id == commitments.c.plan_id)
        .outerjoin(earlier, earlier.c.same_as_plan_id == plans.c.plan_id)
        .where(ratings.reviewer == REVIEWER, ratings.edition == EDITION, ratings.criterion.in_(SCALES))
        .where(commitments.c.scope == "national", plans.c.number.is_not(None))
        .group_by(
            ratings.commitment_id,
            commitments.c.country_code,
            plans.c.number,
            earlier.c.starts_on,
            plans.c.published_on,
            plans.c.starts_on,
            ratings.criterion,
        )
        .subquery()
    )
    query = (
        select(each.c.country_code, each.c.number, each.c.since, each.c.criterion, each.c.value, func.count())
        .group_by(each.c.country_code, each.c.number, each.c.since, each.c.criterion, each.c.value)
        .order_by(each.c.country_code, each.c.number)
    )
    return [
        (country_code, number, since[:4] if since else None, criterion, value, count)
        for country_code, number, since, criterion, value, count in connection.execute(query)
    ]
