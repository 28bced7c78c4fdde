"""A view: one sentence read from the data, its picture, the same as a table, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from data.schema import TABLES, table_info
from layouts.components.island import Attributes, Children, Node, element, plain_text, with_attributes
from layouts.components.shown import has_rows
from layouts.components.tables import Key
from layouts.components.tables import key as legend
from layouts.i18n import Locale
from layouts.page import Visit

FORMATS = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"))
# Longer ones are refused by the API, and by the server or cut by a mail program.
LONGEST_QUERY, LONGEST_ADDRESS = 3_000, 3_900
# The figures that can be had as a picture of their own (``web.pictures``), by class.
DRAWABLE = frozenset(["bars", "map", "chart"])


@dataclass(frozen=True)
class Source:
    """Who published what the view shows: the name, and the address of the source's entry or of the document itself."""

    name: str
    address: str | None = None


@dataclass(frozen=True)
class Data:
    """The rows behind a view: a public table and the filters, as the download's address takes them.

    A filter with several values keeps the rows that have any of them. `listed` says that the view shows these rows one
    by one (perhaps in pages); otherwise it is made from them, and the rows that it shows are those of its own table.
    """

    dataset: str
    filters: Mapping[str, str | int | Sequence[str]] = field(default_factory=dict)
    listed: bool = False

    @property
    def query(self) -> str:
        """The filters as they stand in an address: ``state_code=14``."""
        return urlencode(dict(self.filters), doseq=True)

    def address(self, suffix: str, locale: Locale) -> str:
        """Where the rows are, with headings in this language: ``/en/datos/states.csv?state_code=14``."""
        return locale.data.link(f"/datos/{self.dataset}.{suffix}", **self.filters)

    def proof(self, locale: Locale) -> str:
        """Where the rows are told with their SQL and their sources."""
        return locale.link("/verificar", conjunto=self.dataset, consulta=self.query)

    def fits(self, locale: Locale) -> bool:
        """Whether these addresses are short enough to be answered."""
        return len(self.query) <= LONGEST_QUERY and len(self.proof(locale)) <= LONGEST_ADDRESS


def view(
    visit: Visit,
    *,
    key: str,
    sentence: Children,
    figure: Node,
    sources: Sequence[Source],
    text: Children = None,
    keys: Sequence[Key] = (),
    table: Component | None = None,
    as_of: str | None = None,
    data: Data | None = None,
    proofs: Sequence[Data] = (),
    beside: bool = False,
) -> Component:
    """One view of a page.

    `key` names it in addresses and must be unique on its page. `sentence` is the reading computed from the data.
    `table` is the twin of `figure`, left out where the figure is a table itself. `as_of` is the cut-off, in words.
    The links give exactly the rows shown: those of `data` where it lists them, else those of the view's table; `data`
    is also what "verify" leads to; `proofs` are the tables of a view that is made of several. `beside` sets the words beside the figure on wide screens.
    """
    sentence_id = f"{key}-frase"
    header = html.Header(
        [html.H2(sentence, id=sentence_id), *([html.P(text)] if text is not None else [])],
    )
    said: list[Node] = [header, *([legend(keys)] if keys else [])]
    shown = with_attributes(html.Div(figure, className="figure", role="group"), {"aria-labelledby": sentence_id})
    after: list[Node] = [*([_twin(table, visit.locale)] if table is not None else [])]
    links = _links(visit, key, data, proofs, sources, has_rows([figure, table]))
    after.append(_foot(visit.locale, sources, as_of, links, _share(visit, key, plain_text(sentence), drawable(figure))))
    children: list[Node] = [html.Div(said, className="said"), html.Div([shown, *after], className="shown")]
    section = html.Section(children, id=key, className="view beside" if beside else "view")
    return with_attributes(section, {"aria-labelledby": sentence_id})


def _twin(table: Component, locale: Locale) -> Component:
    return html.Details([html.Summary(locale.text("Ver como tabla")), table], className="twin")


def drawable(node: Children) -> bool:
    """Whether there is something in a figure that can be had as a picture."""
    if isinstance(node, Component):
        return getattr(node, "className", None) in DRAWABLE or drawable(getattr(node, "children", None))
    return isinstance(node, Sequence) and not isinstance(node, str) and any(drawable(child) for child in node)


