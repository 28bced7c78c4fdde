"""What the independent review stands on, in words: which of its reports, of which year, and of which years' plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from data.indicators.completion import REPORTS, Completion
from data.queries.national_plan import CommitmentSummary, NationalPlan
from data.schema.vocabularies import label
from layouts.components.island import Children
from layouts.i18n import Locale
from layouts.plan_names import mark

_MARKED = "\0"


def report_named(report: str, years: Iterable[int | None], locale: Locale) -> str:
    """``informe de avance (2013, 2015)``: a report and the years of its editions, where the source says them."""
    known = sorted({year for year in years if year})
    name = label("report", report, locale.code)
    return f"{name} ({', '.join(map(str, known))})" if known else name


def reports_named(items: Sequence[CommitmentSummary], locale: Locale) -> str | None:
    """The reports that the grades of some commitments come from; None where none has a grade."""
    years: dict[str, set[int | None]] = defaultdict(set)
    for item in items:
        if item.grade and item.grade_report:
            years[item.grade_report].add(item.grade_year)
    return "; ".join(report_named(report, years[report], locale) for report in REPORTS if report in years) or None


def only_progress(items: Sequence[CommitmentSummary]) -> bool:
    """Whether all grades are from progress reports: what was completed after them is then not known."""
    return {item.grade_report for item in items if item.grade} == {"progress_report"}


def reviewed(items: Sequence[CommitmentSummary], locale: Locale) -> str | None:
    """Two sentences: the reports of the grades, and what they cannot say; None where nothing was graded."""
    named = reports_named(items, locale)
    if named is None:
        return None
    said = locale.text("Las calificaciones salen de: {reports}.", reports=named)
    if not only_progress(items):
        return said
    later = locale.text(
        "De informes de fin de periodo de estos planes no hay dato en la base: lo que se completó después no está aquí."
    )
    return f"{said} {later}"


def found_complete(plans: Sequence[NationalPlan], counted: Mapping[str, Completion], locale: Locale) -> Children:
    """The headline of several plans: how many of the reviewed commitments were found complete, and of which years."""
    rated = [plan for plan in plans if plan.plan_id in counted and counted[plan.plan_id].rated]
    starts = [date[:4] for plan in rated if (date := plan.earlier_starts_on or plan.starts_on)]
    ends = [plan.ends_on[:4] for plan in rated if plan.ends_on]
    complete = sum(counted[plan.plan_id].complete for plan in rated)
    total = locale.number(sum(counted[plan.plan_id].rated for plan in rated))
    if not starts or not ends:
        said = locale.plural(
            "De {total} compromisos evaluados, la revisión independiente encontró completo {done}.",
            "De {total} compromisos evaluados, la revisión independiente encontró completos {done}.",
            complete,
            total=total,
            done=_MARKED,
        )
    else:
        said = locale.plural(
            "De {total} compromisos evaluados de los planes de {start} a {end}, la revisión independiente encontró completo {done}.",
            "De {total} compromisos evaluados de los planes de {start} a {end}, la revisión independiente encontró completos {done}.",
            complete,
            total=total,
            start=min(starts),
            end=max(ends),
            done=_MARKED,
        )
    before, after = said.split(_MARKED)
    return [before, mark(locale.number(complete)), after]
