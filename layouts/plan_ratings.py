"""What the reviewer made of the commitments beyond completion: their ambition, and their early results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from dash.development.base_component import Component

from data.queries.citations import Citation
from data.queries.national_plan import CommitmentSummary, NationalPlan, PublishedTotal
from data.schema.vocabularies import label
from layouts.components.cited import cited, cut_off
from layouts.components.tables import Bar, Key, Part, bars
from layouts.components.view import Data, view
from layouts.i18n import Locale
from layouts.page import Visit
from layouts.plan_names import capital, outside, plan_name

# Values by level, the highest first. Two reports may call one level by two names.
AMBITION_LEVELS: Mapping[str, Sequence[str]] = {
    "level-4": ("transformative", "high"),
    "level-3": ("moderate", "medium"),
    "level-2": ("minor", "low"),
    "level-1": ("none", "worsens", "unclear"),
}
RESULT_LEVELS: Mapping[str, Sequence[str]] = {
    "level-4": ("outstanding",),
    "level-3": ("major", "significant"),
    "level-2": ("marginal",),
    "level-1": ("did_not_change", "no_notable", "no_results_yet"),
}
# The IRM's published totals of early results by value, and the commitments that it found without any.
RESULT_TOTALS = {
    "outstanding": "early_results_outstanding_irm",
    "significant": "early_results_significant_irm",
    "marginal": "early_results_marginal_irm",
    "no_results_yet": "commitments_paused_without_early_results_irm",
}
ANY_RESULTS = "early_results_any_irm"
RESULT_METRICS = frozenset({ANY_RESULTS, *RESULT_TOTALS.values()})
# The commitments of which the IRM's design report counted that their potential impact was the highest.
TRANSFORMATIVE = "commitments_transformative_irm_design"
AMBITION_CRITERIA = ("potential_impact", "ambition")


def ambition_view(
    visit: Visit,
    plans: Sequence[NationalPlan],
    items: Sequence[CommitmentSummary],
    totals: Sequence[PublishedTotal],
    citations: Sequence[Citation],
) -> Component:
    """Potential impact or ambition by plan, as coded, and what a report counted; what was not coded stays hatched."""
    locale, _ = visit.locale, visit.locale.text
    counted = {
        (plan.plan_id, criterion): _values(items, plan.plan_id, criterion)
        for plan in plans
        for criterion in AMBITION_CRITERIA
    }
    designed = {total.plan_id: total for total in totals if total.metric == TRANSFORMATIVE}
    rows = [
        bar
        for plan in plans
        for bar in _ambition_bars(visit, plan, designed.get(plan.plan_id), counted, _size(plan, items))
    ]
    return view(
        visit,
        key="ambicion",
        sentence=_ambition_sentence(visit, plans, counted),
        text=_(
            "El impacto potencial (hasta 2017) y la ambición (después) son escalas distintas del IRM y no forman una "
            "serie. Lo rayado no tiene calificación publicada."
        ),
        keys=_level_keys(
            AMBITION_LEVELS,
            {value for values in counted.values() for value in values} | ({"transformative"} if designed else set()),
            locale,
        ),
        figure=bars(
            _("Compromisos por plan y grado de ambición"),
            (_("Plan y escala"), _("Parte de los compromisos"), _("Con dato")),
            rows,
            locale,
        ),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        proofs=_proofs(items, AMBITION_CRITERIA, [*designed.values()]),
    )


def results_view(
    visit: Visit,
    plans: Sequence[NationalPlan],
    items: Sequence[CommitmentSummary],
    totals: Sequence[PublishedTotal],
    citations: Sequence[Citation],
) -> Component:
    """Early results by plan: the IRM's published totals, and what the page of each commitment says."""
    locale, _ = visit.locale, visit.locale.text
    by_metric = {(total.plan_id, total.metric): total for total in totals}
    rows = [bar for plan in plans for bar in _result_bars(visit, plan, items, by_metric)]
    used = {value for item in items for value in item.ratings.get("early_results", ())}
    used |= {value for value, metric in RESULT_TOTALS.items() for plan in plans if (plan.plan_id, metric) in by_metric}
    return view(
        visit,
        key="resultados",
        sentence=_results_sentence(visit, plans, by_metric),
        text=_(
            "Qué cambió gracias al compromiso, según el IRM: los totales de sus informes y lo que dice la página de cada compromiso."
        ),
        keys=_level_keys(RESULT_LEVELS, used, locale),
        figure=bars(
            _("Compromisos por plan y primeros resultados"),
            (_("Plan y quién lo dice"), _("Parte de los compromisos"), _("Con dato")),
            rows,
            locale,
        ),
        sources=cited(citations, locale),
        as_of=cut_off(citations, locale),
        proofs=_proofs(items, ["early_results"], [by_metric[key] for key in by_metric if key[1] in RESULT_METRICS]),
    )


def _proofs(
    items: Sequence[CommitmentSummary], criteria: Sequence[str], totals: Sequence[PublishedTotal]
) -> list[Data]:
    """The rows of a view: the ratings of the commitments, and the published totals that stand beside them."""
    ids = [item.commitment_id for item in items]
    ratings = Data("commitment_ratings", {"criterion": criteria, "commitment_id": ids})
    named = {
        "plan_id": sorted({total.plan_id for total in totals}),
        "metric": sorted({total.metric for total in totals}),
    }
    return [*([Data("plan_metrics", named)] if totals else []), ratings]


