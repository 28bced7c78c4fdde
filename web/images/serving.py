"""``/imagenes/<release>/<name>.png``: the pictures as files; the site's own where a page's was not made."""

from __future__ import annotations

import zipfile
from pathlib import Path

from flask import Blueprint, Response, request

from data.published import RELEASE_ID
from settings import Settings
from web.assets import FOLDER
from web.headers import YEAR
from web.images.names import ADDRESS, DEFAULT, archive_of

# Where the picture may yet be made: a run publishes first and draws after.
MINUTES = 300


def pictures(settings: Settings) -> Blueprint:
    """The blueprint of the pictures; it draws nothing."""
    routes = Blueprint("pictures", __name__)

    @routes.get(f"{ADDRESS}/<release_id>/<name>.png")
    def picture(release_id: str, name: str) -> Response:
        content = _stored(settings.releases_dir, release_id, name)
        made = content is not None
        response = Response(content if made else (FOLDER / DEFAULT).read_bytes(), mimetype="image/png")
        response.headers["Cache-Control"] = (
            f"public, max-age={YEAR}, immutable" if made else f"public, max-age={MINUTES}"
        )
        # Other sites show these pictures: that is what they are for.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.add_etag()
        response.make_conditional(request)
        return response

    return routes


def _stored(folder: Path, release_id: str, name: str) -> bytes | None:
    if RELEASE_ID.fullmatch(release_id) is None:
        return None
    try:
        with zipfile.ZipFile(archive_of(folder, release_id)) as archive:
            return archive.read(f"{name}.png")
    except (OSError, KeyError, zipfile.BadZipFile):
        return None
