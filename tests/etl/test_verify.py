"""Building a release again from its copies: the same, another for a reason, another without one, or impossible."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.published import ReleaseInfo
from etl.__main__ import main
from etl.progress import Silence
from etl.release import Store, open_store
from etl.run import RunResult, run
from etl.snapshots import SnapshotStore
from etl.verify import VerifyError, verify
from settings import ROOT, Settings

pytestmark = pytest.mark.slow

BOARD = "national_board/2019-11-22/board.json"
STATES = Path("reference") / "2026-11-23" / "states.csv"


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    """An installation of its own with one release, and after it a newer copy of a source that it was not built from."""
    folder = tmp_path_factory.mktemp("earlier")
    shutil.copytree(ROOT / "data" / "snapshots", folder / "snapshots")
    settings = Settings(releases_dir=folder / "releases", snapshots_dir=folder / "snapshots")
    result = run(settings, Silence(), offline=True)
    changed = (settings.snapshots_dir / STATES).read_bytes().replace(b",Ags.,", b",Agu.,")
    SnapshotStore(settings.snapshots_dir).keep(
        "reference", "states.csv", changed, url=None, via="upload", fetched_at=datetime(2026, 12, 1, tzinfo=UTC)
    )
    return settings, result.release_id


def test_a_release_is_made_again_from_its_own_copies_and_not_from_newer_ones(earlier: tuple[Settings, str]) -> None:
    settings, release_id = earlier
    files = sorted(path.name for path in settings.releases_dir.iterdir())
    done = verify(settings, release_id)
    assert done.same
    assert (done.rebuilt_hash, done.differing) == (done.recorded_hash, [])
    assert (done.rules_changed, done.schema_changed) == (False, False)
    assert sorted(path.name for path in settings.releases_dir.iterdir()) == files


def test_the_command_says_the_same_with_code_0_also_as_json(
    built: tuple[Settings, RunResult], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, result = built
    monkeypatch.setenv("APERTURA_RELEASES_DIR", str(settings.releases_dir))
    assert main(["verify", result.release_id]) == 0
    assert capsys.readouterr().out.startswith(f"Igual: {result.release_id}")
    assert main(["verify", result.release_id, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["same"], told["differing"], told["rules_changed"]) == (True, [], False)
    assert told["recorded_hash"] == told["rebuilt_hash"]


def changed_rules(settings: Settings, folder: Path, *replaced: tuple[str, str]) -> Settings:
    """The installation under other rules: copies of the sources' files with words of reference.yml replaced."""
    sources = shutil.copytree(settings.sources_dir, folder / "sources")
    text = (sources / "reference.yml").read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    (sources / "reference.yml").write_text(text, encoding="utf-8")
    return settings.model_copy(update={"sources_dir": sources})


def test_changed_rules_explain_a_difference_and_the_table_is_named(
    earlier: tuple[Settings, str], tmp_path: Path
) -> None:
    settings, release_id = earlier
    done = verify(changed_rules(settings, tmp_path, ("cadence: irregular", "cadence: yearly")), release_id)
    assert not done.same
    assert (list(done.differing), done.rules_changed, done.schema_changed) == (["sources"], True, False)
    assert "Las reglas cambiaron" in done.in_words()[-1]


def test_a_changed_schema_is_told_apart_from_changed_rules(
    earlier: tuple[Settings, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, release_id = earlier
    monkeypatch.setattr("data.schema.provenance.sources.info", {"another": "declaration"})
    assert verify(settings, release_id).schema_changed


def test_a_release_that_does_not_hold_what_its_copies_give_is_an_alarm(
    store: Store, built: tuple[Settings, RunResult]
) -> None:
    settings, result = built
    shipped = open_store(settings)
    names = list(result.tables)
    tables = {name: shipped.read_table(result.release_id, name).to_pylist() for name in names}
    info = shipped.current()
    shipped.close()
    assert info is not None
    tables["states"][0]["abbreviation"] = "Falso"
    published = published_as(store, tables, info)
    done = verify(store.settings, published)
    assert not done.same
    assert (list(done.differing), done.rules_changed) == (["states"], False)
    assert "no debería existir" in done.in_words()[-1]


def published_as(store: Store, tables: dict[str, list[dict[str, object]]], info: ReleaseInfo) -> str:
    """Publish tables under what another release recorded of itself; returns the id."""
    with store.run_lock(), store.begin(info.release_id) as draft:
        for name, rows in tables.items():
            draft.write(name, rows)
        draft.publish(info)
    return info.release_id


def test_missing_and_altered_copies_are_all_named_and_nothing_is_built(
    earlier: tuple[Settings, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, release_id = earlier
    copies = shutil.copytree(settings.snapshots_dir, tmp_path / "snapshots")
    shutil.rmtree(copies / "national_board")
    path = copies / STATES
    path.write_bytes(path.read_bytes() + b"\n")
    moved = settings.model_copy(update={"snapshots_dir": copies})
    with pytest.raises(VerifyError, match="not all there") as refused:
        verify(moved, release_id)
    assert f"{BOARD}: no such copy" in str(refused.value)
    assert "reference/2026-11-23/states.csv: " in str(refused.value)
    monkeypatch.setenv("APERTURA_RELEASES_DIR", str(settings.releases_dir))
    monkeypatch.setenv("APERTURA_SNAPSHOTS_DIR", str(copies))
    assert main(["verify", release_id]) == 1
    assert BOARD in capsys.readouterr().err


def test_a_copy_replaced_together_with_its_manifest_is_found_out(earlier: tuple[Settings, str], tmp_path: Path) -> None:
    settings, release_id = earlier
    copies = shutil.copytree(settings.snapshots_dir, tmp_path / "snapshots")
    content = (copies / STATES).read_bytes().replace(b",Ags.,", b",Ago.,")
    shutil.rmtree(copies / "reference" / "2026-12-01")
    other = SnapshotStore(tmp_path / "other").keep(
        "reference", "states.csv", content, url=None, via="bundled", fetched_at=datetime(2026, 11, 23, tzinfo=UTC)
    )
    manifest = json.loads((copies / STATES.parent / "manifest.json").read_text())
    manifest["files"]["states.csv"] |= {"sha256": other.sha256, "bytes": other.bytes}
    (copies / STATES.parent / "manifest.json").write_text(json.dumps(manifest))
    shutil.copy(other.path, copies / STATES)
    with pytest.raises(VerifyError, match="another content than the release was built from"):
        verify(settings.model_copy(update={"snapshots_dir": copies}), release_id)


def test_rules_that_can_no_longer_read_the_copies_say_so_and_name_the_commit(
    earlier: tuple[Settings, str], tmp_path: Path
) -> None:
    settings, release_id = earlier
    sources = shutil.copytree(settings.sources_dir, tmp_path / "sources")
    (sources / "metrica.yml").unlink()
    with pytest.raises(VerifyError, match=r"no source metrica .*The rules have changed since; try at commit"):
        verify(settings.model_copy(update={"sources_dir": sources}), release_id)


def test_a_release_that_is_not_there_is_impossible_and_a_malformed_id_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APERTURA_RELEASES_DIR", str(tmp_path))
    assert main(["verify", "20261123T101500Z-1a2b3c4d"]) == 1
    assert "20261123T101500Z-1a2b3c4d" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["verify", "../current"])
    assert ended.value.code == 2
