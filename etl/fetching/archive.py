"""The newest copy that a web archive holds of an address, found through its CDX index.

The index is described at https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server: with
``output=json`` it answers a list of rows, the first naming the columns, or an empty list; filters are regular
expressions that must match the whole field, ``!`` before them inverts; a negative ``limit`` takes the last captures.
``id_`` after the timestamp asks for the capture as it was fetched, without the archive's own banner and links.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from etl.fetching.content import Kind
from etl.fetching.exchange import Request, WebError
from etl.fetching.web import Web

TIMESTAMP = re.compile(r"/web/(\d{14})id_/")


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture: where to get it as it was, and when the archive took it (UTC)."""

    url: str
    captured_at: datetime


def newest_capture(web: Web, archive_url: str, url: str, expect: Kind, workplace: Path) -> Capture | None:
    """The newest good capture of ``url``, None when there is none; ``workplace`` is a folder for the index's answer.

    Where no page is expected, captures of HTML pages are left out: sites that are gone answer 200 with a page.
    Raises ``WebError``.
    """
    base = archive_url.rstrip("/")
    filters = ["statuscode:200", *([] if expect == "html" else ["!mimetype:text/html"])]
    wanted = {"url": url, "output": "json", "fl": "timestamp", "filter": filters, "limit": "-1"}
    index = workplace / "index.json"
    web.download(Request(f"{base}/cdx/search/cdx?{urlencode(wanted, doseq=True)}"), index)
    timestamps = _timestamps(index)
    if not timestamps:
        return None
    newest = max(timestamps)
    return Capture(f"{base}/web/{newest}id_/{url}", _moment(newest))


def moment_of(url: str) -> datetime | None:
    """When the capture at this address was taken: an archive may redirect to a neighbouring one."""
    found = TIMESTAMP.search(url)
    return _moment(found.group(1)) if found else None


def _timestamps(index: Path) -> list[str]:
    try:
        rows = json.loads(index.read_bytes() or b"[]")
        found = [str(row[0]) for row in rows[1:]]
        for timestamp in found:
            _moment(timestamp)
    except (ValueError, TypeError, LookupError) as error:
        raise WebError(f"the archive's index answered something else than a list of captures: {error}") from error
    return found


def _moment(timestamp: str) -> datetime:
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
