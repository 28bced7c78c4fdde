"""``/salud``: does the process live, has it data to show, which, and how old."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify

from data.database import Database


def health(database: Database) -> Blueprint:
    """The route. 200 when the site can answer from a release, 503 when it lives but has none; ages in seconds."""
    routes = Blueprint("health", __name__)

    @routes.get("/salud")
    def show() -> tuple[Response, int]:
        release = database.current()
        body: dict[str, object] = {"live": True, "ready": release is not None, "problem": database.problem}
        if release is not None:
            age = (datetime.now(UTC) - release.built_at).total_seconds()
            body |= {
                "release_id": release.release_id,
                "built_at": release.built_at.isoformat(),
                "age_seconds": round(age),
            }
        response = jsonify(body)
        response.headers["Cache-Control"] = "no-store"
        return response, 200 if release is not None else 503

    return routes
