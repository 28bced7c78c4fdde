"""An installation with nothing published, on each engine; and small contents to publish in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from data.published import ReleaseInfo, new_release_id
from etl.release import Store, content_hash, open_store
from settings import Settings

ENGINES = ["duckdb", pytest.param("postgresql", marks=pytest.mark.postgres)]
FIRST_BUILD = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

Contents = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=ENGINES)
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation of its own: a folder, or a database of the session's cluster."""
    releases_dir = tmp_path / "releases"
    if request.param == "duckdb":
        yield Settings(releases_dir=releases_dir)
        return
    server = make_url(request.getfixturevalue("postgres_url"))
    name = f"apertura_{uuid.uuid4().hex}"
    execute(server.render_as_string(), sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = server.set(database=name).render_as_string(hide_password=False)
    yield Settings(releases_dir=releases_dir, database_url=url)
    execute(server.render_as_string(), sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def store(installation: Settings) -> Iterator[Store]:
    """The store of the installation."""
    opened = open_store(installation)
    yield opened
    opened.close()


def execute(url: str, statement: sql.Composed | str) -> None:
    """Run a statement on a PostgreSQL server by its SQLAlchemy URL, outside any transaction."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL(statement) if isinstance(statement, str) else statement)


def contents(**titles: str) -> Contents:
    """A source, a country, a plan, and one commitment for each ``NN="title"``, with ids ``MX00NN``."""
    origin = {"source_id": "prueba", "snapshot_id": None, "source_position": "1"}
    words = dict.fromkeys(("title", "summary", "publisher", "license", "coverage", "personal_data"), "x")
    return {
        "sources": [
            {"source_id": "prueba", "cadence": "once"}
            | {f"{name}_{language}": word for name, word in words.items() for language in ("es", "en")}
        ],
        "countries": [{"country_code": "MX", "name_es": "México", "name_en": "Mexico", **origin}],
        "plans": [{"plan_id": "MX-P1", "scope": "national", "country_code": "MX", **origin}],
        "commitments": [
            {"commitment_id": f"MX00{number[1:]}", "plan_id": "MX-P1", "country_code": "MX", "scope": "national"}
            | {"title_es": title, **origin}
            for number, title in titles.items()
        ],
    }


def info_for(tables: Contents, number: int, previous: str | None) -> ReleaseInfo:
    """What the release of these tables records, as build ``number``: one an hour."""
    built_at = FIRST_BUILD + timedelta(hours=number)
    hashed = content_hash(tables)
    return ReleaseInfo(
        new_release_id(built_at, hashed), built_at, f"{number:064x}", hashed, "0123456789ab", "abc1234", previous
    )


def publish(store: Store, tables: Contents, number: int = 0) -> ReleaseInfo:
    """Publish the tables as build ``number``, as a run does."""
    with store.run_lock():
        current = store.current()
        info = info_for(tables, number, current.release_id if current else None)
        with store.begin(info.release_id) as draft:
            for name, rows in tables.items():
                draft.write(name, rows)
            return draft.publish(info)
