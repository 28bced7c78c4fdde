"""docs/adding-a-source.md, followed to the letter: its blocks make a source beside those there are."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from etl.progress import Silence
from etl.run import run
from etl.snapshots import SnapshotStore
from etl.sources.reading import Source
from etl.sources.registry import parse_source
from etl.sources.spec import SourceError, load_specs
from settings import ROOT, Settings

DOCUMENT = ROOT / "docs" / "adding-a-source.md"
SOURCE_ID = "example_directory"


@dataclass(frozen=True)
class Checkout:
    """A folder with the sources there are and their copies, and the new source of the document among them."""

    root: Path

    @property
    def sources(self) -> Path:
        return self.root / "etl" / "sources"

    @property
    def snapshots(self) -> Path:
        return self.root / "data" / "snapshots"

    def change(self, suffix: str, old: str, new: str) -> None:
        """Change one place in a file of the new source."""
        path = self.sources / f"{SOURCE_ID}.{suffix}"
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))

    def parse(self) -> Source:
        """The new source, parsed from its copy."""
        (spec,) = load_specs(self.sources, [SOURCE_ID])
        copies = SnapshotStore(self.snapshots).copies(SOURCE_ID, [file.name for file in spec.files])
        return parse_source(spec, copies, self.sources)


def block(kind: str) -> str:
    """The one fenced block of the document with this info string."""
    (content,) = re.findall(rf"^```{kind}\n(.*?)^```$", DOCUMENT.read_text(), flags=re.M | re.S)
    return str(content)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Follow the document once: copy kept by its own lines, YAML and parser written as they stand there."""
    made = Checkout(tmp_path_factory.mktemp("followed"))
    shutil.copytree(ROOT / "etl" / "sources", made.sources, ignore=shutil.ignore_patterns("__pycache__"))
    made.snapshots.mkdir(parents=True)
    (made.root / "directory.csv").write_text(block("csv"))
    (made.sources / f"{SOURCE_ID}.yml").write_text(block("yaml"))
    (made.sources / f"{SOURCE_ID}.py").write_text(block("python parser"))
    keep = [sys.executable, "-c", block("python keep")]
    subprocess.run(keep, cwd=made.root, env={"PYTHONPATH": str(ROOT)}, check=True)
    return made.root


@pytest.fixture
def checkout(followed: Path, tmp_path: Path) -> Checkout:
    """What following the document made, for one test to alter."""
    return Checkout(shutil.copytree(followed, tmp_path / "checkout"))


def test_the_copy_is_kept_with_its_manifest(checkout: Checkout) -> None:
    store = SnapshotStore(checkout.snapshots)
    copy = store.newest(SOURCE_ID, "directory.csv")
    assert copy is not None
    assert (copy.date, copy.via) == ("2026-03-20", "bundled")
    assert store.audit() == []


def test_the_new_source_stands_beside_the_others(checkout: Checkout) -> None:
    there = {spec.source_id for spec in load_specs(ROOT / "etl" / "sources")}
    assert {spec.source_id for spec in load_specs(checkout.sources)} == there | {SOURCE_ID}


def test_the_rows_end_as_the_document_says(checkout: Checkout) -> None:
    source = checkout.parse()
    count = source.counts["directory.csv"]
    assert (count.read, count.loaded, count.rejected, count.ignored) == (4, 2, 1, 1)
    assert source.tables["actors"] == [
        {
            "actor_id": "observatorio-de-ejemplo",
            "name": "Observatorio de Ejemplo A.C.",
            "acronym": "ODE",
            "kind": "civil_society",
            "state_code": "14",
            "source_url": "https://example.org/ode",
            "note": "seen 2026-03",
            "source_id": SOURCE_ID,
            "snapshot_id": f"{SOURCE_ID}/2026-03-20/directory.csv",
            "source_position": "line 2",
        },
        {
            "actor_id": "laboratorio-de-ejemplo",
            "name": "Laboratorio de Ejemplo",
            "acronym": None,
            "kind": "academia",
            "state_code": "19",
            "source_url": None,
            "note": "seen 2026-03-15",
            "source_id": SOURCE_ID,
            "snapshot_id": f"{SOURCE_ID}/2026-03-20/directory.csv",
            "source_position": "line 3",
        },
    ]
    (rejected,) = source.rejected
    assert "'Atlantis'" in rejected.reason
    assert source.ignored == {("directory.csv", "the organisation no longer exists"): 1}
    assert source.findings == []


def test_addresses_of_people_are_nowhere(checkout: Checkout) -> None:
    checkout.change("yml", "asociación: civil_society", "asociacion: civil_society")
    source = checkout.parse()
    assert len(source.rejected) == 2
    assert "persona@" not in repr((source.tables, source.rejected, source.findings))


def test_a_column_nobody_reads_is_told(checkout: Checkout) -> None:
    checkout.change("py", '    row.skip("internal_id")\n', "")
    (found,) = checkout.parse().findings
    assert (found.severity, found.check_id) == ("warning", "unread_column")
    assert "internal_id" in found.message_en


@pytest.mark.parametrize(
    ("suffix", "old", "new", "message"),
    [
        ("yml", "publisher:", "publishers:", "publishers: unknown key"),
        ("yml", "expect: Jalisc\n", "expect: Jalisca\n", "expected 'Jalisca' in state, read 'Jalisc'"),
        ("yml", 'internal_id: "17"', 'internal_id: "99"', "no row matches"),
        ("py", '"name", "type", "state"', '"name", "estado"', "missing estado"),
        ("py", "def parse(", "def read(", "no function parse"),
    ],
)
def test_a_mistake_stops_with_its_place(checkout: Checkout, suffix: str, old: str, new: str, message: str) -> None:
    checkout.change(suffix, old, new)
    with pytest.raises(SourceError, match=re.escape(message)):
        checkout.parse()


def test_the_trial_command_prints_what_came_of_the_rows(checkout: Checkout) -> None:
    command = re.search(r"^    python (-m etl\.sources\.trial \w+)$", DOCUMENT.read_text(), flags=re.M)
    assert command is not None
    folders = {
        "APERTURA_SOURCES_DIR": str(checkout.sources),
        "APERTURA_SNAPSHOTS_DIR": str(checkout.snapshots),
    }
    printed = subprocess.run(
        [sys.executable, *command[1].split()], cwd=ROOT, env=folders, capture_output=True, text=True, check=True
    ).stdout
    assert "read=4, loaded=2, rejected=1, ignored=1" in printed
    assert "Atlantis" in printed
    assert "persona@" not in printed


@pytest.mark.slow
def test_a_whole_run_publishes_the_new_source_beside_the_others(checkout: Checkout) -> None:
    shutil.copytree(ROOT / "data" / "snapshots", checkout.snapshots, dirs_exist_ok=True)
    settings = Settings(
        releases_dir=checkout.root / "releases", sources_dir=checkout.sources, snapshots_dir=checkout.snapshots
    )
    result = run(settings, Silence(), offline=True)
    new = next(source for source in result.sources if source.source_id == SOURCE_ID)
    assert new.read == len(block("csv").splitlines()) - 1
    assert new.read == new.loaded + new.rejected + new.ignored
    assert len(result.sources) == len(list((ROOT / "etl" / "sources").glob("*.yml"))) + 1
