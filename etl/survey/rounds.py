"""The round as one file: what all bodies returned so far, kept as a copy of the source ``state_survey``.

An import puts the returns of its states in place of those they gave before and keeps the whole as the next copy of
``round_<id>.json``. Undoing takes that copy away, and the one before is the newest again; a run that follows finds
nothing of the import. The uploaded file itself is not kept here: its SHA-256 is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from data.indicators.survey import SurveyExercise, SurveyReturn
from data.round_copies import SOURCE_ID, file_of
from etl.snapshots import Copy, SnapshotStore
from etl.sources.spec import SourceError
from etl.sources.state_survey_rounds import load_round
from etl.survey.answers import Answer
from etl.survey.instrument import HAS_EXERCISES, Instrument
from etl.survey.returns import BodyReturn

FORMAT = 1
BODIES = 32
STATE_CODES = tuple(f"{number:02}" for number in range(1, BODIES + 1))
RESPONDENT_BODY = "respondent_body"


@dataclass(frozen=True)
class Imported:
    """What is recorded of an import: the uploaded file's hash, its states, and the warnings somebody accepted."""

    sha256: str
    states: tuple[str, ...]
    accepted_warnings: Mapping[str, int]


def read_round(store: SnapshotStore, round_id: str) -> dict[str, Any] | None:
    """The newest copy of a round; None before its first import. Raises ``SourceError`` for one of another form."""
    copy = store.newest(SOURCE_ID, file_of(round_id))
    return None if copy is None else round_in(copy)


def round_in(copy: Copy) -> dict[str, Any]:
    """The round that a copy holds. Raises ``SourceError`` for one of another form."""
    found: dict[str, Any] = load_round(copy.path.read_bytes())
    if found.get("format") != FORMAT:
        raise SourceError(f"{copy.path}: form {found.get('format')!r}; this version reads form {FORMAT}")
    return found


def merged_round(
    before: Mapping[str, Any] | None,
    round_id: str,
    instrument: Instrument,
    returns: Iterable[BodyReturn],
    imported: Imported,
    bodies: Mapping[str, str],
) -> dict[str, Any]:
    """The round after an import: the states of the import anew, the others as they were. ``before`` is not changed.

    ``bodies`` gives the id of the guarantor body of each state.
    """
    kept = {body["state_code"]: body for body in (before or {}).get("returns", [])}
    kept |= {body.state_code: _return_as_json(body, imported.sha256) for body in returns}
    done = [entry for entry in (before or {}).get("imports", []) if entry["sha256"] != imported.sha256]
    entry = {
        "sha256": imported.sha256,
        "states": list(imported.states),
        "accepted_warnings": dict(sorted(imported.accepted_warnings.items())),
    }
    return {
        "format": FORMAT,
        "round_id": round_id,
        "instrument": instrument.instrument,
        "bodies": dict(sorted(bodies.items())),
        "items": _items_as_json(instrument),
        "imports": [*done, entry],
        "returns": [kept[state] for state in sorted(kept)],
    }


def round_file(survey_round: Mapping[str, Any]) -> bytes:
    """A round as the content of its file: the same round is the same bytes."""
    return (json.dumps(survey_round, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n").encode()


def keep_round(store: SnapshotStore, round_id: str, content: bytes, now: datetime | None = None) -> Copy:
    """Keep the file of a round as its newest copy. Raises ``SnapshotError``."""
    return store.keep(
        SOURCE_ID, file_of(round_id), content, url=None, via="upload", fetched_at=now or datetime.now(UTC)
    )


def survey_returns(survey_round: Mapping[str, Any] | None) -> list[SurveyReturn]:
    """The returns of a round as the indicators take them, one for each of the 32 states."""
    found = {body["state_code"]: body for body in (survey_round or {}).get("returns", [])}
    return [
        SurveyReturn(
            state,
            state in found,
            found[state]["declares_no_exercise"] if state in found else False,
            [_survey_exercise(exercise) for exercise in found[state]["exercises"]] if state in found else [],
        )
        for state in STATE_CODES
    ]


def _survey_exercise(exercise: Mapping[str, Any]) -> SurveyExercise:
    answers: Mapping[str, Mapping[str, Any]] = exercise["answers"]
    return SurveyExercise(
        exercise["position"],
        exercise["name"],
        {variable: answer["codes"] for variable, answer in answers.items() if "codes" in answer},
        {variable: answer["text"] for variable, answer in answers.items() if "text" in answer},
        {variable: answer["no_answer"] for variable, answer in answers.items() if "no_answer" in answer},
    )


def _return_as_json(body: BodyReturn, sha256: str) -> dict[str, Any]:
    name = body.answers.get(RESPONDENT_BODY)
    return {
        "state_code": body.state_code,
        "declares_no_exercise": body.declares_no_exercise,
        "respondent_name": name.text if name else None,
        "file_sha256": sha256,
        "answers": {HAS_EXERCISES: {"codes": ["no" if body.declares_no_exercise else "yes"]}},
        "exercises": [
            {
                "position": exercise.position,
                "name": exercise.name,
                "answers": {variable: _answer_as_json(answer) for variable, answer in exercise.answers.items()},
            }
            for exercise in body.exercises
        ],
    }


def _answer_as_json(answer: Answer) -> dict[str, Any]:
    if answer.no_answer is not None:
        return {"no_answer": answer.no_answer}
    return {"text": answer.text} if answer.text is not None else {"codes": list(answer.codes)}


def _items_as_json(instrument: Instrument) -> list[dict[str, Any]]:
    """The items as they were asked, so that a round can be read without the instrument's file."""
    return [
        {
            "item_id": item.item_id,
            "variable": item.variable,
            "part": part.part,
            "position": position,
            "heading": item.heading.model_dump(),
            "question": item.question.model_dump(),
            "answer_type": item.answer_type,
            "is_optional": item.optional,
            "asked_if": item.asked_if.model_dump() if item.asked_if else None,
            "options": [{"code": option.code, "label": option.label.model_dump()} for option in item.options]
            or (
                [{"code": code, "label": label} for code, label in YES_NO_LABELS]
                if item.answer_type == "yes_no"
                else []
            ),
        }
        for position, (part, item) in enumerate(((p, i) for p in instrument.parts for i in p.items), 1)
    ]


YES_NO_LABELS = (("yes", {"es": "sí", "en": "yes"}), ("no", {"es": "no", "en": "no"}))
