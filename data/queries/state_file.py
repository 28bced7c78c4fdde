"""The whole file of a state in one question: what ``state`` and ``state_context`` know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from data.queries import state, state_context
from data.queries.state import Declaration, Exercise, LocalPlan, Secretariat, State, StepEvidence
from data.queries.state_context import Contradiction, Guarantor, LaterScore, LocalMember, MetricIndex


@dataclass(frozen=True)
class StateFile:
    """Everything the release has on one state; empty and None are "nothing found"."""

    place: State
    declaration: Declaration | None
    steps: Sequence[StepEvidence]
    secretariat: Secretariat | None
    plans: Sequence[LocalPlan]
    exercises: Sequence[Exercise]
    indices: Sequence[MetricIndex]
    institutions: int | None
    later_scores: Sequence[LaterScore]
    guarantor: Guarantor | None
    members: Sequence[LocalMember]
    challenge_cities: Sequence[str]
    contradictions: Sequence[Contradiction]

    @property
    def own_plans(self) -> list[LocalPlan]:
        """The plans of the state itself that are more than being prepared."""
        return [plan for plan in self.plans if plan.is_state_plan]

    @property
    def done(self) -> int:
        """How many of the steps have evidence."""
        return sum(step.has_evidence for step in self.steps)

    @property
    def listed_commitments(self) -> int:
        """Commitments of the state's own plans that are known one by one."""
        return sum(len(plan.commitments) for plan in self.own_plans)

    @property
    def known_commitments(self) -> int:
        """At least how many the state's own plans have: of each plan the larger of what it declares and what is listed."""
        return sum(max(plan.declared or 0, len(plan.commitments)) for plan in self.own_plans)

    @property
    def contradicting_sources(self) -> list[str]:
        """The sources that contradict each other about the state."""
        said = [side.source_id for one in self.contradictions for side in one.sides if side.source_id]
        return list(dict.fromkeys(said))

    def index(self, name: str) -> MetricIndex | None:
        """An index of the Metric by its code."""
        return next((one for one in self.indices if one.index == name), None)


def state_file(connection: Connection, state_code: str) -> StateFile | None:
    """The file of a state by its code; None where there is none with it."""
    place = state.state(connection, state_code)
    if place is None:
        return None
    indices, institutions = state_context.metric(connection, state_code)
    return StateFile(
        place=place,
        declaration=state.declaration(connection, state_code),
        steps=state.steps(connection, state_code),
        secretariat=state.secretariat(connection, state_code),
        plans=state.local_plans(connection, state_code),
        exercises=state.state_exercises(connection, state_code),
        indices=indices,
        institutions=institutions,
        later_scores=state_context.later_scores(connection, state_code),
        guarantor=state_context.guarantor(connection, state_code),
        members=state_context.local_members(connection, state_code),
        challenge_cities=state_context.challenge_cities(connection, state_code),
        contradictions=state_context.contradictions(connection, state_code),
    )
