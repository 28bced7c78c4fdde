"""Rows kept as columns are the rows that were given, a column that a row has not included."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from etl.table_rows import TableRows

ROWS = st.lists(st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers() | st.text(max_size=3)))


@given(ROWS)
def test_what_was_given_comes_back(rows: list[dict[str, Any]]) -> None:
    kept = TableRows(rows)
    assert list(kept) == rows
    assert [kept[place] for place in range(len(kept))] == rows
    assert kept[:2] == rows[:2]
    assert kept == rows
    for name in "abcd":
        assert kept.column(name) == [row.get(name) for row in rows]
        assert (name in kept.column_names) == any(name in row for row in rows)


@given(ROWS)
def test_values_are_replaced_where_asked_and_nowhere_else(rows: list[dict[str, Any]]) -> None:
    kept = TableRows(rows)
    kept.replace("a", {"x": "y", None: 0}, where=("b", 1))
    assert list(kept) == [
        {**row, "a": {"x": "y", None: 0}.get(row["a"], row["a"])} if "a" in row and row.get("b") == 1 else row
        for row in rows
    ]


def test_a_row_taken_out_is_a_copy() -> None:
    kept = TableRows([{"a": 1}])
    kept[0]["a"] = 2
    assert list(kept) == [{"a": 1}]
