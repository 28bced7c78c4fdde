"""A view: one sentence read from the data, its picture, the same as a table, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from layouts.components.island import Children, Node, with_attributes
from layouts.components.tables import Key
from layouts.components.tables import key as legend
from layouts.i18n import Locale
from layouts.page import Visit

FORMATS = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"))


@dataclass(frozen=True)
class Source:
    """Who published what the view shows: the name, and the address of the source's entry or of the document itself."""

    name: str
    address: str | None = None


@dataclass(frozen=True)
class Data:
    """The rows behind a view: a public table and the filters, as the download's address takes them.

    A filter with several values keeps the rows that have any of them.
    """

    dataset: str
    filters: Mapping[str, str | int | Sequence[str]] = field(default_factory=dict)

    def address(self, suffix: str) -> str:
        """Where the rows are: ``/datos/states.csv?state_code=14``."""
        return (
            f"/datos/{self.dataset}.{suffix}{f'?{urlencode(dict(self.filters), doseq=True)}' if self.filters else ''}"
        )


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
    beside: bool = False,
) -> Component:
    """One view of a page.

    `key` names it in addresses and must be unique on its page. `sentence` is the reading computed from the data.
    `table` is the twin of `figure`, left out where the figure is a table itself. `as_of` is the cut-off, in words.
    `data` gives the links to exactly these rows. `beside` sets the words beside the figure on wide screens.
    """
    sentence_id = f"{key}-frase"
    header = html.Header(
        [html.H2(sentence, id=sentence_id), *([html.P(text)] if text is not None else [])],
    )
    said: list[Node] = [header, *([legend(keys)] if keys else [])]
    shown = with_attributes(html.Div(figure, className="figure", role="group"), {"aria-labelledby": sentence_id})
    after: list[Node] = [*([_twin(table, visit.locale)] if table is not None else [])]
    after.append(_foot(visit, key, sources, as_of, data))
    children: list[Node] = [html.Div(said, className="said"), html.Div([shown, *after], className="shown")]
    section = html.Section(children, id=key, className="view beside" if beside else "view")
    return with_attributes(section, {"aria-labelledby": sentence_id})


def _twin(table: Component, locale: Locale) -> Component:
    return html.Details([html.Summary(locale.text("Ver como tabla")), table], className="twin")


def _foot(visit: Visit, key: str, sources: Sequence[Source], as_of: str | None, data: Data | None) -> Component:
    locale = visit.locale
    named = _between([html.A(s.name, href=s.address) if s.address else s.name for s in sources], ", ")
    said = [locale.plural("Fuente:", "Fuentes:", len(sources)), " ", *named]
    if as_of is not None:
        said += [" · ", locale.text("corte: {date}", date=as_of)]
    embed = f"{locale.prefix}/embed{visit.path}{visit.query.canonical() or '?'}"
    embed += f"{'' if embed.endswith('?') else '&'}vista={key}"
    links: list[Node] = []
    if data is not None:
        links += [html.A(name, href=data.address(suffix), download="") for suffix, name in FORMATS]
    links.append(html.A(locale.text("Insertar"), href=embed))
    links += [html.A(locale.text("Verificar"), href=s.address) for s in sources[:1] if s.address]
    return html.Footer([html.Span(said), html.Span(links, className="get")], className="foot")


def _between(items: Sequence[Node], separator: str) -> list[Node]:
    return [part for item in items for part in (separator, item)][1:]
