"""Every file of the corpus gets its message, in Spanish and in its place, and nothing is published or lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from etl.survey.importing import check
from etl.survey.instrument import rounds
from settings import Settings
from tests.etl.survey.corpus import Sent, corpus, wrong_files

FILES = corpus()
SETTINGS = Settings()


def test_the_corpus_is_large_and_says_each_thing_once() -> None:
    assert len([sent for sent in FILES if sent.severity is not None]) >= 40
    assert len({sent.what for sent in FILES}) == len(FILES)


@pytest.mark.parametrize("sent", FILES, ids=lambda sent: sent.what)
def test_a_file_gets_the_right_message(sent: Sent, tmp_path: Path) -> None:
    path = tmp_path / sent.name
    path.write_bytes(sent.content())
    before = path.read_bytes()
    result = check(path, "2026", rounds()["2026"], SETTINGS)
    codes = {(problem.severity, problem.code) for problem in result.report.problems}
    assert path.read_bytes() == before
    if sent.severity is None:
        assert not result.report.count("error"), result.report.ordered()
        assert sent.code not in {code for _, code in codes}
        assert result.report.exercises == sent.exercises
    else:
        assert (sent.severity, sent.code) in codes, result.report.ordered()
        assert all(problem.message.endswith((".", "?", ")")) for problem in result.report.problems)
    assert (result.content is None) == (result.report.count("error") > 0), "nothing with an error can be published"


@pytest.mark.parametrize("sent", [sent for sent in wrong_files() if sent.code in ("unknown_option", "personal_data")])
def test_the_report_marks_the_cell(sent: Sent, tmp_path: Path) -> None:
    path = tmp_path / sent.name
    path.write_bytes(sent.content())
    result = check(path, "2026", rounds()["2026"], SETTINGS, tmp_path / "informe.xlsx")
    (problem,) = [problem for problem in result.report.problems if problem.code == sent.code]
    marked = load_workbook(tmp_path / "informe.xlsx")
    assert problem.sheet is not None
    cell = marked[problem.sheet][f"{problem.column}{problem.row}"]
    assert cell.fill.fgColor.rgb == "FFF6B8B0"
    assert problem.message in cell.comment.text
    assert "ana@ejemplo.org" not in str([c.value for sheet in marked for row in sheet for c in row])
    assert any(row[8].value == sent.code for row in marked["Informe"].iter_rows(min_row=2))
