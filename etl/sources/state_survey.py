"""Parser of the SNT's survey of opening exercises: the questionnaire of 2021 and its round, and the imported rounds."""

from __future__ import annotations

from etl.sources.reading import Row, RowError, Source
from etl.sources.state_survey_rounds import parse_round
from etl.survey.instrument import instruments

INSTRUMENT = "2021"


def parse(source: Source) -> None:
    """Read the questionnaire; the answers of 2021 were never published, so the round has aggregates only."""
    source.each("survey_questionnaire.csv", lambda row: _item(source, row))
    for file in source.spec.files:
        if file.name.startswith("round_"):
            parse_round(source, file.name)


def _item(source: Source, row: Row) -> None:
    item_id = row.need("item_id")
    asked = next((item for item in instruments()[INSTRUMENT].items if item.item_id == item_id), None)
    row.add(
        "survey_items",
        instrument=INSTRUMENT,
        item_id=item_id,
        variable=row.need("variable"),
        topic=row.need("topic"),
        heading_es=asked.heading.es if asked else None,
        heading_en=asked.heading.en if asked else None,
        answer_type=_needed(row, "answer_type", "answer_types"),
        published_result=row.text("published_result"),
        published_result_es=row.choice("published_result", "published_in_spanish"),
        is_reconstructed=_needed(row, "wording_status", "wording") == "yes",
        reference=row.text("source_ref"),
    )
    for position, option in enumerate(row.split("options_documented"), 1):
        row.add(
            "survey_item_options",
            instrument=INSTRUMENT,
            item_id=item_id,
            option_code=source.look_up("options", option, "options_documented"),
            position=position,
            label_es=option,
            label_en=source.look_up("options_in_english", option, "options_documented"),
        )
    for declared in source.spec.links["rounds"]:
        if declared["with_item"] == item_id:
            row.add("survey_rounds", **{name: value for name, value in declared.items() if name != "with_item"})


def _needed(row: Row, column: str, lookup: str) -> str:
    code = row.choice(column, lookup)
    if code is None:
        raise RowError(f"column {column}: empty; a value is needed")
    return code
