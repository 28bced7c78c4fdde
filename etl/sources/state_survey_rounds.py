"""Reads a round of the survey as the import keeps it: its items, who answered, and each answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from etl.sources.reading import Row, Source

BODIES = [f"{number:02}" for number in range(1, 33)]
HAS_EXERCISES = "has_exercises"
Record = tuple[str, dict[str, Any]]
_ONE_VALUE = ("text", "no_answer")


def parse_round(source: Source, file: str) -> None:
    """Read a round's file, if there is one. Every body is in the result, those that did not answer too."""
    if not source.has(file):
        return
    found = load_round(source.content(file))
    items = {item["variable"]: item["item_id"] for item in found["items"]}
    round_id, instrument = found["round_id"], found["instrument"]
    source.each_record(file, _round_records(found), _round)
    source.each_record(file, _item_records(found), lambda row: _item(row, instrument))
    source.each_record(file, _body_records(found), lambda row: _body(row, round_id, items))
    source.each_record(file, _exercise_records(found), lambda row: _exercise(row, round_id, items))
    for entry in found["imports"]:
        _accepted(source, round_id, entry)


def load_round(content: str | bytes) -> dict[str, Any]:
    """The file of a round. Equal answers are one object, not to be changed: a large round gives few different ones, and
    as many objects as answers would take forty times the memory of those.
    """
    known: dict[tuple[str, Any], dict[str, Any]] = {}

    def shared(found: dict[str, Any]) -> dict[str, Any]:
        if len(found) != 1:
            return found
        ((name, value),) = found.items()
        if name == "codes":
            return known.setdefault((name, tuple(value)), found)
        return known.setdefault((name, value), found) if name in _ONE_VALUE else found

    loaded: dict[str, Any] = json.loads(content, object_hook=shared)
    return loaded


def _round_records(found: Mapping[str, Any]) -> Iterator[Record]:
    yield "ronda", {"round_id": found["round_id"], "instrument": found["instrument"]}


def _item_records(found: Mapping[str, Any]) -> Iterator[Record]:
    for item in found["items"]:
        yield f"pregunta {item['item_id']}", item


def _body_records(found: Mapping[str, Any]) -> Iterator[Record]:
    returned = {body["state_code"]: body for body in found["returns"]}
    for state in BODIES:
        body = returned.get(state)
        yield (
            f"entidad {state}",
            {
                "state_code": state,
                "body_id": found["bodies"].get(state),
                "declares_no_exercise": body["declares_no_exercise"] if body else None,
                "respondent_name": body["respondent_name"] if body else None,
                "answers": body["answers"] if body else {},
                "answered": body is not None,
            },
        )


def _exercise_records(found: Mapping[str, Any]) -> Iterator[Record]:
    returns = found["returns"]
    while returns:
        # Taken out one by one: read and made into rows, a large round would be held twice.
        body = returns.pop(0)
        for exercise in body["exercises"]:
            position = f"entidad {body['state_code']}, ejercicio {exercise['position']}"
            yield position, {"state_code": body["state_code"], **exercise}


def _round(row: Row) -> None:
    row.add(
        "survey_rounds",
        round_id=row.need("round_id"),
        instrument=row.need("instrument"),
        basis="computed",
        bodies_asked=len(BODIES),
    )


def _item(row: Row, instrument: str) -> None:
    heading, question, condition = row.value("heading"), row.value("question"), row.value("asked_if")
    item_id = row.need("item_id")
    row.add(
        "survey_items",
        instrument=instrument,
        item_id=item_id,
        variable=row.need("variable"),
        topic=heading["es"],
        answer_type=row.code("answer_type", "answer_type"),
        is_reconstructed=False,
        part=row.text("part"),
        position=row.value("position"),
        heading_es=heading["es"],
        heading_en=heading["en"],
        question_es=question["es"],
        question_en=question["en"],
        is_optional=row.value("is_optional"),
        asked_if_variable=condition["variable"] if condition else None,
        asked_if_answer=", ".join(condition["codes"]) if condition else None,
    )
    for position, option in enumerate(row.value("options"), 1):
        row.add(
            "survey_item_options",
            instrument=instrument,
            item_id=item_id,
            option_code=option["code"],
            position=position,
            label_es=option["label"]["es"],
            label_en=option["label"]["en"],
        )


def _body(row: Row, round_id: str, items: Mapping[str, str]) -> None:
    state_code = row.state("state_code")
    row.add(
        "survey_respondents",
        round_id=round_id,
        state_code=state_code,
        body_id=row.text("body_id"),
        response="answered" if row.value("answered") else "not_answered",
        declares_no_exercise=row.value("declares_no_exercise"),
        respondent_name=row.text("respondent_name"),
    )
    _add_answers(row, round_id, state_code, 0, None, items)


def _exercise(row: Row, round_id: str, items: Mapping[str, str]) -> None:
    _add_answers(row, round_id, row.state("state_code"), row.value("position"), row.need("name"), items)


def _add_answers(
    row: Row, round_id: str, state_code: str | None, position: int, name: str | None, items: Mapping[str, str]
) -> None:
    answers: Mapping[str, Mapping[str, Any]] = row.value("answers")
    for variable, answer in answers.items():
        codes: Sequence[str | None] = answer.get("codes") or [None]
        for option_position, code in enumerate(codes, 1):
            row.add(
                "survey_answers",
                round_id=round_id,
                state_code=state_code,
                exercise_position=position,
                item_id=items[variable],
                option_position=option_position,
                variable=variable,
                answer_code=code,
                answer_text=answer.get("text"),
                no_answer_reason=answer.get("no_answer"),
                exercise_name=name,
            )


def _accepted(source: Source, round_id: str, entry: Mapping[str, Any]) -> None:
    """Say in public which warnings somebody accepted when publishing."""
    for code, count in entry["accepted_warnings"].items():
        source.found(
            "notice",
            "survey_warning_accepted",
            f"La comisión publicó respuestas de la ronda {round_id} aceptando {count} advertencias «{code}».",
            f"The commission published answers of round {round_id}, accepting {count} warnings “{code}”.",
            table_name="survey_rounds",
            row_key=f"{round_id} {entry['sha256'][:12]}",
        )
