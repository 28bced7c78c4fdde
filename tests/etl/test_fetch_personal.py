"""No name, address or number of a person reaches the disk with a fetched copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.fetching.content import ContentError
from etl.fetching.personal import blank_personal
from etl.sources.spec import load_spec
from settings import ROOT


def file_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "answer"
    path.write_bytes(text.encode())
    return path


def test_personal_columns_and_addresses_are_gone_and_the_rest_stays_as_it_was(tmp_path: Path) -> None:
    path = file_of(
        tmp_path, '0,1,2\r\nCountry,Contact Name,Title\r\nMexico,A Person,"Write, to a.person@example.org now"\r\n'
    )
    blank_personal(path, ["Contact Name"], "utf-8")
    assert path.read_bytes().decode() == '0,1,2\r\nCountry,Contact Name,Title\r\nMexico,,"Write, to  now"\r\n'


@pytest.mark.parametrize("text", ["Country,Title\nMexico,Open data\n", "", "\xff" * 3])
def test_a_file_without_the_declared_columns_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answer"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ContentError):
        blank_personal(path, ["Contact Name"], "utf-8")


def test_blanking_the_bundled_file_changes_nothing_in_it(tmp_path: Path) -> None:
    original = ROOT / "data" / "snapshots" / "ogp_commitments" / "2017-03-30" / "ogpirm_live_data.csv"
    spec = load_spec(ROOT / "etl" / "sources" / "ogp_commitments.yml").file("ogpirm_live_data.csv")
    assert spec.personal
    path = tmp_path / "answer"
    path.write_bytes(original.read_bytes())
    blank_personal(path, spec.personal, spec.encoding)
    assert path.read_text().split("\n")[1:] == original.read_text().split("\n")[1:]
