"""The hash of a release's contents: as its definition says, and whatever order or engine the rows come from."""

from __future__ import annotations

import hashlib
import json
import random
import struct
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from data.schema import TABLES, content_columns
from etl.release import UNCOMPARED, content_hash, new_release_id
from tests.both_engines import contents


def by_definition(tables: dict[str, list[dict[str, Any]]]) -> str:
    """The definition of `content_hash`, written out cell by cell."""
    content = bytearray()
    for name in sorted(set(TABLES) - UNCOMPARED):
        table, columns = TABLES[name], sorted(content_columns(TABLES[name]))
        keys = [column.name for column in table.primary_key]
        rows = sorted(tables.get(name, []), key=lambda row: [str(row[key]).encode() for key in keys])
        content += json.dumps([name, len(rows), columns]).encode() + b"\n"
        for column in columns:
            values = [row.get(column) for row in rows]
            content += bytes(value is not None for value in values)
            kind = table.c[column].type.python_type
            if kind is str:
                content += b"".join(struct.pack("<q", len((value or "").encode())) for value in values)
                content += "".join(value or "" for value in values).encode()
            else:
                form = {int: "<q", float: "<d", bool: "<?"}[kind]
                content += b"".join(struct.pack(form, kind(value or 0)) for value in values)
    return hashlib.sha256(content).hexdigest()


def sample() -> dict[str, list[dict[str, Any]]]:
    tables = contents(n01="Uno", n02="Dos ñ", n03="")
    tables["commitments"][1]["title_en"] = "Two"
    tables["activities"] = [
        {"activity_id": str(n), "is_placeholder": n % 2 == 0, "position": n or None} for n in range(9)
    ]
    tables["indicators"] = [
        {"indicator": "i", "as_of": "", "scope": scope, "reference": "", "value": value, "unit": "x"}
        for scope, value in (("b", 0.5), ("a", 0.0), ("á", 1e300))
    ]
    return tables


def test_the_hash_is_what_its_definition_says() -> None:
    assert content_hash(sample()) == by_definition(sample())
    assert content_hash({}) == by_definition({})


def test_the_order_of_rows_and_the_sign_of_zero_do_not_count() -> None:
    shuffled = sample()
    for rows in shuffled.values():
        random.Random(7).shuffle(rows)
    shuffled["indicators"] = [
        {**row, "value": -0.0 if row["value"] == 0 else row["value"]} for row in shuffled["indicators"]
    ]
    assert content_hash(shuffled) == content_hash(sample())
    chunks = [pa.Table.from_pylist([row]) for row in sample()["commitments"]]
    assert content_hash(
        {**sample(), "commitments": pa.concat_tables(chunks, promote_options="default")}
    ) == content_hash(sample())


def test_where_a_row_came_from_does_not_count_but_every_cell_does() -> None:
    moved = sample()
    moved["commitments"][0] |= {"source_position": "99", "snapshot_id": "otra"}
    moved["changes"] = [{"change_id": "1"}]
    assert content_hash(moved) == content_hash(sample())
    seen = {content_hash(sample())}
    for change in ({"title_es": "uno"}, {"title_es": None}, {"title_en": "Uno"}, {"note": ""}):
        changed = sample()
        changed["commitments"][0] |= change
        seen.add(content_hash(changed))
    assert len(seen) == 5


def test_ids_of_releases_sort_by_time() -> None:
    early, late = datetime(2026, 11, 23, 9, 59, 59, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert new_release_id(early, "f" * 64) == "20261123T095959Z-ffffffff"
    assert new_release_id(late, "0" * 64) > new_release_id(early, "f" * 64)
