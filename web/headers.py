"""The headers of every answer: what the browser may do with it, and how long it may keep it."""

from __future__ import annotations

import re

from flask import Response, request

from web.assets import STATIC, asset
from web.parts import ROOM as PARTS

# Dash and plotly.js set styles on elements; scripts come from our own files only, none stands in the page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
YEAR = 31_536_000
# With the second that a worker takes to notice a new release, no reader is more than two behind it.
SHARED = 1
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
    """Versioned files for a year; pages checked anew each time, which costs a header when nothing changed.

    A proxy may answer with a page for `SHARED` second, so that a page which everybody opens is asked for once.
    """
    if response.status_code not in (200, 304) or response.cache_control.no_store:
        return response
    if request.path.startswith(STATIC):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if _versioned() else "no-cache"
    elif "Cache-Control" not in response.headers and _page(response):
        response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={SHARED}, must-revalidate"
        response.add_etag(weak=True)
    return response


def conditional(response: Response) -> Response:
    """A header instead of the page where the browser has this very page."""
    if _page(response) and response.status_code == 200:
        response.make_conditional(request)
    return response


def _page(response: Response) -> bool:
    """Whether this is a page, or the part of one."""
    if request.method not in ("GET", "HEAD"):
        return False
    return response.mimetype == "text/html" or request.path.startswith(f"{PARTS}/")


def _versioned() -> bool:
    """Whether the address asked for names this very content, by our hash or by Dash's fingerprint."""
    if _FINGERPRINT.search(request.path):
        return True
    try:
        return request.full_path == asset(request.path.removeprefix("/assets/"))
    except OSError:
        return False
