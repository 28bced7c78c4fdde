"""Publishing, listing, rolling back and reading back releases, the same on both engines."""

from __future__ import annotations

import math
from itertools import count
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from data.schema import TABLES
from etl.release import ReleaseError, RunInProgressError, Store, content_hash, open_store
from settings import Settings
from tests.both_engines import Contents, contents, info_for, publish

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
LARGEST = 2**31 - 1
BUILDS = count(1)
AWKWARD = [
    {"title": '"', "is_placeholder": True, "position": -LARGEST - 1, "status": ""},
    {"title": "a\n\\.\nb", "is_placeholder": False, "position": LARGEST, "status": None},
    {"title": ",,\t'\r\n;", "is_placeholder": False, "position": None, "status": "NULL"},
    {"title": "\\N", "is_placeholder": True, "position": 0, "status": "\\."},
    {"title": "𝒜ñ\u200b\ufeff", "is_placeholder": True, "position": 1, "status": "\u2028\x7f\x01"},
]
ACTIVITY = st.fixed_dictionaries(
    {
        "title": st.none() | TEXT,
        "is_placeholder": st.booleans(),
        "position": st.none() | st.integers(-LARGEST - 1, LARGEST),
        "status": st.none() | TEXT,
    }
)


def with_activities_and_indicators(activities: list[dict[str, Any]], values: list[float]) -> Contents:
    """Rows of every type a column can have: text, integer, boolean and number, with and without a value."""
    tables = contents(n01="Uno")
    action = {"action_id": "A1", "commitment_id": "MX0001", "is_placeholder": False, "source_id": "prueba"}
    tables["actions"] = [action]
    tables["activities"] = [
        {"activity_id": f"{n:04d}", "action_id": "A1", "source_id": "prueba", **row} for n, row in enumerate(activities)
    ]
    tables["indicators"] = [
        {"indicator": f"{n:04d}", "as_of": "", "scope": "", "reference": "", "value": value, "unit": "x"}
        | {"numerator": None, "source_id": "prueba"}
        for n, value in enumerate(values)
    ]
    return tables


def read_back(store: Store, release_id: str, name: str) -> list[dict[str, Any]]:
    rows = store.read_table(release_id, name).to_pylist()
    return sorted(rows, key=lambda row: [row[column.name] for column in TABLES[name].primary_key])


@trying(max_examples=3, suppress_health_check=list(HealthCheck))
@example(activities=AWKWARD, values=[0.1, -0.0, 5e-324, 1.7976931348623157e308, 1 / 3, 126014024.0])
@given(activities=st.lists(ACTIVITY, min_size=30, max_size=90), values=st.lists(NUMBER, min_size=30, max_size=90))
def test_what_is_published_is_read_back_as_it_was_written(
    installation: Settings, activities: list[dict[str, Any]], values: list[float]
) -> None:
    tables = with_activities_and_indicators(activities, values)
    store = open_store(installation)
    info = publish(store, tables, next(BUILDS))
    for name, rows in tables.items():
        expected = [{column.name: row.get(column.name) for column in TABLES[name].columns} for row in rows]
        assert read_back(store, info.release_id, name) == expected, name
    read = {name: store.read_table(info.release_id, name) for name in TABLES}
    assert content_hash(read) == content_hash(tables) == info.content_hash
    store.close()


def test_a_release_records_itself_and_counts_its_rows(store: Store) -> None:
    assert store.current() is None
    assert store.releases() == []
    first = publish(store, contents(n01="Uno", n02="Dos"), 1)
    assert store.current() == first
    filled = {"sources": 1, "countries": 1, "plans": 1, "commitments": 2}
    assert first.rows == {name: filled.get(name, 0) for name in TABLES if name not in {"releases", "release_tables"}}
    second = publish(store, contents(n01="Uno"), 2)
    assert store.releases() == [second, first]
    assert [row["release_id"] for row in read_back(store, second.release_id, "releases")] == [
        first.release_id,
        second.release_id,
    ]
    recorded = read_back(store, second.release_id, "releases")[1]
    assert recorded["built_at"] == "2026-11-23T12:00:00Z"
    assert recorded["previous_release_id"] == first.release_id
    assert recorded["git_commit"] == "abc1234"


def test_rollback_points_to_an_older_release_and_tells_what_there_is(store: Store) -> None:
    first, second = publish(store, contents(n01="Uno"), 1), publish(store, contents(n01="Dos"), 2)
    store.rollback(first.release_id)
    assert store.current() == first
    assert store.releases() == [second, first]
    with pytest.raises(ReleaseError) as told:
        store.rollback("20200101T000000Z-00000000")
    assert "There is no release 20200101T000000Z-00000000" in str(told.value)
    assert first.release_id in str(told.value)
    assert second.release_id in str(told.value)
    assert store.current() == first
    assert publish(store, contents(n01="Tres"), 3) == store.current()


