"""The catalogue as linked data: DCAT-AP 3 for data portals and, on the same nodes, schema.org for search engines.

Names without a prefix are schema.org's. What DCAT-AP wants to know of the vocabularies that are named (which of them is a
language, a licence, a medium) stands once, at the end of the document, so that it needs nothing else to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from data.database import ReleaseHandle
from data.metadata import ABOUT, TITLE
from data.metadata_search import search_catalog, search_dataset
from data.queries.dataset_facts import Entry, SourceEntry, catalogue, source_entries
from data.schema import table_info

Json = dict[str, Any]
AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA = "https://www.iana.org/assignments/media-types/"
CONTEXT = {
    "@vocab": "https://schema.org/",
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "contentUrl": {"@type": "@id"},
    "url": {"@type": "@id"},
    "dct:issued": {"@type": "xsd:dateTime"},
    "dct:modified": {"@type": "xsd:dateTime"},
    **{
        name: {"@type": "@id"}
        for name in (
            "dcat:accessURL",
            "dcat:contactPoint",
            "dcat:downloadURL",
            "dcat:endpointDescription",
            "dcat:endpointURL",
            "dcat:landingPage",
            "dcat:mediaType",
            "dcat:servesDataset",
            "dcat:theme",
            "dcat:themeTaxonomy",
            "dcatap:availability",
            "dct:accessRights",
            "dct:accrualPeriodicity",
            "dct:format",
            "dct:language",
            "dct:license",
            "dct:publisher",
            "dct:source",
            "dct:spatial",
            "foaf:homepage",
            "vcard:hasURL",
        )
    },
}
LANGUAGES = [f"{AUTHORITY}language/SPA", f"{AUTHORITY}language/ENG"]
MEXICO, PUBLIC = f"{AUTHORITY}country/MEX", f"{AUTHORITY}access-right/PUBLIC"
IRREGULAR, AVAILABLE = f"{AUTHORITY}frequency/IRREG", f"{AUTHORITY}planned-availability/AVAILABLE"
THEMES, GOVERNMENT = f"{AUTHORITY}data-theme", f"{AUTHORITY}data-theme/GOVE"
KEYWORDS = [{"es": "gobierno abierto", "en": "open government"}, {"es": "México", "en": "Mexico"}]
# Suffix, media type, name for people, and name among the file types of the European Union.
FORMS = (
    ("raw.csv", "text/csv", "CSV", "CSV"),
    ("json", "application/json", "JSON", "JSON"),
    ("ndjson", "application/x-ndjson", "NDJSON", "JSON"),
    ("parquet", "application/vnd.apache.parquet", "Parquet", "PARQUET"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", "XLSX"),
)


def catalog(handle: ReleaseHandle, host: str, contact: str) -> Json:
    """The whole catalogue; ``host`` is ours, ``contact`` an address for questions."""
    known = source_entries(handle)
    entries = catalogue(handle)
    nodes = [_dataset(entry, known, handle, host) for entry in entries]
    service = {
        "@id": f"{host}/api/v1",
        "@type": "dcat:DataService",
        "dct:title": _both({"es": "API de Apertura", "en": "Apertura's API"}),
        "dct:publisher": f"{host}/#apertura",
        "dct:accessRights": PUBLIC,
        "dcat:contactPoint": f"{host}/#contacto",
        "dcat:endpointURL": f"{host}/api/v1",
        "dcat:endpointDescription": f"{host}/api/v1/openapi.json",
        "dcat:landingPage": f"{host}/datos/api",
        "dcat:servesDataset": [node["@id"] for node in nodes],
    }
    whole = {
        **_catalog(handle, host, [node["@id"] for node in nodes]),
        "dcat:dataset": nodes,
        "dcat:service": service,
    }
    described = [f"{host}/api/v1/openapi.json", f"{host}/api/v1"]
    return _document([whole], entries, known, host, contact, described)


def catalog_summary(handle: ReleaseHandle, host: str) -> Json:
    """The catalogue with its datasets by address alone: each page has the rest of its own."""
    summary = search_catalog(host, [f"{host}/datos/{entry.name}" for entry in catalogue(handle)])
    return {"@context": CONTEXT, **summary}


def dataset_document(entry: Entry, handle: ReleaseHandle, host: str, contact: str) -> Json:
    """One dataset as a document of its own, as its page embeds it."""
    known = source_entries(handle)
    return _document([_dataset(entry, known, handle, host)], [entry], known, host, contact)


def _catalog(handle: ReleaseHandle, host: str, datasets: Sequence[str]) -> Json:
    return {
        "@id": f"{host}/catalog.jsonld",
        **search_catalog(host, datasets),
        "@type": ["dcat:Catalog", "DataCatalog"],
        "dct:title": _both({"es": TITLE, "en": TITLE}),
        "dct:description": _both(ABOUT),
        "dct:publisher": f"{host}/#apertura",
        "dct:language": LANGUAGES,
        "dct:modified": handle.built_at.isoformat(),
        "dcat:themeTaxonomy": THEMES,
        "foaf:homepage": f"{host}/",
    }


def _dataset(entry: Entry, known: Mapping[str, SourceEntry], handle: ReleaseHandle, host: str) -> Json:
    info = table_info(entry.table)
    mine = sources_among(entry, known)
    page, built = f"{host}/datos/{entry.name}", handle.built_at.isoformat()
    node: Json = {
        "@id": page,
        **search_dataset(entry, mine, handle, host, [form[:3] for form in FORMS]),
        "@type": ["dcat:Dataset", "Dataset"],
        "dct:identifier": entry.name,
        "dct:title": _both(info["label"]),
        "dct:description": _both(info["one_row"]),
        "dct:publisher": f"{host}/#apertura",
        "dct:issued": built,
        "dct:modified": built,
        "dct:language": LANGUAGES,
        "dct:accessRights": PUBLIC,
        "dct:accrualPeriodicity": IRREGULAR,
        "dct:source": [f"{host}/fuentes#{source.source_id}" for source in mine],
        "dcat:contactPoint": f"{host}/#contacto",
        "dcat:version": handle.release_id,
        "dcat:landingPage": page,
        "dcat:theme": GOVERNMENT,
        "dcat:keyword": [word for words in KEYWORDS for word in _both(words)],
        "dcat:distribution": [_distribution(entry, mine, handle, host, *form) for form in FORMS],
    }
    if is_mexican(entry):
        node["dct:spatial"] = MEXICO
    return node


def _distribution(
    entry: Entry,
    mine: Sequence[SourceEntry],
    handle: ReleaseHandle,
    host: str,
    suffix: str,
    mimetype: str,
    name: str,
    file_type: str,
) -> Json:
    address = f"{host}/datos/{entry.name}.{suffix}"
    return {
        "@id": f"{address}?corte={handle.release_id}",
        "@type": "dcat:Distribution",
        "dct:title": f"{entry.name}, {name}",
        "dct:description": _both(table_info(entry.table)["one_row"]),
        "dct:issued": handle.built_at.isoformat(),
        "dct:license": _terms(entry, mine, host),
        "dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": _both(rights_of(mine))},
        "dct:format": f"{AUTHORITY}file-type/{file_type}",
        "dcat:accessURL": f"{host}/datos/{entry.name}",
        "dcat:downloadURL": address,
        "dcat:mediaType": f"{MEDIA}{mimetype}",
        "dcatap:availability": AVAILABLE,
    }


def _terms(entry: Entry, mine: Sequence[SourceEntry], host: str) -> str:
    """The one licence of all rows where there is one with an address; else where the page lists those of each source."""
    addresses = {source.license_url for source in mine}
    only = next(iter(addresses)) if len(addresses) == 1 else None
    return only or f"{host}/datos/{entry.name}#fuentes"


def rights_of(mine: Sequence[SourceEntry]) -> dict[str, str]:
    """The terms of the sources, each in its own words."""
    if not mine:
        return {
            "es": "Relación propia sobre las fuentes, que conservan sus términos.",
            "en": "Made here about the sources, which keep their terms.",
        }
    return {
        language: " · ".join(f"{source.publisher[language]}: {source.license[language]}" for source in mine)
        for language in ("es", "en")
    }


def sources_among(entry: Entry, known: Mapping[str, SourceEntry]) -> list[SourceEntry]:
    """The sources of a dataset."""
    return [known[source_id] for source_id in entry.source_ids if source_id in known]


def is_mexican(entry: Entry) -> bool:
    """Whether every row is of one of the 32 states."""
    return "state_code" in entry.table.columns and not entry.table.columns["state_code"].nullable


def _document(
    nodes: Sequence[Json],
    entries: Sequence[Entry],
    known: Mapping[str, SourceEntry],
    host: str,
    contact: str,
    resources: Iterable[str] = (),
) -> Json:
    """The nodes, then what the things are that they name."""
    mine = {source.source_id: source for entry in entries for source in sources_among(entry, known)}
    pages = [f"{host}/datos/{entry.name}" for entry in entries]
    files = [f"{host}/datos/{entry.name}.{form[0]}" for entry in entries for form in FORMS]
    licenses = {_terms(entry, sources_among(entry, known), host) for entry in entries}
    kinds: list[tuple[str, Iterable[str]]] = [
        ("dct:LinguisticSystem", LANGUAGES),
        ("dct:Location", [MEXICO]),
        ("dct:RightsStatement", [PUBLIC]),
        ("dct:Frequency", [IRREGULAR]),
        ("dct:MediaType", [f"{MEDIA}{form[1]}" for form in FORMS]),
        ("dct:MediaTypeOrExtent", sorted({f"{AUTHORITY}file-type/{form[3]}" for form in FORMS})),
        ("dct:LicenseDocument", sorted(licenses)),
        ("foaf:Document", [f"{host}/", f"{host}/datos/api", *pages]),
        ("rdfs:Resource", [*pages, *files, *resources]),
    ]
    said = [{"@id": address, "@type": kind} for kind, addresses in kinds for address in addresses]
    return {"@context": CONTEXT, "@graph": [*nodes, *_named(host, contact), *_origins(mine.values(), host), *said]}


def _named(host: str, contact: str) -> list[Json]:
    """Who publishes, whom to ask, and the concepts."""
    return [
        {
            "@id": f"{host}/#apertura",
            "@type": ["foaf:Agent", "Organization"],
            "foaf:name": TITLE,
            "foaf:homepage": f"{host}/",
            "name": TITLE,
            "url": host,
        },
        {
            "@id": f"{host}/#contacto",
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": TITLE,
            "vcard:hasURL": contact,
        },
        {
            "@id": THEMES,
            "@type": "skos:ConceptScheme",
            "dct:title": _both({"es": "Temas de datos", "en": "Data themes"}),
        },
        {
            "@id": GOVERNMENT,
            "@type": "skos:Concept",
            "skos:prefLabel": _both({"es": "Gobierno y sector público", "en": "Government and public sector"}),
        },
        {
            "@id": AVAILABLE,
            "@type": "skos:Concept",
            "skos:prefLabel": _both({"es": "disponible", "en": "available"}),
        },
    ]


def _origins(mine: Iterable[SourceEntry], host: str) -> list[Json]:
    """The sources as datasets of their publishers; they are no part of the catalogue."""
    return [
        {
            "@id": f"{host}/fuentes#{source.source_id}",
            "@type": "dcat:Dataset",
            "dct:title": _both(source.title),
            "dct:description": _both(source.summary),
            "dct:publisher": {"@type": "foaf:Agent", "foaf:name": _both(source.publisher)},
        }
        for source in mine
    ]


def _both(texts: Mapping[str, str]) -> list[Json]:
    return [{"@value": texts[language], "@language": language} for language in ("es", "en")]
