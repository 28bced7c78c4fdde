"""The door: settings in, the application that gunicorn serves out (``gunicorn app:server``)."""

from __future__ import annotations

from flask import Flask

from data.database import Database
from data.lean import keep_pandas_out
from settings import Settings, settings
from web.site import create_site


def create_app(configuration: Settings | None = None) -> Flask:
    """The whole site under `configuration`, by default that of the environment; opens no database."""
    chosen = configuration or settings()
    return create_site(chosen, Database(chosen))


keep_pandas_out()
server = create_app()
