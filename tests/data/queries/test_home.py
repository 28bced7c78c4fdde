"""What the front page asks, on both engines: the newest changes, figures with and without a date, contradictions."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from data.database import ReleaseHandle, published_releases
from data.queries.commitment import board_was_compared, deadline_changes
from data.queries.home import contradictions, newest_figures, news, release_count
from etl.release import Store
from settings import ROOT, Settings
from tests.both_engines import contents, publish

OLD, NEW, NEWER = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"
ORIGIN = {"source_id": "prueba", "snapshot_id": None, "source_position": "1"}


@contextmanager
def reading(installation: Settings) -> Iterator[Connection]:
    """A connection to the release that an installation points to."""
    releases = published_releases(installation)
    opened = releases.open(releases.pointer() or "")
    with opened.engine.connect() as connection:
        yield connection
    opened.close()
    releases.close()


def change(number: int, at: str, table: str, key: str, kind: str = "added", **cell: str) -> dict[str, Any]:
    """A row of `changes`."""
    known = {"change_id": str(number), "release_id": at, "changed_at": at, "table_name": table, "row_key": key}
    return {**known, "kind": kind, "column_name": None, "old": None, "new": None, **cell}


def test_news_are_the_newest_changes_of_facts_however_much_was_kept_since(store: Store, installation: Settings) -> None:
    rows = [change(number, OLD, "states", str(number)) for number in range(3)]
    rows += [change(10, NEW, "plans", "a", "removed"), change(11, NEW, "actors", "b"), change(12, NEW, "actors", "c")]
    rows += [change(number, NEWER, "findings", str(number)) for number in range(20, 30)]
    publish(store, {**contents(_1="x"), "changes": rows})
    with reading(installation) as connection:
        found = news(connection, 2)
        assert release_count(connection) == 1
    assert found is not None
    assert found.changed_at == NEW
    assert [(item.table_name, item.added, item.removed) for item in found.tables] == [("actors", 2, 0), ("plans", 0, 1)]
    assert [item.row_key for item in found.first] == ["a", "b"]


def test_where_no_fact_changed_there_are_no_news(store: Store, installation: Settings) -> None:
    publish(store, {**contents(_1="x"), "changes": [change(1, NEW, "findings", "a")]})
    with reading(installation) as connection:
        assert news(connection, 5) is None


def test_deadlines_that_moved_come_from_the_changes_of_the_board(store: Store, installation: Settings) -> None:
    action = {"action_id": "A1", "commitment_id": "MX001", "title": "x", "is_placeholder": False, **ORIGIN}
    cell = {"column_name": "ends_on", "old": "2020-01-20", "new": "2020-02-20"}
    rows = [
        change(1, NEW, "actions", "A1", "changed", **cell),
        change(2, NEW, "actions", "A1", "changed", column_name="title", old="a", new="b"),
        change(3, NEW, "actions", "A2", "changed", **cell),
    ]
    publish(store, {**contents(_1="x"), "actions": [action], "changes": rows})
    with reading(installation) as connection:
        found = deadline_changes(connection, "MX001")
        assert board_was_compared(connection)
    assert [(item.row_key, item.old, item.new) for item in found] == [("A1", "2020-01-20", "2020-02-20")]


def test_a_dated_figure_is_newer_than_an_undated_one(release: ReleaseHandle) -> None:
    path = ROOT / "data" / "snapshots" / "national_aggregates" / "2026-11-23" / "national_aggregates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["indicator"] == "states_with_stl"]
    assert "" in {row["as_of"] for row in listed}
    newest = max(listed, key=lambda row: row["as_of"])
    with release.connect() as connection:
        found = newest_figures(connection, ["states_with_stl", "nothing_of_the_kind"])
    assert list(found) == ["states_with_stl"]
    assert (found["states_with_stl"].value, found["states_with_stl"].as_of) == (float(newest["value"]), newest["as_of"])


def test_contradictions_come_in_the_order_asked_with_all_their_sides(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = contradictions(connection, ["size_of_plan_1", "result_of_plan_2", "unknown_check"])
    assert [item.check_id for item in found] == ["size_of_plan_1", "result_of_plan_2"]
    # As published: 36 says the government, 37 the IRM; 26 of 26 reported, 5 complete.
    assert [[side.says_es.split(" · ")[0] for side in item.sides] for item in found] == [["36", "37"], ["26", "5"]]
