"""What a new release changes against the one before, as rows; earlier changes are kept, so that history grows."""

from __future__ import annotations

import hashlib
from datetime import datetime

from data.published import ReleaseInfo
from etl.diff import compare_tables
from etl.release import Store
from etl.resolve import TableRow, Tables

# How the data came to be is not news about open government.
UNFOLLOWED = {"fetch_attempts", "snapshots", "releases", "release_tables", "changes"}


def changes_since(
    store: Store, previous: ReleaseInfo | None, tables: Tables, release_id: str, built_at: datetime
) -> list[TableRow]:
    """The rows of ``changes`` of a release: those of the previous one, and what this one adds. Empty for the first."""
    if previous is None:
        return []
    rows: list[TableRow] = [dict(row) for row in store.read_table(previous.release_id, "changes")]
    for name, new in tables.items():
        if name in UNFOLLOWED:
            continue
        for change in compare_tables(name, store.read_table(previous.release_id, name), new):
            text = "|".join([release_id, name, change.row_key, change.kind, change.column_name or ""])
            rows.append(
                {
                    "change_id": hashlib.sha256(text.encode()).hexdigest()[:16],
                    "release_id": release_id,
                    "changed_at": f"{built_at:%Y-%m-%dT%H:%M:%SZ}",
                    "table_name": name,
                    "row_key": change.row_key,
                    "kind": change.kind,
                    "column_name": change.column_name,
                    "old": change.old,
                    "new": change.new,
                }
            )
    return rows
