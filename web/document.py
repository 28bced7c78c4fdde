"""The HTML document of a page: complete before any script, with what Dash needs where there is something for it to draw.

What Dash would fetch at its start (its layout and its list of callbacks) lies in the document, so that it starts
without a request and cannot see another release than the reader does. Its scripts are only named there:
``assets/charts.js`` loads them once a chart is near.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dash.development.base_component import Component
from markupsafe import Markup

from layouts.components.island import Attributes, element, plain_text
from layouts.components.place import places
from layouts.i18n import Locale, locales
from layouts.page import Page, PageView
from layouts.shell import SITE, cutoff_banner, dash_tree, footer, header, lead, page_tree
from web.answers import Answer
from web.assets import CHART_SCRIPTS, PLOTLY, asset, style_sheet
from web.images.names import HEIGHT, WIDTH, picture_address
from web.prerender import rendered

# Of Dash's polyfill, browsers that know our style sheet need only this part; no page uses Dash's old table.
GENERATORS = "vendor/regenerator-runtime-0.14.1.min.js"
_NOT_LOADED = re.compile(r"/polyfill@|/dash_table/")
# Pages about one thing whose changes have a feed of their own.
_FEEDS = (
    r"/estados/(?P<estado>\d\d)(?:\?.*)?",
    r"/plan-nacional\?plan=(?P<plan>[\w-]+)(?:&.*)?",
    r"/plan-nacional/(?P<compromiso>[\w.-]+)(?:\?.*)?",
)
_SOURCES = re.compile(r'<script src="([^"]+)"')
# What Dash's renderer needs to know; the rest of its configuration tells visitors about our versions.
_CONFIG = (
    "url_base_pathname",
    "requests_pathname_prefix",
    "ui",
    "props_check",
    "show_undo_redo",
    "suppress_callback_exceptions",
    "update_title",
    "validate_callbacks",
)


def tab_title(view: PageView) -> str:
    """The title of the browser's tab."""
    return f"{view.title} · {SITE}" if view.title != SITE else SITE


@dataclass(frozen=True)
class Frame:
    """What all documents of a site share: its pages, for the menu; its host with the scheme, for absolute links; and
    what Dash wants in the page: its script and configuration tags, its callbacks as JSON."""

    pages: Sequence[Page]
    host: str
    scripts: str
    config: str
    dependencies: str


def document(now: Answer, frame: Frame) -> str:
    """The whole page."""
    main = rendered(page_tree(now.view))
    body = [
        rendered([*header(frame.pages, now.locale, now.path, now.query), *_banner(now)]),
        element("main", {"id": "main", "class": "page", "tabindex": "-1"}, main),
        element("p", {"id": "announcement", "class": "unseen", "role": "status"}),
        rendered(footer(frame.pages, now.locale, now.release)),
        *(_for_dash(now, frame) if _may_be_charted(now.view) else []),
        *(element("script", {"src": source, "defer": True}) for source in scripts()),
    ]
    head = element("head", html=_head(now, frame.host))
    content = head + element("body", html=Markup("\n").join(body))
    # By its release, a part that is written later is known to belong to this page.
    page = {"lang": now.locale.tag, "data-release": now.release.release_id if now.release else None}
    return f"<!doctype html>\n{element('html', page, content)}\n"


def quiet_document(now: Answer, pages: Sequence[Page], host: str, more: Markup) -> str:
    """A page in the site's frame without its scripts, for what is no page of the public site; ``more`` ends its head."""
    opening = element("section", {"id": "lead", "class": "lead"}, rendered(lead(now.view)))
    main = element("div", {"id": "page"}, opening + rendered(list(now.view.content)))
    body = [
        rendered(header(pages, now.locale, now.path, "")),
        element("main", {"id": "main", "class": "page", "tabindex": "-1"}, main),
        rendered(footer(pages, now.locale, now.release, with_session=True)),
    ]
    head = element("head", html=_head(now, host) + more)
    content = head + element("body", html=Markup("\n").join(body))
    return f"<!doctype html>\n{element('html', {'lang': now.locale.tag}, content)}\n"


def bare_document(now: Answer, part: Component, host: str) -> str:
    """One view of a page alone, for an iframe: no menu, no scripts, links open in the whole window."""
    source = element("a", {"href": f"{host}{now.address}"}, SITE)
    title = element("h1", {"class": "unseen"}, plain_text(now.view.sentence))
    # What the view may refer to, such as the outlines of the map, stands beside it as it does on its page.
    body = rendered([*_banner(now), *now.view.still])
    body += element("main", {"class": "page embed"}, title + rendered(part) + element("p", {"class": "line"}, source))
    head = element("head", html=_head(now, host) + element("base", {"target": "_top"}))
    return f"<!doctype html>\n{element('html', {'lang': now.locale.tag}, head + element('body', html=body))}\n"


def _banner(now: Answer) -> list[Component]:
    return cutoff_banner(now.locale, now.release, now.newer)


