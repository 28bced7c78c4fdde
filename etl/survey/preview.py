"""What an import would change, before it does: bodies, exercises, indicators, and rows that would no longer exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from data.indicators.survey import Share, SurveyReturn, survey_indicators
from data.lost_answers import LostAnswers
from etl.survey.rounds import BODIES, survey_returns

Row = tuple[str, int, str]
"""State, number and name of an exercise."""


@dataclass(frozen=True)
class Preview:
    """A round before and after. ``removed`` exercises are no longer there; ``lost`` says which rows go with an import."""

    new_states: list[str]
    replaced_states: list[str]
    unchanged_states: list[str]
    exercises: tuple[int, int]
    answers: tuple[int, int]
    removed: list[Row]
    lost: list[LostAnswers]
    indicators: dict[str, tuple[Share, Share]]
    state_names: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """The preview for another program; shares in percent with numerator and denominator."""
        return {
            "new_states": self.new_states,
            "replaced_states": self.replaced_states,
            "unchanged_states": self.unchanged_states,
            "exercises": list(self.exercises),
            "answers": list(self.answers),
            "removed": [list(row) for row in self.removed],
            "lost": [asdict(lost) for lost in self.lost],
            "state_names": dict(self.state_names),
            "indicators": {
                name: {"before": _share_as_json(before), "after": _share_as_json(after)}
                for name, (before, after) in self.indicators.items()
            },
        }


def preview(before: Mapping[str, Any] | None, after: Mapping[str, Any], state_names: Mapping[str, str]) -> Preview:
    """Compare a round as it stands (None: no import yet) with what it would be. ``state_names`` are those of the codes."""
    old, new = _by_state(before), _by_state(after)
    old_returns, new_returns = survey_returns(before), survey_returns(after)
    old_shares = survey_indicators(old_returns, BODIES).shares()
    new_shares = survey_indicators(new_returns, BODIES).shares()
    there = {row[:2] for row in _rows(new_returns)}
    return Preview(
        new_states=[state for state in new if state not in old],
        replaced_states=[state for state in new if state in old and _content(old[state]) != _content(new[state])],
        unchanged_states=[state for state in new if state in old and _content(old[state]) == _content(new[state])],
        exercises=(len(_rows(old_returns)), len(_rows(new_returns))),
        answers=(_answers(old), _answers(new)),
        removed=[row for row in _rows(old_returns) if row[:2] not in there],
        lost=list(_lost(old, new)),
        indicators={name: (old_shares[name], new_shares[name]) for name in new_shares},
        state_names=state_names,
    )


def _by_state(survey_round: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    return {body["state_code"]: body for body in (survey_round or {}).get("returns", [])}


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    """A return without the file it came in."""
    return {name: value for name, value in body.items() if name != "file_sha256"}


def _rows(returns: list[SurveyReturn]) -> list[Row]:
    return [(body.state_code, exercise.position, exercise.name) for body in returns for exercise in body.exercises]


def _lost(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> Iterator[LostAnswers]:
    for state, body in old.items():
        if body == new[state]:
            continue
        after = {exercise["position"]: exercise for exercise in new[state]["exercises"]}
        for exercise in body["exercises"]:
            position = exercise["position"]
            there, here = _keys(exercise), _keys(after[position]) if position in after else set()
            if gone := there - here:
                yield LostAnswers(state, position, exercise["name"], len(gone), len(there), position in after)


def _keys(exercise: Mapping[str, Any]) -> set[tuple[str, int]]:
    """What names each row of an exercise: the item, and the place of the option."""
    return {
        (variable, place)
        for variable, answer in exercise["answers"].items()
        for place in range(1, max(len(answer.get("codes", ())), 1) + 1)
    }


def _answers(bodies: Mapping[str, Mapping[str, Any]]) -> int:
    return sum(len(exercise["answers"]) for body in bodies.values() for exercise in body["exercises"])


def _share_as_json(share: Share) -> dict[str, Any]:
    percent = share.percent
    return {
        "numerator": share.numerator,
        "denominator": share.denominator,
        "unanswered": share.unanswered,
        "percent": round(percent, 1) if percent is not None else None,
    }
