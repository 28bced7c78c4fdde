"""The national board by GraphQL, from a server with Hasura's schema over the bundled board."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.snapshots import Copy, SnapshotStore
from etl.sources.spec import SourceSpec, load_spec
from settings import ROOT
from tests.etl.fetching import fetch, file, quick, source, step
from tests.hasura import hasura
from tests.servers import body, redirect, serve

SNAPSHOT = ROOT / "data" / "snapshots" / "national_board" / "2019-11-22" / "board.json"
QUERY = """{ plan { id metadatos compromisos(order_by: {orden: asc}) { id orden titulo slug metadatos
  acciones(order_by: {orden: asc}) { id orden titulo ponderacion fecha_inicial fecha_final metadatos
  actividades(order_by: {orden: asc}) { id orden titulo fecha_inicial fecha_final metadatos } } } } }"""


def board(query: str = QUERY) -> SourceSpec:
    return source(file("board.json", "{board_url}/v1/graphql", "json", query=query))


def document() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(SNAPSHOT.read_bytes())["data"]
    return data


def test_the_board_is_read_from_the_configured_host(tmp_path: Path) -> None:
    with serve(hasura(document())) as site:
        outcome = fetch(board(), tmp_path, quick(board_url=f"{site.url}/"))
    [copy] = outcome.copies
    assert json.loads(copy.path.read_bytes())["data"] == document()
    assert (copy.via, copy.url) == ("live", f"{site.url}/v1/graphql")
    [asked] = site.asked("/v1/graphql")
    assert (asked.method, asked.headers["Content-Type"]) == ("POST", "application/json")


def test_the_query_of_the_source_is_one_that_the_board_answers_in_full(tmp_path: Path) -> None:
    spec = load_spec(ROOT / "etl" / "sources" / "national_board.yml")
    with serve(hasura(document())) as site:
        [copy] = fetch(spec, tmp_path, quick(board_url=site.url)).copies
    commitments = json.loads(copy.path.read_bytes())["data"]["plan"][0]["compromisos"]
    actions = [action for commitment in commitments for action in commitment["acciones"]]
    activities = [activity for action in actions for activity in action["actividades"]]
    assert (len(commitments), len(actions), len(activities)) == (13, 91, 1075)
    assert {"orden", "titulo", "fecha_inicial", "fecha_final", "ponderacion"} <= set(actions[0])
    assert "metadatos" in activities[0]


def test_a_status_and_a_weight_set_on_the_board_arrive(tmp_path: Path) -> None:
    changed = document()
    action = changed["plan"][0]["compromisos"][0]["acciones"][0]
    action["ponderacion"] = 12.5
    action["actividades"][0]["metadatos"] = {"estatus": "verificado"}
    with serve(hasura(changed)) as site:
        [copy] = fetch(board(), tmp_path, quick(board_url=site.url)).copies
    read = json.loads(copy.path.read_bytes())["data"]["plan"][0]["compromisos"][0]["acciones"][0]
    assert (read["ponderacion"], read["actividades"][0]["metadatos"]) == (12.5, {"estatus": "verificado"})


def test_an_unchanged_board_makes_no_second_copy(tmp_path: Path) -> None:
    with serve(hasura(document())) as site:
        outcomes = [fetch(board(), tmp_path, quick(board_url=site.url)) for _ in range(2)]
    assert [step(outcome, "live").outcome for outcome in outcomes] == ["new", "same"]
    assert outcomes[0].copies == outcomes[1].copies


def test_a_query_that_the_board_refuses_leaves_the_bundled_board_and_its_words(tmp_path: Path) -> None:
    kept = _bundled_board(tmp_path)
    with serve(hasura(document())) as site:
        outcome = fetch(board("{ plan { presupuesto } }"), tmp_path, quick(board_url=site.url))
    assert outcome.copies == (kept,)
    assert step(outcome, "live").detail == (
        "GraphQL refused the query: Cannot query field 'presupuesto' on type 'plan'."
    )
    assert [attempt.via for attempt in outcome.attempts] == ["live", "snapshot"]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (body(b"<!doctype html><div id=root></div>", "text/html"), "an HTML or XML page where JSON was expected"),
        (body(b'{"data": {"plan": ['), "not whole JSON"),
        (body(b'{"data": null}'), "holds no data"),
        (body(b'{"errors": ["no"], "data": {}}'), "GraphQL refused the query: no"),
        (body(b"[1]"), "it is no JSON object"),
        (body(b"[" * 100_000), "not whole JSON"),
        (body(b"\xff\xfe{}"), "not whole JSON"),
        (redirect("/login"), "404"),
    ],
    ids=["shell", "cut JSON", "no data", "errors", "list", "deep", "no UTF-8", "login"],
)
def test_an_answer_that_is_no_board_is_refused(tmp_path: Path, answer: Any, detail: str) -> None:
    kept = _bundled_board(tmp_path)
    with serve({"/v1/graphql": answer}) as site:
        outcome = fetch(board(), tmp_path, quick(board_url=site.url))
    assert detail in step(outcome, "live").detail
    assert outcome.copies == (kept,)


def _bundled_board(root: Path) -> Copy:
    moment = datetime(2019, 11, 22, tzinfo=UTC)
    content = SNAPSHOT.read_bytes()
    return SnapshotStore(root).keep("tried", "board.json", content, url=None, via="bundled", fetched_at=moment)
