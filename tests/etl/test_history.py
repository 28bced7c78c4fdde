"""The history of status: from copies of the board that differ in known cells, and from the reviews in the bundled file."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.database import Database, ReleaseHandle
from data.schema import TABLES
from etl.progress import Silence
from etl.release import open_store
from etl.run import run
from etl.snapshots import SnapshotStore
from etl.verify import verify
from settings import ROOT, Settings

SNAPSHOTS = ROOT / "data" / "snapshots"
BOARD = SNAPSHOTS / "national_board" / "2019-11-22" / "board.json"
EXPLORER = SNAPSHOTS / "ogp_commitments" / "2017-03-30" / "ogpirm_live_data.csv"
NO_VALUE = {"na", "nd", "nr", ""}

# Surveillance (MX0081 by national_board.yml) holds its own text; care (MX0082) was filled with text of trusts.
SURVEILLANCE, CARE = "3eaa2555-fdca-4d14-bc5f-e6c9fdbf065a", "140fe573-3686-41d3-8db4-6bb5b63695f0"

Statuses = Mapping[str, str | None]
Event = Mapping[str, Any]


def activities(board: Any, commitment: str) -> list[dict[str, Any]]:
    """The activities of a commitment of the board, in order."""
    found = next(c for c in board["data"]["plan"][0]["compromisos"] if c["id"] == commitment)
    return [activity for action in found["acciones"] for activity in action["actividades"]]


def real(commitment: str) -> list[str]:
    """The ids of the activities of a commitment whose title says something."""
    named = [a for a in activities(json.loads(BOARD.read_bytes()), commitment) if a["titulo"].strip()]
    return [a["id"] for a in named if not a["titulo"].lower().startswith("actividad")]


def placeholder() -> str:
    """The id of an activity of the surveillance commitment that a template left behind."""
    ours = activities(json.loads(BOARD.read_bytes()), SURVEILLANCE)
    return next(str(a["id"]) for a in ours if a["titulo"].strip().lower().startswith("actividad"))


def board_with(statuses: Statuses) -> bytes:
    """The bundled copy of the board with these activities' ``estatus``, None for none."""
    board = json.loads(BOARD.read_bytes())
    for commitment in (SURVEILLANCE, CARE):
        for activity in activities(board, commitment):
            if activity["id"] in statuses:
                activity["metadatos"] = {"estatus": statuses[activity["id"]]} if statuses[activity["id"]] else {}
    return json.dumps(board, ensure_ascii=False).encode()


def installation(folder: Path, *copies: tuple[datetime, bytes]) -> Settings:
    """An installation of its own, with further copies of the board."""
    shutil.copytree(SNAPSHOTS, folder / "snapshots")
    store = SnapshotStore(folder / "snapshots")
    for moment, content in copies:
        store.keep("national_board", "board.json", content, url=None, via="upload", fetched_at=moment)
    return Settings(releases_dir=folder / "releases", snapshots_dir=folder / "snapshots")


def events(handle: ReleaseHandle, source_id: str) -> list[Event]:
    """The events of one source in the release, by activity and edition."""
    history = TABLES["commitment_status_history"]
    query = select(history).where(history.c.source_id == source_id)
    with handle.connect() as connection:
        rows = connection.execute(query.order_by(history.c.activity_id, history.c.edition)).mappings()
        return [dict(row) for row in rows]


