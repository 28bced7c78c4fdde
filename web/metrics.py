"""``/metricas``: what an operator watches, for Prometheus: requests, how long they took, the release and what it was made of.

Counts are those of all workers together, kept in files of `PROMETHEUS_MULTIPROC_DIR` (``deploy/gunicorn.conf.py``); the
release is read when asked. Nobody's address, query or browser is in it. Open to the networks of the settings alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from data.database import Database
from data.queries.sources import finding_counts, sources_at_a_glance
from layouts.i18n import split_language
from settings import Settings
from web.api_limits import caller
from web.assets import STATIC

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
Network = IPv4Network | IPv6Network

MEASURE = "/metricas"
# In the environment of a request that no reader made.
UNCOUNTED = "apertura.uncounted"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# What a request asks for, by the beginning of its path without language; anything else is a page.
KINDS = {
    **dict.fromkeys(STATIC, "file"),
    "/api/": "api",
    "/datos/": "data",
    "/parte/": "part",
    "/embed/": "embed",
    "/imagen/": "picture",
    "/imagenes/": "picture",
    "/comision": "desk",
    "/_dash": "callback",
    "/salud": "operations",
    MEASURE: "operations",
}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)


class Counted:
    """An application whose requests are counted, whoever answers them: Flask, or what is kept before it."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self.registry = CollectorRegistry()
        labels = ["kind", "status"]
        self._requests = Counter("apertura_requests", "Requests answered.", labels, registry=self.registry)
        self._seconds = Histogram(
            "apertura_request_seconds", "Until the answer began.", ["kind"], registry=self.registry, buckets=BUCKETS
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI: the application's answer."""
        if UNCOUNTED in environ:
            return self._application(environ, start_response)
        began = time.perf_counter()

        def started(status: str, headers: Headers, error: Any = None) -> Callable[[bytes], object]:
            kind = kind_of(environ["PATH_INFO"])
            self._requests.labels(kind, status[:3]).inc()
            self._seconds.labels(kind).observe(time.perf_counter() - began)
            return start_response(status, headers, error)

        return self._application(environ, started)


def metrics(counted: Counted, settings: Settings, database: Database) -> Blueprint:
    """The route; it tells of what was `counted` in this process where no folder is shared by several."""
    networks = [ip_network(network.strip()) for network in settings.metrics_networks.split(",") if network.strip()]
    routes = Blueprint("metrics", __name__)

    @routes.get(MEASURE)
    def show() -> Response:
        # A proxy that the settings do not know of hides who asks.
        hidden = not settings.trusted_proxies and "X-Forwarded-For" in request.headers
        if hidden or not _among(caller(request.environ, settings.trusted_proxies), networks):
            abort(404)
        registry = CollectorRegistry()
        if FOLDER in os.environ:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        registry.register(ReleaseCollector(database))
        body = generate_latest(registry) + (b"" if FOLDER in os.environ else generate_latest(counted.registry))
        response = Response(body, content_type=CONTENT_TYPE_LATEST)
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def kind_of(path: str) -> str:
    """What a path asks for, in one of few words, so that no reader can make up new ones."""
    _, bare = split_language(path)
    return next((kind for beginning, kind in KINDS.items() if bare.startswith(beginning)), "page")


def _among(asking: str, networks: Sequence[Network]) -> bool:
    # Over the socket of this machine there is no address; whoever came through a proxy has one.
    if not asking:
        return True
    try:
        return any(ip_address(asking) in network for network in networks)
    except ValueError:
        return False


class ReleaseCollector(Collector):
    """What the release served says of itself: its age, the rows of each source, what its checks found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        """The gauges; where nothing is published, only that."""
        release = self._database.current()
        yield gauge("apertura_ready", "Whether there is a release to answer from.", [((), float(release is not None))])
        if release is None:
            return
        age = (datetime.now(UTC) - release.built_at).total_seconds()
        yield gauge("apertura_release_info", "The release served.", [((release.release_id,), 1)], ["release_id"])
        yield gauge("apertura_release_age_seconds", "Since the release served was built.", [((), age)])
        with release.connect() as connection:
            found = sources_at_a_glance(connection, release.built_at.isoformat())
            findings = finding_counts(connection)
        rows = [
            ((source.source_id, outcome), float(getattr(source.rows, outcome)))
            for source in found
            for outcome in ("loaded", "ignored", "rejected")
        ]
        yield gauge(
            "apertura_source_rows", "Rows read from a source, by what became of them.", rows, ["source", "outcome"]
        )
        confirmed = [((source.source_id,), float(source.confirmed)) for source in found]
        yield gauge("apertura_source_confirmed", "Whether the run found a source live.", confirmed, ["source"])
        counted = [((severity,), float(count)) for severity, count in findings.items()]
        yield gauge("apertura_findings", "What the checks found.", counted, ["severity"])


def gauge(
    name: str, said: str, values: Sequence[tuple[tuple[str, ...], float]], labels: Sequence[str] = ()
) -> GaugeMetricFamily:
    """A gauge with its values by label."""
    family = GaugeMetricFamily(name, said, labels=list(labels))
    for label, value in values:
        family.add_metric(list(label), value)
    return family
