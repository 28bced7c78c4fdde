"""The changes that a release brings, as rows of its tables: what changed, and what that is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from data.schema import TABLES
from etl.change_subjects import ChangeSubjects
from etl.diff import ReadParts, differences
from etl.stores.rows import arrow_table


def changes_of(
    read_before: ReadParts, read_after: ReadParts, release_id: str, changed_at: datetime
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Rows of ``changes``, numbered in their order, and of ``change_subjects``: what leads from the tables of a release
    to those of the release ``release_id``. Some thousand at a time, since a round of the survey brings a hundred thousand.
    """
    numbered = 0
    with closing(ChangeSubjects(read_before, read_after)) as subjects:
        for found in differences(read_before, read_after):
            rows = _rows(found.changes, numbered, release_id, changed_at)
            numbered += rows.num_rows
            yield rows, subjects.of(found.table, rows, found.before, found.after)


def _rows(changes: pa.Table, numbered: int, release_id: str, changed_at: datetime) -> pa.Table:
    at = changed_at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    count = changes.num_rows
    numbers = pc.utf8_lpad(pa.array(range(numbered + 1, numbered + count + 1)).cast(pa.string()), 7, "0")
    columns = {
        "change_id": pc.binary_join_element_wise(release_id, numbers, "-"),
        "release_id": pa.repeat(release_id, count),
        "changed_at": pa.repeat(at, count),
        "table_name": changes["table"],
        "row_key": changes["key"],
        "kind": changes["kind"],
        "column_name": changes["column"],
        "old": changes["old"],
        "new": changes["new"],
    }
    return arrow_table(TABLES["changes"], pa.table(columns))
