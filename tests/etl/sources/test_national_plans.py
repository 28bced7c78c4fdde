"""The curated list of national plans: every row accounted for, and its claims checked against its own files."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schema import VOCABULARIES
from etl.sources.reading import Source
from etl.sources.spec import SourceError
from tests.etl.sources.any_bytes import bundled, damaged, end_cleanly, parse_with, tables

PLANS = "national_plans"
FILES = {
    "plans.csv": (5, 0),
    "plan_metrics.csv": (25, 0),
    "timeline.csv": (25, 0),
    "actors.csv": (141, 0),
    "commitments.csv": (27, 0),
    "actions.csv": (40, 36),
    "activities.csv": (85, 78),
    "board4_staging_milestones.csv": (91, 91),
    "board4_staging_activities.csv": (1075, 1075),
}


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a bundled file, read without the parser."""
    return list(csv.DictReader(io.StringIO(bundled(PLANS, file).decode(), newline="")))


def by(source: Source, table: str, key: str) -> dict[str, dict[str, Any]]:
    """The rows of a table by a column."""
    return {row[key]: row for row in source.tables[table]}


def test_every_row_is_loaded_or_ignored_for_a_declared_reason(parsed: Callable[[str], Source]) -> None:
    source = parsed(PLANS)
    counted = {file: (count.read, count.ignored) for file, count in source.counts.items()}
    assert counted == FILES
    assert source.rejected == []
    assert source.findings == []
    assert sum(source.ignored.values()) == 36 + 78 + 91 + 1075


def test_the_expanded_first_plan_takes_the_place_of_the_original(parsed: Callable[[str], Source]) -> None:
    plans = by(parsed(PLANS), "plans", "plan_id")
    assert list(plans) == ["MX-P1", "MX-P1E", "MX-P2", "MX-P3", "MX-P4"]
    assert [plan for plan, row in plans.items() if row["same_as_plan_id"] is None] == list(plans)[1:]
    declared = [plans[plan]["declared_commitments"] for plan in ("MX-P1", "MX-P1E", "MX-P2", "MX-P3", "MX-P4")]
    assert declared == [None, 36, 26, 11, 13]
    assert (plans["MX-P1E"]["ends_on"], plans["MX-P1E"]["ends_precision"]) == ("2012-09", "month")


def test_every_event_reads_in_both_languages(parsed: Callable[[str], Source]) -> None:
    events = parsed(PLANS).tables["plan_events"]
    assert len({event["event_id"] for event in events}) == 25
    assert all(event["event_es"] and event["event_es"] != event["event_en"] for event in events)


def test_every_declared_event_is_in_the_timeline(parsed: Callable[[str], Source]) -> None:
    """An id that nothing matches would be a sentence nobody reads."""
    source = parsed(PLANS)
    assert set(source.spec.links["events_es"]) == set(by(source, "plan_events", "event_id"))


def test_an_event_without_its_spanish_is_rejected_with_the_remedy() -> None:
    content = bundled(PLANS, "timeline.csv").replace(b"OGP under-review letter", b"OGP letter of another kind")
    source = parse_with(PLANS, "timeline.csv", content)
    (rejected,) = source.rejected
    assert "2024-04-ogp-letter-of-another-kind" in rejected.reason
    assert len(source.tables["plan_events"]) == 24


def test_commitments_have_the_ogp_id_where_one_was_read(parsed: Callable[[str], Source]) -> None:
    source = parsed(PLANS)
    read = {row["local_id"]: row["commitment_id"] for row in rows("commitments.csv")}
    assert set(by(source, "commitments", "commitment_id")) == {ogp or local for local, ogp in read.items()}
    ids = {
        (row["register"], row["register_id"], row["basis"]): row["commitment_id"]
        for row in source.tables["commitment_ids"]
    }
    assert ids[("ogp", "MX0042", "read")] == "MX0042"
    assert ids[("national_plans", "MX-P2-05", "given")] == "MX0042"
    assert ids[("national_plans", "MX-P2-01", "given")] == "MX-P2-01"
    assert len(ids) == 27 + sum(1 for ogp in read.values() if ogp)


def test_a_title_only_a_translating_machine_gave_says_so(parsed: Callable[[str], Source]) -> None:
    commitments = parsed(PLANS).tables["commitments"]
    translated = {row["commitment_id"] for row in commitments if row["warning"] == "machine_translated"}
    expected = {r["commitment_id"] for r in rows("commitments.csv") if r["title_es_ogp"] and not r["title_es"]}
    assert translated == expected
    assert expected == {"MX0068", "MX0087"}


def test_lists_become_rows_and_keep_their_taxonomy(parsed: Callable[[str], Source]) -> None:
    tags: dict[tuple[str, str], set[str]] = {}
    for row in parsed(PLANS).tables["commitment_policy_areas"]:
        tags.setdefault((row["commitment_id"], row["vocabulary"]), set()).add(row["policy_area"])
    assert tags[("MX0068", "ogp_page")] == {
        "Capacity Building",
        "Economic Inclusion",
        "Inclusion",
        "Public Participation",
    }
    assert tags[("MX0068", "ogp_listing")] == {"Capacity Building"}
    assert tags[("MX0068", "ogp_values")] == {"Access to Information", "Technology"}
    assert tags[("MX0084", "sdg")] == {"6", "14", "15", "16"}
    assert ("MX0078", "ogp_values") not in tags


