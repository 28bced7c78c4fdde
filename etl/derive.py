"""Tables that follow from others: progress of the board's commitments, evidence of the 13 steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.schema import VOCABULARIES
from etl.resolve import TablesRead
from etl.table_rows import TableRow

STATUSES = tuple(VOCABULARIES["activity_status"])
STEPS = tuple(VOCABULARIES["cocreation_step"])
# Warnings of rows that carry the text of another commitment.
FOREIGN_TEXT = frozenset({"cloned_from_template", "text_of_other_commitment"})
ORIGIN = ("source_id", "snapshot_id", "source_position")


@dataclass(frozen=True)
class Action:
    """An action of a commitment: its weight in percent, None where the board gives none, and its activities' statuses."""

    weight: float | None
    statuses: Sequence[str]


def progress_by_status(actions: Sequence[Action]) -> Mapping[str, float]:
    """Share of a commitment in each status, percent, summing to 100.

    Weighted as on the national board: for each action, activities in the status over all its activities, times the
    action's weight. Without weights actions count equally; an action without activities counts as not started. Weights
    that do not sum to 100 are scaled to it. Raises ValueError when there is no action. Source: the board's own rule,
    with its division by zero mended; see the method page, "Progress on the national board".
    """
    if not actions:
        raise ValueError("no action: this commitment has no progress, which is not the same as none")
    weights = [action.weight for action in actions]
    known = [weight for weight in weights if weight is not None]
    if len(known) < len(weights) or sum(known) == 0:
        known = [1.0] * len(weights)
    shares = dict.fromkeys(STATUSES, 0.0)
    for action, weight in zip(actions, known, strict=True):
        statuses = action.statuses or ["not_started"]
        for status in statuses:
            shares[status] += 100 * weight / sum(known) / len(statuses)
    return {status: round(share, 6) for status, share in shares.items()}


def commitment_progress(tables: TablesRead) -> Iterator[TableRow]:
    """Progress of every commitment of the board at the date of its copy; ``share_pct`` None where nothing real is left.

    Placeholder activities do not count, nor placeholder actions without real activities: a template that nobody filled
    in is no promise. Nor does text copied from another commitment: it says nothing of this one.
    """
    actions = [row for row in tables.get("actions", []) if row["source_id"] == "national_board"]
    boards = {row["register_id"]: row for row in tables.get("commitment_ids", []) if row["register"] == "board4"}
    activities: dict[str, list[TableRow]] = defaultdict(list)
    for row in tables.get("activities", []):
        if not row["is_placeholder"] and row.get("warning") not in FOREIGN_TEXT:
            activities[row["action_id"]].append(row)
    by_commitment: dict[str, list[TableRow]] = defaultdict(list)
    for row in actions:
        own = not row["is_placeholder"] and row.get("warning") not in FOREIGN_TEXT
        if activities[row["action_id"]] or own:
            by_commitment[row["commitment_id"]].append(row)
    for board in boards.values():
        yield from _progress_rows(board, by_commitment[board["commitment_id"]], activities)


def _progress_rows(
    board: TableRow, actions: Sequence[TableRow], activities: Mapping[str, Sequence[TableRow]]
) -> Iterator[TableRow]:
    real = [activity for action in actions for activity in activities[action["action_id"]]]
    statuses = [activity.get("status") or "not_started" for activity in real]
    shares: Mapping[str, float | None] = dict.fromkeys(STATUSES)
    if real:
        shares = progress_by_status(
            [
                Action(
                    action.get("weight"), [a.get("status") or "not_started" for a in activities[action["action_id"]]]
                )
                for action in actions
            ]
        )
    weighted = bool(actions) and all(action.get("weight") is not None for action in actions)
    for status in STATUSES:
        yield {
            "commitment_id": board["commitment_id"],
            "as_of": board["snapshot_id"].split("/")[1][:10],
            "status": status,
            "share_pct": shares[status],
            "n_activities": statuses.count(status),
            "basis": "board_weights" if weighted else "equal_weights",
            "warning": None if any(activity.get("status") for activity in real) else "draft_export",
            **{column: board[column] for column in ORIGIN},
        }


def exercise_steps(tables: TablesRead) -> Iterator[TableRow]:
    """The 13 steps of every state: ``evidence`` with the row that shows it, else ``no_evidence``.

    Absence of evidence is not evidence of absence: a step without it says only that nothing was found.
    """
    evidence = _step_evidence(tables)
    states = tables.get("states", [])
    for state in states:
        for step in STEPS:
            found = evidence.get((state["state_code"], step))
            origin = found[1] if found else state
            yield {
                "state_code": state["state_code"],
                "step": step,
                "state": "evidence" if found else "no_evidence",
                "happened_on": found[1].get(found[2]) if found and found[2] else None,
                "happened_precision": found[1].get(found[2].replace("_on", "_precision"))
                if found and found[2]
                else None,
                "evidence_table": found[0] if found else None,
                "evidence_id": _evidence_id(*found[:2]) if found else None,
                "source_url": found[1].get("source_url") if found else None,
                **{column: origin[column] for column in ORIGIN},
            }


Evidence = tuple[str, TableRow, str | None]


def _step_evidence(tables: TablesRead) -> dict[tuple[str, str], Evidence]:
    found: dict[tuple[str, str], Evidence] = {}
    for row in tables.get("declarations", []):
        if row["has_evidence"]:
            found[row["state_code"], "declaratoria"] = ("declarations", row, "signed_on")
    for row in tables.get("technical_secretariats", []):
        found[row["state_code"], "stl_act"] = ("technical_secretariats", row, "installed_on")
        if row.get("has_facilitator"):
            found[row["state_code"], "call_facilitator"] = ("technical_secretariats", row, None)
    for row in _state_plans(tables):
        found.setdefault((row["place_id"], "plan"), ("plans", row, "published_on"))
        if row.get("has_final_report"):
            found.setdefault((row["place_id"], "reports"), ("plans", row, None))
    return found


def _state_plans(tables: TablesRead) -> list[TableRow]:
    """The state plans of the co-creation model that are more than announced, oldest first, with ``place_id`` their state."""
    models = {(row["plan_id"], row["model"]) for row in tables.get("plan_models", [])}
    places = _places(tables.get("plan_jurisdictions", []))
    plans = [
        {**row, "place_id": place}
        for row in tables.get("plans", [])
        for place in places.get(row["plan_id"], [])
        if row["scope"] == "state"
        and row.get("status") != "in_preparation"
        and ((row["plan_id"], "cocreacion_snt") in models or (row["plan_id"], "ogp_local") in models)
    ]
    return sorted(plans, key=lambda row: (row.get("published_on") or row.get("starts_on") or "9999", row["plan_id"]))


def _places(jurisdictions: Iterable[TableRow]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = defaultdict(list)
    for row in jurisdictions:
        if row["place_kind"] == "state":
            places[row["plan_id"]].append(row["place_id"])
    return places


def _evidence_id(table: str, row: Mapping[str, Any]) -> str:
    return str(row["plan_id"] if table == "plans" else row["state_code"])
