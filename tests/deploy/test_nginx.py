"""nginx before the site: TLS, what it may keep and what not, ranges, limits, and what readers see when nobody answers."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import httpx
import pytest

from etl.run import RunResult
from settings import Settings
from tests.deploy.conftest import CONFIGURATION, Fronted, behind_nginx
from web.desk.routes import FORM_BYTES
from web.desk.uploads import MOST_BYTES
from web.headers import SHARED


def test_plain_http_leads_to_the_same_address_over_tls(fronted: Fronted) -> None:
    answer = httpx.get(
        f"{fronted.plain_url}/estados?capa=plan", headers={"Host": "apertura.example.org"}, trust_env=False
    )
    assert (answer.status_code, answer.headers["Location"]) == (308, "https://apertura.example.org/estados?capa=plan")


@pytest.mark.parametrize("address", ["/plan-nacional?plan=MX-P2", "/parte/estados?capa=plan", "/en/cambios"])
def test_a_page_is_asked_for_once_and_is_the_sites_own(fronted: Fronted, address: str) -> None:
    with fronted.client() as client, fronted.site.client() as direct:
        first, own = client.get(address), direct.get(address)
        second = kept_by_nginx(client, address)
    assert first.headers["X-Cache"] == "MISS"
    assert first.text == second.text == own.text
    for name in ("ETag", "Cache-Control", "Content-Security-Policy", "Vary"):
        assert second.headers[name] == own.headers[name]


def test_each_reader_gets_the_encoding_that_they_take(fronted: Fronted) -> None:
    with fronted.client() as client:
        found = {
            encoding: [client.get("/actores", headers={"Accept-Encoding": encoding}) for _ in range(2)][1]
            for encoding in ("br", "gzip", "identity")
        }
    assert [found[name].headers.get("Content-Encoding") for name in found] == ["br", "gzip", None]
    assert len({answer.text for answer in found.values()}) == 1


def test_a_large_file_that_the_site_streams_comes_compressed(fronted: Fronted) -> None:
    address = "/datos/commitment_ratings.raw.csv"
    with fronted.client() as client, fronted.site.client() as direct:
        streamed, own = client.get(address, headers={"Accept-Encoding": "gzip"}), direct.get(address)
        plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "Content-Length" not in own.headers
    assert [answer.headers.get("Content-Encoding") for answer in (streamed, plain)] == ["gzip", None]
    assert streamed.content == plain.content == own.content


def test_a_visit_again_costs_a_header(fronted: Fronted) -> None:
    with fronted.client() as client:
        tag = client.get("/estados/14").headers["ETag"]
        again = kept_by_nginx(client, "/estados/14", {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_script_is_kept_and_compressed_as_far_as_it_goes(fronted: Fronted) -> None:
    with fronted.client() as client:
        page = client.get("/").text
        script = re.search(r'src="(/assets/filters\.js[^"]*)"', page)
        assert script is not None
        answers = [client.get(script[1]) for _ in range(2)]
    assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "HIT"]
    assert "immutable" in answers[1].headers["Cache-Control"]


def test_what_has_grown_old_is_asked_for_again_before_anybody_gets_it(fronted: Fronted) -> None:
    with fronted.client() as client:
        text = client.get("/metodologia").text
        # nginx counts in whole seconds.
        time.sleep(SHARED + 1)
        again = client.get("/metodologia")
    assert (again.headers["X-Cache"], again.text) == ("REVALIDATED", text)


def test_a_part_of_the_release_comes_by_its_range(fronted: Fronted, built: tuple[Settings, RunResult]) -> None:
    release = built[0].releases_dir / f"{built[1].release_id}.duckdb"
    with fronted.client() as client:
        answer = client.get("/datos/apertura.duckdb", headers={"Range": "bytes=100-299"})
        again = client.get("/datos/apertura.duckdb", headers={"If-None-Match": answer.headers["ETag"]})
    assert (answer.status_code, answer.content) == (206, release.read_bytes()[100:300])
    assert "X-Cache" not in answer.headers
    assert again.status_code == 304


@pytest.mark.parametrize("address", ["/comision", "/comision/entrar", "/salud", "/api/v1/states", "/datos/states.csv"])
def test_what_the_site_would_not_have_kept_is_not(fronted: Fronted, address: str) -> None:
    with fronted.client() as client:
        answers = [client.get(address) for _ in range(2)]
    assert [answer.headers.get("X-Cache", "MISS") for answer in answers] == ["MISS", "MISS"]


def test_the_desk_is_private_and_takes_a_whole_questionnaire(fronted: Fronted) -> None:
    with fronted.client() as client:
        assert client.get("/comision/entrar").headers["Cache-Control"] == "no-store"
        large = [client.post(f"{prefix}/comision/subir", content=b"x" * 2_000_000) for prefix in ("", "/en")]
        refused = client.post("/estados", content=b"x" * 200_000)
    assert 413 not in [answer.status_code for answer in large]
    assert refused.status_code == 413
    limit = re.search(r"location \S+ \S*/comision\S* \{[^}]*client_max_body_size (\d+)m;", CONFIGURATION.read_text())
    assert limit is not None
    assert int(limit[1]) * 2**20 >= MOST_BYTES + FORM_BYTES


def test_the_log_tells_neither_who_nor_what_they_searched(fronted: Fronted) -> None:
    with fronted.client() as client:
        client.get("/buscar?q=secreto")
    # nginx writes it after the answer.
    limit = time.monotonic() + 60
    while "/buscar" not in fronted.log.read_text() and time.monotonic() < limit:
        time.sleep(0.05)
    line = next(line for line in fronted.log.read_text().splitlines() if "/buscar" in line)
    assert line.startswith("127.0.0.0 [")
    assert "secreto" not in line


def test_what_operators_watch_is_not_for_the_world(fronted: Fronted) -> None:
    with fronted.client() as client:
        assert client.get("/metricas").status_code == 404
    with fronted.site.client() as direct:
        assert "apertura_ready 1.0" in direct.get("/metricas").text
        assert direct.get("/metricas", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


def test_the_rate_limit_counts_readers_and_no_address_that_they_make_up(
    built: tuple[Settings, RunResult], tmp_path: Path
) -> None:
    hurried = {"APERTURA_API_RATE": "3 per hour", "WEB_CONCURRENCY": "1"}
    with behind_nginx(tmp_path, built[0], hurried) as fronted, fronted.client() as client:
        answers = [
            client.get("/api/v1/states?limit=1", headers={"X-Forwarded-For": f"203.0.113.{number}"})
            for number in range(4)
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_while_the_site_is_down_known_pages_are_there_and_others_say_so(
    built: tuple[Settings, RunResult], tmp_path: Path
) -> None:
    with behind_nginx(tmp_path, built[0]) as fronted, fronted.client() as client:
        known = client.get("/estados")
        os.kill(fronted.site.process_id, signal.SIGTERM)
        wait_until_nobody_answers(fronted.site.url)
        assert client.get("/estados").text == known.text
        unknown = client.get("/actores")
    assert unknown.status_code == 502
    assert "Volvemos en un momento." in unknown.text
    assert unknown.headers["Retry-After"] == "30"
    assert unknown.headers["Cache-Control"] == "no-store"


def kept_by_nginx(client: httpx.Client, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """The answer that nginx gives by itself: asked for until the second in which it may is not just over."""
    for _ in range(20):
        answer = client.get(address, headers=headers)
        if answer.headers["X-Cache"] == "HIT":
            return answer
    raise AssertionError(f"nginx keeps nothing: {answer.headers['X-Cache']}")


def wait_until_nobody_answers(url: str) -> None:
    """Until connections are refused."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            httpx.get(f"{url}/salud", trust_env=False)
        except httpx.TransportError:
            return
        time.sleep(0.1)
    raise AssertionError("the site still answers")