def test_judgements_keep_the_words_of_the_source(parsed: Callable[[str], Source]) -> None:
    ratings = parsed(PLANS).tables["commitment_ratings"]
    of = {(row["commitment_id"], row["criterion"]): (row["value_code"], row["value_raw"]) for row in ratings}
    assert of[("MX0042", "early_results")] == ("major", "Major")
    assert of[("MX0042", "relevant")] == ("yes", "Yes")
    assert of[("MX0075", "completion")] == ("pending_review", "Pending IRM Review")
    assert of[("MX0066", "early_results")] == ("did_not_change", "Did Not Change")
    assert ("MX0078", "completion") not in of
    columns = ("verifiable", "potential_impact", "ambition", "completion", "early_results", "starred")
    cells = sum(1 for row in rows("commitments.csv") for column in columns if row[column])
    yes_no = sum(1 for row in rows("commitments.csv") if row["relevance_ogp_values"] in ("Yes", "No"))
    assert len(ratings) == cells + yes_no


def test_only_lines_of_plan_three_are_actions_of_this_source(parsed: Callable[[str], Source]) -> None:
    actions = parsed(PLANS).tables["actions"]
    assert [row["action_id"] for row in actions] == ["P3-1.1", "P3-1.2", "P3-MX0066", "P3-MX0072"]
    assert actions[2]["responsible"] == "PGR; Centro Nacional de Información del SESNSP"


def test_the_ignored_rows_do_repeat_the_board(parsed: Callable[[str], Source]) -> None:
    board = parsed("national_board")
    for file, table, key in (("actions.csv", "actions", "action_id"), ("activities.csv", "activities", "activity_id")):
        known = by(board, table, key)
        for row in rows(file):
            if row["local_id"].startswith("MX-P4"):
                assert known[row[key]]["title"] == row["title_es"]
                assert known[row[key]]["is_placeholder"] is False
                assert (row["responsible"], row["status"], row["progress"]) == ("", "", "")


def test_deadlines_written_in_titles_are_kept(parsed: Callable[[str], Source]) -> None:
    source = parsed(PLANS)
    found = {row["activity_id"]: row["deadline_in_text_on"] for row in source.tables["activities"]}
    expected = {r["activity_id"]: r["deadline_in_text"] for r in rows("activities.csv") if r["deadline_in_text"]}
    assert found == expected
    board = by(parsed("national_board"), "activities", "activity_id")
    assert all(board[row["activity_id"]]["action_id"] == row["action_id"] for row in source.tables["activities"])


def test_actors_have_a_kind_and_a_role_of_the_vocabulary(parsed: Callable[[str], Source]) -> None:
    source = parsed(PLANS)
    kinds = {row["name"]: row["kind"] for row in source.tables["actors"]}
    assert set(kinds.values()) <= set(VOCABULARIES["actor_kind"])
    assert (
        kinds["Instituto Nacional de Transparencia, Acceso a la Información y Protección de Datos Personales"]
        == "guarantor"
    )
    assert kinds["Instituto Nacional de Estadística y Geografía"] == "autonomous"
    assert kinds["Guardia Nacional"] == "federal_executive"
    roles = Counter(row["role"] for row in source.tables["participations"])
    written = Counter(row["role"] for row in rows("actors.csv"))
    assert roles["lead"] == written["lead"] + written["lead (board account)"]
    assert roles["filer"] == 10
    assert sum(roles.values()) == 141


def test_participations_are_told_apart_and_point_to_what_is_loaded(parsed: Callable[[str], Source]) -> None:
    source = parsed(PLANS)
    participations = by(source, "participations", "participation_id")
    assert len(participations) == 141
    known = {"plan": set(by(source, "plans", "plan_id")), "commitment": set(by(source, "commitments", "commitment_id"))}
    assert all(row["subject_id"] in known[row["subject_kind"]] for row in participations.values())


def test_actors_file_names_every_organisation_of_the_free_text() -> None:
    """Why the free text of leads and supporters is not split: what it names already stands in actors.csv."""
    named: dict[str, str] = {}
    for row in rows("actors.csv"):
        named[row["local_id"]] = (
            named.get(row["local_id"], "") + f" | {row['name']} {row['acronym']} {row['notes']}".lower()
        )
    units = {"fellows (red de gobierno abierto y desarrollo sostenible)"}  # people, not an organisation
    for row in rows("commitments.csv"):
        texts = f"{row['lead_institutions']};{row['supporting_institutions']}".split(";")
        for text in {text.strip().lower() for text in texts if text.strip()} - units:
            whole = re.sub(r"\s*\(.*?\)\s*|,? a\.?c\.?$", "", text)
            parts = [part.strip() for part in re.split(r",| de la | del | - ", whole)]
            assert any(part in named[row["local_id"]] for part in [whole, *parts]), text


@pytest.mark.parametrize("file", FILES)
def test_a_file_with_another_header_is_refused(file: str) -> None:
    with pytest.raises(SourceError, match="missing"):
        parse_with(PLANS, file, b"alpha,beta\r\n1,2\r\n")


@pytest.mark.slow
@settings(max_examples=60)
@given(st.data())
def test_any_bytes_end_in_rows_or_a_clear_error(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from([name for name in FILES if not name.startswith("board4")]))
    original = bundled(PLANS, file)
    header = original.split(b"\r\n")[0].decode().split(",")
    content = data.draw(st.one_of(st.binary(max_size=200), damaged(original[:6000]), tables(header)))
    end_cleanly(PLANS, file, content)
