"""What a page is: an address, a name for the menu, and a function from a visit to a view.

The function is pure: what it shows follows from the release, the address and the language, so the first HTML, the
update after a filter and the bare page for an iframe all call it and cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dash.development.base_component import Component

from data.database import ReleaseHandle
from layouts.components.island import Children, Node
from layouts.i18n import Locale
from layouts.query import Query


@dataclass(frozen=True)
class Visit:
    """One reader asking for one page.

    `path` is the address without language and query, `place` the variable parts of it (``{"state_code": "14"}``),
    `query` the filters, `release` what to read from: ``with visit.release.connect() as connection: ...``, `host` the
    site as readers reach it, with the scheme, for addresses that leave the site. `whole` asks for lists without pages,
    for a file.
    """

    path: str
    place: Mapping[str, str]
    query: Query
    locale: Locale
    release: ReleaseHandle
    host: str = ""
    whole: bool = False

    @property
    def unfiltered(self) -> Visit:
        """The same visit without filters, for a view that none changes: its links must not name one."""
        return replace(self, query=self.query.bare())


@dataclass(frozen=True)
class PageView:
    """What a page says to one visit.

    `sentence` is the answer in one sentence: the visible heading, the share text and the description for machines.
    `title` is short, for the tab and the bookmark. `text` follows the sentence. `content` is drawn anew after each
    change of a filter. `still` follows and never is: it is for views that no filter changes (of `Visit.unfiltered`), and
    for what content refers to, such as the outlines of the map.
    """

    title: str
    sentence: Children
    content: Sequence[Node]
    kicker: Children = None
    text: Children = None
    filters: Component | None = None
    still: Sequence[Node] = ()
    status: int = 200

    @property
    def whole(self) -> Sequence[Node]:
        """All that the page draws below its form."""
        return [*self.content, *self.still]


@dataclass(frozen=True)
class Page:
    """A page of the site: `path` such as ``/estados/<state_code>``, `show` what it says to a visit.

    `nav` is its name in the menu (marked with `N_`), for the pages in it, and `order` its place there. A page under
    another one (``/estados/14``) marks that one as current by itself.
    """

    path: str
    show: Callable[[Visit], PageView]
    nav: str | None = None
    order: int = 100


class Missing(Exception):
    """Raised by a page when what the address names does not exist: a 404 that says so and where to go.

    `message` is a sentence in the reader's language; `links` are (address, text) pairs, the addresses as readers see
    them (``locale.link(...)``).
    """

    def __init__(self, message: str, links: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.links = links