def _foot(
    locale: Locale, sources: Sequence[Source], as_of: str | None, links: Sequence[Node], share: Component
) -> Component:
    named = _between([html.A(s.name, href=s.address) if s.address else s.name for s in sources], ", ")
    said = [locale.plural("Fuente:", "Fuentes:", len(sources)), " ", *named] if named else []
    if as_of is not None:
        said += [" · " if named else "", locale.text("corte: {date}", date=as_of)]
    return html.Footer([html.Span(said), html.Span(links, className="get"), share], className="foot")


def _links(
    visit: Visit, key: str, data: Data | None, proofs: Sequence[Data], sources: Sequence[Source], rows: bool
) -> list[Node]:
    """The rows shown, as files, and the way to check them."""
    locale = visit.locale
    address = data.address if data is not None and (data.listed or not rows) and data.fits(locale) else None
    files: list[html.A] = []
    if rows and address is None:
        shown = _one_view(visit, "tabla", key)
        files = [html.A(name, href=f"{shown}&forma={suffix}", download="") for suffix, name in FORMATS]
    elif address is not None:
        files = [html.A(name, href=address(suffix, locale), download="") for suffix, name in FORMATS]
    links: list[Node] = [_of_view(link, key, suffix) for link, (suffix, _) in zip(files, FORMATS, strict=False)]
    if proofs:
        return [*links, *(_proof(each, key, locale) for each in proofs if each.fits(locale))]
    proof = sources[0].address if sources else None
    if data is not None and data.fits(locale):
        proof = data.proof(locale)
    if proof:
        links.append(_of_view(html.A(locale.text("Verificar"), href=proof), key, "verificar"))
    return links


def _proof(data: Data, key: str, locale: Locale) -> Component:
    """The link to the proof of one of several tables, named by it."""
    name = table_info(TABLES[data.dataset])["label"][locale.data.code]
    link = html.A(locale.text("Verificar: {table}", table=name), href=data.proof(locale))
    return _of_view(link, key, f"verificar-{data.dataset}")


def _of_view(control: Component, key: str, what: str) -> Component:
    """A control that every view has: who hears only its name hears the sentence of its view after it."""
    name = f"{key}-{what}"
    control.id = name  # type: ignore[attr-defined]
    return with_attributes(control, {"aria-labelledby": f"{name} {key}-frase"})


def _share(visit: Visit, key: str, sentence: str, picture: bool) -> Component:
    """How to take the view along: its link, its picture, and the code that puts it into another page."""
    _ = visit.locale.text
    alone, drawn = (_one_view(visit, room, key) for room in ("embed", "imagen"))
    copied = {"data-done": _("Copiado")}
    link = with_attributes(html.Button(_("Copiar enlace"), type="button"), {"data-copy": f"#{key}", **copied})
    ways: list[Node] = [_of_view(link, key, "enlace")]
    if picture:
        ways.append(_of_view(html.A(_("Imagen SVG"), href=drawn, download=f"{key}.svg"), key, "svg"))
        png = with_attributes(html.A(_("Imagen PNG"), href=drawn, download=f"{key}.png"), {"data-png": ""})
        ways.append(_of_view(png, key, "png"))
    ways.append(_of_view(html.A(_("Ver sola"), href=alone), key, "sola"))
    size: Attributes = {"width": "100%", "height": 600, "style": "border:0", "loading": "lazy"}
    frame = element("iframe", {"src": f"{visit.host}{alone}", "title": sentence, **size})
    code = html.Code(str(frame), id=f"{key}-codigo")
    copy = with_attributes(html.Button(_("Copiar código"), type="button"), {"data-copy": f"{key}-codigo", **copied})
    copying = html.Div([code, _of_view(copy, key, "copia")], className="ways")
    inside: list[Node] = [html.Div(ways, className="ways"), copying]
    summary = with_attributes(html.Summary(_("Compartir")), {"aria-describedby": f"{key}-frase"})
    return html.Details([summary, *inside], id=f"{key}-compartir", className="share")


def _one_view(visit: Visit, room: str, key: str) -> str:
    """The address of the view alone under ``/embed`` or ``/imagen``, with the filters of this visit."""
    query = visit.query.canonical()
    return f"{visit.locale.prefix}/{room}{visit.path}{f'{query}&' if query else '?'}vista={key}"


def _between(items: Sequence[Node], separator: str) -> list[Node]:
    return [part for item in items for part in (separator, item)][1:]
