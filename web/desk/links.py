"""The addresses that an import would empty: those of the rows of an exercise, as the site gives them to be linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from data.lost_answers import LostAnswers
from layouts.i18n import locales

TABLE = "survey_answers"


@dataclass(frozen=True)
class Emptied(LostAnswers):
    """An exercise with rows that go, and the addresses that give them today."""

    addresses: Sequence[str]


def emptied(round_id: str, preview: Mapping[str, Any]) -> list[Emptied]:
    """What a preview says would be lost, with its addresses: every address once, pages once in each language."""
    return [Emptied(**lost, addresses=list(_addresses(round_id, lost))) for lost in preview.get("lost", [])]


def _addresses(round_id: str, lost: Mapping[str, Any]) -> Iterator[str]:
    rows = urlencode({"round_id": round_id, "state_code": lost["state_code"], "exercise_position": lost["position"]})
    yield f"/api/v1/{TABLE}?{rows}"
    yield f"/datos/{TABLE}.csv?{rows}"
    for locale in locales():
        yield f"{locale.prefix}/verificar?conjunto={TABLE}&consulta={quote(rows, safe='')}"
