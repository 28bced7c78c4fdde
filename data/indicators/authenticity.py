"""The five minimum conditions of an authentic exercise: each met, not met, or without data. Never a single score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from data.indicators.survey import SurveyExercise

Condition = Literal["principles", "influence", "civic_space", "cocreation", "monitoring"]
CONDITIONS: tuple[Condition, ...] = ("principles", "influence", "civic_space", "cocreation", "monitoring")

# The items of the survey that answer each condition, by variable; the first one that was answered decides.
ITEMS: Mapping[Condition, Sequence[str]] = {
    "principles": ("principles_declared",),
    "influence": ("agenda_influence",),
    "civic_space": ("safe_civic_space",),
    "cocreation": ("commitments_cocreated",),
    "monitoring": ("followup_published", "verification_measures"),
}
# The columns of the release that document each condition; of a safe civic space nothing does.
DOCUMENTS: Mapping[Condition, Sequence[str]] = {
    "principles": ("declarations.has_evidence",),
    "influence": ("exercises.has_secretariat",),
    "civic_space": (),
    "cocreation": ("exercise_steps.tables", "exercise_steps.tables_act"),
    "monitoring": ("plans.has_final_report", "plans.has_independent_evaluation", "exercises.status"),
}
REPORTED = frozenset({"results_reported", "evaluated"})


@dataclass(frozen=True)
class Documents:
    """What the release documents of an exercise; None where no source says anything.

    `declaration` is the signed declaration of its state, `secretariat` the exercise's own; `cocreation_tables` says that
    the tables or their record are documented for the state, `report` and `evaluation` that a plan of the state in the
    same model has a final report or an independent evaluation; `status` is that of the exercise.
    """

    declaration: bool | None = None
    secretariat: bool | None = None
    cocreation_tables: bool | None = None
    report: bool | None = None
    evaluation: bool | None = None
    status: str | None = None


@dataclass(frozen=True)
class ConditionMark:
    """One condition: met, not met, or None for no data; `decided_by` is the item or column that decided."""

    condition: Condition
    met: bool | None
    decided_by: str | None = None


def marks_from_documents(documents: Documents) -> tuple[ConditionMark, ...]:
    """The five marks of an exercise from what is documented of it, in the order of `CONDITIONS`.

    A document can show that a condition is met. That none was found shows nothing: only a source that says no does.
    Source: the method page, "Authenticity of an exercise".
    """
    shown_by = {
        "plans.has_final_report": documents.report,
        "plans.has_independent_evaluation": documents.evaluation,
        "exercises.status": documents.status in REPORTED,
    }
    followed = next((column for column, shows in shown_by.items() if shows), None)
    return (
        _mark("principles", documents.declaration, "declarations.has_evidence"),
        _mark("influence", documents.secretariat, "exercises.has_secretariat"),
        ConditionMark("civic_space", None),
        _mark("cocreation", documents.cocreation_tables, "exercise_steps.tables"),
        ConditionMark("monitoring", True if followed else None, followed),
    )


def marks_from_answers(exercise: SurveyExercise) -> tuple[ConditionMark, ...]:
    """The five marks of an exercise from a body's answers: yes is met, no is not met, no answer is no data.

    Source: the method page, "Authenticity of an exercise".
    """
    return tuple(_answered(condition, exercise) for condition in CONDITIONS)


def _mark(condition: Condition, met: bool | None, decided_by: str) -> ConditionMark:
    return ConditionMark(condition, met, decided_by if met is not None else None)


def _answered(condition: Condition, exercise: SurveyExercise) -> ConditionMark:
    for variable in ITEMS[condition]:
        if exercise.has(variable, "yes"):
            return ConditionMark(condition, True, variable)
        if exercise.has(variable, "no"):
            return ConditionMark(condition, False, variable)
    return ConditionMark(condition, None)
