"""Every public table as a raw CSV file, as the command `export` writes them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from data.database import ReleaseHandle
from data.export import export_tables
from data.queries.datasets import datasets
from data.schema import TABLES


def test_every_table_is_written_with_all_its_rows(release: ReleaseHandle, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    assert export_tables(release, folder) == len(datasets())
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.raw.csv" for name in datasets())
    for name in datasets():
        with (folder / f"{name}.raw.csv").open(newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file))
        assert lines[0] == [column.name for column in TABLES[name].columns]
        counted = release.info.rows.get(name)
        assert counted is None or len(lines) - 1 == counted, name


def test_a_folder_that_cannot_be_written_is_an_error_of_the_system(release: ReleaseHandle, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x")
    with pytest.raises(OSError, match="file"):
        export_tables(release, in_the_way)
