"""``/datos/<dataset>.csv-metadata.json`` and ``.raw.csv-metadata.json``: what stands in that very CSV file, as CSV on the Web.

Metadata speak of one file, which is named by its whole address: whoever asks for them with the query of a download gets
those of that download, and each CSV's ``Link`` header leads to its own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import request

from data.extract import Extract
from data.schema import VOCABULARIES, column_info, key_columns
from web.downloads_text import CUT, YES_NO, headings

Json = dict[str, Any]
MIMETYPE = "application/csvm+json"
# The kinds that are more than text.
BASES = {"integer": "integer", "number": "double", "url": "anyURI", "timestamp": "datetime", "json": "json"}
# What an address may hold as it is; the rest was already percent-encoded by an honest client.
_ADDRESS = "%&=+,.-_~:;@!$*()/?'"


def asked_query() -> str:
    """The query of this request as it was typed, with its ``?``; nothing where there is none."""
    typed = quote(request.query_string, safe=_ADDRESS)
    return f"?{typed}" if typed else ""


def link_to_metadata() -> str:
    """The ``Link`` header of the CSV that this request asks for."""
    return f'<{request.path}-metadata.json{asked_query()}>; rel="describedby"; type="{MIMETYPE}"'


def csvw(extract: Extract, address: str, *, raw: bool) -> Json:
    """The metadata of the CSV file at ``address``: the one for machines (``raw``) or the one for spreadsheets."""
    language, table = extract.language, extract.query.table
    titles = [[name, said.label] for name, said in zip(extract.query.columns, extract.columns(), strict=True)]
    if not raw:
        titles = [[heading] for heading in headings(extract)]
    columns = [
        _column(table.c[name], title, language, raw=raw)
        for name, title in zip(extract.query.columns, titles, strict=True)
    ]
    schema: Json = {"columns": columns}
    if set(key_columns(table)) <= set(extract.query.columns):
        schema["primaryKey"] = key_columns(table)
    used = extract.sources()
    described: Json = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
        "url": address,
        "dc:title": extract.title,
        "dc:description": table.info["one_row"][language],
        "dc:identifier": extract.release_id,
        "dc:modified": {"@value": extract.built_at.isoformat(), "@type": "xsd:dateTime"},
        "dialect": {
            "header": True,
            "encoding": "utf-8",
            "delimiter": ",",
            "lineTerminators": ["\r\n"],
            "commentPrefix": _comment(extract, raw=raw),
        },
        "tableSchema": schema,
    }
    if used:
        described["dc:source"] = [source.title[language] for source in used]
        described["dc:publisher"] = sorted({source.publisher[language] for source in used})
        described["dc:license"] = sorted({source.license_url or source.license[language] for source in used})
    return described


def _comment(extract: Extract, *, raw: bool) -> str | None:
    """What begins a line that is no row: the last one of a cut file for spreadsheets."""
    if raw or extract.query.limit is None:
        return None
    return CUT[extract.language].partition(":")[0]


def _column(column: Any, titles: list[str], language: str, *, raw: bool) -> Json:
    info = column_info(column)
    described: Json = {
        "name": str(column.name),
        "titles": titles,
        "dc:description": info["description"][language],
        "datatype": _datatype(info, language, raw=raw),
        # The empty text of a key ("the source does not say") cannot be told from nothing in a CSV file.
        "required": not column.nullable and not (column.primary_key and info["kind"] == "text"),
    }
    if info["unit"]:
        described["schema:unitText"] = info["unit"]
    return described


def _datatype(info: Any, language: str, *, raw: bool) -> Json:
    kind = info["kind"]
    if kind == "boolean":
        return {"base": "boolean", "format": "true|false" if raw else "|".join(YES_NO[language])}
    datatype: Json = {"base": BASES.get(kind, "string")}
    datatype |= {name: info[name] for name in ("minimum", "maximum") if info[name] is not None}
    # A text for spreadsheets may have an apostrophe before it.
    if raw and datatype["base"] == "string":
        if info["enum"]:
            datatype["format"] = "|".join(VOCABULARIES[info["enum"]])
        elif info["pattern"]:
            datatype["format"] = info["pattern"]
    return datatype
