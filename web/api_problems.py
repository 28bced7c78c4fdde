"""Refusals of the data's addresses, as RFC 9457 problem documents in the language of who asks."""

from __future__ import annotations

import orjson
from flask import Response, request

from data.cutoff import NoSuchCutoff
from data.queries.dataset_filters import Message, QueryError
from data.queries.datasets import datasets

PROBLEM = "application/problem+json"
TITLES = {
    400: Message("Parámetro no válido", "Invalid parameter"),
    404: Message("No encontrado", "Not found"),
    405: Message("Método no admitido", "Method not allowed"),
    406: Message("Formato no admitido", "Not acceptable"),
    414: Message("Dirección demasiado larga", "Address too long"),
    429: Message("Demasiadas peticiones", "Too many requests"),
    500: Message("Error", "Error"),
    503: Message("No disponible", "Unavailable"),
}
SHOWN = 60


def language() -> str:
    """The language of the answer: that of the address, or else what the client prefers; ``es`` or ``en``."""
    if request.path.startswith("/en/"):
        return "en"
    return request.accept_languages.best_match(["es", "en"], "es") if request.path.startswith("/api/") else "es"


def problem(status: int, detail: Message, **members: object) -> Response:
    """A problem document; ``members`` are further ones, such as ``parameter``."""
    said = language()
    body = {
        "type": "about:blank",
        "title": TITLES[status].said(said),
        "status": status,
        "detail": detail.said(said),
        "instance": request.path,
        **members,
    }
    response = Response(orjson.dumps(body), status=status, mimetype=PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = said
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.vary.add("Accept-Language")
    return response


def bad_query(error: QueryError) -> Response:
    """400: a parameter that the dataset does not take."""
    detail = Message(f"{error.parameter}: {error.message.es}", f"{error.parameter}: {error.message.en}")
    return problem(400, detail, parameter=error.parameter, allowed=list(error.allowed[:SHOWN]))


def no_dataset(name: str) -> Response:
    """404: there is no such dataset."""
    shown = name[:SHOWN]
    detail = Message(f"No hay un conjunto de datos «{shown}».", f"There is no dataset “{shown}”.")
    return problem(404, detail, parameter="dataset", allowed=list(datasets()))


def no_cutoff(error: NoSuchCutoff) -> Response:
    """404: no release answers to ``corte``."""
    detail = Message(
        f"No se conserva una versión de los datos para corte={error.asked}.",
        f"No release of the data is kept for corte={error.asked}.",
    )
    return problem(404, detail, parameter="corte", allowed=error.offered)


def nothing_published() -> Response:
    """503: there are no data yet."""
    return _try_later(Message("Todavía no hay una versión publicada de los datos.", "No data have been published yet."))


def too_slow() -> Response:
    """503: the query took longer than one may."""
    return _try_later(
        Message(
            "La consulta tardó más de lo permitido; pida menos filas o menos filtros.",
            "The query took longer than allowed; ask for fewer rows or filters.",
        )
    )


def too_large() -> Response:
    """503: the query took more memory than one may."""
    return _try_later(
        Message(
            "La consulta ocupa más memoria de la permitida; pídala sin ordenar o con menos columnas.",
            "The query takes more memory than allowed; ask for it without a sort, or with fewer columns.",
        )
    )


def _try_later(detail: Message) -> Response:
    response = problem(503, detail)
    response.headers["Retry-After"] = "30"
    return response
