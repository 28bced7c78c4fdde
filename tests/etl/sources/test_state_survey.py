"""The survey's questionnaire of 2021: reconstructed and said to be, and its round known by aggregates only."""

from __future__ import annotations

from collections.abc import Callable

from data.schema import VOCABULARIES
from etl.sources.reading import Source
from tests.etl.sources.any_bytes import parse_with

FILE = "survey_questionnaire.csv"
HEADER = b"item_id,variable,topic,answer_type,options_documented,published_result,wording_status,source_ref\n"


def test_items_are_marked_as_reconstructed(parsed: Callable[[str], Source]) -> None:
    items = parsed("state_survey").tables["survey_items"]
    assert [item["item_id"] for item in items] == [f"Q{number:02}" for number in range(1, 20)]
    assert all(item["is_reconstructed"] for item in items)
    assert {item["answer_type"] for item in items} <= set(VOCABULARIES["answer_type"])
    assert all(item["published_result"] and item["published_result_es"] for item in items), "in both languages"


def test_documented_options_keep_their_order_and_have_codes(parsed: Callable[[str], Source]) -> None:
    options: dict[str, list[tuple[int, str]]] = {}
    for row in parsed("state_survey").tables["survey_item_options"]:
        options.setdefault(row["item_id"], []).append((row["position"], row["option_code"]))
        assert row["label_es"]
        assert row["label_en"]
    assert options["Q03"] == [(1, "active"), (2, "in_implementation")]
    assert options["Q05"] == [(1, "convener"), (2, "facilitator")]
    assert options["Q07"] == [(1, "yes"), (2, "no")]
    assert [code for _, code in options["Q19"]] == [
        "cocreacion_snt", "ogp_local", "multi_city_challenge", "apertura_por_diseno",
    ]  # fmt: skip
    assert "Q02" not in options


def test_the_round_has_aggregates_only(parsed: Callable[[str], Source]) -> None:
    source = parsed("state_survey")
    (survey_round,) = source.tables["survey_rounds"]
    assert survey_round["basis"] == "published_aggregate_only"
    assert (survey_round["reported_on"], survey_round["bodies_asked"]) == ("2021-10-22", 32)
    assert not {"survey_respondents", "survey_answers"} & set(source.tables)


def test_an_unknown_option_or_type_is_rejected_with_the_remedy() -> None:
    wording = b"reconstructed from published results; original wording not found"
    cells = b"Q20,x,y,yes/no,quiz\xc3\xa1s,,%s,slides\nQ21,x,y,essay,,,%s,slides\nQ22,x,y,,,,%s,slides\n"
    source = parse_with("state_survey", FILE, HEADER + cells % (wording, wording, wording))
    assert [rejected.position for rejected in source.rejected] == ["line 2", "line 3", "line 4"]
    assert "lookups.options in state_survey.yml" in source.rejected[0].reason
    assert "lookups.answer_types in state_survey.yml" in source.rejected[1].reason
    assert "answer_type" in source.rejected[2].reason
