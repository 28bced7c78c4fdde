"""The pages of the desk: their frame, their language and what every one of them knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, render_template, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from data.accounts import ROLES, Account
from layouts.components.island import element
from layouts.i18n import Locale, split_language
from web.assets import asset
from web.desk.auth import DESK
from web.desk.failures import FAILURES
from web.desk.problems import PROBLEMS
from web.desk.words import ACTS, DETAILS, INDICATORS, REASONS, RESULTS, ROLE_NAMES, SEVERITIES, bodies, counted, how_far

Frame = Callable[[str, str, Markup, int, Markup], Response]
"""The site's frame around a page of the desk: title, sentence, content, status, and what its head has besides."""

REFRESH_SECONDS = 2


class Pages:
    """Makes pages of the desk from their templates, in the language of the address asked for."""

    def __init__(self, framed: Frame) -> None:
        self._framed = framed

    def page(self, title: str, sentence: str, name: str, status: int = 200, **context: Any) -> Response:
        """A page. With ``moving`` in the context it shows an act that goes on, and follows it by itself."""
        locale = language()
        account = signed_in() if current_user.is_authenticated else None
        words = {
            "acts": ACTS, "details": DETAILS, "results": RESULTS, "reasons": REASONS, "roles": ROLE_NAMES, "severities": SEVERITIES,
            "names": INDICATORS, "problem_names": PROBLEMS, "failures": FAILURES, "counted": lambda number, of: counted(locale, number, of),
            "how_far": lambda progress: how_far(locale, progress), "moment": _moment, "bodies": lambda n: bodies(locale, n), "_": locale.text, "locale": locale,
        }  # fmt: skip
        may = {role: account is not None and account.may(role) for role in ROLES}
        content = render_template(
            f"desk/{name}", account=account, may=may, token=generate_csrf(), desk=here(), **words, **context
        )
        head = styled() + _following() if context.get("moving") else styled()
        return self._framed(title, sentence, Markup(content), status, head)

    def said(self, title: str, sentence: str, told: str, status: int, way: tuple[str, str] | None = None) -> Response:
        """A page that says one thing, and leads to ``way`` (address and name): else back to the desk, or to its door."""
        text = language().text
        is_in = current_user.is_authenticated
        desk = (here(), text("Volver a la mesa")) if is_in else (here("/entrar"), text("Entrar"))
        address, name = way or desk
        return self.page(title, sentence, "said.html", status, told=told, way=address, way_name=name)


def styled() -> Markup:
    """The head of every page of the desk: its own style sheet, beside that of the site."""
    return element("link", {"rel": "stylesheet", "href": asset("desk.css")})


def _following() -> Markup:
    """What a page needs to follow an act: the script that moves its bar, and without scripts the page asked for again."""
    again = element("meta", {"http-equiv": "refresh", "content": REFRESH_SECONDS})
    return element("noscript", html=again) + element("script", {"src": asset("progress.js"), "defer": True})


def language() -> Locale:
    """The language of the address asked for."""
    return split_language(request.path)[0]


def here(path: str = "") -> str:
    """An address of the desk in that language."""
    return f"{language().prefix}{DESK}{path}"


def _moment(written: str) -> str:
    """A moment to the minute: ``2026-11-26 13:33``."""
    return written[:16].replace("T", " ")


def to(address: str) -> Response:
    """See there, with GET."""
    answer = redirect(address, 303)
    assert isinstance(answer, Response)
    return answer


def signed_in() -> Account:
    """The account that asks."""
    found: Account = current_user.account
    return found
