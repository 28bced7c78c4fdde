"""The indicators of a survey round, from the returns of the bodies. Source: the method page, "Survey of the guarantor bodies"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ACTIVE = frozenset({"active", "in_implementation"})
"""The publication of 2021 counted both together as active."""
MISSING = ("blank", "does_not_know")
"""Reasons for which an item that was asked has no answer. "Not applicable" is an answer, "skipped" was not asked."""


@dataclass(frozen=True)
class SurveyExercise:
    """One exercise of a return: the codes chosen by variable, the texts, and why there is no answer, by variable."""

    position: int
    name: str
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    no_answer: Mapping[str, str] = field(default_factory=dict)

    def has(self, variable: str, code: str) -> bool:
        """Whether the answer to a variable is, or includes, a code."""
        return code in self.codes.get(variable, ())


@dataclass(frozen=True)
class SurveyReturn:
    """What the body of a state returned in a round."""

    state_code: str
    answered: bool
    declares_no_exercise: bool = False
    exercises: Sequence[SurveyExercise] = ()


@dataclass(frozen=True)
class Share:
    """``numerator`` of ``denominator``; ``unanswered`` of the denominator gave no answer and are not in the numerator."""

    numerator: int
    denominator: int
    unanswered: int = 0

    @property
    def percent(self) -> float | None:
        """The share in percent; None, "no data", where there is nothing to take a share of."""
        return 100 * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class ItemNonResponse:
    """How often an item that was asked has no answer: ``asked`` exercises, of these ``blank`` and ``does_not_know``."""

    variable: str
    asked: int
    blank: int
    does_not_know: int

    @property
    def share(self) -> Share:
        """Exercises without an answer, of those asked."""
        return Share(self.blank + self.does_not_know, self.asked)


@dataclass(frozen=True)
class SurveyIndicators:
    """A round in figures. Shares of bodies are over those asked or those that answered; the others are over exercises."""

    response: Share
    without_exercises: Share
    exercises: int
    latest_active: Share
    guarantor_convener: Share
    civil_society_promoter: Share
    judiciary: Share
    legislature: Share
    municipal: Share
    action_plan: Share

    def shares(self) -> dict[str, Share]:
        """The shares by name, in the order in which they are shown."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Share)}


def survey_indicators(returns: Sequence[SurveyReturn], bodies_asked: int) -> SurveyIndicators:
    """The indicators of a round.

    Response rate = bodies that answered / bodies asked. Latest exercise active = bodies whose latest exercise is active or
    being implemented / bodies that answered. The rest = exercises with that answer / all exercises of the round, so
    that an exercise without an answer counts in the denominator, and is told apart. Source: the method page, "Survey of the
    guarantor bodies".
    """
    answered = [body for body in returns if body.answered]
    exercises = [exercise for body in answered for exercise in body.exercises]
    latest = [exercise for body in answered if (exercise := latest_exercise(body.exercises)) is not None]

    def share(variable: str, code: str, depends_on: str = "") -> Share:
        return Share(
            sum(exercise.has(variable, code) for exercise in exercises),
            len(exercises),
            sum(
                bool({exercise.no_answer.get(v) for v in (variable, depends_on)} & set(MISSING))
                for exercise in exercises
            ),
        )

    return SurveyIndicators(
        response=Share(len(answered), bodies_asked),
        without_exercises=Share(sum(body.declares_no_exercise for body in answered), len(answered)),
        exercises=len(exercises),
        latest_active=Share(
            sum(bool(ACTIVE & set(exercise.codes.get("status_latest", ()))) for exercise in latest),
            len(answered),
            sum(exercise.no_answer.get("status_latest") in MISSING for exercise in latest),
        ),
        guarantor_convener=share("ogl_role", "convener", depends_on="ogl_participated"),
        civil_society_promoter=share("promoters", "civil_society"),
        judiciary=share("actors_judicial", "yes"),
        legislature=share("actors_legislative", "yes"),
        municipal=share("actors_municipal", "yes"),
        action_plan=share("plan_documented", "yes"),
    )


def latest_exercise(exercises: Sequence[SurveyExercise]) -> SurveyExercise | None:
    """The exercise that began last, the one listed last among equals. One without a date counts as the oldest."""
    return max(exercises, key=lambda e: (e.texts.get("starts_on", ""), e.position), default=None)


def item_non_response(returns: Sequence[SurveyReturn], variables: Sequence[str]) -> list[ItemNonResponse]:
    """For each variable, how many exercises were asked it and how many of these gave no answer."""
    exercises = [exercise for body in returns for exercise in body.exercises]
    found = []
    for variable in variables:
        reasons = Counter(exercise.no_answer.get(variable) for exercise in exercises)
        given = sum(variable in exercise.codes or variable in exercise.texts for exercise in exercises)
        missing = sum(reasons[reason] for reason in MISSING)
        found.append(
            ItemNonResponse(
                variable, given + missing + reasons["not_applicable"], reasons["blank"], reasons["does_not_know"]
            )
        )
    return found
