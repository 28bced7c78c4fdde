"""The whole way: from the bundled copies to a release, its account of rows, and runs that must not publish."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from data.database import Database, ReleaseHandle
from data.schema import TABLES
from etl.__main__ import main
from etl.progress import Silence
from etl.run import RunResult, parse_ahead, run
from etl.sources.spec import load_specs
from settings import ROOT, Settings
from tests.programs import find_program

SNAPSHOTS = ROOT / "data" / "snapshots"
EXPLORER = SNAPSHOTS / "ogp_commitments" / "2017-03-30" / "ogpirm_live_data.csv"


def process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``python -m etl`` in a process of its own, its releases in ``folder``."""
    return subprocess.run(
        [sys.executable, "-m", "etl", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=240,
        env={**os.environ, "APERTURA_RELEASES_DIR": str(folder / "releases")},
    )


@dataclass(frozen=True)
class Ended:
    """What a command printed, and its exit code."""

    code: int
    stdout: str
    stderr: str


Command = Callable[..., Ended]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """``python -m etl`` in this process, its releases in ``tmp_path``; further settings by keyword."""

    def run_it(*arguments: str, **environment: str) -> Ended:
        for name, value in {"APERTURA_RELEASES_DIR": str(tmp_path / "releases"), **environment}.items():
            monkeypatch.setenv(name, value)
        capfd.readouterr()
        code = main(arguments)
        told = capfd.readouterr()
        return Ended(code, told.out, told.err)

    return run_it


def explorer_rows() -> list[dict[str, str]]:
    """The 2017 file by the csv module alone: numbers on line 1, header on line 2."""
    with EXPLORER.open(encoding="utf-8", newline="") as file:
        next(file)
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The first run of a clean checkout, as the command tells it."""
    folder = tmp_path_factory.mktemp("first")
    done = process(folder, "run", "--offline", "--json")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_a_clean_checkout_gives_one_json_object_with_the_counts_of_the_copies(
    first_run: tuple[Path, dict[str, Any]],
) -> None:
    _, result = first_run
    assert set(result) == {"release_id", "published", "seconds", "sources", "findings", "tables"}
    assert result["published"] is True
    assert len(result["sources"]) == 10
    tables = result["tables"]
    assert (tables["states"], tables["metric_institutions"]) == (32, 908)
    assert (tables["activities"], tables["exercises"], tables["localities"]) == (1075, 52, 79)
    assert set(tables) == set(TABLES) - {"releases", "release_tables"}


def test_every_row_read_is_loaded_rejected_or_ignored_and_no_file_loses_one(
    first_run: tuple[Path, dict[str, Any]],
) -> None:
    _, result = first_run
    for source in result["sources"]:
        assert source["read"] == source["loaded"] + source["rejected"] + source["ignored"]
    counts = {source["source_id"]: source for source in result["sources"]}
    # 13 commitments, 91 actions, 1,075 activities; 1,927 rows of 2017 and 120 of the newer sample.
    assert counts["national_board"]["read"] == 13 + 91 + 1075
    assert counts["ogp_commitments"]["read"] == len(explorer_rows()) + 120 == 1927 + 120
    assert counts["ogp_commitments"]["rejected"] == 0


def test_a_run_in_which_nothing_changed_publishes_nothing_and_tells_the_same(
    first_run: tuple[Path, dict[str, Any]],
) -> None:
    folder, first = first_run
    again = process(folder, "run", "--offline", "--json")
    second = json.loads(again.stdout)
    assert second["published"] is False
    for part in ("release_id", "sources", "findings", "tables"):
        assert second[part] == first[part]
    assert "Nada cambió" in process(folder, "run", "--offline").stdout


def test_the_released_figures_are_those_counted_by_hand(release: ReleaseHandle) -> None:
    states, activities, commitments = TABLES["states"], TABLES["activities"], TABLES["commitments"]
    ids, actions = TABLES["commitment_ids"], TABLES["actions"]
    with release.connect() as connection:
        assert connection.scalar(select(func.sum(states.c.population_2020))) == 126_014_024
        placeholders = select(func.count()).where(activities.c.is_placeholder)
        assert connection.scalar(placeholders) == 970
        board = select(func.count()).where(ids.c.register == "board4")
        assert connection.scalar(board) == 13
        assert connection.scalar(select(func.count()).where(actions.c.source_id == "national_board")) == 91
        explorer = select(ids.c.commitment_id).where(ids.c.register == "explorer_2017")
        assert len({row[0] for row in connection.execute(explorer)}) == 1927
        assert connection.scalar(select(func.count()).where(commitments.c.plan_id == "MX-P2")) == 26


def completion(value: str) -> str:
    """``b. Limited`` as ``limited``; the codes of no value as themselves."""
    return value.split(". ")[-1].strip().lower().replace(" ", "_")


@pytest.mark.parametrize(
    ("plan", "number", "expected"),
    [
        ("MX-P1E", "1", {"complete": 16, "substantial": 9, "limited": 8, "not_started": 3, None: 1}),
        ("MX-P2", "2", {"complete": 5, "substantial": 13, "limited": 8}),
    ],
)
def test_mexicos_completion_is_the_one_of_the_file(
    release: ReleaseHandle, plan: str, number: str, expected: dict[str | None, int]
) -> None:
    ratings, commitments = TABLES["commitment_ratings"], TABLES["commitments"]
    query = (
        select(ratings.c.commitment_id, ratings.c.report, ratings.c.value_code)
        .join(commitments, commitments.c.commitment_id == ratings.c.commitment_id)
        .where(commitments.c.plan_id == plan, ratings.c.criterion == "completion", ratings.c.edition == "explorer_2017")
    )
    with release.connect() as connection:
        rated = {(c, report): value for c, report, value in connection.execute(query)}
    final = {c: rated.get((c, "end_of_term")) or rated.get((c, "progress_report")) for c, _ in rated}
    assert Counter(final.values()) == expected
    read = Counter(
        completion(row["Completion (progress report)"])
        for row in explorer_rows()
        if (row["Country"], row["Action Plan Number"]) == ("Mexico", number)
    )
    assert {code or "na": n for code, n in expected.items()} == read


def copied(tmp_path: Path) -> Settings:
    """An installation whose copies of the sources may be changed."""
    shutil.copytree(SNAPSHOTS, tmp_path / "snapshots")
    return Settings(releases_dir=tmp_path / "releases", snapshots_dir=tmp_path / "snapshots")


def newer(settings: Settings, source_id: str, file: str, content: bytes) -> None:
    """Put a newer copy of a file beside the bundled one, the way a fetch would."""
    from datetime import UTC, datetime

    from etl.snapshots import SnapshotStore

    SnapshotStore(settings.snapshots_dir).keep(
        source_id, file, content, url=None, via="upload", fetched_at=datetime(2026, 12, 1, tzinfo=UTC)
    )


def bundled(source_id: str, file: str) -> bytes:
    return next(iter(sorted((SNAPSHOTS / source_id).glob(f"*/{file}"), reverse=True))).read_bytes()


@pytest.mark.slow
def test_what_was_parsed_ahead_counts_only_while_its_copies_are_the_newest(
    built: tuple[Settings, RunResult], tmp_path: Path
) -> None:
    from etl.release import open_store

    settings = copied(tmp_path)
    ahead = parse_ahead(settings, but="metrica")
    assert set(ahead) == {spec.source_id for spec in load_specs(settings.sources_dir)} - {"metrica"}
    content = bundled("ogp_local", "localities.csv")
    newer(settings, "ogp_local", "localities.csv", content.replace(b",7800000,", b",7800001,", 1))
    run(settings, Silence(), offline=True, ahead=ahead)
    assert ahead == {}, "each was taken, or thrown away"
    alone = settings.model_copy(update={"releases_dir": tmp_path / "alone"})
    run(alone, Silence(), offline=True)
    before, with_it, without = (open_store(each).current() for each in (built[0], settings, alone))
    assert before is not None
    assert with_it is not None
    assert without is not None
    assert with_it.content_hash == without.content_hash != before.content_hash


@pytest.mark.slow
def test_same_inputs_give_the_same_content_hash(built: tuple[Settings, RunResult], tmp_path: Path) -> None:
    from etl.release import open_store

    other = Settings(releases_dir=tmp_path)
    run(other, Silence(), offline=True)
    first, second = open_store(built[0]).current(), open_store(other).current()
    assert first is not None
    assert second is not None
    assert (first.content_hash, first.input_hash) == (second.content_hash, second.input_hash)


@pytest.mark.slow
def test_a_changed_cell_is_a_change_of_the_new_release_and_of_diff(tmp_path: Path, command: Command) -> None:
    settings = copied(tmp_path)
    before = run(settings, Silence(), offline=True)
    newer(settings, "reference", "states.csv", bundled("reference", "states.csv").replace(b",Ags.,", b",Agu.,"))
    after = run(settings, Silence(), offline=True)
    assert after.published
    handle = Database(settings).current()
    assert handle is not None
    changes = TABLES["changes"]
    with handle.connect() as connection:
        rows = connection.execute(
            select(changes.c.row_key, changes.c.kind, changes.c.column_name, changes.c.old, changes.c.new).where(
                changes.c.table_name == "states"
            )
        ).all()
    assert rows == [("01", "changed", "abbreviation", "Ags.", "Agu.")]
    told = command("diff", before.release_id, after.release_id)
    assert "changed  states [01] abbreviation: 'Ags.' -> 'Agu.'" in told.stdout


@pytest.mark.parametrize(
    ("source_id", "file", "spoil", "expected"),
    [
        ("reference", "states.csv", lambda data: data.replace(b"\xc3\xa9", b"\xe9", 1), ["states.csv, line ", "utf-8"]),
        ("reference", "states.csv", lambda data: data.replace(b"Colima", b"Col\x00ima", 1), ["line 7", "NUL"]),
        ("metrica", "metrica.csv", lambda data: data + b"2017,01,x,GA," + b"y" * 10**6 + b",1,,,,,\r\n", ["line 266", "characters"]),
        ("reference", "states.csv", lambda data: data.replace(b"Toluca", b"=cmd()", 1), ["line 16", "formula"]),
        ("ogp_commitments", "ogpirm_live_data.csv", lambda data: data.replace(b"Comm No", b"Number", 1), ["Comm No"]),
        ("national_board", "board.json", lambda data: data[: len(data) // 2], ["board.json", "fetch it again"]),
        ("metrica", "metrica_institutions_2017.csv", lambda data: data[: len(data) // 2], ["metric"]),
        ("reference", "states.csv", lambda data: b"", ["states.csv", "empty"]),
    ],
)  # fmt: skip
def test_bad_input_names_file_line_and_remedy_and_leaves_the_last_release(
    tmp_path: Path, source_id: str, file: str, spoil: Any, expected: list[str], command: Command
) -> None:
    settings = copied(tmp_path)
    newer(settings, source_id, file, spoil(bundled(source_id, file)))
    done = command("run", "--offline", APERTURA_SNAPSHOTS_DIR=str(settings.snapshots_dir))
    assert done.code == 1, done.stderr
    message = next(line for line in done.stderr.splitlines() if line.startswith("etl: "))
    for part in expected:
        assert part in message
    assert "Traceback" not in done.stderr
    assert Database(settings).current() is None


def sources_copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "etl" / "sources", tmp_path / "sources"))


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda text: text.replace("cadence:", "cadense:"), ["reference.yml", "cadense", "unknown key", "line"]),
        (lambda text: "title: [" + text, ["reference.yml, line", "YAML"]),
    ],
)
def test_a_broken_source_file_names_the_place(
    tmp_path: Path, spoil: Any, expected: list[str], command: Command
) -> None:
    path = sources_copied(tmp_path) / "reference.yml"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    done = command("run", "--offline", APERTURA_SOURCES_DIR=str(path.parent))
    assert done.code == 1
    for part in expected:
        assert part in done.stderr


def test_a_wrong_source_name_is_wrong_usage_and_lists_those_there_are(tmp_path: Path, command: Command) -> None:
    done = command("run", "--offline", "--source", "ogp_comitments")
    assert done.code == 2
    assert "ogp_commitments" in done.stderr


def test_a_halved_source_stops_the_release(tmp_path: Path, command: Command) -> None:
    settings = copied(tmp_path)
    lines = bundled("state_exercises", "exercises.csv").splitlines(keepends=True)
    newer(settings, "state_exercises", "exercises.csv", b"".join(lines[: len(lines) // 2]))
    done = command("run", "--offline", APERTURA_SNAPSHOTS_DIR=str(settings.snapshots_dir))
    assert done.code == 1
    assert "state_exercises.yml asserts" in done.stderr
    assert "exercises" in done.stderr


def test_a_release_names_its_commit_though_the_checkout_is_anothers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    git, checkout = str(find_program("git", debian_package="git")), tmp_path / "checkout"
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    subprocess.run([git, "init", "--quiet", checkout], check=True)
    subprocess.run([git, "-C", checkout, *who, "commit", "--quiet", "--allow-empty", "--message=First"], check=True)
    head = subprocess.run([git, "-C", checkout, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout
    monkeypatch.setattr("etl.run.ROOT", checkout)
    # Git's own way to try what it does where the folder is another account's.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert command("run", "--offline").code == 0
    handle = Database(Settings(releases_dir=tmp_path / "releases")).current()
    assert handle is not None
    with handle.connect() as connection:
        (recorded,) = connection.execute(select(TABLES["releases"].c.git_commit)).scalars()
    assert recorded
    assert head.startswith(recorded)


def test_two_runs_at_once_the_second_says_so(tmp_path: Path, command: Command) -> None:
    from etl.release import open_store

    settings = Settings(releases_dir=tmp_path / "releases")
    with open_store(settings).run_lock():
        done = command("run", "--offline")
    assert done.code == 1
    assert str(os.getpid()) in done.stderr


@pytest.mark.slow
def test_a_row_that_refers_to_nothing_is_rejected_with_its_reason_and_the_rest_is_published(tmp_path: Path) -> None:
    settings = copied(tmp_path)
    content = bundled("national_plans", "plan_metrics.csv") + b"MX-P9,commitments,5,count,2030,http://example.org/,\r\n"
    newer(settings, "national_plans", "plan_metrics.csv", content)
    result = run(settings, Silence(), offline=True)
    plans = next(source for source in result.sources if source.source_id == "national_plans")
    assert plans.rejected == 1
    handle = Database(settings).current()
    assert handle is not None
    rejected = TABLES["rejected_rows"]
    with handle.connect() as connection:
        row = connection.execute(select(rejected).where(rejected.c.source_id == "national_plans")).mappings().one()
    assert row["file"] == "plan_metrics.csv"
    assert row["position"] == "line 27"
    assert "MX-P9" in row["reason"]
    assert "MX-P9" in row["raw"]


def test_what_contradicts_what_is_found_with_both_sides(release: ReleaseHandle) -> None:
    findings, sides = TABLES["findings"], TABLES["finding_sides"]
    with release.connect() as connection:
        said = {
            (check, says)
            for check, says in connection.execute(
                select(findings.c.check_id, sides.c.says).join(sides, sides.c.finding_id == findings.c.finding_id)
            )
        }
    # The contradictions known of, each with what its sides say.
    for check, left, right in [
        ("signed_but_no_exercise", "31", "30"),
        ("dates_of_signature", "2016", "2015-2018"),
        ("jalisco_joined_ogp", "2016", "2017"),
        ("sinaloa_secretariat_seats", "15", "8"),
        ("secretariats_claimed_and_listed", "22", "19"),
        ("size_of_plan_1", "36", "37"),
        ("end_of_plan_4", "2021", "2022"),
        ("quintana_roo_observatory", "151", "152"),
        ("metric_2019_participation", "0.41", "0.385"),
        ("ogp_local_members", "104", "150"),
    ]:
        assert {(check, left), (check, right)} <= said
