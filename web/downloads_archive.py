"""Everything at once: ``/datos/apertura.zip``, a data package, and ``/datos/apertura.duckdb``, the release itself."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

import orjson
from flask import Blueprint, Response, request, send_file

from data import metadata_citation as citation
from data.database import Database, ReleaseHandle
from data.export import CsvLines, raw_csv
from data.extract import Extract, column_said
from data.metadata import ABOUT, TITLE, data_package
from data.queries.dataset_facts import source_entries
from data.queries.dataset_filters import Message
from data.queries.dataset_tables import tables_of
from data.queries.datasets import DatasetQuery
from settings import Settings
from web.api_problems import problem
from web.api_request import asked_release, described, not_modified, refuse
from web.downloads_files import Outgoing

README = """# {title} {release}

{es} Cada tabla es un archivo CSV (UTF-8, con encabezado) en `data/`; `datapackage.json` describe sus columnas para
programas (Frictionless Data Package) y `diccionario.csv` para personas. Una celda vacía es «sin dato», nunca cero.
Los códigos (`09`) son texto. Cada fila dice de qué fuente (`source_id`) y de qué copia (`snapshot_id`) viene; las
licencias son las de cada fuente, en `data/sources.csv`.

Cómo citar: {cite_es}

{en} Each table is a CSV file (UTF-8, with a heading) in `data/`; `datapackage.json` describes its columns for programs
(Frictionless Data Package) and `diccionario.csv` for people. An empty cell is "no data", never zero. Codes (`09`) are
text. Each row says from which source (`source_id`) and copy (`snapshot_id`) it comes; licences are those of each
source, in `data/sources.csv`.

How to cite: {cite_en}
"""
DICTIONARY = ("table", "column", "label_es", "label_en", "type", "unit", "description_es", "description_en", "values")


def archives(settings: Settings, database: Database) -> Blueprint:
    """The routes."""
    routes = Blueprint("archives", __name__)
    refuse(routes)
    host = settings.public_url.rstrip("/")

    @routes.get("/datos/apertura.zip")
    def package() -> Response:
        handle, pinned = asked_release(database)
        tag = f"{handle.release_id}-zip"
        response = not_modified(tag, handle.built_at, pinned=pinned)
        if response is None:
            # An iterator, for an empty body would say a length, 0, and the file has another.
            pieces = iter(()) if request.method == "HEAD" else zipped(handle, host)
            response = Response(pieces, mimetype="application/zip")
            response.headers.set("Content-Disposition", "attachment", filename=f"apertura_{handle.release_id}.zip")
        return described(response, tag, handle.built_at, pinned=pinned)

    @routes.get("/datos/apertura.duckdb")
    def database_file() -> Response:
        handle, pinned = asked_release(database)
        if handle.path is None:
            return problem(404, NO_FILE)
        name = f"apertura_{handle.release_id}.duckdb"
        response = send_file(handle.path, "application/vnd.duckdb", True, name, etag=handle.release_id)
        strong = response.headers["ETag"]
        described(response, handle.release_id, handle.built_at, pinned=pinned)
        # Parts of the file must fit together to the byte.
        response.headers["ETag"] = strong
        return response

    return routes


NO_FILE = Message(
    "Esta instalación guarda los datos en un servidor PostgreSQL: no hay archivo DuckDB. Todo está en /datos/apertura.zip.",
    "This installation keeps its data in a PostgreSQL server: there is no DuckDB file. All of it is in /datos/apertura.zip.",
)


def zipped(handle: ReleaseHandle, host: str) -> Iterator[bytes]:
    """The archive, piece by piece: descriptor, readme, citation, dictionary, and each table as raw CSV."""
    out = Outgoing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in _members(handle, host):
            member = zipfile.ZipInfo(name, handle.built_at.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    if data := out.taken():
                        yield data
    yield out.taken()


def _members(handle: ReleaseHandle, host: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    cited = cited_whole(handle, host, "es")
    english = citation.full(cited_whole(handle, host, "en"), "en")
    said = {"cite_es": citation.full(cited, "es"), "cite_en": english, **ABOUT}
    descriptor = orjson.dumps(data_package(handle, host, inside=True), option=orjson.OPT_INDENT_2)
    yield "datapackage.json", iter([descriptor])
    yield "LEEME.md", iter([README.format(title=TITLE, release=handle.release_id, **said).encode()])
    yield "cita.bib", iter([citation.bibtex(cited).encode()])
    yield "cita.json", iter([orjson.dumps([citation.csl(cited)], option=orjson.OPT_INDENT_2)])
    yield "diccionario.csv", iter([_dictionary(handle)])
    for name, table in tables_of(handle).items():
        extract = Extract(handle, DatasetQuery(table), "es")
        yield f"data/{name}.csv", raw_csv(extract.query.table, extract.query.columns, extract.batches())


def cited_whole(handle: ReleaseHandle, host: str, language: str) -> citation.Cited:
    """The whole database, to be cited in a language."""
    publishers = list(dict.fromkeys(entry.publisher[language] for entry in source_entries(handle).values()))
    address = f"{host}/datos?corte={handle.release_id}"
    return citation.Cited(
        "todo", citation.EVERYTHING[language], handle.release_id, handle.built_at, publishers, address
    )


def _dictionary(handle: ReleaseHandle) -> bytes:
    lines = CsvLines()
    rows = [lines.encoded([DICTIONARY])]
    for name, table in tables_of(handle).items():
        for column in table.columns:
            es, en = column_said(column, "es"), column_said(column, "en")
            values = "; ".join(f"{code} = {label}" for code, label in es.values)
            cells = (name, es.name, es.label, en.label, es.kind, es.unit, es.description, en.description, values)
            rows.append(lines.encoded([cells]))
    return b"".join(rows)
