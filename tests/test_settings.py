"""Settings as the environment gives them: left empty, and of the wrong type."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from settings import Settings

MAY_BE_EMPTY = [
    name for name, field in Settings.model_fields.items() if type(None) in getattr(field.annotation, "__args__", ())
]


@pytest.mark.parametrize("name", MAY_BE_EMPTY)
def test_a_variable_left_empty_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"APERTURA_{name.upper()}", "")
    assert getattr(Settings(), name) is None


@pytest.mark.parametrize(("name", "value"), [("PORT", "ocho"), ("KEEP_RELEASES", "0"), ("FETCH_TRIES", "")])
def test_a_value_that_cannot_be_is_refused_by_its_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"APERTURA_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()
