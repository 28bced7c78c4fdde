"""What changes are about: for each changed row, the states, plans and commitments that it is or was about.

A row is followed by what it names (an action its commitment, a commitment its plan, a plan the places it covers) in the
release before and in the one to come, so that a row that is gone is still told to those who follow it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import duckdb_sqlalchemy
import pyarrow as pa
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    TableClause,
    column,
    create_engine,
    func,
    literal,
    select,
    table,
    union,
)

from data.schema import TABLES, key_columns
from etl.diff import ReadParts
from etl.stores.rows import arrow_table

_DIALECT = duckdb_sqlalchemy.Dialect()
# Tables by which a row is followed to what it is about.
STEPS = ("actions", "commitments", "exercises", "localities", "plan_jurisdictions")
# Columns that name what a row is about, or something that leads there.
NAMING = (
    "state_code",
    "plan_id",
    "commitment_id",
    "other_commitment_id",
    "action_id",
    "exercise_id",
    "locality_id",
    "subject_kind",
    "subject_id",
    "place_kind",
    "place_id",
)


class ChangeSubjects:
    """Finds what changed rows are about. The tables by which they are followed are read once, before and after."""

    def __init__(self, read_before: ReadParts, read_after: ReadParts) -> None:
        self._engine = create_engine("duckdb:///:memory:", connect_args={"config": {"threads": 1}})
        self._connection = self._engine.connect()
        self._driver = cast(Any, self._connection.connection.driver_connection)
        self._queries: dict[str, str] = {}
        for name in STEPS:
            declared = TABLES[name]
            sides = (pa.concat_tables(read(declared)) for read in (read_before, read_after))
            self._driver.register(f"step_{name}", _both(declared, *sides))

    def of(self, declared: Table, changes: pa.Table, before: pa.Table, after: pa.Table) -> pa.Table:
        """The rows of ``change_subjects`` for rows of ``changes`` that are of one table, given its changed rows (or
        more) as they were and as they will be.
        """
        if not _naming(declared):
            return arrow_table(TABLES["change_subjects"], [])
        self._driver.register("touched", changes.select(["change_id", "row_key"]))
        self._driver.register("rows", _both(declared, before, after))
        if declared.name not in self._queries:
            self._queries[declared.name] = _subjects(declared)
        return arrow_table(
            TABLES["change_subjects"], self._driver.execute(self._queries[declared.name]).to_arrow_table()
        )

    def close(self) -> None:
        """Let the tables go."""
        self._connection.close()
        self._engine.dispose()


def _naming(declared: Table) -> list[str]:
    return [name for name in NAMING if name in declared.columns]


def _both(declared: Table, before: pa.Table, after: pa.Table) -> pa.Table:
    """The columns that matter of a table's rows before and after, as text; those that one side lacks are null there."""
    names = list(dict.fromkeys([*key_columns(declared), *_naming(declared)]))
    return pa.concat_tables(
        [
            pa.table(
                {
                    name: side[name].cast(pa.string())
                    if name in side.column_names
                    else pa.nulls(len(side), pa.string())
                    for name in names
                }
            )
            for side in (before, after)
        ]
    )


def _subjects(declared: Table) -> str:
    """The query for the subjects of the changed rows of a table, which stand in ``rows``."""
    touched = table("touched", *(column(name, String) for name in ("change_id", "row_key")))
    rows = table("rows", *(column(name, String) for name in {*key_columns(declared), *_naming(declared)}))
    # As the key of a changed row is written (``etl.diff.row_key``).
    key = func.concat_ws("|", *(func.coalesce(rows.c[name], "") for name in key_columns(declared)))
    about = select(touched.c.change_id, *(rows.c[name] for name in _naming(declared))).join_from(
        touched, rows, touched.c.row_key == key
    )
    about_rows = about.cte("about")
    commitments = union(*_commitments(about_rows)).cte("commitments")
    plans = union(*_plans(about_rows, commitments)).cte("plans")
    states = union(*_states(about_rows, commitments, plans)).cte("states")
    every = union(
        *(
            select(found.c.change_id, literal(kind).label("subject_kind"), found.c.named.label("subject_id")).where(
                found.c.named.is_not(None)
            )
            for kind, found in (("commitment", commitments), ("plan", plans), ("state", states))
        )
    )
    ordered = every.order_by("change_id", "subject_kind", "subject_id")
    return str(ordered.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


def _step(name: str) -> TableClause:
    declared = TABLES[name]
    return table(f"step_{name}", *(column(each, String) for each in {*key_columns(declared), *_naming(declared)}))


def _named(rows: Any, name: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(rows.c.change_id, rows.c[name].label("named")).where(*conditions)


def _nothing(rows: Any) -> Select[Any]:
    return select(rows.c.change_id, literal(None, String).label("named")).where(literal(False))


def _led(rows: Any, name: str, step: TableClause, by: str, to: str) -> Select[Any]:
    """What the rows lead to by a column that a step has too."""
    return select(rows.c.change_id, step.c[to].label("named")).join_from(rows, step, rows.c[name] == step.c[by])


def _of_kind(rows: Any, kind: str) -> Sequence[Select[Any]]:
    """What rows name whose subject is of a kind."""
    return [_named(rows, "subject_id", rows.c.subject_kind == kind)] if "subject_kind" in rows.c else []


def _commitments(rows: Any) -> list[Select[Any]]:
    found = [_nothing(rows), *_of_kind(rows, "commitment")]
    found += [_named(rows, name) for name in ("commitment_id", "other_commitment_id") if name in rows.c]
    if "action_id" in rows.c and "commitment_id" not in rows.c:
        found.append(_led(rows, "action_id", _step("actions"), "action_id", "commitment_id"))
    return found


def _plans(rows: Any, commitments: Any) -> list[Select[Any]]:
    found = [*_of_kind(rows, "plan"), _led(commitments, "named", _step("commitments"), "commitment_id", "plan_id")]
    if "plan_id" in rows.c:
        found.append(_named(rows, "plan_id"))
    return found


def _states(rows: Any, commitments: Any, plans: Any) -> list[Select[Any]]:
    places, exercises, localities = _step("plan_jurisdictions"), _step("exercises"), _step("localities")
    found = [
        _led(plans, "named", places, "plan_id", "place_id").where(places.c.place_kind == "state"),
        _members(_led(commitments, "named", _step("commitments"), "commitment_id", "locality_id"), localities),
        *(
            select(exercise.c.change_id, exercises.c.state_code.label("named")).join_from(
                exercise, exercises, exercise.c.named == exercises.c.exercise_id
            )
            for exercise in (each.subquery() for each in _of_kind(rows, "exercise"))
        ),
        *_of_kind(rows, "technical_secretariat"),
    ]
    if "state_code" in rows.c:
        found.append(_named(rows, "state_code"))
    if "exercise_id" in rows.c and "state_code" not in rows.c:
        found.append(_led(rows, "exercise_id", exercises, "exercise_id", "state_code"))
    if "place_kind" in rows.c:
        found.append(_named(rows, "place_id", rows.c.place_kind == "state"))
    return found


def _members(named: Select[Any], localities: TableClause) -> Select[Any]:
    """The states that members of OGP Local are, or lie in."""
    rows = named.subquery()
    return _led(rows, "named", localities, "locality_id", "state_code")
