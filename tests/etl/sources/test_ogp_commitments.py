"""OGP's commitments: every row of both shapes, ids and letters, the coding counted again, and refusals."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.numbering import letters, number_part
from etl.sources.ogp_commitments_dates import DayOrder, read_date
from etl.sources.reading import RowError, Source
from etl.sources.spec import SourceError
from tests.etl.sources.any_bytes import bundled, damaged, end_cleanly, parse_with, tables

OGP = "ogp_commitments"
EXPLORER, DATABASE = "ogpirm_live_data.csv", "commitments_sample.csv"
EXPLORER_BYTES, DATABASE_BYTES = bundled(OGP, EXPLORER), bundled(OGP, DATABASE)
NUMBERS, HEADER = EXPLORER_BYTES.decode("utf-8-sig").splitlines()[:2]


def raw(content: bytes, header_line: int) -> list[dict[str, str]]:
    """A file as the csv module reads it, nothing else."""
    lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    for _ in range(header_line - 1):
        next(lines)
    return list(csv.DictReader(lines))


EXPLORER_ROWS, DATABASE_ROWS = raw(EXPLORER_BYTES, 2), raw(DATABASE_BYTES, 1)


def explorer(rows: list[dict[str, str]]) -> bytes:
    """An Explorer file of the given rows under its own two header lines."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    names = next(csv.reader([HEADER]))
    writer.writerows([NUMBERS.split(","), names])
    writer.writerows([row[name] for name in names] for row in rows)
    return out.getvalue().encode()


def rows(source: Source, table: str, **where: Any) -> list[dict[str, Any]]:
    return [row for row in source.tables[table] if all(row.get(column) == value for column, value in where.items())]


def test_no_row_of_either_file_is_lost_and_no_column_goes_unread(parsed: Callable[[str], Source]) -> None:
    source = parsed(OGP)
    counts = {file: (c.read, c.loaded, c.rejected, c.ignored) for file, c in source.counts.items()}
    assert counts == {EXPLORER: (1927, 1927, 0, 0), DATABASE: (120, 120, 0, 0)}
    assert [found for found in source.findings if found.check_id == "unread_column"] == []
    ids = [row["commitment_id"] for row in source.tables["commitments"]]
    assert len(ids) == len(set(ids)) == 1927 + 120


def test_countries_and_mexican_plans_are_those_of_the_file(parsed: Callable[[str], Source]) -> None:
    source = parsed(OGP)
    written = {row["Country"] for row in EXPLORER_ROWS}
    explorer_rows = [row for row in source.tables["commitments"] if "ogp_id" not in row]
    assert len(written) == len({row["country_code"] for row in explorer_rows}) == 61
    mexico = Counter(row["plan_id"] for row in explorer_rows if row["country_code"] == "MX")
    assert mexico == {"MX-P1E": 37, "MX-P2": 26}
    (norway,) = rows(source, "countries", country_code="NO")
    (macedonia,) = rows(source, "countries", country_code="MK")
    assert (norway["name_es"], norway["name_en"], norway["name_in_source"]) == ("Noruega", "Norway", "Norway")
    assert (macedonia["name_es"], macedonia["name_in_source"]) == ("Macedonia del Norte", "Macedonia")


def test_repeated_numbers_are_kept_apart_by_letters(parsed: Callable[[str], Source]) -> None:
    source = parsed(OGP)
    keys = Counter((row["Country"], row["Action Plan Number"], row["Comm No"]) for row in EXPLORER_ROWS)
    assert sum(times > 1 for times in keys.values()) == 35
    assert keys["Kenya", "1", "B"] == 4
    kenya = {row["commitment_id"] for row in rows(source, "commitments", country_code="KE", plan_id="KE-P1")}
    assert {"KE-P1-Ba", "KE-P1-Bb", "KE-P1-Bc", "KE-P1-Bd", "KE-P1-C"} <= kenya
    assert "KE-P1-B" not in kenya
    bulgaria = [row["title_en"] for row in rows(source, "commitments", number="2", plan_id="BG-P1")]
    assert len(bulgaria) == 2


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("1", {"complete": 16, "substantial": 9, "limited": 8, "not_started": 3, None: 1}),
        ("2", {"complete": 5, "substantial": 13, "limited": 8}),
    ],
)
def test_completion_in_mexico_is_what_a_plain_count_gives(
    plan: str, expected: dict[str | None, int], parsed: Callable[[str], Source]
) -> None:
    counted: Counter[str | None] = Counter()
    for row in EXPLORER_ROWS:
        if (row["Country"], row["Action Plan Number"]) == ("Mexico", plan):
            final, progress = row["Completion (end of term)"], row["Completion (progress report)"]
            text = progress if final in ("ND", "NR", "NA") else final
            counted[None if text in ("ND", "NR", "NA") else text[3:].lower().replace(" ", "_")] += 1
    assert counted == expected
    by_commitment: dict[str, str | None] = {}
    for rating in sorted(rows(parsed(OGP), "commitment_ratings", criterion="completion"), key=lambda r: r["report"]):
        identity = rating["commitment_id"]
        if identity.startswith(f"MX-P{plan}-"):  # end_of_term sorts before progress_report
            by_commitment[identity] = by_commitment.get(identity) or rating["value_code"]
    assert Counter(by_commitment.values()) == expected


