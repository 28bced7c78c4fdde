"""The site's own login on PostgreSQL: it reads releases and can do nothing else.

Where the login of ``database_url`` may create roles, the one named in ``reader_url`` is made on the first publication.
Otherwise an administrator makes it once, and each publication grants it the new schema::

    CREATE ROLE apertura_reader LOGIN PASSWORD '...';
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from data.published import ReleaseError


def grant_to_reader(connection: Connection, reader_url: str, schemas: list[str]) -> None:
    """Let the login of ``reader_url`` read the schemas, as part of the connection's transaction.

    Raises ReleaseError, with the statement for an administrator, when the login is missing and may not be made here.
    """
    url = make_url(reader_url)
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    if not url.username or url.username == driver.info.user:
        return
    _require_role(driver, url.username, url.password)
    role = sql.Identifier(url.username)
    for schema in map(sql.Identifier, schemas):
        driver.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, role))
        driver.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(schema, role))


def _require_role(driver: psycopg.Connection[Any], name: str, password: str | None) -> None:
    if driver.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        return
    statement = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name))
    if password:
        # Hashed here, so that the password itself is in no log of the server.
        hashed = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(hashed.decode()))
    try:
        driver.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise ReleaseError(
            f"The site's login {name} (APERTURA_READER_URL) does not exist, and this one may not make it. "
            f"An administrator runs once: CREATE ROLE {name} LOGIN PASSWORD '...';"
        ) from error
