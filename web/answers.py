"""From an address to what the reader gets: the page, or an error page with the right status."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from data.database import ReleaseHandle
from layouts import errors
from layouts.i18n import Locale, split_language
from layouts.page import Missing, Page, PageView, Visit
from layouts.query import BadFilter, Query

CurrentRelease = Callable[[], ReleaseHandle | None]
MOST_FIELDS = 64


@dataclass(frozen=True)
class Answer:
    """What one address shows: `view`, in `locale`, from `release` (None: nothing published).

    `path` is the address without language, `query` its canonical query, with ``?`` or empty.
    """

    view: PageView
    locale: Locale
    path: str
    query: str
    release: ReleaseHandle | None

    @property
    def address(self) -> str:
        """The canonical address, without the host."""
        return f"{self.locale.link(self.path)}{self.query}"


class Answers:
    """The pages of a site and the release they read, asked by address."""

    def __init__(self, pages: Sequence[Page], current_release: CurrentRelease) -> None:
        self.pages = pages
        self.current_release = current_release
        rules = [Rule(page.path, endpoint=page, methods=["GET"]) for page in pages]
        self._routes = Map(rules, strict_slashes=False, redirect_defaults=False).bind("")

    def at(self, address: str) -> Answer:
        """What the site shows at `address` (path and query, percent-encoded, as the browser has it).

        Whatever a page raises other than `Missing` and `BadFilter` goes through: it is our fault, not the reader's.
        """
        parts = urlsplit(address)
        locale, path = split_language(unquote(parts.path))
        release = self.current_release()
        page, place = self._page_at(path)
        if page is None:
            return Answer(errors.not_found(locale), locale, path, "", release)
        if release is None:
            return Answer(errors.no_release(locale), locale, path, "", None)
        query = Query(locale.link(path), _given(parts.query), locale)
        try:
            view = page.show(Visit(path, place, query, locale, release))
        except Missing as missing:
            return Answer(errors.not_found(locale, missing.message, missing.links), locale, path, "", release)
        except BadFilter as bad:
            return Answer(errors.bad_filter(locale, bad.message, path), locale, path, "", release)
        return Answer(view, locale, path, query.canonical(), release)

    def failed(self, path: str, status: int) -> Answer:
        """The error page for a refusal that no page made."""
        locale, bare = split_language(unquote(path))
        known = {404: errors.not_found, 500: errors.failed}
        view = known[status](locale) if status in known else errors.other(locale, status)
        return Answer(view, locale, bare, "", None)

    def _page_at(self, path: str) -> tuple[Page | None, Mapping[str, str]]:
        try:
            page, place = self._routes.match(path, method="GET")
        except HTTPException:
            return None, {}
        return page, place


def _given(query: str) -> Mapping[str, Sequence[str]]:
    try:
        return parse_qs(query, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
