"""The catalogue as linked data: DCAT for data portals, schema.org for search engines, one document for both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.database import ReleaseHandle
from data.metadata import ABOUT, TITLE
from data.queries.dataset_facts import Entry, SourceEntry, catalogue, source_entries
from data.schema import column_info, table_info

Json = dict[str, Any]
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcat:downloadURL": {"@type": "@id"},
    "dcat:accessURL": {"@type": "@id"},
    "dcat:landingPage": {"@type": "@id"},
    "dcat:mediaType": {"@type": "@id"},
    "dct:language": {"@type": "@id"},
    "dct:license": {"@type": "@id"},
    "dct:issued": {"@type": "xsd:dateTime"},
    "dct:modified": {"@type": "xsd:dateTime"},
    "schema:contentUrl": {"@type": "@id"},
    "schema:url": {"@type": "@id"},
}
MEDIA = "https://www.iana.org/assignments/media-types/"
LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
FORMS = (
    ("raw.csv", "text/csv", "CSV"),
    ("json", "application/json", "JSON"),
    ("parquet", "application/vnd.apache.parquet", "Parquet"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
)


def catalog(handle: ReleaseHandle, host: str) -> Json:
    """The whole catalogue, as JSON-LD that needs nothing else to be read."""
    known = source_entries(handle)
    entries = catalogue(handle)
    return {
        "@context": CONTEXT,
        "@id": f"{host}/catalog.jsonld",
        "@type": ["dcat:Catalog", "schema:DataCatalog"],
        "dct:title": _both({"es": TITLE, "en": TITLE}),
        "dct:description": _both(ABOUT),
        "dct:publisher": _agent(host),
        "dct:language": [f"{LANGUAGES}SPA", f"{LANGUAGES}ENG"],
        "dct:modified": handle.built_at.isoformat(),
        "schema:name": TITLE,
        "schema:url": host,
        "dcat:dataset": [dataset_node(entry, known, handle, host) for entry in entries],
    }


def catalog_summary(handle: ReleaseHandle, host: str) -> Json:
    """The catalogue with its datasets by address alone: each page has the rest of its own."""
    whole = catalog(handle, host)
    return {**whole, "dcat:dataset": [{"@id": node["@id"]} for node in whole["dcat:dataset"]]}


def dataset_document(entry: Entry, handle: ReleaseHandle, host: str) -> Json:
    """One dataset as a document of its own, as its page embeds it."""
    return {"@context": CONTEXT, **dataset_node(entry, source_entries(handle), handle, host)}


def dataset_node(entry: Entry, known: Mapping[str, SourceEntry], handle: ReleaseHandle, host: str) -> Json:
    """One dataset with its distributions."""
    info = table_info(entry.table)
    mine = [known[source_id] for source_id in entry.source_ids if source_id in known]
    page = f"{host}/datos/{entry.name}"
    node: Json = {
        "@id": page,
        "@type": ["dcat:Dataset", "schema:Dataset"],
        "dct:identifier": entry.name,
        "dct:title": _both(info["label"]),
        "dct:description": _both(info["one_row"]),
        "dct:publisher": _agent(host),
        "dct:issued": handle.built_at.isoformat(),
        "dct:modified": handle.built_at.isoformat(),
        "dct:source": [source.title["es"] for source in mine],
        "dcat:version": handle.release_id,
        "dcat:landingPage": page,
        "dcat:keyword": _both({"es": "gobierno abierto", "en": "open government"}),
        "schema:name": info["label"]["es"],
        "schema:alternateName": info["label"]["en"],
        "schema:description": _long(info["one_row"]["es"], info["one_row"]["en"]),
        "schema:version": handle.release_id,
        "schema:dateModified": handle.built_at.isoformat(),
        "schema:isAccessibleForFree": True,
        "schema:url": page,
        "schema:creator": {"@type": "schema:Organization", "schema:name": TITLE, "schema:url": host},
        "schema:variableMeasured": [_variable(column) for column in entry.table.columns],
        "dcat:distribution": [_distribution(entry, handle, host, *form) for form in FORMS],
    }
    if addresses := sorted({source.license_url for source in mine if source.license_url}):
        node["dct:license"] = addresses
    return node


def _distribution(entry: Entry, handle: ReleaseHandle, host: str, suffix: str, mimetype: str, name: str) -> Json:
    address = f"{host}/datos/{entry.name}.{suffix}"
    return {
        "@id": f"{address}?corte={handle.release_id}",
        "@type": ["dcat:Distribution", "schema:DataDownload"],
        "dct:title": f"{entry.name}, {name}",
        "dcat:accessURL": f"{host}/datos/{entry.name}",
        "dcat:downloadURL": address,
        "dcat:mediaType": f"{MEDIA}{mimetype}",
        "schema:encodingFormat": mimetype,
        "schema:contentUrl": address,
    }


def _variable(column: Any) -> Json:
    info = column_info(column)
    said: Json = {
        "@type": "schema:PropertyValue",
        "schema:name": str(column.name),
        "schema:description": info["description"]["es"],
    }
    return {**said, "schema:unitText": info["unit"]} if info["unit"] else said


def _both(texts: Mapping[str, str]) -> list[Json]:
    return [{"@value": texts[language], "@language": language} for language in ("es", "en")]


def _long(es: str, en: str) -> str:
    """Search engines pass over descriptions of less than fifty characters."""
    return f"{es} {en} {ABOUT['es']}"


def _agent(host: str) -> Json:
    return {"@type": "foaf:Agent", "@id": f"{host}/#apertura", "foaf:name": TITLE}
