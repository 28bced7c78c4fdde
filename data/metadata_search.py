"""What search engines read of a dataset and of the catalogue: schema.org's Dataset and DataCatalog."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from data.database import ReleaseHandle
from data.metadata import ABOUT, TITLE
from data.queries.dataset_facts import Entry, SourceEntry
from data.schema import column_info, table_info

Json = dict[str, Any]
KEYWORDS = ["gobierno abierto", "open government", "México"]


def search_catalog(host: str, datasets: Sequence[str]) -> Json:
    """The catalogue; ``datasets`` are the addresses of their pages."""
    return {
        "@type": "DataCatalog",
        "name": TITLE,
        "description": f"{ABOUT['es']} {ABOUT['en']}",
        "url": f"{host}/datos",
        "inLanguage": ["es", "en"],
        "isAccessibleForFree": True,
        "publisher": _organisation(host),
        "dataset": [{"@id": address} for address in datasets],
    }


def search_dataset(
    entry: Entry, mine: Sequence[SourceEntry], handle: ReleaseHandle, host: str, forms: Sequence[tuple[str, str, str]]
) -> Json:
    """A dataset; ``mine`` are its sources, ``forms`` its files (suffix, media type, name)."""
    info = table_info(entry.table)
    page, built = f"{host}/datos/{entry.name}", handle.built_at.isoformat()
    node: Json = {
        "@type": "Dataset",
        "name": info["label"]["es"],
        "alternateName": [info["label"]["en"], entry.name],
        # Search engines pass over descriptions of less than fifty characters.
        "description": f"{info['one_row']['es']} {info['one_row']['en']} {ABOUT['es']}",
        "url": page,
        "sameAs": f"{host}/en/datos/{entry.name}",
        "identifier": entry.name,
        "version": handle.release_id,
        "datePublished": built,
        "dateModified": built,
        "inLanguage": ["es", "en"],
        "isAccessibleForFree": True,
        "keywords": KEYWORDS,
        "license": _licenses(mine, host),
        "creator": _organisation(host),
        "publisher": _organisation(host),
        "includedInDataCatalog": {"@type": "DataCatalog", "name": TITLE, "url": f"{host}/datos"},
        "variableMeasured": [_variable(column) for column in entry.table.columns],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{entry.name}, {name}",
                "encodingFormat": mimetype,
                "contentUrl": f"{host}/datos/{entry.name}.{suffix}",
            }
            for suffix, mimetype, name in forms
        ],
    }
    if mine:
        node["isBasedOn"] = [_work(source, host) for source in mine]
    return node


def _licenses(mine: Sequence[SourceEntry], host: str) -> list[Any]:
    """The terms of each source: their address, or else their words."""
    found: dict[str, Any] = {}
    for source in mine:
        said = {"@type": "CreativeWork", "name": source.license["es"], "url": f"{host}/fuentes#{source.source_id}"}
        found.setdefault(source.license_url or source.license["es"], source.license_url or said)
    own = {"@type": "CreativeWork", "name": "Cada fuente conserva sus términos", "url": f"{host}/fuentes"}
    return list(found.values()) or [own]


def _work(source: SourceEntry, host: str) -> Json:
    return {
        "@type": "CreativeWork",
        "name": source.title["es"],
        "url": source.address or f"{host}/fuentes#{source.source_id}",
        "publisher": {"@type": "Organization", "name": source.publisher["es"]},
    }


def _organisation(host: str) -> Json:
    return {"@type": "Organization", "@id": f"{host}/#apertura", "name": TITLE, "url": host}


def _variable(column: Any) -> Json:
    info = column_info(column)
    said: Json = {"@type": "PropertyValue", "name": str(column.name), "description": info["description"]["es"]}
    return {**said, "unitText": info["unit"]} if info["unit"] else said
