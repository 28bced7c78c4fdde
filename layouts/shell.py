"""The frame around every page: menu, languages, footer; and the order of a page's parts within it."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from data.database import ReleaseHandle
from layouts.components.island import Node, with_attributes
from layouts.components.place import Ready, places
from layouts.i18n import N_, Locale, locales
from layouts.page import Page, PageView

SITE = "Apertura"
# Pages that the footer leads to, when they exist.
FOOTER = (
    ("/fuentes", N_("Fuentes y estado")),
    ("/metodologia", N_("Metodología")),
    ("/cambios", N_("Cambios")),
    ("/acerca", N_("Acerca de")),
)


def lead(view: PageView) -> list[Node]:
    """The opening of a page: kicker, the answer in one sentence, and what follows from it."""
    kicker = [html.P(view.kicker, className="kicker")] if view.kicker is not None else []
    text = [html.P(view.text)] if view.text is not None else []
    return [*kicker, html.H1(view.sentence), *text]


def page_tree(view: PageView) -> Component:
    """The parts of a page, in reading order, as one tree, which the server writes as HTML.

    A change of filter writes ``lead`` and ``results`` anew; the form between them stays, and with it the reader's focus.
    """
    parts: list[Node] = [
        html.Section(lead(view), id="lead", className="lead"),
        *([view.filters] if view.filters is not None else []),
        html.Div(list(view.content), id="results"),
        *view.still,
    ]
    return html.Div(parts, id="page")


def dash_tree(view: PageView, address: str) -> Component:
    """What Dash draws of the page at `address`. Through the store it hears of another address (`callbacks.wiring`), for
    which it draws the charts of the content anew."""
    drawn = [html.Div(list(places(view.content, address)), id="places"), html.Div(list(places(view.still, address)))]
    return html.Div([dcc.Store(id="address"), *drawn, Ready()])


def header(pages: Sequence[Page], locale: Locale, path: str, query: str) -> list[Component]:
    """The bar on top, on the page at `path` (without language) with `query` (canonical, for the other languages)."""
    menu = [(page, page.nav) for page in pages if page.nav]
    current = _current([page for page, _ in menu], path)
    links = [
        with_attributes(
            html.A(locale.text(name), href=locale.link(page.path)),
            {"aria-current": "page" if path == page.path else "true"} if page is current else {},
        )
        for page, name in menu
    ]
    languages = [
        html.A(other.name, href=f"{other.link(path)}{query}", lang=other.tag, hrefLang=other.tag, className="lang")
        for other in locales()
        if other.code != locale.code
    ]
    brand = html.A([SITE, html.B(".")], href=locale.link("/"), className="brand")
    bar = html.Div([brand, _menu(links, locale), html.Div(languages, className="languages")], className="page")
    return [
        html.A(locale.text("Saltar al contenido"), href="#main", className="skip"),
        html.Header(bar, className="bar"),
    ]


def cutoff_banner(locale: Locale, release: ReleaseHandle | None, newer: str | None) -> list[Component]:
    """What stands above a page answered from an older release: which one, and the way to the current one (`newer`)."""
    if release is None or newer is None:
        return []
    said = locale.text(
        "Estos son los datos como estaban en la versión del {date} ({id}).",
        date=locale.date(release.built_at),
        id=release.release_id,
    )
    now = html.A(locale.text("Ver la versión vigente"), href=newer)
    banner = html.Aside(html.P([said, " ", now], className="page"), className="cutoff")
    return [with_attributes(banner, {"aria-label": locale.text("Versión anterior de los datos")})]


def footer(
    pages: Sequence[Page], locale: Locale, release: ReleaseHandle | None, *, with_session: bool = False
) -> Component:
    """The foot of every page: the date of the data and the pages about them. ``with_session`` where people sign in."""
    known = {page.path for page in pages}
    parts: list[Node] = [html.A(locale.text(name), href=locale.link(path)) for path, name in FOOTER if path in known]
    if release is not None:
        parts.insert(0, html.Span(locale.text("Corte de datos: {date}", date=locale.date(release.built_at))))
    said = html.P([html.Span(part) for part in parts], className="line")
    if with_session:
        promise = locale.text("Aquí hay una cookie, la de la sesión. En el resto del sitio no hay ninguna.")
    else:
        promise = locale.text("Datos públicos reunidos con la fuente de cada uno. Sin cookies ni rastreadores.")
    rights = html.P(promise, className="line")
    return html.Footer(html.Div([said, rights], className="page"), className="site")


def _menu(links: list[html.A], locale: Locale) -> Component:
    """The menu twice from the same links: a row on wide screens, a native disclosure on narrow ones."""
    named = {"aria-label": locale.text("Secciones")}
    row = with_attributes(html.Nav(links, className="wide"), named)
    opened = with_attributes(html.Nav(links), named)
    drawer = html.Details([html.Summary(locale.text("Menú")), opened], className="narrow")
    return html.Div([row, drawer], className="menu")


def _current(menu: Sequence[Page], path: str) -> Page | None:
    """The menu's page that is `path` or stands above it; the home page is above none."""
    above = [page for page in menu if path == page.path or (page.path != "/" and path.startswith(f"{page.path}/"))]
    return max(above, key=lambda page: len(page.path), default=None)
