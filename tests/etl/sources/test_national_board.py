"""The national board: what the draft holds, its copied texts and dates, and refusals of other shapes."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.reading import Source
from etl.sources.spec import SourceError
from tests.etl.sources.any_bytes import bundled, damaged, end_cleanly, parse_with

BOARD = "national_board"
TRUSTS = "b5dfccfb-adcc-42f8-af53-02f8053b1a2b"
EDUCATION = "f0f55090-21e2-46e1-8b75-e0f4883c9a9a"
PLAN = "cdee46b2-17e6-4b20-8521-253e4617b0c7"
BY_CONTENT = {
    "copy_of_trusts_template": "cloned_from_template",
    "labour_content_in_education_record": "text_of_other_commitment",
}
BY_DATES = {"template": "template_dates", "end_before_start": "ends_before_start"}


def curated(file: str, key: str) -> dict[str, dict[str, str]]:
    """The rows of a curated file about the same export, which were judged by hand and not by the parser."""
    text = bundled("national_plans", file).decode()
    return {row[key]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def board(**activity: Any) -> bytes:
    """A board of one commitment, one action and one activity whose fields can be set."""
    fields = {"id": "a1", "orden": 1, "titulo": "Publicar", "fecha_inicial": None, "fecha_final": None}
    action = {"id": "h1", "orden": 1, "titulo": "Abrir", "ponderacion": 100, "fecha_inicial": None, "fecha_final": None}
    commitment = {"id": TRUSTS, "orden": 9, "titulo": "Fideicomisos", "slug": "f", "metadatos": {}}
    actions = [{**action, "actividades": [{**fields, "metadatos": {}, **activity}]}]
    plan = {"id": PLAN, "compromisos": [{**commitment, "acciones": actions}]}
    return json.dumps({"data": {"plan": [plan]}}).encode()


def test_every_record_of_the_draft_is_read_and_loaded(parsed: Callable[[str], Source]) -> None:
    source = parsed(BOARD)
    count = source.counts["board.json"]
    assert (count.read, count.loaded, count.rejected, count.ignored) == (13 + 91 + 1075, 13 + 91 + 1075, 0, 0)
    assert [len(source.tables[table]) for table in ("commitments", "actions", "activities")] == [13, 91, 1075]


def test_placeholders_are_those_judged_by_hand(parsed: Callable[[str], Source]) -> None:
    source = parsed(BOARD)
    for table, key, file, curated_key, number in (
        ("actions", "action_id", "board4_staging_milestones.csv", "hito_uuid", 39),
        ("activities", "activity_id", "board4_staging_activities.csv", "actividad_uuid", 970),
    ):
        by_hand = {name for name, row in curated(file, curated_key).items() if row["content_quality"] == "placeholder"}
        assert {row[key] for row in source.tables[table] if row["is_placeholder"]} == by_hand
        assert len(by_hand) == number


def test_warnings_of_actions_are_those_judged_by_hand(parsed: Callable[[str], Source]) -> None:
    by_hand = curated("board4_staging_milestones.csv", "hito_uuid")
    for action in parsed(BOARD).tables["actions"]:
        judged = by_hand[action["action_id"]]
        about_dates = BY_DATES.get(judged["date_quality"])
        assert action["date_warning"] == about_dates, judged
        assert action["warning"] == (BY_CONTENT.get(judged["content_quality"]) or about_dates), judged
        assert (action["starts_on"] or "", action["ends_on"] or "") == (judged["start_raw"], judged["end_raw"])


def test_warnings_of_activities_are_those_judged_by_hand(parsed: Callable[[str], Source]) -> None:
    by_hand = curated("board4_staging_activities.csv", "actividad_uuid")
    for activity in parsed(BOARD).tables["activities"]:
        judged = by_hand[activity["activity_id"]]
        assert activity["warning"] == BY_CONTENT.get(judged["content_quality"]), judged
        assert activity["action_id"] == judged["hito_uuid"]


def test_ten_actions_end_before_they_start(parsed: Callable[[str], Source]) -> None:
    warnings = Counter(row["date_warning"] for row in parsed(BOARD).tables["actions"])
    assert warnings["ends_before_start"] == 10


def test_commitments_carry_the_ogp_id_matched_by_topic(parsed: Callable[[str], Source]) -> None:
    by_hand = {row["board_uuid"]: row for row in curated("commitments.csv", "local_id").values() if row["board_uuid"]}
    ids = parsed(BOARD).tables["commitment_ids"]
    assert {(row["register_id"], row["commitment_id"]) for row in ids} == {
        (uuid, row["commitment_id"]) for uuid, row in by_hand.items()
    }
    assert {row["basis"] for row in ids} == {"matched_by_topic"}
    titles = {row["commitment_id"]: row["title_board"] for row in parsed(BOARD).tables["commitments"]}
    assert titles == {row["commitment_id"]: row["title_board"] for row in by_hand.values()}


def test_two_clones_and_the_education_record_are_linked_and_told(parsed: Callable[[str], Source]) -> None:
    source = parsed(BOARD)
    links = {(row["commitment_id"], row["other_commitment_id"]) for row in source.tables["commitment_links"]}
    assert links == {("MX0082", "MX0083"), ("MX0086", "MX0083"), ("MX0077", "MX0079")}
    warned = {row["commitment_id"]: row["warning"] for row in source.tables["commitments"] if row["warning"]}
    assert warned == {
        "MX0082": "cloned_from_template",
        "MX0086": "cloned_from_template",
        "MX0077": "text_of_other_commitment",
    }
    told = {(found.check_id, found.row_key) for found in source.findings}
    assert {("cloned_from_template", "MX0082"), ("text_of_other_commitment", "MX0077")} <= told
    assert ("board_without_status", None) in told


def test_a_draft_without_status_claims_none(parsed: Callable[[str], Source]) -> None:
    assert {row["status"] for row in parsed(BOARD).tables["activities"]} == {None}
    assert {row["weight"] for row in parsed(BOARD).tables["actions"]} == {None}


@pytest.mark.parametrize(
    ("estatus", "status"),
    [("ninguno", "not_started"), ("iniciado", "started"), ("completo", "completed"), ("verificado", "verified")],
)
def test_a_status_is_read_where_the_board_gives_one(estatus: str, status: str) -> None:
    source = parse_with(BOARD, "board.json", board(metadatos={"estatus": estatus, "contacto": "Nombre Inventado"}))
    assert [row["status"] for row in source.tables["activities"]] == [status]
    assert source.tables["actions"][0]["weight"] == 100.0
    assert "board_without_status" not in {found.check_id for found in source.findings}


def test_an_unknown_status_rejects_the_activity_and_keeps_nothing_else_of_metadatos() -> None:
    content = board(metadatos={"estatus": "archivado", "contacto": "Nombre Inventado"})
    source = parse_with(BOARD, "board.json", content)
    (rejected,) = source.rejected
    assert "archivado" in rejected.reason
    assert "verificado" in rejected.reason
    assert "Nombre Inventado" not in str(rejected)


@pytest.mark.parametrize("title", ["", None, "Actividad", "actividad 12", " Actividad 1 "])
def test_template_titles_are_placeholders(title: str | None) -> None:
    source = parse_with(BOARD, "board.json", board(titulo=title))
    assert source.tables["activities"][0]["is_placeholder"] is True


def test_a_record_without_a_declared_match_is_rejected_with_what_it_holds() -> None:
    content = board().replace(TRUSTS.encode(), b"00000000-0000-4000-8000-000000000000")
    source = parse_with(BOARD, "board.json", content)
    assert source.counts["board.json"].rejected == 3
    assert "links.commitments" in source.rejected[0].reason
    assert source.tables == {}


def test_mended_text_loses_its_warning() -> None:
    """The education record with a title of its own is no longer text of the labour commitment."""
    content = board(titulo="Publicar datos de matrícula").replace(TRUSTS.encode(), EDUCATION.encode())
    source = parse_with(BOARD, "board.json", content)
    assert [row["warning"] for row in source.tables["activities"]] == [None]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html></html>", "not JSON"),
        (b"[]", "data.plan"),
        (b'{"data": {"plan": null}}', "data.plan"),
        (b'{"errors": [{"message": "field not found"}]}', "field not found"),
        (b'{"data": {"plan": [{"id": "p"}]}}', "compromisos"),
        (b'{"data": {"plan": [{"id": "p", "compromisos": [{"id": "c", "hitos": []}]}]}}', "until June 2020"),
        (b'{"data": {"plan": [{"id": "p", "compromisos": [{"id": "c", "acciones": []}]}]}}', "no column"),
    ],
)
def test_another_shape_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        parse_with(BOARD, "board.json", content)


JSON_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(), max_size=2)
)


@settings(max_examples=100)
@given(st.one_of(st.binary(max_size=200), damaged(board())))
def test_any_bytes_end_in_rows_or_a_clear_error(content: bytes) -> None:
    end_cleanly(BOARD, "board.json", content)


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["id", "orden", "titulo", "fecha_inicial", "fecha_final", "metadatos"]),
        st.one_of(JSON_VALUES, st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=3)),
    )
)
def test_any_values_end_in_rows_or_rejected_rows(activity: dict[str, Any]) -> None:
    source = end_cleanly(BOARD, "board.json", board(**activity))
    assert source is not None
    assert source.counts["board.json"].read == 3
