"""Whether a saved answer is what its source gives: a page of apologies is not a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

Kind = Literal["csv", "json", "html"]

HEAD_BYTES = 4096
SIGNATURES = {b"PK\x03\x04": "a ZIP or XLSX file", b"%PDF": "a PDF", b"\x1f\x8b": "a gzip file"}


class ContentError(Exception):
    """The answer is not of the expected kind; the message says what it is instead."""


def check_content(path: Path, expect: Kind, *, is_graphql: bool = False) -> None:
    """Raise ``ContentError`` unless the file looks like ``expect``; a GraphQL answer must also hold data, no errors."""
    head = _head(path)
    if not head:
        raise ContentError(f"the answer is empty where {expect.upper()} was expected")
    for signature, name in SIGNATURES.items():
        if head.startswith(signature):
            raise ContentError(f"the answer is {name} where {expect.upper()} was expected")
    if head.startswith(b"<") != (expect == "html"):
        instead = "not HTML" if expect == "html" else "an HTML or XML page"
        raise ContentError(f"the answer is {instead} where {expect.upper()} was expected")
    if expect == "json":
        _check_json(path, is_graphql)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()


def _check_json(path: Path, is_graphql: bool) -> None:
    try:
        document: Any = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ContentError(f"the answer is not whole JSON: {error}") from error
    if not is_graphql:
        return
    if not isinstance(document, dict):
        raise ContentError("the answer is not a GraphQL answer: it is no JSON object")
    if errors := document.get("errors"):
        raise ContentError(f"GraphQL refused the query: {_first_message(errors)}")
    if not isinstance(document.get("data"), dict):
        raise ContentError("the answer is not a GraphQL answer: it holds no data")


def _first_message(errors: Any) -> str:
    first = errors[0] if isinstance(errors, list) else errors
    return str(first.get("message", first) if isinstance(first, dict) else first)
