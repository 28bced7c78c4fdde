"""What a reader sees when there is nothing to show: what happened, in their language, and where to go."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from layouts.components.texts import empty
from layouts.i18n import Locale
from layouts.page import PageView

Links = Sequence[tuple[str, str]]
RELEASES_OFFERED = 12


def not_found(locale: Locale, message: str | None = None, links: Links = ()) -> PageView:
    """404: the address names nothing; `message` and `links` come from the page that looked, if one did."""
    said = message or locale.text("La dirección no corresponde a ninguna página del sitio.")
    return _page(404, locale.text("No encontrado"), locale.text("Aquí no hay nada"), said, links, locale)


def bad_filter(locale: Locale, message: str, path: str) -> PageView:
    """400: a filter has a value that the page does not offer; the way out is the page without filters."""
    links = [(locale.link(path), locale.text("Ver la página sin filtros"))]
    return _page(400, locale.text("Filtro no válido"), locale.text("Ese filtro no existe"), message, links, locale)


def no_cutoff(locale: Locale, asked: str, path: str, offered: Sequence[str]) -> PageView:
    """404: there is no release of that id or date; the ways out are the page at `path` now and in those `offered`."""
    links = [(locale.link(path), locale.text("La vigente"))]
    links += [(locale.link(path, corte=each), each) for each in offered[:RELEASES_OFFERED]]
    said = locale.text("No hay una versión de los datos para «{asked}». Las que hay:", asked=asked)
    return _page(404, locale.text("Sin esa versión"), locale.text("Esa versión no existe"), said, links, locale)


def before_its_time(locale: Locale, release: str, link: str) -> PageView:
    """404: a release built before what the page shows was part of the data; `link` is the page as it is now."""
    said = locale.text(
        "La versión {release} se construyó antes de que estos datos formaran parte de ella.", release=release
    )
    links = [(link, locale.text("Ver la página con los datos de hoy"))]
    sentence = locale.text("Esa versión aún no tenía estos datos")
    return _page(404, locale.text("Sin esos datos"), sentence, said, links, locale)


def no_release(locale: Locale) -> PageView:
    """503: nothing has been published yet, or nothing that opens."""
    said = locale.text("Todavía no hay una versión publicada de los datos. Vuelva a intentarlo en unos minutos.")
    return _page(503, locale.text("Sin datos"), locale.text("Aún no hay datos que mostrar"), said, (), locale)


def failed(locale: Locale) -> PageView:
    """500: our fault."""
    said = locale.text("La falla es nuestra y quedó registrada. Los datos no se alteran por ella.")
    return _page(500, locale.text("Error"), locale.text("No pudimos armar esta página"), said, (), locale)


def other(locale: Locale, status: int) -> PageView:
    """Any other refusal, such as a method that an address does not take."""
    said = locale.text("El servidor no atiende esa petición.")
    return _page(status, str(status), locale.text("No se puede hacer eso aquí"), said, (), locale)


def _page(status: int, title: str, sentence: str, said: str, links: Links, locale: Locale) -> PageView:
    home = (locale.link("/"), locale.text("Ir al inicio"))
    content = html.Section(empty(said, [*links, home]), className="view")
    return PageView(title=title, kicker=str(status), sentence=sentence, content=[content], status=status)
