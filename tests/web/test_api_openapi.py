"""The OpenAPI document describes what is there, and what is there does what the document says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.specs.openapi.schemas import OpenApiSchema

from data.queries.dataset_filters import operators
from data.queries.datasets import MOST_CONDITIONS, dataset, datasets, parse
from tests.web.data_site import client
from web.api_limits import LONGEST_QUERY

pytestmark = pytest.mark.slow

__all__ = ["client"]


@pytest.fixture(scope="session")
def document(client: FlaskClient) -> dict[str, Any]:
    """The document as served."""
    body: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return body


@pytest.fixture(scope="session")
def api_schema(client: FlaskClient) -> OpenApiSchema:
    """The document as schemathesis reads it, without ``after``, whose values nobody can make up."""
    found = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", client.application)
    for path in found.raw_schema["paths"].values():
        parameters = path["get"].get("parameters", [])
        parameters[:] = [entry for entry in parameters if entry.get("name") != "after"]
    return found


@pytest.mark.parametrize(
    "path", ["/", "/openapi.json", *(f"/{name}{rest}" for name in datasets() for rest in ("", "/{key}"))]
)
def test_every_operation_answers_as_documented(api_schema: OpenApiSchema, path: str) -> None:
    @settings(
        max_examples=2,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=api_schema[path]["GET"].as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        assume(len(case.query or {}) <= MOST_CONDITIONS)
        assume(len(urlencode(case.query or {}, doseq=True)) <= LONGEST_QUERY)
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    ask()


def test_every_dataset_column_and_operator_is_described(document: dict[str, Any]) -> None:
    for name in datasets():
        described = {entry.get("name") for entry in document["paths"][f"/{name}"]["get"]["parameters"]}
        expected = {
            column.name if operator == "eq" else f"{column.name}.{operator}"
            for column in dataset(name).columns
            for operator in operators(column)
        }
        assert described - {None} == expected | {"select", "sort", "limit", "after"}
        assert set(document["components"]["schemas"][name]["properties"]) == {c.name for c in dataset(name).columns}


def test_rows_fit_their_schema(client: FlaskClient, document: dict[str, Any]) -> None:
    for name in datasets():
        validator = jsonschema_rs.Draft202012Validator(document["components"]["schemas"][name])
        for row in client.get(f"/api/v1/{name}?limit=200").get_json()["data"]:
            validator.validate(row)


def test_what_a_parameter_is_described_with_is_taken(document: dict[str, Any]) -> None:
    for name in datasets():
        for entry in document["paths"][f"/{name}"]["get"]["parameters"]:
            values = entry.get("schema", {}).get("items", {}).get("enum", [])
            for value in values:
                parse(dataset(name), [(entry["name"], str(value))])