def _head(now: Answer, host: str) -> Markup:
    description = plain_text(now.view.sentence)
    metas: list[Attributes] = [
        {"name": "viewport", "content": "width=device-width, initial-scale=1"},
        {"name": "description", "content": description},
        {"name": "color-scheme", "content": "light dark"},
        {"property": "og:title", "content": tab_title(now.view)},
        {"property": "og:description", "content": description},
        {"property": "og:type", "content": "website"},
        {"property": "og:site_name", "content": SITE},
        {"property": "og:url", "content": f"{host}{now.address}"},
        {"property": "og:locale", "content": str(now.locale.rules)},
        {"property": "og:image", "content": f"{host}{picture_address(now)}"},
        {"property": "og:image:width", "content": WIDTH},
        {"property": "og:image:height", "content": HEIGHT},
        {"property": "og:image:alt", "content": description},
        {"name": "twitter:card", "content": "summary_large_image"},
    ]
    # What search engines offer is the current release.
    if now.view.status != 200 or now.locale.cutoff:
        metas.append({"name": "robots", "content": "noindex"})
    links: list[Attributes] = [
        {"rel": "icon", "href": asset("icon.svg"), "type": "image/svg+xml"},
        {"rel": "canonical", "href": f"{host}{now.address}"},
        *_alternates(now, host),
        _feed(now, host),
    ]
    parts = [
        element("meta", {"charset": "utf-8"}),
        element("title", html=tab_title(now.view)),
        *(element("meta", meta) for meta in metas),
        *(element("link", link) for link in links),
        element("style", html=style_sheet()),
    ]
    return Markup("\n").join(parts)


def _alternates(now: Answer, host: str) -> list[Attributes]:
    def link(locale: Locale, tag: str) -> Attributes:
        return {"rel": "alternate", "hreflang": tag, "href": f"{host}{locale.link(now.path)}{now.query}"}

    if now.view.status != 200:
        return []
    return [*(link(locale, locale.tag) for locale in locales()), link(locales()[0], "x-default")]


def _feed(now: Answer, host: str) -> Attributes:
    """The feed of changes: of the state, plan or commitment that the page is about, else of all."""
    one = next((found for pattern in _FEEDS if (found := re.fullmatch(pattern, f"{now.path}{now.query}"))), None)
    about = urlencode(one.groupdict()) if one else ""
    address = f"{host}{now.locale.data.prefix}/cambios.atom{f'?{about}' if about else ''}"
    said = f"{SITE}: {now.locale.text('cambios')}"
    return {"rel": "alternate", "type": "application/atom+xml", "title": said, "href": address}


def scripts() -> list[str]:
    """The addresses of the scripts of every page. The last says that the page is ready."""
    return [asset("share.js"), asset("charts.js"), asset("filters.js")]


def dash_scripts(tags: str) -> list[str]:
    """The addresses of what starts Dash, ours and its own (from its `tags`), in the order in which they must run."""
    theirs = [source for source in _SOURCES.findall(tags) if not _NOT_LOADED.search(source)]
    return [asset("dash.js"), asset(GENERATORS), *theirs, asset("start.js")]


def _may_be_charted(view: PageView) -> bool:
    """Whether Dash has something to draw in a page, or could have after a choice of other filters."""
    return view.filters is not None or bool(places(view.whole, ""))


def _for_dash(now: Answer, frame: Frame) -> list[Markup]:
    """What Dash starts from: its configuration, layout, callbacks and scripts, and the element it begins in."""
    tree = dash_tree(now.view, now.address)
    wanted = {"scripts": dash_scripts(frame.scripts), "ahead": CHART_SCRIPTS}
    return [
        # What Dash draws lies elsewhere, in the places of the page; here is only its word that it is loading.
        element("div", {"id": "react-entry-point", "hidden": True}),
        _data("_dash-config", _trimmed(frame.config)),
        _data("first-layout", json.dumps(tree, default=Component.to_plotly_json, separators=(",", ":"))),
        _data("dependencies", frame.dependencies),
        _data("dash-scripts", json.dumps(wanted, separators=(",", ":"))),
    ]


def _trimmed(tag: str) -> str:
    """Dash's configuration without versions, and with the small bundle of plotly.js for the whole one."""
    start, end = tag.index(">") + 1, tag.rindex("</script>")
    given: dict[str, Any] = json.loads(tag[start:end])
    kept = {name: given[name] for name in _CONFIG if name in given}
    # Only components that hold others in a property of another name than "children" matter here.
    kept["children_props"] = {
        space: {name: props for name, props in components.items() if props}
        for space, components in given["children_props"].items()
    }
    # Dash knows two places for plotly.js: its own copy of the whole, or, not serving locally, this address.
    return json.dumps(kept | {"serve_locally": False, "plotlyjs_url": asset(PLOTLY)}, separators=(",", ":"))


def _data(name: str, written: str) -> Markup:
    """JSON in the document; ``<`` is written so that no text in it can end the element."""
    safe = written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return element("script", {"id": name, "type": "application/json"}, Markup(safe))
