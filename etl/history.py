"""How the status of commitments changed over time: from copy to copy of the national board, and from review to review.

Nothing is inferred: an event is a status that a source gives after another one that the same source gave, or gave not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from data.schema import VOCABULARIES
from etl.derive import FOREIGN_TEXT, ORIGIN
from etl.resolve import TablesRead
from etl.sources.reading import Source
from etl.table_rows import TableRow

BOARD, BOARD_FILE = "national_board", "board.json"
# The reviews of a commitment in the order in which they were made.
REVIEWS = ("progress_report", "end_of_term")
STATUSES = frozenset(VOCABULARIES["reported_status"])


def status_history(tables: TablesRead, sources: Iterable[Source]) -> Iterator[TableRow]:
    """The rows of ``commitment_status_history``: events of the board, then those of the reviews."""
    known = {row["commitment_id"] for row in tables.get("commitments", [])}
    hashes = {copy.snapshot_id: copy.sha256 for source in sources for copy in _all_copies(source)}
    for event in [*_board_events(sources, known), *_review_events(tables)]:
        yield {**event, "snapshot_sha256": hashes[event["snapshot_id"]]}


def _all_copies(source: Source) -> list[Any]:
    return [copy for reading in (*source.earlier, source) for copy in reading.copies.values()]


def _board_events(sources: Iterable[Source], known: set[str]) -> Iterator[TableRow]:
    """A row for each activity and copy of the board in which its status is another than in the copy before.

    The first status an activity is given is an event too, from none. Placeholders and copied text have no history,
    as they have no progress; nor has an activity that a copy no longer lists, because that says nothing of its status.
    """
    for source in sources:
        if source.source_id != BOARD:
            continue
        readings = [reading for reading in (*source.earlier, source) if BOARD_FILE in reading.copies and reading.tables]
        last: dict[str, tuple[str | None, str]] = {}
        for reading in readings:
            copy = reading.copy(BOARD_FILE)
            for commitment_id, row in _activities(reading):
                before, seen_on = last.get(row["activity_id"], (None, None))
                last[row["activity_id"]] = (row["status"], copy.date)
                if row["status"] != before and commitment_id in known:
                    yield _board_event(commitment_id, row, before, seen_on, copy.date)


def _activities(reading: Source) -> Iterator[tuple[str, TableRow]]:
    """The real activities of a copy of the board, each with its commitment."""
    commitments = {row["action_id"]: row["commitment_id"] for row in reading.tables.get("actions", [])}
    for row in reading.tables.get("activities", []):
        if not row["is_placeholder"] and row["warning"] not in FOREIGN_TEXT:
            yield commitments[row["action_id"]], row


def _board_event(
    commitment_id: str, row: TableRow, before: str | None, seen_on: str | None, copied_on: str
) -> TableRow:
    return {
        "commitment_id": commitment_id,
        "activity_id": row["activity_id"],
        "edition": f"board/{copied_on}",
        **_day("last_seen", seen_on),
        **_day("changed", copied_on),
        "from_status": before,
        "to_status": row["status"],
        "reported_by": "institution",
        "verified_by": "not_named" if row["status"] == "verified" else None,
        "source_url": row["source_url"],
        **{column: row[column] for column in ORIGIN},
    }


def _day(name: str, folder: str | None) -> Mapping[str, str | None]:
    """A partial date from the name of a copy's folder, which begins with its day."""
    return {f"{name}_on": folder[:10] if folder else None, f"{name}_precision": "day" if folder else None}


def _review_events(tables: TablesRead) -> Iterator[TableRow]:
    """A row for each commitment that two reviews of the same edition rated, also where the second confirms the first."""
    rated: dict[tuple[str, str], dict[str, TableRow]] = {}
    for row in tables.get("commitment_ratings", []):
        if row["criterion"] == "completion" and row["report"] in REVIEWS and row["value_code"] in STATUSES:
            rated.setdefault((row["commitment_id"], row["edition"]), {})[row["report"]] = row
    for (commitment_id, edition), reviews in rated.items():
        if len(reviews) == len(REVIEWS):
            yield _review_event(commitment_id, edition, [reviews[report] for report in REVIEWS])


def _review_event(commitment_id: str, edition: str, reviews: Sequence[TableRow]) -> TableRow:
    first, second = reviews
    return {
        "commitment_id": commitment_id,
        "activity_id": "",
        "edition": edition,
        "from_status": first["value_code"],
        "to_status": second["value_code"],
        "from_report": first["report"],
        "to_report": second["report"],
        "reported_by": "irm",
        "verified_by": "irm",
        "source_url": second.get("source_url"),
        **{column: second[column] for column in ORIGIN},
    }
