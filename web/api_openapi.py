"""The OpenAPI 3.1 description of the API, made from the declared schema alone."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from data.queries.dataset_filters import INTEGERS, LONGEST_VALUE, MOST_VALUES, operators
from data.queries.datasets import Table, dataset, datasets
from data.schema import VOCABULARIES, column_info, key_columns, table_info
from data.schema.columns import PARTIAL_DATE

Json = dict[str, Any]
TYPES = {"integer": "integer", "number": "number", "boolean": "boolean"}
PROBLEMS = {
    "400": "Parámetro no válido · Invalid parameter",
    "404": "No encontrado · Not found",
    "406": "Formato no admitido · Not acceptable",
    "414": "Consulta demasiado larga · Query too long",
    "429": "Demasiadas peticiones · Too many requests",
    "503": "Sin datos, o consulta demasiado lenta · No data, or too slow a query",
}
ABOUT = (
    "Datos abiertos de gobierno abierto en México. Cada columna es un filtro: `columna=valor` (repetido: cualquiera), "
    "y `columna.operador=valor`. Sin clave de acceso. · Every column is a filter: `column=value` (repeated: any of "
    "them), and `column.operator=value`. No key needed."
)
NO_NUL = r"^[^\u0000]*$"
CUTOFF = {
    "name": "corte",
    "in": "query",
    "description": "Versión o fecha: responde la versión vigente entonces · Release or date: answers as of then",
    "schema": {"type": "string", "examples": ["2026-11-23"]},
}


@lru_cache(maxsize=2)
def openapi(root: str, page: int, largest: int) -> Json:
    """The document; ``root`` is the address of the API, ``page`` and ``largest`` the sizes of a page."""
    paths: Json = {"/": _index(), "/openapi.json": _itself()}
    schemas: Json = {
        "Problem": _problem(),
        "Limit": {"type": "integer", "minimum": 1, "maximum": largest, "default": page},
    }
    schemas |= _filter_schemas()
    for name in datasets():
        table = dataset(name)
        schemas[name] = row_schema(table)
        paths[f"/{name}"] = {"get": _rows(table)}
        paths[f"/{name}/{{key}}"] = {"get": _row(table)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Apertura", "version": "1", "description": ABOUT},
        "servers": [{"url": root}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": {"corte": CUTOFF},
            "responses": {f"problem{status}": _problem_response(said) for status, said in PROBLEMS.items()},
        },
    }


def row_schema(table: Table) -> Json:
    """One row as JSON Schema."""
    return {
        "type": "object",
        "description": _both(table_info(table)["one_row"]),
        "properties": {str(column.name): column_schema(column) for column in table.columns},
    }


def column_schema(column: Any) -> Json:
    """A value of a column as JSON Schema."""
    info = column_info(column)
    kind = TYPES.get(info["kind"], "string")
    schema: Json = {
        "type": [kind, "null"] if column.nullable else kind,
        "title": _both(info["label"]),
        "description": _both(info["description"]),
    }
    if info["enum"]:
        schema["enum"] = [*VOCABULARIES[info["enum"]], *([None] if column.nullable else [])]
    elif info["pattern"]:
        schema["pattern"] = info["pattern"]
    schema |= {name: info[name] for name in ("minimum", "maximum") if info[name] is not None}
    if info["unit"]:
        schema["x-unit"] = info["unit"]
    return schema


def _both(texts: dict[str, str]) -> str:
    return texts["es"] if texts["es"] == texts["en"] else f"{texts['es']} · {texts['en']}"


def _filter_schemas() -> Json:
    first, last = INTEGERS
    text = {"type": "string", "maxLength": LONGEST_VALUE, "pattern": NO_NUL}
    date = {"type": "string", "pattern": PARTIAL_DATE, "examples": ["2018", "2018-05"]}
    return {
        "is": {"type": "string", "enum": ["null", "notnull"]},
        "filter_integer": {"type": "integer", "minimum": first, "maximum": last},
        "filter_number": {"type": "number"},
        "filter_boolean": {"type": "boolean"},
        "filter_partial_date": date,
        "filter_text": text,
    }


def _filters(table: Table) -> list[Json]:
    return [_filter(column, operator) for column in table.columns for operator in operators(column)]


def _filter(column: Any, operator: str) -> Json:
    info = column_info(column)
    kind = info["kind"] if f"filter_{info['kind']}" in _KINDS else "text"
    schema: Json = {"$ref": f"#/components/schemas/filter_{kind}"}
    if operator in ("eq", "ne"):
        schema = {"type": "array", "maxItems": MOST_VALUES, "items": _exact(info, schema)}
    elif operator == "is":
        schema = {"$ref": "#/components/schemas/is"}
    elif operator == "contains":
        schema = {
            "type": "array",
            "maxItems": MOST_VALUES,
            "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE, "pattern": NO_NUL},
        }
    name = column.name if operator == "eq" else f"{column.name}.{operator}"
    return {"name": name, "in": "query", "schema": schema}


_KINDS = {"filter_integer", "filter_number", "filter_boolean", "filter_partial_date"}


def _exact(info: Any, otherwise: Json) -> Json:
    if info["enum"]:
        return {"type": "string", "enum": list(VOCABULARIES[info["enum"]])}
    if info["pattern"] and info["kind"] == "text":
        return {"type": "string", "pattern": info["pattern"]}
    return otherwise


def _rows(table: Table) -> Json:
    columns = [str(column.name) for column in table.columns]
    order = [*columns, *(f"-{name}" for name in columns)]
    page = {
        "type": "object",
        "required": ["dataset", "release", "query", "count", "data", "next"],
        "properties": {
            "dataset": {"const": table.name},
            "release": {"type": "string"},
            "query": {"type": "string"},
            "count": {"type": "integer"},
            "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{table.name}"}},
            "next": {"type": ["string", "null"], "format": "uri"},
        },
    }
    listed = {"style": "form", "explode": False, "in": "query"}
    parameters = [
        {"name": "select", **listed, "schema": {"type": "array", "minItems": 1, "items": {"enum": columns}}},
        {"name": "sort", **listed, "schema": {"type": "array", "minItems": 1, "items": {"enum": order}}},
        {"name": "limit", "in": "query", "schema": {"$ref": "#/components/schemas/Limit"}},
        {
            "name": "after",
            "in": "query",
            "description": "El valor que da next · The value that next gives",
            "schema": {"type": "string"},
        },
        {"$ref": "#/components/parameters/corte"},
    ]
    return {
        "operationId": f"list_{table.name}",
        "summary": _both(table_info(table)["label"]),
        "tags": [table_info(table)["subject"]],
        "parameters": [*parameters, *_filters(table)],
        "responses": {
            "200": {
                "description": "Una página · A page",
                "headers": {"Link": {"schema": {"type": "string"}}, "ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": page}, "text/csv": {"schema": {"type": "string"}}},
            },
            **_refusals("400", "404", "406", "414", "429", "503"),
        },
    }


def _row(table: Table) -> Json:
    body = {
        "type": "object",
        "required": ["dataset", "release", "key", "data", "related", "refers_to", "sources"],
        "properties": {
            "dataset": {"const": table.name},
            "release": {"type": "string"},
            "key": {"type": "string"},
            "data": {"$ref": f"#/components/schemas/{table.name}"},
            "related": {"type": "array", "items": {"type": "object"}},
            "refers_to": {"type": "object", "additionalProperties": {"type": "string"}},
            "sources": {"type": "array", "items": {"type": "object"}},
        },
    }
    key = {
        "name": "key",
        "in": "path",
        "required": True,
        "description": "|".join(key_columns(table)),
        "schema": {"type": "string", "minLength": 1},
    }
    return {
        "operationId": f"get_{table.name}",
        "summary": _both(table_info(table)["one_row"]),
        "tags": [table_info(table)["subject"]],
        "parameters": [key, {"$ref": "#/components/parameters/corte"}],
        "responses": {
            "200": {"description": "La fila · The row", "content": {"application/json": {"schema": body}}},
            **_refusals("400", "404", "414", "429", "503"),
        },
    }


def _index() -> Json:
    answer = {
        "description": "Los conjuntos de datos · The datasets",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    return {
        "get": {
            "operationId": "list_datasets",
            "parameters": [{"$ref": "#/components/parameters/corte"}],
            "responses": {"200": answer, **_refusals("404", "414", "429", "503")},
        }
    }


def _itself() -> Json:
    answer = {"description": "OpenAPI 3.1", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"get": {"operationId": "openapi", "responses": {"200": answer, **_refusals("414", "429")}}}


def _refusals(*statuses: str) -> Json:
    return {
        "304": {"description": "Sin cambios · Not modified"},
        **{status: {"$ref": f"#/components/responses/problem{status}"} for status in statuses},
    }


def _problem_response(said: str) -> Json:
    return {
        "description": said,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _problem() -> Json:
    return {
        "type": "object",
        "description": "RFC 9457",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string"},
            "parameter": {"type": "string"},
            "allowed": {"type": "array", "items": {"type": "string"}},
        },
    }