def test_ratings_keep_the_exact_text_and_why_there_is_no_value(parsed: Callable[[str], Source]) -> None:
    source = parsed(OGP)
    ratings = rows(source, "commitment_ratings", edition="explorer_2017", criterion="completion")
    assert len(ratings) == 2 * 1927
    read = Counter(row["Completion (progress report)"] for row in EXPLORER_ROWS)
    kept = Counter(rating["value_raw"] for rating in ratings if rating["report"] == "progress_report")
    assert kept == read
    assert {r["value_code"] for r in ratings if r["value_raw"] in ("a. Not started", "a. Not Started")} == {
        "not_started"
    }
    reasons = {r["value_raw"]: r["no_value_reason"] for r in ratings if r["value_code"] is None}
    assert reasons == {"NR": "NR", "ND": "ND", "NA": "NA"}


def test_a_rating_says_in_which_year_its_report_was_published(parsed: Callable[[str], Source]) -> None:
    ratings = rows(parsed(OGP), "commitment_ratings", edition="explorer_2017", criterion="completion")
    for report, column in (
        ("progress_report", "Report publication year (progress report)"),
        ("end_of_term", "Report publication year (end of term)"),
    ):
        written = Counter(int(row[column]) if row[column].isdigit() else None for row in EXPLORER_ROWS)
        assert Counter(rating["report_year"] for rating in ratings if rating["report"] == report) == written
    # What was judged without naming a report has no year.
    assert {r["report_year"] for r in rows(parsed(OGP), "commitment_ratings", criterion="potential_impact")} == {None}


def test_ogp_ids_of_plans_1_and_2_are_inferred_and_never_read(parsed: Callable[[str], Source]) -> None:
    source = parsed(OGP)
    inferred = {
        row["commitment_id"]: row["register_id"] for row in rows(source, "commitment_ids", basis="inferred_order")
    }
    assert len(inferred) == 37 + 26
    assert [inferred[f"MX-{number}"] for number in ("P1-01", "P1-37", "P2-01", "P2-26")] == [
        "MX0001",
        "MX0037",
        "MX0038",
        "MX0063",
    ]
    assert all(row.get("ogp_id") is None for row in source.tables["commitments"] if row["commitment_id"] in inferred)
    (given,) = rows(source, "commitment_ids", commitment_id="MX-P2-05", register="explorer_2017")
    assert (given["register_id"], given["basis"]) == ("MX/2/05", "given")


def test_the_newer_file_keeps_ogp_ids_and_meets_2017_by_number_and_title(parsed: Callable[[str], Source]) -> None:
    source = parsed(OGP)
    newer = {row["ogp_id"] for row in source.tables["commitments"] if row.get("ogp_id")}
    assert newer == {row["Commitment Unique Identifier"] for row in DATABASE_ROWS}
    matched = {
        row["commitment_id"]: row["register_id"] for row in rows(source, "commitment_ids", basis="matched_by_number")
    }
    # Titles compared by eye: "18. Drafting a new law…" is AL0018; "Open data draft law" is not "Draft law on open data";
    # Colombia's 2.1 stands twice in 2017, so CO0009 is matched to neither.
    assert matched["AL0018"] == "AL-P1-18"
    assert matched["UK0062"] == "GB-P2-21"
    assert matched["UA0035"] == "UA-P2-5.1"
    assert not {"UA0038", "CO0009", "BG0039", "UA0046"} & set(matched)
    (found,) = [found for found in source.findings if found.check_id == "not_matched_with_explorer"]
    assert found.message_en.startswith("4 of 31 ")


