"""What programs read about the site: data package, CSVW, catalogue, robots.txt, sitemap.xml, llms.txt."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import quoteattr

import orjson
from flask import Blueprint, Response, request

from data.database import Database, ReleaseHandle
from data.extract import Extract
from data.metadata import ABOUT, TITLE, data_package
from data.metadata_catalog import catalog
from data.queries.datasets import dataset, datasets, parse, stream
from data.schema import table_info
from layouts import pages
from layouts.i18n import locales
from settings import Settings
from web.api_problems import language
from web.api_request import asked_release, asked_rows, described, not_modified, refuse
from web.metadata_csvw import MIMETYPE, asked_query, csvw

JSON = "application/json"
# The pages of single things: the variable part of their address, and the rows that fill it.
LISTED = {
    "state_code": ("states", ""),
    "commitment_id": ("commitments", "MX"),
    "actor_id": ("actors", ""),
    "locality_id": ("localities", ""),
}
# Pages that say something only to a question: nothing to be crawled.
ASKING = ("/buscar", "/verificar")
# And what else is none of a search engine's business, in every language or once.
UNSOUGHT, UNSOUGHT_ONCE = ("/comision", "/embed/", "/tabla/", *ASKING), ("/_dash", "/_reload")


def metadata(settings: Settings, database: Database) -> Blueprint:
    """The routes."""
    routes = Blueprint("metadata", __name__)
    refuse(routes)
    host = settings.public_url.rstrip("/")

    def answer(form: str, mimetype: str, write: Callable[[ReleaseHandle], bytes]) -> Response:
        handle, pinned = asked_release(database)
        tag = f"{handle.release_id}-{form}"
        response = not_modified(tag, handle.built_at, pinned=pinned)
        if response is None:
            response = Response(write(handle), mimetype=mimetype)
        return described(response, tag, handle.built_at, pinned=pinned)

    @routes.get("/datapackage.json")
    def package() -> Response:
        return answer("package", JSON, lambda handle: orjson.dumps(data_package(handle, host)))

    @routes.get("/catalog.jsonld")
    def linked() -> Response:
        return answer(
            "catalog", "application/ld+json", lambda handle: orjson.dumps(catalog(handle, host, settings.contact))
        )

    @routes.get("/datos/<name>.csv-metadata.json")
    @routes.get("/en/datos/<name>.csv-metadata.json")
    def beside(name: str) -> Response:
        asked = asked_rows(database, name.removesuffix(".raw"))
        extract, raw = Extract(asked.handle, asked.query, language()), name.endswith(".raw")
        address = f"{host}{request.path.removesuffix('-metadata.json')}{asked_query()}"
        tag = extract.etag(f"{address}-metadata")
        response = not_modified(tag, extract.built_at, pinned=asked.pinned)
        if response is None:
            response = Response(orjson.dumps(csvw(extract, address, raw=raw)), mimetype=MIMETYPE)
        return described(response, tag, extract.built_at, pinned=asked.pinned)

    @routes.get("/robots.txt")
    def robots() -> Response:
        unsought = [*UNSOUGHT_ONCE, *(f"{locale.prefix}{path}" for path in UNSOUGHT for locale in locales())]
        refused = "\n".join(f"Disallow: {path}" for path in unsought)
        response = Response(f"User-agent: *\n{refused}\n\nSitemap: {host}/sitemap.xml\n", mimetype="text/plain")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    @routes.get("/sitemap.xml")
    def sitemap() -> Response:
        return answer("sitemap", "application/xml", lambda handle: _sitemap(handle, host))

    @routes.get("/llms.txt")
    def for_models() -> Response:
        return answer("llms", "text/plain", lambda handle: _llms(handle, host))

    return routes


def _sitemap(handle: ReleaseHandle, host: str) -> bytes:
    """Every page, in each language, with its counterparts."""
    day = handle.built_at.date().isoformat()
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for path in _addresses(handle):
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(host + locale.link(path))}/>'
            for tag, locale in [*((each.tag, each) for each in locales()), ("x-default", locales()[0])]
        )
        for locale in locales():
            address = quoteattr(host + locale.link(path))[1:-1]
            lines.append(f"<url><loc>{address}</loc><lastmod>{day}</lastmod>{others}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def _addresses(handle: ReleaseHandle) -> list[str]:
    found: list[str] = []
    for page in pages():
        if page.path in ASKING:
            continue
        start, opening, rest = page.path.partition("<")
        if not opening:
            found.append(page.path)
            continue
        variable = rest.removesuffix(">")
        if variable == "dataset":
            found += [f"{start}{name}" for name in datasets()]
        elif variable in LISTED and "<" not in rest.removesuffix(">"):
            found += [f"{start}{key}" for key in _keys(handle, variable)]
    return found


def _keys(handle: ReleaseHandle, column: str) -> list[str]:
    name, country = LISTED[column]
    filters = [("country_code", country), ("scope", "national")] if country else []
    with handle.connect() as connection:
        return [row[0] for row in stream(connection, parse(dataset(name), [("select", column), *filters]))]


def _llms(handle: ReleaseHandle, host: str) -> bytes:
    """What the site is and where its data are, as Markdown for language models (llmstxt.org)."""
    lines = [
        f"# {TITLE}",
        "",
        f"> {ABOUT['es']} {ABOUT['en']}",
        "",
        f"Release {handle.release_id}, built {handle.built_at.isoformat()}. Every number has a source and a date; "
        "an empty value means that no data were found, never zero. What an institution reports, what the board verified "
        "and what the independent reviewer found are kept apart. Cite the release; add `?corte=<release or date>` to any "
        "address to stay on one. Pages are in Spanish; the same under `/en/` in English.",
        "",
        "## Data",
        "",
        f"- [OpenAPI]({host}/api/v1/openapi.json): JSON and CSV, filters on every column, no key",
        f"- [Data package]({host}/datapackage.json): all tables, columns, types and units",
        f"- [Everything]({host}/datos/apertura.zip): all tables as CSV",
        f"- [Catalogue]({host}/catalog.jsonld): DCAT-AP and schema.org",
        f"- [Changes]({host}/en/cambios.atom): what each release changed, as Atom",
        "",
        "## Pages",
        "",
    ]
    english = next(locale for locale in locales() if locale.code == "en")
    for page in pages():
        if page.nav and "<" not in page.path:
            lines.append(f"- [{english.text(page.nav)}]({host}{english.link(page.path)})")
    lines += ["", "## Datasets", ""]
    for name in datasets():
        info = table_info(dataset(name))
        lines.append(f"- [{info['label']['en']}]({host}/datos/{name}.raw.csv): {info['one_row']['en']}")
    return "\n".join([*lines, ""]).encode()
