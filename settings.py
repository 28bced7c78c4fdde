"""Every setting of Apertura, typed, with its default; read from the environment as ``APERTURA_<NAME>``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """The configuration of one process; see ``docs/settings.md`` for each entry in words."""

    model_config = SettingsConfigDict(env_prefix="APERTURA_", extra="ignore", frozen=True)

    snapshots_dir: Path = Field(
        ROOT / "data" / "snapshots", description="Raw copies of the sources, by source and date."
    )
    sources_dir: Path = Field(ROOT / "etl" / "sources", description="The YAML and parser of each source.")
    releases_dir: Path = Field(
        ROOT / "data" / "releases", description="Built databases and the pointer to the current one."
    )
    keep_releases: int = Field(10, ge=1, description="How many releases stay on disk.")
    database_url: str | None = Field(
        None, description="PostgreSQL for releases; empty means DuckDB files in releases_dir."
    )
    reader_url: str | None = Field(
        None, description="The read-only login of the site on PostgreSQL; empty: database_url."
    )

    board_url: str = Field("https://tablero.gobabiertomx.org", description="Host of the national board's GraphQL.")
    archive_url: str = Field("https://web.archive.org", description="Host of the web archive.")
    contact: str = Field(
        "https://github.com/apertura-mx/apertura", description="Contact address told to the hosts we fetch from."
    )
    fetch_timeout_seconds: float = Field(20.0, gt=0, description="Limit of one HTTP answer.")
    fetch_tries: int = Field(3, ge=1, description="Tries per address.")
    fetch_pause_seconds: float = Field(1.0, ge=0, description="First pause between tries; each next one doubles.")
    fetch_max_bytes: int = Field(200_000_000, gt=0, description="Limit of one fetched file.")

    public_url: str = Field("http://127.0.0.1:8050", description="Where readers reach the site; for absolute links.")
    api_rate: str | None = Field(
        "300 per minute", description="Requests to the API that a worker answers to one address; empty: no limit."
    )
    trusted_proxies: int = Field(
        0, ge=0, description="Proxies of ours before the site, each adding to X-Forwarded-For."
    )
    accounts_url: str | None = Field(
        None, description="Accounts and log of the commission's desk (SQLAlchemy URL); empty: the desk is off."
    )
    oidc_issuer: str | None = Field(
        None, description="Identity provider of the desk (OpenID Connect); empty: names and passwords only."
    )
    oidc_client_id: str | None = Field(None, description="What the identity provider calls this site.")
    oidc_client_secret: str | None = Field(None, description="The site's secret at the identity provider.", repr=False)
    oidc_name: str = Field("OpenID Connect", description="What the button of the identity provider says.")
    uploads_dir: Path = Field(ROOT / "data" / "uploads", description="Files the commission uploads, by their hash.")
    metrics_networks: str = Field(
        "127.0.0.0/8, ::1/128", description="Networks that may read /metricas, by their address before our proxies."
    )
    cache_dir: Path = Field(ROOT / "data" / "cache", description="What can be made again at any time.")
    port: int = Field(8050, ge=1, le=65535, description="Port of `make run`.")

    @field_validator(
        "database_url", "reader_url", "api_rate", "accounts_url", "oidc_issuer", "oidc_client_id", "oidc_client_secret",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        """A variable that is there and empty says the same as one that is not, or that there is no limit."""
        return None if value == "" else value


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once from the environment."""
    return Settings()
