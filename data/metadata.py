"""The datasets described for programs as a Frictionless Data Package, from the schema and the release alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.database import ReleaseHandle
from data.queries.dataset_facts import Entry, SourceEntry, catalogue, source_entries
from data.queries.datasets import Table
from data.schema import VOCABULARIES, column_info, key_columns, table_info

Json = dict[str, Any]
TITLE = "Apertura"
ABOUT = {
    "es": "Datos públicos sobre gobierno abierto en México, cada uno con su fuente y su fecha.",
    "en": "Public data on open government in Mexico, each with its source and its date.",
}
FRICTIONLESS = {"integer": "integer", "number": "number", "boolean": "boolean"}


def data_package(handle: ReleaseHandle, host: str, *, inside: bool = False) -> Json:
    """The descriptor of everything; ``inside`` the archive the paths are those of its files, else addresses on ``host``."""
    known = source_entries(handle)
    return {
        "profile": "tabular-data-package",
        "name": "apertura",
        "id": f"{host}/datapackage.json?corte={handle.release_id}",
        "title": TITLE,
        "description": f"{ABOUT['es']} · {ABOUT['en']}",
        "homepage": host,
        "version": handle.release_id,
        "created": handle.built_at.isoformat(),
        "sources": [_source(entry) for entry in known.values()],
        "licenses": _licenses(list(known.values())),
        "resources": [_resource(entry, known, handle.release_id, host, inside) for entry in catalogue(handle)],
    }


def _resource(entry: Entry, known: Mapping[str, SourceEntry], release_id: str, host: str, inside: bool) -> Json:
    info = table_info(entry.table)
    address = f"{host}/datos/{entry.name}.raw.csv?corte={release_id}"
    mine = [known[source_id] for source_id in entry.source_ids if source_id in known]
    resource: Json = {
        "profile": "tabular-data-resource",
        "name": entry.name,
        "path": f"data/{entry.name}.csv" if inside else address,
        "title": f"{info['label']['es']} · {info['label']['en']}",
        "description": f"{info['one_row']['es']} · {info['one_row']['en']}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "rows": entry.rows,
        "schema": table_schema(entry.table),
    }
    if mine:
        resource["sources"] = [_source(source) for source in mine]
    if licenses := _licenses(mine):
        resource["licenses"] = licenses
    return resource


def table_schema(table: Table) -> Json:
    """A table as Frictionless Table Schema."""
    schema: Json = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": key_columns(table),
    }
    keys = [
        {
            "fields": [str(key.parent.name)],
            "reference": {"resource": str(key.column.table.name), "fields": [str(key.column.name)]},
        }
        for key in table.foreign_keys
    ]
    return {**schema, "foreignKeys": sorted(keys, key=str)} if keys else schema


def _field(column: Any) -> Json:
    info = column_info(column)
    constraints: Json = {name: info[name] for name in ("pattern", "minimum", "maximum") if info[name] is not None}
    if info["enum"]:
        constraints["enum"] = list(VOCABULARIES[info["enum"]])
    # The empty text of a key ("the source does not say") cannot be told from nothing in a CSV file.
    if not column.nullable and not (column.primary_key and info["kind"] == "text"):
        constraints["required"] = True
    field: Json = {
        "name": str(column.name),
        "type": FRICTIONLESS.get(info["kind"], "string"),
        "title": f"{info['label']['es']} · {info['label']['en']}",
        "description": f"{info['description']['es']} · {info['description']['en']}",
    }
    if info["unit"]:
        field["unit"] = info["unit"]
    return {**field, "constraints": constraints} if constraints else field


def _source(entry: SourceEntry) -> Json:
    said: Json = {"title": f"{entry.publisher['es']}: {entry.title['es']}"}
    return {**said, "path": entry.address} if entry.address else said


def _licenses(entries: Sequence[SourceEntry]) -> list[Json]:
    """The terms that have an address; a licence without one has no place in a data package."""
    found = {entry.license_url: entry.license["es"] for entry in entries if entry.license_url}
    return [{"path": address, "title": title} for address, title in sorted(found.items())]
