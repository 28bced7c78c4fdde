"""OGP's commitment pages: stored texts of both layouts, live pages by their labels, and editions that disagree.

The pages written here hold made-up words only; they are no copies of real ones.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.ogp_pages import COLUMNS
from etl.sources.reading import Source
from etl.sources.spec import load_spec
from tests.etl.sources.any_bytes import SOURCES, bundled, damaged, end_cleanly, parse_with, tables

PAGES = "ogp_pages"
FILE = "ogp_page_snapshots.csv"

NEW_LAYOUT = """<!DOCTYPE html><html lang="en-US"><head><title>Ignored</title><style>h1 {}</style></head><body>
<nav><a>Status</a></nav><h1>Invented Promise (MX0070)</h1>
<ul class="a"><li><b>Action Plan:</b> <a>Mexico Plan de Acción 2016-2018</a></li><li><b>Action Plan Cycle:</b> 2016</li>
<li><b>Status:</b> </li><li><b>Lead Institution</b><span>Ministry of Tests, Office A</span></li>
<li><b>Support Institution(s)</b> NA</li>
<li><b>Policy Areas</b><a>First Area</a>, <a>Second Area</a></li><li><b>IRM Report</b> <a>Report One</a></li></ul>
<table><tr><th>Early Results</th><td><img alt="" src="x.svg">Major <span>Major</span></td></tr>
<tr><th>Verifiable</th><td>Yes</td></tr><tr><th>Relevant to OGP Values</th><td>Yes</td></tr>
<tr><th>Ambition</th><td>Low</td></tr><tr><th>Completion</th><td><img src="y.svg"></td></tr></table>
<h2>Description</h2><p>Verifiable: No. Prose that is not read.</p></body></html>"""

OLD_LAYOUT = """<html><body><h1>Another Invented Promise</h1><!-- Status: Active -->
<dl><dt>Action Plan</dt><dd>Mexico Action Plan 2019-2022</dd><dt>Action Plan Cycle</dt><dd>2019</dd>
<dt>Status</dt><dd>Active</dd><dt>Lead Institution</dt><dd>NA</dd><dt>Support Institution(s)</dt><dd>NA</dd>
<dt>Policy Areas</dt><dd><ul><li>First Area</li><li>Second Area</li></ul></dd>
<dt>Starred</dt><dd>No</dd><dt>Early Results</dt><dd>NA</dd><dt>Verifiable</dt><dd>No</dd>
<dt>Relevant to OGP Values</dt><dd>Access to Information , Technology</dd>
<dt>Potential Impact</dt><dd><img src="z.png"></dd><dt>Completion</dt><dd><img src="z.png"></dd></dl>
<h3>IRM Midterm Status Summary</h3><p>Prose.</p></body></html>"""


def ratings(source: Source, commitment: str, edition: str) -> dict[str, tuple[str | None, str | None]]:
    """``{criterion: (code, why there is none)}`` of one edition of a page."""
    return {
        row["criterion"]: (row["value_code"], row["no_value_reason"])
        for row in source.tables["commitment_ratings"]
        if row["commitment_id"] == commitment and row["edition"] == edition
    }


def tags(source: Source, commitment: str, vocabulary: str) -> set[str]:
    """The tags of a commitment in a taxonomy."""
    return {
        row["policy_area"]
        for row in source.tables["commitment_policy_areas"]
        if (row["commitment_id"], row["vocabulary"]) == (commitment, vocabulary)
    }


def test_every_stored_page_is_an_edition_of_its_own(parsed: Callable[[str], Source]) -> None:
    source = parsed(PAGES)
    count = source.counts[FILE]
    assert (count.read, count.loaded, count.rejected, count.ignored) == (13, 13, 0, 0)
    editions = {(row["commitment_id"], row["edition"]) for row in source.tables["commitment_ratings"]}
    assert {edition for commitment, edition in editions if commitment == "MX0068"} == {
        "old/en/1",
        "new/en/1",
        "old/es/1",
    }
    assert {edition for commitment, edition in editions if commitment == "MX0069"} == {"new/en/1", "new/en/2"}
    assert {edition for commitment, edition in editions if commitment == "MX0087"} == {"new/es/1"}, "the other is cut"


def test_what_the_page_draws_is_not_readable_and_nothing_else_is_guessed(parsed: Callable[[str], Source]) -> None:
    source = parsed(PAGES)
    assert ratings(source, "MX0068", "old/en/1") == {
        "early_results": ("marginal", None),
        "verifiable": ("yes", None),
        "completion": (None, "not_readable"),
        "potential_impact": (None, "not_readable"),
        "starred": ("no", None),
    }
    assert ratings(source, "MX0078", "new/en/1") == {
        "early_results": ("major", None),
        "verifiable": ("yes", None),
        "completion": (None, "not_readable"),
        "ambition": ("low", None),
        "relevant": ("yes", None),
    }
    assert ratings(source, "MX0075", "old/es/1")["completion"] == ("pending_review", None)


def test_spanish_values_agree_with_those_rendered_by_hand(parsed: Callable[[str], Source]) -> None:
    """The list of national plans holds the same pages' values, rendered to OGP's English labels by hand."""
    text = bundled("national_plans", "commitments.csv").decode()
    by_hand = {row["commitment_id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    for commitment in ("MX0042", "MX0075"):
        assert tags(parsed(PAGES), commitment, "ogp_page") == set(by_hand[commitment]["policy_areas"].split("; "))
    assert tags(parsed(PAGES), "MX0075", "ogp_values") == set(by_hand["MX0075"]["relevance_ogp_values"].split("; "))


def test_codes_and_institutions_come_from_the_english_page(parsed: Callable[[str], Source]) -> None:
    source = parsed(PAGES)
    assert "Local Commitments" not in tags(source, "MX0087", "ogp_page"), "only the Spanish page has it"
    support = {
        row["supporting_institutions"] for row in source.tables["commitments"] if row["commitment_id"] == "MX0087"
    }
    assert any("interesadas" in text for text in support if text)
    assert not any("usadas" in text for text in support if text)
    assert all(
        row["lead_institution"] is None for row in source.tables["commitments"] if row["commitment_id"] == "MX0068"
    )


def test_editions_that_disagree_are_quoted_side_by_side(parsed: Callable[[str], Source]) -> None:
    found = {f.row_key: f for f in parsed(PAGES).findings if f.check_id == "page_editions_disagree"}
    assert set(found) == {"MX0068", "MX0087"}
    sides = [says for _, says, _, _ in found["MX0068"].sides]
    old = "Capacity Building, E-Government, Public Participation, Public Service Delivery"
    assert sides == [
        f"old/en/1: {old}",
        "new/en/1: Capacity Building, Economic Inclusion, Inclusion, Public Participation",
        f"old/es/1: {old}",
    ]


def live(file: str, html: str) -> Source:
    """The source with one live page, of 2026-11-23, beside the stored texts."""
    return parse_with(PAGES, file, html.encode())


def test_a_live_page_of_the_new_layout_is_read_by_its_labels() -> None:
    source = live("mx0076.html", NEW_LAYOUT.replace("MX0070", "MX0076"))
    (commitment,) = [row for row in source.tables["commitments"] if row["commitment_id"] == "MX0076"]
    assert (commitment["title_en"], commitment["plan_id"]) == ("Invented Promise", "MX-P3")
    assert commitment["lead_institution"] == "Ministry of Tests, Office A"
    assert commitment["supporting_institutions"] is None
    assert commitment["ogp_status"] is None
    assert tags(source, "MX0076", "ogp_page") == {"First Area", "Second Area"}
    assert ratings(source, "MX0076", "new/en/2026-11-23") == {
        "early_results": ("major", None),
        "verifiable": ("yes", None),
        "completion": (None, "not_readable"),
        "ambition": ("low", None),
        "relevant": ("yes", None),
    }


def test_a_live_page_of_the_old_layout_is_read_by_its_labels() -> None:
    source = live("mx0077.html", OLD_LAYOUT)
    (commitment,) = [row for row in source.tables["commitments"] if row["commitment_id"] == "MX0077"]
    assert (commitment["plan_id"], commitment["ogp_status"], commitment["lead_institution"]) == (
        "MX-P4",
        "Active",
        None,
    )
    assert tags(source, "MX0077", "ogp_page") == {"First Area", "Second Area"}
    assert tags(source, "MX0077", "ogp_values") == {"Access to Information", "Technology"}
    assert ratings(source, "MX0077", "old/en/2026-11-23") == {
        "early_results": (None, "NA"),
        "verifiable": ("no", None),
        "completion": (None, "not_readable"),
        "potential_impact": (None, "not_readable"),
        "starred": ("no", None),
    }


def test_an_english_page_takes_the_place_of_a_translated_one() -> None:
    source = live("mx0042.html", NEW_LAYOUT.replace("MX0070", "MX0042"))
    assert tags(source, "MX0042", "ogp_page") == {"First Area", "Second Area"}
    disagree = {found.row_key for found in source.findings if found.check_id == "page_editions_disagree"}
    assert "MX0042" in disagree


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (NEW_LAYOUT, "page of MX0070"),
        (OLD_LAYOUT.replace("<html>", '<html lang="es-MX">'), "English page"),
        (OLD_LAYOUT.replace("Potential Impact", "Possible Impact"), "neither of the two known layouts"),
        ("<html><body>Just a moment...</body></html>", "neither of the two known layouts"),
        (OLD_LAYOUT.replace("Starred</dt><dd>No", "Starred</dt><dd>Perhaps"), "'Perhaps'"),
        (OLD_LAYOUT.replace("Mexico Action Plan 2019-2022", "Mexico Action Plan 2031"), "'Mexico Action Plan 2031'"),
        (OLD_LAYOUT + "\x00", "NUL"),
    ],
)
def test_a_page_that_cannot_be_read_is_rejected_and_the_rest_stands(html: str, reason: str) -> None:
    source = live("mx0079.html", html)
    (rejected,) = source.rejected
    assert reason in rejected.reason
    assert source.counts["mx0079.html"].rejected == 1
    assert source.counts[FILE].loaded == 13


def test_every_page_asked_for_is_of_a_known_commitment() -> None:
    text = bundled("national_plans", "commitments.csv").decode()
    known = {row["commitment_id"] for row in csv.DictReader(io.StringIO(text, newline="")) if row["commitment_id"]}
    files = load_spec(SOURCES / "ogp_pages.yml").files
    pages = {file.name.removesuffix(".html").upper(): file.live.url for file in files if file.live}
    assert set(pages) == known
    assert all(url.endswith(f"/members/mexico/commitments/{commitment}/") for commitment, url in pages.items())


@settings(max_examples=100)
@given(st.one_of(st.binary(max_size=200), damaged(bundled(PAGES, FILE)), tables(list(COLUMNS))))
def test_any_bytes_of_the_stored_texts_end_in_rows_or_a_clear_error(content: bytes) -> None:
    end_cleanly(PAGES, FILE, content)


@settings(max_examples=100)
@given(st.one_of(st.binary(max_size=200), damaged(NEW_LAYOUT.encode()), damaged(OLD_LAYOUT.encode())))
def test_any_bytes_of_a_page_end_in_a_row_or_a_clear_error(content: bytes) -> None:
    source = end_cleanly(PAGES, "mx0075.html", content)
    assert source is None or source.counts["mx0075.html"].read == 1