def test_only_the_newest_are_kept_and_always_the_one_before(installation: Settings) -> None:
    store = open_store(installation.model_copy(update={"keep_releases": 2}))
    first, second, third = (publish(store, contents(n01=str(number)), number) for number in (1, 2, 3))
    assert store.releases() == [third, second]
    store.rollback(second.release_id)
    fourth = publish(store, contents(n01="4"), 4)
    assert store.releases() == [fourth, third, second]
    assert first.release_id not in store.published.release_ids()
    fifth = publish(store, contents(n01="5"), 5)
    assert store.releases() == [fifth, fourth]
    store.close()


def test_a_discarded_draft_leaves_nothing(store: Store) -> None:
    first = publish(store, contents(n01="Uno"), 1)
    info = info_for(contents(n01="Dos"), 2, first.release_id)
    with pytest.raises(ZeroDivisionError):
        break_off(store, info.release_id)
    with store.run_lock():
        draft = store.begin(info.release_id)
        draft.discard()
        draft.discard()
    assert store.releases() == [first]
    second = publish(store, contents(n01="Dos"), 2)
    assert second.release_id == info.release_id
    assert store.releases() == [second, first]


def break_off(store: Store, release_id: str) -> None:
    with store.run_lock(), store.begin(release_id) as draft:
        draft.write("sources", contents()["sources"])
        raise ZeroDivisionError


def test_what_does_not_hold_together_is_not_published_and_all_of_it_is_told(store: Store) -> None:
    first = publish(store, contents(n01="Uno"), 1)
    broken = contents(n01="Uno", n02="Dos")
    broken["commitments"][0]["plan_id"] = "MX-P9"
    broken["commitments"].append(dict(broken["commitments"][1]))
    broken["countries"] = []
    with pytest.raises(ReleaseError) as told:
        publish(store, broken, 2)
    assert str(told.value).splitlines() == [
        "The release does not hold together and was not published:",
        "  plans.country_code: not in countries.country_code: 'MX'",
        "  commitments: more than one row with key ('MX0002',)",
        "  commitments.country_code: not in countries.country_code: 'MX'",
        "  commitments.plan_id: not in plans.plan_id: 'MX-P9'",
    ]
    assert store.current() == first
    assert store.releases() == [first]


def test_a_required_value_that_is_missing_is_refused_where_it_is_written(store: Store) -> None:
    broken = contents(n01="Uno")
    broken["commitments"][0]["scope"] = None
    with pytest.raises(ReleaseError, match=r"rows of commitments cannot be written.*scope"):
        publish(store, broken)
    assert store.current() is None


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"value": math.nan}, r"indicators\.value has a value that is no finite number"),
        ({"value": math.inf}, r"indicators\.value has a value that is no finite number"),
        ({"value": "12"}, r"indicators\.value takes double"),
        ({"unit": 5}, r"indicators\.unit takes string"),
        ({"unit": "a\0b"}, r"indicators\.unit has a text with U\+0000"),
        ({"unit": "\ud800"}, r"indicators\.unit takes string"),
        ({"valeu": 1.0}, r"indicators: no such column in data/schema: valeu"),
    ],
)
def test_what_no_engine_keeps_faithfully_is_refused_by_name(row: dict[str, Any], told: str) -> None:
    with pytest.raises(ReleaseError, match=told):
        content_hash({"indicators": [row]})


def test_frames_records_and_arrow_say_the_same() -> None:
    records = contents(n01="Uno", n02="Dos")["commitments"]
    records[0]["note"] = "solo una"
    expected = content_hash({"commitments": records})
    assert content_hash({"commitments": pd.DataFrame(records)}) == expected
    assert content_hash({"commitments": pa.Table.from_pylist(records)}) == expected


def test_a_draft_is_begun_under_the_lock_and_published_under_its_own_id(store: Store) -> None:
    info = info_for(contents(n01="Uno"), 1, None)
    with pytest.raises(ReleaseError, match="run_lock"):
        store.begin(info.release_id)
    with store.run_lock(), store.begin(info.release_id) as draft:
        with pytest.raises(ReleaseError, match="not a table"):
            draft.write("releases", [])
        with pytest.raises(ReleaseError, match="The draft is"):
            draft.publish(info_for(contents(n01="Uno"), 2, None))
    publish(store, contents(n01="Uno"), 1)
    with store.run_lock(), pytest.raises(ReleaseError, match="exists already"):
        store.begin(info.release_id)


def test_the_lock_is_for_one_store_at_a_time(store: Store, installation: Settings) -> None:
    other = open_store(installation)
    with store.run_lock(), pytest.raises(RunInProgressError, match="Another run is publishing"), other.run_lock():
        pass
    with other.run_lock():
        pass
