"""The headers of every answer: what the browser may do with it, and how long it may keep it."""

from __future__ import annotations

import re

from flask import Response, request

from web.assets import asset

# Dash and plotly.js set styles on elements; scripts come from our own files only, none stands in the page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
YEAR = 31_536_000
# How Dash writes the version and the time of a file into its address.
_FINGERPRINT = re.compile(r"^/_dash-component-suites/.*\.v\d\w*m\d+\.")


def secured(response: Response, *, framed: bool, tls: bool) -> Response:
    """The response with the headers that keep a page from being misused; `framed` for what others may embed."""
    ancestors = "*" if framed else "'none'"
    response.headers.setdefault("Content-Security-Policy", f"{POLICY}; frame-ancestors {ancestors}")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if tls:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    return response


def cached(response: Response) -> Response:
    """Versioned files for a year; pages checked anew each time, which costs a header when nothing changed."""
    if response.status_code not in (200, 304):
        return response
    if request.path.startswith("/assets/"):
        versioned = request.args.get("v") and request.full_path == _versioned(request.path)
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if versioned else "no-cache"
    elif _FINGERPRINT.search(request.path):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif response.mimetype == "text/html" and request.method in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def _versioned(path: str) -> str | None:
    try:
        return asset(path.removeprefix("/assets/"))
    except OSError:
        return None