JANUARY, JUNE, SAME_DAY = (
    datetime(2020, 1, 10, 9, tzinfo=UTC),
    datetime(2020, 6, 1, 9, tzinfo=UTC),
    datetime(2020, 6, 1, 18, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, ReleaseHandle, dict[str, bytes]]:
    """A release after three more copies: one reports, the next verifies one and goes silent on another, the last mends."""
    first, second, third = real(SURVEILLANCE)[:3]
    foreign = real(CARE)[0]
    january = board_with({first: "iniciado", second: "completo", placeholder(): "iniciado", foreign: "iniciado"})
    june = board_with({first: "verificado", second: None, third: "ninguno"})
    same_day = board_with({first: "verificado", second: "completo", third: "ninguno"})
    copies = {"2020-01-10": january, "2020-06-01": june, "2020-06-01T180000Z": same_day}
    settings = installation(tmp_path_factory.mktemp("followed"), (JANUARY, january), (JUNE, june), (SAME_DAY, same_day))
    run(settings, Silence(), offline=True)
    handle = Database(settings).current()
    assert handle is not None
    return settings, handle, copies


def told(found: list[Event], activity_id: str) -> list[tuple[Any, ...]]:
    return [
        (e["last_seen_on"], e["changed_on"], e["from_status"], e["to_status"], e["verified_by"])
        for e in found
        if e["activity_id"] == activity_id
    ]


def test_each_change_between_copies_is_an_event_and_a_copy_that_says_the_same_is_none(
    followed: tuple[Settings, ReleaseHandle, dict[str, bytes]],
) -> None:
    first, second, third = real(SURVEILLANCE)[:3]
    found = events(followed[1], "national_board")
    assert told(found, first) == [
        ("2019-11-22", "2020-01-10", None, "started", None),
        ("2020-01-10", "2020-06-01", "started", "verified", "not_named"),
    ]
    assert told(found, second) == [
        ("2019-11-22", "2020-01-10", None, "completed", None),
        ("2020-01-10", "2020-06-01", "completed", None, None),
        ("2020-06-01", "2020-06-01", None, "completed", None),
    ]
    assert told(found, third) == [("2020-01-10", "2020-06-01", None, "not_started", None)]
    assert len(found) == 6
    assert {event["commitment_id"] for event in found} == {"MX0081"}
    assert {event["reported_by"] for event in found} == {"institution"}


def test_placeholders_and_copied_text_have_no_history(
    followed: tuple[Settings, ReleaseHandle, dict[str, bytes]],
) -> None:
    found = {event["activity_id"] for event in events(followed[1], "national_board")}
    assert placeholder() not in found
    assert real(CARE)[0] not in found


def test_an_event_carries_the_hash_of_the_copy_that_told_it_and_the_release_lists_that_copy(
    followed: tuple[Settings, ReleaseHandle, dict[str, bytes]],
) -> None:
    _, handle, copies = followed
    snapshots = TABLES["snapshots"]
    with handle.connect() as connection:
        listed = {
            row.snapshot_id: (row.sha256, row.rows_read)
            for row in connection.execute(select(snapshots).where(snapshots.c.source_id == "national_board"))
        }
    assert set(listed) == {f"national_board/{date}/board.json" for date in ("2019-11-22", *copies)}
    # Only the rows of the newest copy are in the tables.
    assert [read for _, read in sorted(listed.values(), key=lambda pair: pair[1])][:3] == [0, 0, 0]
    for event in events(handle, "national_board"):
        date = event["snapshot_id"].split("/")[1]
        assert event["edition"] == f"board/{date}"
        assert event["snapshot_sha256"] == hashlib.sha256(copies[date]).hexdigest() == listed[event["snapshot_id"]][0]


def test_a_release_with_history_is_made_again_from_all_its_copies(
    followed: tuple[Settings, ReleaseHandle, dict[str, bytes]],
) -> None:
    settings, handle, _ = followed
    assert verify(settings, handle.info.release_id).same


@pytest.mark.slow
def test_an_earlier_copy_is_an_input_of_the_release(tmp_path: Path) -> None:
    activity = real(SURVEILLANCE)[0]
    without = installation(tmp_path / "a", (JUNE, board_with({activity: "completo"})))
    also = installation(
        tmp_path / "b", (JANUARY, board_with({activity: "iniciado"})), (JUNE, board_with({activity: "completo"}))
    )
    hashes = []
    for settings in (without, also):
        run(settings, Silence(), offline=True)
        current = open_store(settings).current()
        assert current is not None
        hashes.append(current.input_hash)
    assert hashes[0] != hashes[1]


def test_an_earlier_copy_of_another_shape_is_said_and_left_out(tmp_path: Path) -> None:
    activity = real(SURVEILLANCE)[0]
    settings = installation(tmp_path, (JANUARY, b'{"data": {}}'), (JUNE, board_with({activity: "completo"})))
    run(settings, Silence(), offline=True)
    handle = Database(settings).current()
    assert handle is not None
    assert told(events(handle, "national_board"), activity) == [("2019-11-22", "2020-06-01", None, "completed", None)]
    findings = TABLES["findings"]
    with handle.connect() as connection:
        (message,) = connection.scalars(
            select(findings.c.message_es).where(findings.c.check_id == "earlier_copy_not_read")
        )
    assert "national_board/2020-01-10/board.json" in message


def test_the_bundled_draft_gives_no_event_of_the_board(release: ReleaseHandle) -> None:
    assert events(release, "national_board") == []


def completion(cell: str) -> str:
    return cell.split(". ")[-1].strip().lower().replace(" ", "_")


def test_a_commitment_reviewed_twice_gives_one_event_with_both_codes(release: ReleaseHandle) -> None:
    with EXPLORER.open(encoding="utf-8", newline="") as file:
        next(file)
        rows = list(enumerate(csv.DictReader(file), 3))
    names = "Completion (progress report)", "Completion (end of term)"
    codes = [(f"line {line}", *(completion(row[name]) for name in names)) for line, row in rows]
    expected = {code for code in codes if not NO_VALUE & set(code)}
    found = [event for event in events(release, "ogp_commitments") if event["edition"] == "explorer_2017"]
    assert {(e["source_position"], e["from_status"], e["to_status"]) for e in found} == expected
    assert len(found) == len(expected) > 0
    for event in found:
        assert (event["from_report"], event["to_report"]) == ("progress_report", "end_of_term")
        assert (event["reported_by"], event["verified_by"], event["changed_on"]) == ("irm", "irm", None)
