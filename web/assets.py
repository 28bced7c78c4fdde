"""Addresses of our own files under ``assets/``: each carries a hash of its content, so browsers may keep it for good."""

from __future__ import annotations

import hashlib
from functools import cache

from settings import ROOT

FOLDER = ROOT / "assets"


@cache
def asset(name: str) -> str:
    """The address of a file of ``assets/``. Raises FileNotFoundError."""
    return f"/assets/{name}?v={fingerprint(name)}"


@cache
def fingerprint(name: str) -> str:
    """The first 10 hex digits of the SHA-256 of a file of ``assets/``."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:10]
