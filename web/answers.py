"""From an address to what the reader gets: the page, or an error page with the right status."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from data.cutoff import LACKED, NoSuchCutoff, NothingPublished, lacks_something, release_at
from data.database import Database, ReleaseHandle
from layouts import errors
from layouts.i18n import CUTOFF, Locale, split_language
from layouts.page import Missing, Page, PageView, Visit
from layouts.query import BadFilter, Query

MOST_FIELDS = 64

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What one address shows: `view`, in `locale`, from `release` (None: nothing published).

    `path` is the address without language, `query` its canonical query, with ``?`` or empty. `newer` is where the same
    page is answered from the current release, in an answer from an older one.
    """

    view: PageView
    locale: Locale
    path: str
    query: str
    release: ReleaseHandle | None
    newer: str | None = None

    @property
    def address(self) -> str:
        """The canonical address, without the host."""
        return f"{replace(self.locale, cutoff='').link(self.path)}{self.query}"


class Answers:
    """The pages of a site and the release they read, asked by address; `host` is ours, with the scheme."""

    def __init__(self, pages: Sequence[Page], database: Database, host: str) -> None:
        self.pages = pages
        self.host = host
        self._database = database
        rules = [Rule(page.path, endpoint=page, methods=["GET"]) for page in pages]
        self._routes = Map(rules, strict_slashes=False, redirect_defaults=False).bind("")

    def at(self, address: str, *, whole: bool = False) -> Answer:
        """What the site shows at `address` (path and query, percent-encoded, as the browser has it).

        With `whole`, lists come without pages.
        Whatever a page raises other than `Missing` and `BadFilter` goes through: it is our fault, not the reader's.
        """
        parts = urlsplit(address)
        locale, path = split_language(unquote(parts.path))
        given = _given(parts.query)
        cutoff = _cutoff(given)
        page, place = self._page_at(path)
        try:
            release = release_at(self._database, cutoff)
        except NothingPublished:
            return Answer(errors.no_release(locale) if page else errors.not_found(locale), locale, path, "", None)
        except NoSuchCutoff as unknown:
            return Answer(
                errors.no_cutoff(locale, unknown.asked, path, unknown.offered),
                locale,
                path,
                "",
                self._database.current(),
            )
        locale = replace(locale, cutoff=cutoff)
        query = Query(f"{locale.prefix}{quote(path)}", given, locale)
        view = self._shown(page, Visit(path, place, query, locale, release, self.host, whole))
        current = self._database.current()
        older = current is not None and release.release_id != current.release_id
        newer = query.link(**{CUTOFF: None}) if older else None
        shown = query.canonical() if view.status == 200 else f"?{urlencode({CUTOFF: cutoff})}" if cutoff else ""
        return Answer(view, locale, path, shown, release, newer)

    def _shown(self, page: Page | None, visit: Visit) -> PageView:
        locale = visit.locale
        if page is None:
            return errors.not_found(locale)
        try:
            return page.show(visit)
        except Missing as missing:
            return errors.not_found(locale, missing.message, missing.links)
        except BadFilter as bad:
            return errors.bad_filter(locale, bad.message, visit.path)
        except LACKED as error:
            # What an older release does not have yet, or calls by a name since given up, is no fault of ours.
            if not (locale.cutoff and lacks_something(visit.release)):
                raise
            logger.warning("%s lacks what %s shows: %s", visit.release.release_id, visit.path, error)
            now = visit.query.link(**{CUTOFF: None})
            return errors.before_its_time(locale, visit.release.release_id, now)

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


def _cutoff(given: Mapping[str, Sequence[str]]) -> str:
    return given.get(CUTOFF, [""])[0].strip()


def _given(query: str) -> Mapping[str, Sequence[str]]:
    try:
        return parse_qs(query, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
