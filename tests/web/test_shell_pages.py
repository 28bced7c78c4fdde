"""What the shell makes of pages, as HTTP: documents, languages, refusals, headers."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from etl.run import RunResult
from settings import ROOT, Settings
from tests.web.sample import HOSTILE, sample_site


def _page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def _text(soup: BeautifulSoup, selector: str) -> str:
    found = soup.select_one(selector)
    assert found is not None, selector
    return found.get_text()


def _scripts(client: FlaskClient, address: str) -> list[str]:
    return [str(script["src"]) for script in _page(client, address).select("script[src]")]


def _scripts_of_dash(client: FlaskClient, address: str) -> list[str]:
    named: list[str] = json.loads(_text(_page(client, address), "#dash-scripts"))["scripts"]
    return named


def test_the_first_answer_is_the_whole_page(sample: FlaskClient) -> None:
    soup = _page(sample, "/estados")
    assert _text(soup, "h1") == "32 fichas"
    assert len(soup.select("tbody tr")) == 33
    assert soup.select_one("form.filters select[name=letra]") is not None
    assert soup.select_one("footer.site") is not None


def test_text_from_data_is_never_markup(sample: FlaskClient) -> None:
    soup = _page(sample, "/estados")
    assert _text(soup, ".kicker") == HOSTILE
    assert all(script.get("src") or script.get("type") == "application/json" for script in soup.select("script"))


@pytest.mark.parametrize(
    ("address", "tag", "heading"), [("/estados", "es-MX", "32 fichas"), ("/en/estados", "en", "32 fichas")]
)
def test_the_language_is_in_the_address(sample: FlaskClient, address: str, tag: str, heading: str) -> None:
    soup = _page(sample, address)
    assert soup.html is not None
    assert soup.html["lang"] == tag
    assert _text(soup, "h1") == heading
    assert _text(soup, ".skip") == {"es-MX": "Saltar al contenido", "en": "Skip to content"}[tag]


def test_the_other_language_shows_the_same_page_with_the_same_filters(sample: FlaskClient) -> None:
    soup = _page(sample, "/estados?letra=j")
    assert soup.select_one("a.lang[hreflang=en]")["href"] == "/en/estados?letra=j"  # type: ignore[index]
    alternates = {link["hreflang"]: link["href"] for link in soup.select("link[rel=alternate][hreflang]")}
    base = "http://127.0.0.1:8050"
    assert alternates == {
        "es-MX": f"{base}/estados?letra=j",
        "en": f"{base}/en/estados?letra=j",
        "x-default": f"{base}/estados?letra=j",
    }


def test_the_canonical_address_leaves_out_defaults_and_strangers_and_keeps_the_order(sample: FlaskClient) -> None:
    soup = _page(sample, "/estados/?q=co&utm_source=x&tamano=todos&letra=c")
    assert soup.select_one("link[rel=canonical]")["href"] == "http://127.0.0.1:8050/estados?letra=c&q=co"  # type: ignore[index]


def test_the_menu_marks_the_page_and_what_stands_under_it(sample: FlaskClient) -> None:
    assert _text(_page(sample, "/estados"), ".menu [aria-current=page]") == "Estados"
    assert _text(_page(sample, "/estados/14"), ".menu [aria-current=true]") == "Estados"


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/estados/99", 404, "No hay una entidad con la clave 99."),
        ("/no/existe", 404, "La dirección no corresponde a ninguna página del sitio."),
        ("/en/no/existe", 404, "The address does not belong to any page of this site."),
        ("/estados?letra=ñ", 400, "El filtro «Letra» no admite «ñ»."),
        ("/en/estados?tamano=1", 400, "The filter “Tamaño” does not take “1”."),
        ("/falla", 500, "La falla es nuestra"),
    ],
)
def test_a_refusal_is_a_page_in_the_readers_language(sample: FlaskClient, address: str, status: int, said: str) -> None:
    soup = _page(sample, address, status)
    assert said in _text(soup, "main")
    assert soup.select_one("main a[href]") is not None
    assert "Traceback" not in soup.get_text()


def test_no_link_of_a_refusal_leaves_the_site(sample: FlaskClient) -> None:
    for address in ["//evil.example/x", "/en//evil.example"]:
        soup = BeautifulSoup(
            sample.get(address, base_url="http://127.0.0.1:8050").get_data(as_text=True), "html.parser"
        )
        assert [a["href"] for a in soup.select("a") if str(a["href"]).startswith("//")] == []


def test_without_a_release_pages_say_so(tmp_path: Any) -> None:
    client = sample_site(Settings(releases_dir=tmp_path)).test_client()
    assert "Todavía no hay una versión publicada" in client.get("/estados").get_data(as_text=True)
    assert client.get("/estados").status_code == 503
    health = client.get("/salud")
    assert (health.status_code, health.get_json()["live"], health.get_json()["ready"]) == (503, True, False)


def test_health_names_the_release_and_its_age(sample: FlaskClient) -> None:
    body = sample.get("/salud").get_json()
    assert body["ready"] is True
    assert body["release_id"][:4].isdigit()
    assert body["age_seconds"] >= 0


def test_every_answer_carries_the_headers_that_keep_it_safe(sample: FlaskClient) -> None:
    for address in ["/estados", "/no/existe", "/salud", "/falla", "/_dash-dependencies"]:
        response = sample.get(address)
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "Set-Cookie" not in response.headers
        assert "Strict-Transport-Security" not in response.headers


def test_only_embeds_may_be_framed_and_they_hold_one_view(sample: FlaskClient) -> None:
    response = sample.get("/embed/estados?letra=j&vista=mapa")
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    assert [section["id"] for section in soup.select("section")] == ["mapa"]
    assert soup.select_one("script") is None
    assert soup.select_one("base")["target"] == "_top"  # type: ignore[index]
    assert sample.get("/embed/estados?vista=nada").status_code == 404


@pytest.mark.parametrize("address", ["/estados", "/quieta"])
def test_no_page_loads_dash_with_itself(sample: FlaskClient, address: str) -> None:
    named = [source.rpartition("/")[2].partition("?")[0] for source in _scripts(sample, address)]
    assert named == ["share.js", "charts.js", "filters.js"]
    assert _page(sample, address).select("link[rel=preload]") == []


def test_a_page_that_can_hold_no_chart_does_not_even_name_dash(sample: FlaskClient) -> None:
    of_dash = "#dash-scripts, #_dash-config, #first-layout, #dependencies, #react-entry-point"
    assert len(_page(sample, "/estados").select(of_dash)) == 5
    assert _page(sample, "/quieta").select(of_dash) == []


def test_dash_is_told_nothing_of_versions_and_loads_the_small_bundle(sample: FlaskClient) -> None:
    soup = _page(sample, "/estados")
    config = json.loads(_text(soup, "#_dash-config"))
    assert [name for name in config if "version" in name] == []
    assert "plotly-basic" in config["plotlyjs_url"]


@pytest.mark.parametrize("room", ["", "/parte"])
def test_an_unchanged_page_costs_a_header(sample: FlaskClient, room: str) -> None:
    first = sample.get(f"{room}/estados")
    again = sample.get(f"{room}/estados", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert sample.get(f"{room}/estados?letra=j").headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_part_of_a_page_is_what_the_whole_page_shows(sample: FlaskClient, prefix: str) -> None:
    address = f"{prefix}/estados?q=co&letra=c"
    soup = _page(sample, address)
    part = sample.get(f"/parte{address}").get_json()
    for name in ("lead", "results"):
        whole = soup.select_one(f"#{name}")
        assert whole is not None
        assert str(BeautifulSoup(part[name], "html.parser")) == whole.decode_contents()
    assert soup.html is not None
    assert soup.title is not None
    assert (part["release"], part["title"]) == (soup.html["data-release"], soup.title.get_text())
    assert part["address"] == f"{prefix}/estados?letra=c&q=co"
    layout = json.loads(_text(soup, "#first-layout"))
    held = next(child for child in layout["props"]["children"] if child["props"].get("id") == "places")
    charts = [place["props"]["children"] for place in held["props"]["children"]]
    assert charts == [place["props"]["children"] for place in part["places"]]
    assert [chart["type"] for chart in charts] == ["Graph"]


@pytest.mark.parametrize(("address", "status"), [("/estados?letra=ñ", 400), ("/estados/99", 404), ("/falla", 500)])
def test_the_part_of_a_refusal_has_its_status(sample: FlaskClient, address: str, status: int) -> None:
    assert sample.get(f"/parte{address}").status_code == status


def test_dash_itself_may_ask_for_the_charts_of_an_address(sample: FlaskClient) -> None:
    asked = {"id": "address", "property": "data", "value": "/estados?letra=c"}
    body = {
        "output": "places.children",
        "outputs": {"id": "places", "property": "children"},
        "inputs": [asked],
        "changedPropIds": ["address.data"],
    }
    answer = sample.post("/_dash-update-component", json=body).get_json()
    assert answer["response"]["places"]["children"] == sample.get("/parte/estados?letra=c").get_json()["places"]


def test_versioned_files_are_kept_for_good_and_others_are_not(sample: FlaskClient) -> None:
    sources = [*_scripts(sample, "/estados"), *_scripts_of_dash(sample, "/estados")]
    assert len(sources) > 8
    for source in sources:
        response = sample.get(source)
        assert response.status_code == 200, source
        assert "immutable" in response.headers["Cache-Control"], source
        response.close()
    for source in ["/assets/filters.js", "/assets/filters.js?v=0", "/_dash-component-suites/dash/dcc/async-graph.js"]:
        with sample.get(source) as unversioned:
            assert unversioned.headers["Cache-Control"] == "no-cache", source


def test_scripts_are_served_before_any_page_was(built: tuple[Settings, RunResult], sample: FlaskClient) -> None:
    source = next(source for source in _scripts_of_dash(sample, "/estados") if "react-dom" in source)
    site = sample_site(built[0])
    # As if another thread had just begun to answer the very first request.
    site.before_request_funcs.clear()
    assert site.test_client().get(source).status_code == 200


def test_answers_are_compressed_for_who_takes_it(sample: FlaskClient) -> None:
    plain = sample.get("/estados")
    small = sample.get("/estados", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(plain.data) / 3
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_compressing_the_scripts_before_the_fork_opens_no_database() -> None:
    program = (
        "import sys, app, web.warming;"
        "print(web.warming.compress_scripts(app.server) > 8, [name for name in ('duckdb', '_duckdb') if sys.modules.get(name)])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"


def test_importing_the_application_is_light() -> None:
    program = (
        "import sys, app;"
        "print([name for name in ('pandas', 'plotly.express', 'etl', 'pyarrow', 'numpy') if sys.modules.get(name)])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