def test_local_rows_name_their_member_and_plan(parsed: Callable[[str], Source]) -> None:
    local = {row["commitment_id"]: row for row in rows(parsed(OGP), "commitments", scope="local")}
    assert set(local) == {"JAL0008", "SCO0006"}
    jalisco, scotland = local["JAL0008"], local["SCO0006"]
    assert (jalisco["locality_id"], jalisco["country_code"], jalisco["plan_id"]) == ("mx-jalisco", "MX", "AP_MXJL02")
    assert (scotland["locality_id"], scotland["country_code"], scotland["plan_id"]) == (
        "gb-scotland",
        "GB",
        "AP_GBSC02",
    )
    assert jalisco["title_es"].startswith("Plataforma Digital")
    assert jalisco["title_en"] == "Citizen Feedback Portal on Draft Laws"
    assert (jalisco["starts_on"], jalisco["starts_precision"]) == ("2019-08-22", "day")


def test_numeric_copies_that_disagree_are_one_warning_a_file(parsed: Callable[[str], Source]) -> None:
    scale = {"not started": "2", "limited": "3", "substantial": "4", "complete": "5", "unclear": "1", "withdrawn": "0"}
    disagreeing = [
        row
        for row in EXPLORER_ROWS
        if (text := row["Completion (progress report)"]) not in ("ND", "NR", "NA")
        and scale[text.split(". ")[-1].lower()] != row["_CompletionProgress"]
    ]
    (found,) = [found for found in parsed(OGP).findings if found.check_id == "numeric_twin_disagrees"]
    assert found.severity == "warning"
    assert f"Completion (progress report): {len(disagreeing)}, " in found.message_en
    assert "MD-P2-01 (c. Substantial / 2)" in found.message_en


def test_texts_are_on_one_line_and_words_for_none_are_none(parsed: Callable[[str], Source]) -> None:
    commitments = parsed(OGP).tables["commitments"]
    texts = [row[column] for row in commitments for column in ("title_es", "title_en", "theme", "lead_institution")]
    assert not [text for text in texts if text is not None and ("<br" in text or "\n" in text)]
    assert not {"None Specified", "Unclear", "NR", "NA"} & set(texts)


def test_the_shape_is_told_by_the_header_and_not_by_the_name() -> None:
    with pytest.raises(SourceError, match=r"has the shape ogp_database, as ogpirm_live_data\.csv does; keep one"):
        parse_with(OGP, EXPLORER, DATABASE_BYTES)
    with pytest.raises(SourceError, match="has the shape explorer_2017"):
        parse_with(OGP, DATABASE, EXPLORER_BYTES)


@pytest.mark.parametrize(
    ("file", "content", "column", "shape"),
    [
        (EXPLORER, EXPLORER_BYTES, "Comm No", "explorer_2017"),
        (EXPLORER, EXPLORER_BYTES, "Specificity", "explorer_2017"),
        (DATABASE, DATABASE_BYTES, "Early Results", "ogp_database"),
    ],
)
def test_an_unknown_header_is_refused_with_the_columns_it_misses(
    file: str, content: bytes, column: str, shape: str
) -> None:
    renamed = content.replace(f",{column},".encode(), b",Something else,", 1)
    with pytest.raises(SourceError, match=f"nearest shape is {shape}.*missing {column};"):
        parse_with(OGP, file, renamed)


