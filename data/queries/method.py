"""The catalogues of the method, and how often what they name is documented."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from data.schema.figures import method_terms
from data.schema.local import exercise_models, exercise_steps


@dataclass(frozen=True)
class MethodTerm:
    """A term of a catalogue, in Spanish as it was published: its code, its name, its name in plain words, who names it."""

    code: str
    label_es: str
    plain_label_es: str | None
    reference: str | None
    source_id: str


def method_catalogs(connection: Connection) -> Mapping[str, list[MethodTerm]]:
    """The terms of every catalogue, in their order, by catalogue."""
    columns = method_terms.c
    query = select(
        columns.catalog,
        columns.code,
        columns.label_es,
        columns.plain_label_es,
        columns.reference,
        columns.source_id,
    ).order_by(columns.catalog, columns.position)
    found: dict[str, list[MethodTerm]] = defaultdict(list)
    for catalog, *term in connection.execute(query):
        found[catalog].append(MethodTerm(*term))
    return found


def exercises_by_model(connection: Connection) -> Mapping[str, int]:
    """How many documented exercises follow each model; one may follow several."""
    query = select(exercise_models.c.model, func.count()).group_by(exercise_models.c.model)
    return dict(map(tuple, connection.execute(query)))


def states_by_step(connection: Connection) -> Mapping[str, tuple[int, int]]:
    """For each step, in how many states it is documented, and of how many."""
    columns = exercise_steps.c
    query = select(columns.step, columns.state, func.count()).group_by(columns.step, columns.state)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for step, state, count in connection.execute(query):
        found[step][0] += count if state == "evidence" else 0
        found[step][1] += count
    return {step: (documented, states) for step, (documented, states) in found.items()}
