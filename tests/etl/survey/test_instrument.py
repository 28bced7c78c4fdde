"""Questionnaires as data: what is refused, what agrees with the published items, what a template is made of."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from data.round_copies import file_of
from etl.sources.spec import SourceError, load_spec
from etl.survey.answers import AnswerError, Reader, partial_date
from etl.survey.headings import headings_of
from etl.survey.instrument import INSTRUMENTS, instruments, load_instrument, rounds
from settings import ROOT
from tests.etl.survey.answered import make_template

QUESTIONNAIRE = next((ROOT / "data" / "snapshots" / "state_survey").glob("*/survey_questionnaire.csv"))
STATES = load_spec(ROOT / "etl" / "sources" / "reference.yml").lookups["states"]
READER = Reader(instruments()["2026"], STATES)


def test_the_items_of_2021_are_those_that_were_published() -> None:
    with QUESTIONNAIRE.open(encoding="utf-8") as stream:
        published = list(csv.DictReader(stream))
    items = instruments()["2021"].items
    assert [(item.item_id, item.variable, item.heading.es) for item in items] == [
        (row["item_id"], row["variable"], row["topic"]) for row in published
    ]
    for item, row in zip(items, published, strict=True):
        documented = [option.strip() for option in row["options_documented"].split(";") if option.strip()]
        assert item.is_reconstructed
        assert [option.label.es for option in item.options] == ([] if item.answer_type == "yes_no" else documented)
    assert instruments()["2021"].rounds == (), "its answers were never published: there is nothing to import"


def test_what_2021_asked_keeps_its_id_and_variable() -> None:
    newer = {item.item_id: item for item in instruments()["2026"].items}
    # The title and the period of the plan were one item, and are three now; the id stays with the title.
    kept = {item.item_id: item.variable for item in instruments()["2021"].items if item.item_id != "Q12"}
    assert {item_id: newer[item_id].variable for item_id in kept} == kept
    assert newer["Q12"].variable == "plan_title"


def test_every_round_has_its_place_in_the_source() -> None:
    declared = {
        file.name for file in load_spec(ROOT / "etl" / "sources" / "state_survey.yml").files if not file.required
    }
    assert declared == {file_of(round_id) for round_id in rounds()}


def test_no_item_asks_for_data_of_people() -> None:
    for instrument in instruments().values():
        for item in instrument.items:
            words = f"{item.heading.es} {item.question.es} {item.variable}".lower()
            assert not {"correo", "teléfono", "firma", "curp", "cargo"} & set(words.split())


def _without_heading(raw: dict[str, Any]) -> None:
    del raw["parts"][0]["items"][0]["heading"]


def _misspelt(raw: dict[str, Any]) -> None:
    raw["parts"][0]["items"][0]["requird"] = True


def _doubled(raw: dict[str, Any]) -> None:
    raw["parts"][0]["items"][1]["variable"] = "respondent"


def _dangling(raw: dict[str, Any]) -> None:
    raw["parts"][1]["items"][0]["asked_if"] = {"variable": "society_involvement", "codes": ["high"]}


def _unoffered(raw: dict[str, Any]) -> None:
    raw["parts"][1]["items"][0]["asked_if"] = {"variable": "status_latest", "codes": ["paused"]}


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_without_heading, "heading: Field required"),
        (_misspelt, "requird: Extra inputs are not permitted"),
        (_doubled, "variable respondent stands twice"),
        (_dangling, "not asked before it"),
        (_unoffered, "waits for paused"),
    ],
)
def test_a_spoilt_instrument_is_refused(spoil: Callable[[dict[str, Any]], None], told: str, tmp_path: Path) -> None:
    raw = yaml.safe_load((INSTRUMENTS / "2026.yml").read_text())
    spoil(raw)
    (tmp_path / "2026.yml").write_text(yaml.safe_dump(raw, allow_unicode=True))
    with pytest.raises(SourceError, match=told):
        load_instrument(tmp_path / "2026.yml")


def test_the_template_has_a_sheet_per_part_that_the_import_understands(tmp_path: Path) -> None:
    path = tmp_path / "plantilla.xlsx"
    make_template(path)
    instrument = instruments()["2026"]
    workbook = load_workbook(path)
    assert workbook.sheetnames == ["Instrucciones", *(part.sheet for part in instrument.parts), "Listas"]
    assert workbook["Listas"].sheet_state == "hidden"
    known, asked = headings_of(instrument), set()
    for part in instrument.parts:
        sheet = workbook[part.sheet]
        headings = [cell.value for cell in sheet[4]]
        assert sheet.protection.sheet
        assert all(cell.protection.locked for cell in sheet[4])
        assert not any(cell.protection.locked for cell in sheet[6])
        assert str(sheet["A5"].value).startswith("EJEMPLO")
        assert headings[:2] == ["Entidad", "Ejercicio núm."] or part is instrument.parts[0]
        asked |= {
            known[str(heading).lower().strip("¿?.")].item.variable
            for heading in headings
            if str(heading).lower().strip("¿?.") in known
        }
    assert len(workbook["1 Ejercicios"].data_validations.dataValidation) == len(instrument.parts[0].items)


def test_the_example_row_says_only_what_the_import_would_take() -> None:
    for item in instruments()["2026"].items:
        if item.example is not None and item.answer_type != "multiple_choice":
            assert READER.read(item, item.example)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2019", "2019"), ("3/2019", "2019-03"), ("15/3/2019", "2019-03-15"), ("2019-03-15 00:00:00", "2019-03-15"),
     ("15 de marzo de 2019", "2019-03-15"), ("Marzo del 2019", "2019-03"), ("sept 2019", "2019-09")],
)  # fmt: skip
def test_dates_are_read_as_written_in_mexico(written: str, meant: str) -> None:
    assert partial_date(written) == meant


@given(st.sampled_from(instruments()["2026"].items), st.text(max_size=80))
@settings(max_examples=300)
def test_any_text_is_an_answer_or_a_reason(item: Any, text: str) -> None:
    told = ""
    try:
        answer = READER.read(item, text)
    except AnswerError as error:
        told = error.message
        answer = None
    if answer is None:
        assert told
    else:
        assert sum([bool(answer.codes), bool(answer.text), answer.no_answer is not None]) == 1
        assert set(answer.codes) <= set(item.codes)
