"""The parsers of the curated lists on damaged files: rows, rejected rows or a clear error, and nothing else."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.reading import Source
from tests.etl.sources.any_bytes import bundled, damaged, end_cleanly, tables

pytestmark = pytest.mark.slow

FILES = [
    ("reference", "ogl_transition.csv"),
    ("reference", "states.csv"),
    ("reference", "method_catalogs.csv"),
    ("reference", "mx_municipalities.csv"),
    ("state_exercises", "declaratorias.csv"),
    ("state_exercises", "stl.csv"),
    ("state_exercises", "local_plans.csv"),
    ("state_exercises", "local_commitments.csv"),
    ("state_exercises", "exercises.csv"),
    ("state_survey", "survey_questionnaire.csv"),
    ("metrica", "metrica.csv"),
    ("metrica", "metrica_institutions_2017.csv"),
    ("national_aggregates", "national_aggregates.csv"),
]
CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
    st.sampled_from(
        ["-", "1;2", "0", "-1", "2016-02-30", "13-2016", "javascript:alert(1)", "nan", "MX", "99", "«»; ¿?"]
    ),
)


def header_and_rows(source_id: str, file: str) -> tuple[list[str], list[list[str]]]:
    """The first rows of a bundled CSV, read without the parser."""
    reader = csv.reader(io.StringIO(bundled(source_id, file).decode(), newline=""))
    header, *rows = reader
    return header, rows[:40]


@st.composite
def one_cell_off(draw: st.DrawFn, header: list[str], rows: list[list[str]]) -> bytes:
    """A true row with one of its cells replaced: it reaches checks that rows of any text never get to."""
    row = list(draw(st.sampled_from(rows)))
    row[draw(st.integers(0, len(header) - 1))] = draw(CELLS)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, row])
    return text.getvalue().encode()


def assert_every_loaded_row_made_table_rows(source: Source, file: str) -> None:
    """No silent loss: as many positions of the file stand in the tables as rows were counted as loaded."""
    snapshot = source.copies[file].snapshot_id
    positions = {
        row["source_position"] for rows in source.tables.values() for row in rows if row["snapshot_id"] == snapshot
    }
    assert len(positions) == source.counts[file].loaded


@pytest.mark.parametrize(("source_id", "file"), FILES)
def test_any_bytes_end_in_rows_or_a_clear_error(source_id: str, file: str) -> None:
    header, rows = header_and_rows(source_id, file)
    original = bundled(source_id, file)[:6000]

    @settings(max_examples=25)
    @given(st.one_of(st.binary(max_size=200), damaged(original), tables(header), one_cell_off(header, rows)))
    def check(content: bytes) -> None:
        source = end_cleanly(source_id, file, content)
        if source is not None:
            assert_every_loaded_row_made_table_rows(source, file)

    check()