def test_contacts_are_dropped_even_from_a_rejected_row() -> None:
    row = {**EXPLORER_ROWS[0], "Country": "Atlantis", "Contact Name": "Jane Roe", "Contact Email": "jane@example.org"}
    row |= {
        "Contact Telephone": "555 0199",
        "Full Text": "Ask Jane Roe",
        "Lead Institution": "Ministry, jane@example.org",
    }
    source = parse_with(OGP, EXPLORER, explorer([row]))
    (rejected,) = source.rejected
    assert "column Country: read 'Atlantis'" in rejected.reason
    assert not any(trace in str(rejected.raw) for trace in ("Jane", "jane@", "555"))
    row["Country"] = "Mexico"
    loaded = parse_with(OGP, EXPLORER, explorer([row]))
    assert not any(trace in str(loaded.tables) for trace in ("Jane", "jane@", "555"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Action Plan Number", "first"),
        ("Comm No", ""),
        ("Potential impact", "Enormous"),
        ("Open Data", "2"),
        ("Country", ""),
    ],
)
def test_a_value_that_cannot_be_right_rejects_its_row_and_names_the_column(column: str, value: str) -> None:
    source = parse_with(OGP, EXPLORER, explorer([{**EXPLORER_ROWS[0], column: value}, EXPLORER_ROWS[1]]))
    assert (source.counts[EXPLORER].loaded, source.counts[EXPLORER].rejected) == (1, 1)
    assert column in source.rejected[0].reason
    assert {row["source_position"] for row in rows(source, "countries", country_code="AL")} == {"line 4"}


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("31/12/2014", "unknown", ("2014-12-31", "day", None)),
        ("09/30/2013", "unknown", ("2013-09-30", "day", None)),
        ("01/01/2012", "unknown", ("2012-01-01", "day", None)),
        ("07/01/2012", "unknown", ("2012", "year", "ambiguous_date")),
        ("31/9/2014", "unknown", ("2014-09", "month", "impossible_date")),
        ("2/29/2014", "unknown", ("2014-02", "month", "impossible_date")),
        ("13/13/2014", "unknown", ("2014", "year", "impossible_date")),
        ("Quarter 3 2014", "unknown", ("2014", "year", None)),
        ("2012-2013", "unknown", (None, None, None)),
        ("Not Specified", "unknown", (None, None, None)),
        ("8/22/2019", "month_first", ("2019-08-22", "day", None)),
        ("31/12/2016", "month_first", ("2016-12-31", "day", None)),
        ("7/1/12", "month_first", ("2012-07-01", "day", None)),
        ("July 2012", "month_first", ("2012-07", "month", None)),
        ("43466", "month_first", ("2019-01-01", "day", None)),
        (None, "month_first", (None, None, None)),
    ],
)
def test_dates_are_kept_as_far_as_they_can_be_read(
    text: str | None, order: DayOrder, expected: tuple[Any, ...]
) -> None:
    assert tuple(read_date(text, order)) == expected


def test_numbers_and_letters_of_ids() -> None:
    assert [number_part(text) for text in ("2", "12", "1(A)", "3.3.1.1", "1.1.")] == [
        "02",
        "12",
        "1-A",
        "3.3.1.1",
        "1.1",
    ]
    assert [letters(n) for n in (1, 26, 27, 702, 703)] == ["a", "z", "aa", "zz", "aaa"]
    with pytest.raises(RowError):
        number_part("—")


SMALL_EXPLORER = explorer(EXPLORER_ROWS[:6])
SMALL_DATABASE = "".join(DATABASE_BYTES.decode().splitlines(keepends=True)[:4]).encode()


@pytest.mark.slow
@settings(max_examples=25)
@given(content=st.binary(max_size=300))
def test_any_bytes_end_in_counted_rows_or_in_a_clear_refusal(content: bytes) -> None:
    end_cleanly(OGP, EXPLORER, content)
    end_cleanly(OGP, DATABASE, content)


@pytest.mark.slow
@settings(max_examples=40)
@given(content=damaged(SMALL_EXPLORER))
def test_a_damaged_explorer_file_ends_in_counted_rows_or_in_a_clear_refusal(content: bytes) -> None:
    end_cleanly(OGP, EXPLORER, content)


@pytest.mark.slow
@settings(max_examples=10)
@given(content=damaged(SMALL_DATABASE))
def test_a_damaged_database_file_ends_in_counted_rows_or_in_a_clear_refusal(content: bytes) -> None:
    end_cleanly(OGP, DATABASE, content)


@pytest.mark.slow
@settings(max_examples=25)
@given(data=st.data())
def test_cells_of_any_text_end_in_counted_rows(data: st.DataObject) -> None:
    header = next(csv.reader([HEADER]))
    content = data.draw(tables(header))
    end_cleanly(OGP, EXPLORER, NUMBERS.encode() + b"\r\n" + content)


@pytest.mark.slow
@settings(max_examples=40)
@given(
    cells=st.dictionaries(
        st.sampled_from(["Country", "Action Plan Number", "Comm No", "Start Date", "Commitment Title", "Theme"]),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
    )
)
def test_one_strange_cell_never_takes_its_neighbours_along(cells: dict[str, str]) -> None:
    source = end_cleanly(OGP, EXPLORER, explorer([{**EXPLORER_ROWS[0], **cells}, *EXPLORER_ROWS[1:3]]))
    if source is not None:
        assert source.counts[EXPLORER].loaded >= 2
