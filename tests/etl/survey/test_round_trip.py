"""The whole way of a round: template, 32 bodies and 60 exercises, import, release, indicators, undo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.database import Database
from data.indicators.survey import Share
from data.queries import survey
from etl.__main__ import main
from etl.release import open_store
from etl.snapshots import SnapshotStore
from settings import Settings
from tests.etl.survey.answered import SaidReturn, as_csv, fill_template, made_up_round, make_template, rows_of

pytestmark = pytest.mark.slow

RETURNS = made_up_round(exercises=60, answering=27, without=3)


@pytest.fixture(scope="module")
def published(installation: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The installation with the round published from a filled template."""
    path = tmp_path_factory.mktemp("filled") / "ronda.xlsx"
    make_template(path)
    fill_template(path, RETURNS)
    assert main(["import-survey", str(path), "--round", "2026"]) == 0
    return installation


def test_the_indicators_are_those_counted_by_hand(published: Settings) -> None:
    said = [exercise for body in RETURNS for exercise in body.exercises]
    assert (len(RETURNS), len(said)) == (27, 60)
    with Database(published).current().connect() as connection:  # type: ignore[union-attr]
        found_round = survey.rounds(connection)[0]
        returns = survey.round_returns(connection, "2026")
        found = survey.round_indicators(returns, found_round)
    assert found is not None
    assert (len(returns), found_round.bodies_asked) == (32, 32)
    assert found.response == Share(27, 32)
    assert found.without_exercises == Share(3, 27)
    assert found.exercises == 60
    assert _pair(found.guarantor_convener) == (sum("Convocante" in e.roles for e in said), 60)
    assert _pair(found.civil_society_promoter) == (
        sum("Organizaciones de la sociedad civil" in e.promoters for e in said),
        60,
    )
    for share, heading in (
        (found.judiciary, "Participa el Poder Judicial"),
        (found.legislature, "Participa el Poder Legislativo"),
        (found.municipal, "Participan municipios"),
        (found.action_plan, "Compromisos en plan de acción"),
    ):
        assert _pair(share) == (sum(e.cells[heading] == "Sí" for e in said), 60), heading
        assert share.unanswered == sum(e.cells[heading] in ("", "No sabe") for e in said), heading
    assert _pair(found.latest_active) == (sum(_latest_is_active(body) for body in RETURNS), 27)


def test_every_item_has_its_missing_answers(published: Settings) -> None:
    said = [exercise for body in RETURNS for exercise in body.exercises]
    with Database(published).current().connect() as connection:  # type: ignore[union-attr]
        asked = survey.items(connection, "2026")
        counted = survey.non_response(survey.round_returns(connection, "2026"), asked)
    by_heading = {item.heading_es: count for item, count in counted}
    rules = by_heading["Reglas documentadas"]
    assert (rules.asked, rules.blank) == (60, sum(e.cells["Reglas documentadas"] == "" for e in said))
    assert rules.does_not_know == sum(e.cells["Reglas documentadas"] == "No sabe" for e in said)
    plans = sum(e.cells["Compromisos en plan de acción"] == "Sí" for e in said)
    assert by_heading["Título del plan"].asked == plans
    assert by_heading["Título del plan"].blank == 0


def test_each_state_says_what_its_body_said(published: Settings) -> None:
    with Database(published).current().connect() as connection:  # type: ignore[union-attr]
        found = survey.state_returns(connection, "2026", survey.round_returns(connection, "2026"))
    said = {body.state_code: body for body in RETURNS}
    assert len(found) == 32
    for state in found:
        assert state.answered == (state.state_code in said)
        if state.answered:
            assert state.exercises == len(said[state.state_code].exercises)
            assert state.declares_no_exercise == (not said[state.state_code].exercises)
        else:
            assert (state.exercises, state.with_plan, state.missing_answers) == (None, None, None)


def test_published_figures_of_2021_stand_apart(published: Settings) -> None:
    with Database(published).current().connect() as connection:  # type: ignore[union-attr]
        newest, oldest = survey.rounds(connection)
        returns = survey.round_returns(connection, "2021")
        figures = {figure.same_as: figure for figure in survey.published_figures(connection, oldest)}
        assert survey.published_figures(connection, newest) == []
    assert (newest.round_id, newest.is_computed, oldest.round_id, oldest.is_computed) == ("2026", True, "2021", False)
    assert returns == []
    assert survey.round_indicators(returns, oldest) is None
    assert (figures["response"].value, figures["response"].denominator) == (25, 32)
    assert (figures["latest_active"].value, figures["latest_active"].numerator) == (40, 10)
    assert (figures["judiciary"].numerator, figures["judiciary"].denominator) == (11, 49)
    assert [figures[name].value for name in ("exercises", "municipal", "action_plan")] == [49, 53, 47]


def test_a_second_file_replaces_only_its_states_and_undoing_brings_back_the_release(
    published: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(published)
    before = store.current()
    assert before is not None
    body = next(body for body in RETURNS if len(body.exercises) > 1)
    silent = next(code for code in ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14",
                                    "15", "16", "17", "18", "19", "20") if code not in {b.state_code for b in RETURNS})  # fmt: skip
    path = tmp_path / "dos.csv"
    path.write_bytes(as_csv(rows_of([SaidReturn(body.state_code, body.exercises[:1]), SaidReturn(silent, [])])))
    capsys.readouterr()
    assert main(["import-survey", str(path), "--round", "2026", "--dry-run", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)["preview"]
    assert shown["new_states"] == [silent]
    assert shown["replaced_states"] == [body.state_code]
    assert [row[:2] for row in shown["removed"]] == [[body.state_code, e.number] for e in body.exercises[1:]]
    assert shown["indicators"]["response"]["before"]["numerator"] == 27
    assert shown["indicators"]["response"]["after"]["numerator"] == 28
    assert store.current() == before, "a dry run changes nothing"
    assert main(["import-survey", str(path), "--round", "2026", "--accept-warnings"]) == 0
    with Database(published).current().connect() as connection:  # type: ignore[union-attr]
        returns = survey.round_returns(connection, "2026")
    assert sum(found.answered for found in returns) == 28
    assert sum(len(found.exercises) for found in returns) == 60 - len(body.exercises) + 1
    assert main(["import-survey", "--round", "2026", "--undo"]) == 0
    after = store.current()
    assert after is not None
    assert (after.release_id, after.content_hash) == (before.release_id, before.content_hash)
    assert main(["run", "--offline"]) == 0
    assert store.current() == after, "the next run does not bring the import back"
    assert SnapshotStore(published.snapshots_dir).audit() == []


def test_undoing_the_only_import_leaves_no_round(installation: Settings, published: Settings) -> None:
    assert main(["import-survey", "--round", "2026", "--undo"]) == 0
    with Database(published).current().connect() as connection:  # type: ignore[union-attr]
        assert [found.round_id for found in survey.rounds(connection)] == ["2021"]
    assert main(["import-survey", "--round", "2026", "--undo"]) == 1


def _pair(share: Share) -> tuple[int, int]:
    return share.numerator, share.denominator


def _latest_is_active(body: SaidReturn) -> bool:
    if not body.exercises:
        return False
    ordered = sorted(body.exercises, key=lambda e: (e.cells["Inicio"], e.number))
    return ordered[-1].cells["Estatus"] in ("Activo", "En proceso de implementación")
