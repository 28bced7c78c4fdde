"""What operators watch: requests over all workers, how long they took, the release; and who may read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from data.database import Database
from etl.run import RunResult
from settings import Settings
from tests.site import running_site
from tests.web.sample import sample_site
from web.metrics import kind_of
from web.site import create_site

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    """What a body of /metricas says, read as Prometheus does."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def counted(found: Samples, kind: str, status: int) -> float:
    """The requests of a kind that were answered with a status."""
    return found.get(("apertura_requests_total", frozenset([("kind", kind), ("status", str(status))])), 0)


def test_the_counts_are_those_of_all_workers(built: tuple[Settings, RunResult], tmp_path: Path) -> None:
    environment = {"APERTURA_RELEASES_DIR": str(built[0].releases_dir), "WEB_CONCURRENCY": "2"}
    asked = 12
    with running_site(tmp_path, environment) as site:

        def measured() -> Samples:
            with site.client() as client:
                return samples(client.get("/metricas").text)

        before = measured()
        for _ in range(asked):
            with site.client() as client:
                client.get("/cambios")
                client.get("/en/api/v1/nothing")
                client.get("/api/v1/nothing")
        after = measured()
    assert counted(after, "page", 200) - counted(before, "page", 200) == asked
    assert counted(after, "api", 404) - counted(before, "api", 404) == 2 * asked
    timed = ("apertura_request_seconds_count", frozenset([("kind", "page")]))
    assert after[timed] - before.get(timed, 0) == asked


def test_the_release_is_told_with_the_rows_of_each_source(built: tuple[Settings, RunResult]) -> None:
    settings, result = built
    found = samples(sample_site(settings).test_client().get("/metricas").get_data(as_text=True))
    assert found[("apertura_ready", frozenset())] == 1
    assert found[("apertura_release_info", frozenset([("release_id", str(result.release_id))]))] == 1
    assert found[("apertura_release_age_seconds", frozenset())] > 0
    read = sum(value for (name, _), value in found.items() if name == "apertura_source_rows")
    assert read == sum(source.read for source in result.sources)


def test_without_a_release_that_is_what_it_says(tmp_path: Path) -> None:
    found = samples(sample_site(Settings(releases_dir=tmp_path)).test_client().get("/metricas").get_data(as_text=True))
    assert found[("apertura_ready", frozenset())] == 0
    assert [name for name, _ in found if name.startswith("apertura_release")] == []


@pytest.mark.parametrize(
    ("networks", "proxies", "peer", "forwarded", "status"),
    [
        ("127.0.0.0/8", 0, "127.0.0.1", None, 200),
        ("127.0.0.0/8", 0, "198.51.100.7", None, 404),
        # A proxy that nobody told the site of.
        ("127.0.0.0/8", 0, "127.0.0.1", "198.51.100.7", 404),
        ("127.0.0.0/8", 1, "127.0.0.1", "198.51.100.7", 404),
        # What the reader claims stands before what our proxy saw.
        ("127.0.0.0/8", 1, "127.0.0.1", "127.0.0.1, 198.51.100.7", 404),
        ("127.0.0.0/8", 1, "127.0.0.1", "nobody", 404),
        ("10.1.0.0/16, 127.0.0.0/8", 1, "127.0.0.1", "10.1.2.3", 200),
        ("", 0, "127.0.0.1", None, 404),
    ],
)
def test_it_is_closed_but_to_the_networks_of_the_settings(
    tmp_path: Path, networks: str, proxies: int, peer: str, forwarded: str | None, status: int
) -> None:
    settings = Settings(releases_dir=tmp_path, metrics_networks=networks, trusted_proxies=proxies)
    client = create_site(settings, Database(settings)).test_client()
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    answer = client.get("/metricas", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("/en", "page"),
        ("/en/estados/14", "page"),
        ("/parte/estados", "part"),
        ("/en/datos/states.csv", "data"),
        ("/datos", "page"),
        ("/assets/filters.js", "file"),
        ("/comision/entrar", "desk"),
        ("/imagen/estados", "picture"),
        ("/whatever/somebody/made/up", "page"),
    ],
)
def test_there_are_few_kinds_of_requests(path: str, kind: str) -> None:
    assert kind_of(path) == kind
