"""The sources as queried, against the copies on disk and the YAML files."""

from __future__ import annotations

import csv
import hashlib

import pytest
from sqlalchemy import func, select

from data.database import ReleaseHandle
from data.queries.findings import findings_of, rejected_rows_of
from data.queries.row_places import RowRef, commitment_places
from data.queries.sources import finding_counts, loaded_tables, source_file, sources_at_a_glance
from data.schema import TABLES
from data.schema.findings import findings
from etl.sources.spec import load_specs
from settings import ROOT

SNAPSHOTS = ROOT / "data" / "snapshots"
SPECS = {spec.source_id: spec for spec in load_specs(ROOT / "etl" / "sources")}


def test_every_source_of_the_house_is_there_with_its_copies_and_their_hashes(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = sources_at_a_glance(connection, release.built_at.isoformat())
    assert {source.source_id for source in found} == set(SPECS)
    for source in found:
        assert source.title_es == SPECS[source.source_id].title.es
        assert set(source.warnings) == set(SPECS[source.source_id].warnings)
        for copy in source.copies:
            content = (SNAPSHOTS / copy.snapshot_id).read_bytes()
            assert (copy.sha256, copy.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
            assert copy.current_on == copy.snapshot_id.split("/")[1]
            assert copy.rows.read == copy.rows.loaded + copy.rows.ignored + copy.rows.rejected


@pytest.mark.parametrize("file", ["localities.csv", "action_plans.csv", "commitments.csv", "multicity.csv"])
def test_rows_read_are_the_rows_of_the_file(release: ReleaseHandle, file: str) -> None:
    with release.connect() as connection:
        found = source_file(connection, "ogp_local", release.built_at.isoformat())
    assert found is not None
    (copy,) = [copy for copy in found.source.copies if copy.file == file]
    with (SNAPSHOTS / copy.snapshot_id).open(encoding="utf-8", newline="") as lines:
        assert copy.rows.read == sum(1 for _ in csv.DictReader(lines))


def test_the_age_is_measured_at_the_release_and_not_by_the_clock(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        (board,) = sources_at_a_glance(connection, "2019-12-02T00:00:00+00:00", "national_board")
        (metric,) = sources_at_a_glance(connection, "2030-01-01T00:00:00+00:00", "metrica")
    assert board.freshness is not None
    assert (board.freshness.days, board.freshness.standing) == (10, "no_deadline")
    assert metric.freshness is not None
    assert metric.freshness.standing == "ended"


def test_what_a_source_was_held_to_is_what_its_file_says(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = source_file(connection, "national_board", release.built_at.isoformat())
    assert found is not None
    assert [(one.table_name, one.at_least, one.at_most, one.found) for one in found.assertions] == [
        ("commitments", 13, 20, 13),
        ("actions", 50, 400, 91),
        ("activities", 500, 4000, 1075),
    ]
    assert [(one.file, one.position, one.via, one.outcome) for one in found.attempts] == [
        ("board.json", 1, "bundled", "used")
    ]


def test_every_finding_names_a_source_and_counts_agree(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        every, counts = findings_of(connection), finding_counts(connection)
        of_board = findings_of(connection, source_id="national_board", severity="notice")
        of_sinaloa = findings_of(connection, state_code="25")
        total = connection.scalar(select(func.count()).select_from(findings))
    assert len(every) == total == sum(counts.values())
    assert all(finding.source_ids for finding in every)
    assert [finding.severity for finding in every] == sorted(
        (finding.severity for finding in every), key=["error", "warning", "notice"].index
    )
    assert {finding.severity for finding in of_board} == {"notice"}
    assert all("national_board" in finding.source_ids for finding in of_board)
    seats = next(finding for finding in of_sinaloa if finding.check_id == "sinaloa_secretariat_seats")
    assert [side.says_es.split(" ")[0] for side in seats.sides] == ["15", "8"]


def test_the_bundled_copies_have_no_row_that_is_rejected(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        assert rejected_rows_of(connection) == []
        assert source_file(connection, "nadie", release.built_at.isoformat()) is None


def test_rows_published_are_those_of_all_tables(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        tables, rows = loaded_tables(connection, release.release_id)
        counted = [
            connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in TABLES.items()
            if name not in ("releases", "release_tables")
        ]
    assert rows == sum(counted)
    assert tables == sum(count > 0 for count in counted)


def test_a_commitment_leads_to_the_page_it_stands_on(release: ReleaseHandle) -> None:
    rows = [
        RowRef("commitments", "MX0086"),
        RowRef("commitment_policy_areas", "MXJL0001|x|y"),
        RowRef("commitments", "AZ-P1-5.3"),
        RowRef("states", "14"),
        RowRef("commitments", "too|many|parts"),
        RowRef("gone", "x"),
    ]
    with release.connect() as connection:
        found = commitment_places(connection, rows)
    assert found == {"MX0086": "/plan-nacional/MX0086", "MXJL0001": "/ogp-local/mx-jalisco"}
