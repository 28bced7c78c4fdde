"""A questionnaire as data: the typed form of ``etl/survey/instruments/<instrument>.yml``.

Template, import checks, data dictionary and the labels of charts all come from here; nothing is typed twice. A misspelt
key, a skip rule that leads nowhere or two columns of the same heading stop everything with the place and the remedy.
An instrument of which a round was published is not changed any more: a new wording is a new version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from etl.sources.spec import SourceError, Strict, Text
from etl.survey.spelling import key

INSTRUMENTS = Path(__file__).resolve().parent / "instruments"
EXAMPLE = "EJEMPLO"
"""What the first cell of a template's example row begins with; such a row is never read."""

AnswerType = Literal[
    "catalog", "text", "single_choice", "multiple_choice", "yes_no", "ordinal", "date", "number", "url"
]
NoAnswer = Literal["not_applicable", "does_not_know"]
CHOICES: frozenset[AnswerType] = frozenset({"single_choice", "multiple_choice", "ordinal"})
YES_NO = ("yes", "no")
NONE_OF_THEM = "none"
RESPONDENT, NUMBER, NAME, HAS_EXERCISES = "respondent", "exercise_number", "exercise_name", "has_exercises"
FRAME = (RESPONDENT, HAS_EXERCISES, NUMBER, NAME)
"""The variables that every instrument of an importable round has: who answers, and which exercise a row is about."""


class Option(Strict):
    """An answer that can be chosen. ``spellings`` are other ways of writing it that mean the same."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text
    spellings: tuple[str, ...] = ()


class Condition(Strict):
    """A skip rule: the item is asked only where ``variable`` was answered with one of ``codes``."""

    variable: str
    codes: list[str] = Field(min_length=1)


class Item(Strict):
    """One question.

    ``heading`` is its column, ``headings`` other names of the column that are understood. ``required``: a row without it
    cannot be published. ``optional``: leaving it blank is no missing answer. ``about`` says whether the answer is the
    body's, the same on all its rows, or the exercise's. ``not_before`` names the date this one cannot precede.
    """

    item_id: str = Field(pattern=r"^Q\d{2}$")
    variable: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    heading: Text
    headings: tuple[str, ...] = ()
    question: Text
    help: Text | None = None
    answer_type: AnswerType
    options: tuple[Option, ...] = ()
    required: bool = False
    optional: bool = False
    about: Literal["exercise", "body"] = "exercise"
    asked_if: Condition | None = None
    not_before: str | None = None
    minimum: int | None = None
    example: str | None = None
    is_reconstructed: bool = False

    @model_validator(mode="after")
    def _options_go_with_choices(self) -> Item:
        if bool(self.options) != (self.answer_type in CHOICES):
            raise ValueError(f"{self.item_id}: `options` go with {', '.join(sorted(CHOICES))}, and only with them")
        codes = [option.code for option in self.options]
        if len(set(codes)) < len(codes):
            raise ValueError(f"{self.item_id}: an option code stands twice")
        if self.required and self.optional:
            raise ValueError(f"{self.item_id}: either required or optional")
        return self

    @property
    def codes(self) -> list[str]:
        """The codes its answer can have; none for free answers."""
        return list(YES_NO) if self.answer_type == "yes_no" else [option.code for option in self.options]


class Part(Strict):
    """A part of the questionnaire: one sheet of the template."""

    part: str = Field(pattern=r"^[a-z][a-z_]*$")
    sheet: str = Field(pattern=r"^[^\[\]:*?/\\']{1,31}$")
    title: Text
    introduction: Text
    items: list[Item] = Field(min_length=1)


class Instrument(Strict):
    """A questionnaire: its parts, and the spellings of yes, no and no answer that hold for all its items.

    ``rounds`` are those it is used in; an instrument without rounds documents one whose answers are not at hand.
    """

    instrument: str = Field(pattern=r"^\d{4}[a-z]?$")
    title: Text
    introduction: Text
    rounds: tuple[str, ...] = ()
    meaning_yes: list[str] = Field(min_length=1)
    meaning_no: list[str] = Field(min_length=1)
    no_answer: dict[NoAnswer, list[str]]
    parts: list[Part] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Instrument:
        problems = list(_problems(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @cached_property
    def items(self) -> list[Item]:
        """All items, in the order of the questionnaire."""
        return [item for part in self.parts for item in part.items]

    @cached_property
    def by_variable(self) -> dict[str, Item]:
        """The items by the name of their variable."""
        return {item.variable: item for item in self.items}

    def part_of(self, item: Item) -> Part:
        """The part that an item stands in."""
        return self._parts[item.variable]

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {item.variable: part for part in self.parts for item in part.items}


def _problems(instrument: Instrument) -> Iterator[str]:
    for what, names in {
        "item_id": [item.item_id for item in instrument.items],
        "variable": [item.variable for item in instrument.items],
        "heading": [key(item.heading.es) for item in instrument.items],
        "sheet": [key(part.sheet) for part in instrument.parts],
    }.items():
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            yield f"{what} {', '.join(doubled)} stands twice"
    if instrument.rounds and (missing := set(FRAME) - set(instrument.by_variable)):
        yield f"an instrument with rounds asks for {', '.join(sorted(missing))} too"
    seen: dict[str, Item] = {}
    for item in instrument.items:
        yield from _item_problems(item, seen)
        seen[item.variable] = item


def _item_problems(item: Item, earlier: dict[str, Item]) -> Iterator[str]:
    if item.asked_if is not None:
        asked = earlier.get(item.asked_if.variable)
        if asked is None:
            yield f"{item.item_id}: asked_if names {item.asked_if.variable!r}, which is not asked before it"
        elif unknown := set(item.asked_if.codes) - set(asked.codes):
            yield f"{item.item_id}: asked_if waits for {', '.join(sorted(unknown))}, which {asked.item_id} does not offer"
    if item.not_before is not None and (
        item.not_before not in earlier or earlier[item.not_before].answer_type != "date"
    ):
        yield f"{item.item_id}: not_before names {item.not_before!r}, which is no date asked before it"


def load_instrument(path: Path) -> Instrument:
    """Read and check one instrument; raises ``SourceError`` naming the file, the key and what would be right."""
    try:
        raw: Any = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        instrument = Instrument.model_validate(raw)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}); restore the file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: not valid YAML in UTF-8 ({' '.join(str(error).split())}); mend the line") from error
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise SourceError(f"{path}: {places}") from error
    if instrument.instrument != path.stem:
        raise SourceError(f"{path}: says it is {instrument.instrument!r}; the stem of the file is its name")
    return instrument


@cache
def instruments(folder: Path = INSTRUMENTS) -> dict[str, Instrument]:
    """All instruments of a folder by name, oldest first."""
    return {path.stem: load_instrument(path) for path in sorted(folder.glob("*.yml"))}


def rounds(folder: Path = INSTRUMENTS) -> dict[str, Instrument]:
    """The rounds that answers can be imported for, each with its instrument. Raises ``SourceError`` for one in two."""
    found: dict[str, Instrument] = {}
    for instrument in instruments(folder).values():
        for round_id in instrument.rounds:
            if not re.fullmatch(r"\d{4}[a-z]?", round_id) or round_id in found:
                raise SourceError(f"{instrument.instrument}.yml: round {round_id!r} is no year, or stands twice")
            found[round_id] = instrument
    return found
