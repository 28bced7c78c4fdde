"""The reference lists: whole, with every spelling of a state known, and bodies that end as the events say."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from etl.sources.reading import Source
from etl.sources.row import RowError
from tests.etl.sources.any_bytes import bundled, parse_with

EVENTS = b"state_code,state_name,body_acronym,event,date,date_precision,successor,source_url,note\n"


def rows(source_id: str, file: str) -> list[dict[str, str]]:
    """The rows of a bundled file, read without the parser."""
    return list(csv.DictReader(io.StringIO(bundled(source_id, file).decode(), newline="")))


def test_the_lists_are_whole(parsed: Callable[[str], Source]) -> None:
    tables = parsed("reference").tables
    assert len(tables["states"]) == 32
    assert sum(state["population_2020"] for state in tables["states"]) == 126_014_024
    assert len(tables["municipalities"]) == 2478
    assert len(tables["guarantor_body_events"]) == 12
    assert len({term["catalog"] for term in tables["method_terms"]}) == 6
    assert not parsed("reference").rejected
    assert not parsed("reference").findings


def test_each_state_has_its_number_of_municipalities_and_one_body(parsed: Callable[[str], Source]) -> None:
    tables = parsed("reference").tables
    for state in tables["states"]:
        code = state["state_code"]
        assert state["municipality_count"] == sum(m["state_code"] == code for m in tables["municipalities"])
        assert [body["body_id"] for body in tables["guarantor_bodies"] if body.get("state_code") == code] != []
    assert all(m["municipality_code"][:2] == m["state_code"] for m in tables["municipalities"])
    assert len({body["body_id"] for body in tables["guarantor_bodies"]}) == 33


def test_population_of_new_municipalities_is_missing_not_zero(parsed: Callable[[str], Source]) -> None:
    without = [m["name"] for m in parsed("reference").tables["municipalities"] if m["population_2020"] is None]
    assert len(without) == 9
    assert "Dzitbalché" in without


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("Mexico", "15"),
        ("México", "15"),
        ("Estado de México", "15"),
        ("EDOMEX", "15"),
        ("NuevoLeon", "19"),
        ("Distrito Federal", "09"),
        ("CDMX", "09"),
        ("MX-JAL", "14"),
        ("Coahuila de Zaragoza", "05"),
        ("michoacan", "16"),
        ("S.L.P.", None),
        ("Federal", None),
        ("Nacional", None),
        ("1", None),
    ],
)
def test_states_are_known_by_declared_spellings_only(
    parsed: Callable[[str], Source], spelling: str, code: str | None
) -> None:
    source = parsed("reference")
    if code is not None:
        assert source.state(spelling, "state") == code
        return
    with pytest.raises(RowError, match=r"lookups\.states in reference\.yml"):
        source.state(spelling, "state")


@pytest.mark.parametrize(
    ("source_id", "file"),
    [
        ("state_exercises", "declaratorias.csv"),
        ("state_exercises", "exercises.csv"),
        ("metrica", "metrica.csv"),
        ("reference", "ogl_transition.csv"),
    ],
)
def test_code_and_name_of_the_other_files_agree(parsed: Callable[[str], Source], source_id: str, file: str) -> None:
    source = parsed("reference")
    places = {(row["state_code"], row["state_name"]) for row in rows(source_id, file)} - {
        ("MX", "Nacional"), ("00", "Federación"),
    }  # fmt: skip
    assert places
    for code, name in places:
        assert source.state(name, "state") == code


def test_every_spelling_leads_to_its_own_state(parsed: Callable[[str], Source]) -> None:
    spellings = parsed("reference").spec.lookups["states"]
    assert set(spellings.values()) == {f"{code:02}" for code in range(1, 33)}
    assert all(spelling == spelling.lower() for spelling in spellings)
    for row in rows("reference", "states.csv"):
        for column in ("state_code", "iso_3166_2", "official_name", "common_name", "abbreviation"):
            assert spellings[row[column].lower()] == row["state_code"]


def test_bodies_end_as_the_events_say(parsed: Callable[[str], Source]) -> None:
    bodies = {body["body_id"]: body for body in parsed("reference").tables["guarantor_bodies"]}
    inai = bodies["mx-inai"]
    assert (inai["status"], inai["valid_to_on"], inai["valid_to_precision"]) == ("extinct", "2025-03-21", "day")
    assert inai.get("state_code") is None
    assert (bodies["14-itei"]["status"], bodies["14-itei"]["valid_to_on"]) == ("extinct", "2025-11")
    assert bodies["06-infocol"]["status"] == "replaced"
    assert bodies["06-infocol"]["valid_to_on"] is None
    assert bodies["28-itait"]["status"] == "replaced"
    assert bodies["24-cegaip"]["status"] == "extinction_approved"
    unknown = [body for body in bodies.values() if body["status"] == "unknown"]
    assert len(unknown) == 22
    assert all("valid_to_on" not in body for body in unknown)


def test_the_date_of_an_article_ends_no_body(parsed: Callable[[str], Source]) -> None:
    events = {(e["body_id"], e["event"]): e for e in parsed("reference").tables["guarantor_body_events"]}
    assert {key[0] for key, event in events.items() if event["is_article_date"]} == {
        "05-icai", "24-cegaip", "31-inaip",
    }  # fmt: skip
    event = events["05-icai", "successor_in_operation"]
    assert (event["happened_on"], event["happened_precision"]) == ("2025-09-22", "day")
    cells = b"14,Jalisco,ITEI,closed,2025-11-02,article_date,,,\n"
    source = parse_with("reference", "ogl_transition.csv", EVENTS + cells)
    (itei,) = [body for body in source.tables["guarantor_bodies"] if body["body_id"] == "14-itei"]
    assert (itei["status"], itei["valid_to_on"]) == ("extinct", None)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (b"14,Jalisco,ITEI,vanished,2025-11,month,,,\n", "'vanished'"),
        (b"14,Jalisco,ITEI,closed,2025-02-30,day,,,\n", "'2025-02-30'"),
        (b"MX,Nacional,IFAI,extinct,2015,year,,,\n", "links.national_bodies"),
        (b"14,Jalisco,--,closed,2025-11,month,,,\n", "with letters"),
    ],
)
def test_an_event_that_cannot_be_read_changes_no_body(cells: bytes, reason: str) -> None:
    source = parse_with("reference", "ogl_transition.csv", EVENTS + cells)
    (rejected,) = source.rejected
    assert reason in rejected.reason
    assert {body["status"] for body in source.tables["guarantor_bodies"]} == {"unknown"}


def test_an_alias_leads_to_a_name_and_not_to_another_alias(parsed: Callable[[str], Source]) -> None:
    aliases = parsed("reference").spec.links["actors"]
    assert all(alias == alias.lower() for alias in aliases)
    assert not [alias for alias, name in aliases.items() if name.lower() in aliases]
    assert "ifai" not in aliases
