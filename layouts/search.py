"""``/buscar``: one search over commitments, states, members of OGP Local and actors; and its box for other pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.search import KINDS, Found, Hit, search
from data.schema.vocabularies import label
from layouts.components.island import Attributes, Island, Node, with_attributes
from layouts.components.paging import PARAMETER, paging, span
from layouts.components.texts import empty
from layouts.i18n import CUTOFF, N_, Locale
from layouts.page import Page, PageView, Visit
from layouts.plan_names import capital, commitment_title, in_language, mark, title_language
from layouts.query import BadFilter

NAMES: Mapping[str, str] = {
    "commitment": N_("Compromisos de México"),
    "state": N_("Entidades federativas"),
    "locality": N_("Miembros de OGP Local"),
    "actor": N_("Organizaciones"),
}
TYPES = {"compromisos": "commitment", "estados": "state", "ogp-local": "locality", "actores": "actor"}
FEW, PAGE_SIZE = 6, 40


def show(visit: Visit) -> PageView:
    """The results for what was asked, by kind, or of one kind page by page."""
    locale, _ = visit.locale, visit.locale.text
    text = visit.query.search("q", _("Buscar"))
    options = [(value, _(NAMES[kind])) for value, kind in TYPES.items()]
    chosen = visit.query.choice("tipo", _("Dónde"), options, every=_("En todo"))
    number = visit.query.number(PARAMETER)
    if text is None:
        return _view(visit, _("¿Qué busca?"), [_section(_nothing_asked(locale))])
    kinds = [TYPES[chosen]] if chosen else list(KINDS)
    size = PAGE_SIZE if chosen else FEW
    with visit.release.connect() as connection:
        found = {kind: search(connection, kind, text, size, (number - 1) * size if chosen else 0) for kind in kinds}
    total = sum(part.total for part in found.values())
    if not total:
        return _view(visit, _("Nada con «{text}»", text=text), [_section(_nothing_found(visit, chosen))])
    if chosen and not found[TYPES[chosen]].hits:
        raise BadFilter(_("La lista de resultados no tiene página {n}.", n=number))
    sections = [_results(visit, kind, part, chosen, number) for kind, part in found.items() if part.total]
    return _view(visit, _sentence(locale, total, text), sections)


def search_box(locale: Locale) -> Component:
    """The box that leads here: a plain form, with or without scripts."""
    field = Island(
        "input",
        attributes={
            "type": "search",
            "name": "q",
            "maxlength": 80,
            "placeholder": locale.text("agua, Jalisco, MX0075…"),
            "aria-label": locale.text("Buscar compromisos, entidades, miembros de OGP Local y organizaciones"),
        },
    )
    button = html.Button(locale.text("Buscar"), type="submit")
    hidden: Attributes = {"type": "hidden", "name": CUTOFF, "value": locale.cutoff}
    kept = [Island("input", attributes=hidden)] if locale.cutoff else []
    named = {"aria-label": locale.text("Buscar en el sitio")}
    form = html.Form(
        [field, *kept, button],
        action=f"{locale.prefix}/buscar",
        method="get",
        role="search",
        className="search-box",
    )
    return with_attributes(form, named)


def address(hit: Hit, locale: Locale) -> str | None:
    """Where something found is shown; None for a commitment of no place that has a page."""
    if hit.kind == "state":
        return locale.link(f"/estados/{hit.key}")
    if hit.kind == "locality":
        return locale.link(f"/ogp-local/{hit.key}")
    if hit.kind == "actor":
        return locale.link(f"/actores/{hit.key}")
    where, _, key = (hit.place or "").partition(":")
    pages = {"national": f"/plan-nacional/{hit.key}", "locality": f"/ogp-local/{key}", "state": f"/estados/{key}"}
    return locale.link(pages[where]) if where in pages else None


def _view(visit: Visit, sentence: Node | list[Node], content: Sequence[Node]) -> PageView:
    _ = visit.locale.text
    return PageView(
        title=_("Buscar"), kicker=_("Buscar"), sentence=sentence, filters=visit.query.form(), content=list(content)
    )


def _sentence(locale: Locale, total: int, text: str) -> list[Node]:
    said = locale.plural("{n} resultado con «{text}»", "{n} resultados con «{text}»", total, text="\0")
    before, after = said.split("\0")
    return [before, mark(text), after]


def _nothing_asked(locale: Locale) -> Component:
    _ = locale.text
    links = [
        (locale.link("/plan-nacional"), _("Los planes nacionales")),
        (locale.link("/estados"), _("Las 32 entidades")),
        (locale.link("/ogp-local"), _("Los miembros de OGP Local")),
        (locale.link("/actores"), _("Las organizaciones")),
    ]
    return empty(
        _("Escriba una palabra, un nombre, unas siglas o un número de compromiso. Los acentos no importan."), links
    )


def _nothing_found(visit: Visit, chosen: str | None) -> Component:
    _ = visit.locale.text
    links = [(visit.query.link(tipo=None), _("Buscar en todo"))] if chosen else []
    return empty(
        _("Se buscó cada palabra, sin acentos, en nombres, siglas y números. Pruebe con menos palabras."),
        [*links, (visit.locale.link("/plan-nacional"), _("Ver todos los compromisos nacionales"))],
    )


def _section(inside: Component) -> Component:
    return html.Section(inside, className="view")


def _results(visit: Visit, kind: str, found: Found, chosen: str | None, number: int) -> Component:
    locale = visit.locale
    heading = html.H2([locale.text(NAMES[kind]), " ", html.Small(locale.number(found.total))])
    items = html.Ul([html.Li(_item(hit, locale)) for hit in found.hits], className="hits")
    return html.Section([heading, items, *_more(visit, kind, found, chosen, number)], className="view", id=kind)


def _item(hit: Hit, locale: Locale) -> list[Node]:
    name, language = _name(hit, locale)
    shown = in_language(name, language)
    link = address(hit, locale)
    detail = _detail(hit, locale)
    said: list[Node] = [" ", html.Small(detail)] if detail else []
    return [html.A(shown, href=link) if link else shown, *said]


def _name(hit: Hit, locale: Locale) -> tuple[str, str | None]:
    if hit.kind != "commitment":
        return hit.name_es or hit.key, None
    language = title_language(hit.name_es, hit.name_en, locale)
    return commitment_title(hit.key, hit.name_es, hit.name_en, locale), language


def _detail(hit: Hit, locale: Locale) -> str | None:
    if hit.kind == "actor":
        return capital(label("actor_kind", hit.detail_es, locale.code))
    said = locale.pick(hit.detail_es, hit.detail_en)
    return ", ".join(part for part in (hit.key, said) if part) if hit.kind == "commitment" else said


def _more(visit: Visit, kind: str, found: Found, chosen: str | None, number: int) -> list[Component]:
    """The way to the rest: from the overview to one kind, within one kind from page to page."""
    _ = visit.locale.text
    if chosen is None:
        if found.total <= FEW:
            return []
        value = next(value for value, name in TYPES.items() if name == kind)
        said = _("Ver los {n}", n=visit.locale.number(found.total))
        return [html.P(with_attributes(html.A(said, href=visit.query.link(tipo=value)), {"data-query": ""}))]
    return paging(visit, span(number, found.total, PAGE_SIZE), kind)


PAGES = (Page("/buscar", show, nav=N_("Buscar"), order=120),)