def _values(items: Sequence[CommitmentSummary], plan_id: str, criterion: str) -> Counter[str]:
    """Commitments of a plan by value; one on which editions disagree has no single value and is not counted."""
    found = [item.ratings.get(criterion, ()) for item in items if item.plan_id == plan_id]
    return Counter(values[0] for values in found if len(values) == 1)


def _ambition_bars(
    visit: Visit,
    plan: NationalPlan,
    designed: PublishedTotal | None,
    counted: Mapping[tuple[str, str], Counter[str]],
    size: int,
) -> list[Bar]:
    locale = visit.locale
    name = plan_name(plan, locale)
    rows = [
        _level_bar(visit, name, label("criterion", criterion, locale.code), AMBITION_LEVELS, values, size)
        for criterion in AMBITION_CRITERIA
        if (values := counted[plan.plan_id, criterion])
    ]
    if designed is not None and plan.declared:
        who = locale.text("impacto potencial, informe de diseño del IRM, {date}", date=locale.date(designed.as_of))
        values = Counter({"transformative": int(designed.value)})
        rows.append(_level_bar(visit, name, who, AMBITION_LEVELS, values, plan.declared, designed.source_url))
    return rows or [Bar(name, [], None)]


def _size(plan: NationalPlan, items: Sequence[CommitmentSummary]) -> int:
    """The commitments of a plan: those kept, and those of which nothing was found."""
    return sum(item.plan_id == plan.plan_id for item in items) + plan.unlisted


def _result_bars(
    visit: Visit,
    plan: NationalPlan,
    items: Sequence[CommitmentSummary],
    totals: Mapping[tuple[str, str], PublishedTotal],
) -> list[Bar]:
    locale = visit.locale
    name = plan_name(plan, locale)
    rows = []
    published = {
        value: total for value, metric in RESULT_TOTALS.items() if (total := totals.get((plan.plan_id, metric)))
    }
    if published and plan.declared:
        first = next(iter(published.values()))
        values = Counter({value: int(total.value) for value, total in published.items()})
        who = locale.text("informe de resultados del IRM, {date}", date=locale.date(first.as_of))
        rows.append(_level_bar(visit, name, who, RESULT_LEVELS, values, plan.declared, first.source_url))
    read = _values(items, plan.plan_id, "early_results")
    if read:
        who = locale.text("páginas de los compromisos")
        rows.append(_level_bar(visit, name, who, RESULT_LEVELS, read, _size(plan, items)))
    return rows or [Bar(name, [], None)]


def _level_bar(
    visit: Visit,
    name: str,
    detail: str,
    levels: Mapping[str, Sequence[str]],
    values: Mapping[str, int],
    total: int,
    address: str | None = None,
) -> Bar:
    locale = visit.locale
    parts = [
        Part(
            values[value] / total,
            level,
            f"{capital(label('rating_value', value, locale.code))}: {locale.number(values[value])}",
        )
        for level, names in levels.items()
        for value in names
        if values.get(value)
    ]
    known = sum(values[value] for names in levels.values() for value in names if value in values)
    said = locale.text("{n} de {total}", n=locale.number(known), total=locale.number(total))
    return Bar(name, parts, outside(said, address), detail)


def _level_keys(levels: Mapping[str, Sequence[str]], used: set[str], locale: Locale) -> list[Key]:
    """The legend: each level with the values in use, under all their names."""
    named = {
        level: [label("rating_value", value, locale.code) for value in values if value in used]
        for level, values in levels.items()
    }
    known = [Key(level, capital(" / ".join(names))) for level, names in named.items() if names]
    return [*known, Key("no-data", capital(locale.text("sin dato")))]


def _ambition_sentence(
    visit: Visit, plans: Sequence[NationalPlan], counted: Mapping[tuple[str, str], Counter[str]]
) -> str:
    """How many aimed highest, of the plan and scale with most values."""
    locale = visit.locale
    by_id = {plan.plan_id: plan for plan in plans}
    most = max(counted, key=lambda key: counted[key].total(), default=None)
    if most is None or not counted[most]:
        return locale.text("De la ambición de los compromisos no hay calificaciones publicadas")
    top = next(value for value in AMBITION_LEVELS["level-4"] if _fits(most[1], value))
    words = {
        "plan": plan_name(by_id[most[0]], locale),
        "total": locale.number(counted[most].total()),
        "criterion": label("criterion", most[1], locale.code),
        "value": label("rating_value", top, locale.code),
    }
    if not counted[most][top]:
        return locale.text("{plan}: ninguno de los {total} compromisos con dato tiene {criterion} «{value}»", **words)
    found = locale.number(counted[most][top])
    return locale.text("{plan}: {n} de los {total} compromisos con dato tienen {criterion} «{value}»", n=found, **words)


def _fits(criterion: str, value: str) -> bool:
    """Whether a highest value is of the criterion's scale."""
    return (value == "transformative") == (criterion == "potential_impact")


def _results_sentence(
    visit: Visit, plans: Sequence[NationalPlan], totals: Mapping[tuple[str, str], PublishedTotal]
) -> str:
    locale = visit.locale
    for plan in reversed(plans):
        some = totals.get((plan.plan_id, ANY_RESULTS))
        if some is not None and plan.declared:
            return locale.text(
                "{plan}: {n} de {total} compromisos con primeros resultados, según el IRM",
                plan=plan_name(plan, locale),
                n=locale.number(some.value),
                total=locale.number(plan.declared),
            )
    return locale.text("De los primeros resultados no hay un total publicado; sí lo que dice cada página")
