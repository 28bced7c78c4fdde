"""The door of the desk: signing in with a name and password or at an identity provider, and signing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, request, session
from flask_login import login_user, logout_user

from data.accounts import Account, Accounts
from layouts.i18n import N_
from settings import Settings
from web.api_limits import caller
from web.desk.auth import SignedIn, TooManyAttempts, check_attempts, checked, safe_return
from web.desk.identity import Identity, ProviderError
from web.desk.oidc import provider_of
from web.desk.page import Pages, here, language, signed_in, to

if TYPE_CHECKING:
    from web.desk.provider import Provider

WAITING = "oidc"
NOBODY = "(ninguna)"
TOO_MANY = N_("Demasiados intentos. Espere quince minutos y vuelva a intentarlo.")


class Door:
    """Who comes in, and how."""

    def __init__(self, settings: Settings, accounts: Accounts, pages: Pages) -> None:
        self._settings = settings
        self._accounts = accounts
        self._pages = pages
        self._provider = provider_of(settings)

    def sign_in(self, told: str | None = None, status: int = 200) -> Response:
        """The form, and the way to the identity provider where one is configured."""
        text, back = language().text, safe_return(request.values.get("siguiente"), here())
        return self._pages.page(
            text("Entrar"), text("Entrar a la mesa de la comisión"), "sign_in.html", status, told=told, back=back,
            typed=request.form.get("name", "")[:60], provider=self._settings.oidc_name if self._provider else None,
        )  # fmt: skip

    def signing_in(self) -> Response:
        """Take a name and a password; a new session begins with the sign-in."""
        text = language().text
        name, password = request.form.get("name", "")[:60], request.form.get("password", "")
        try:
            account = checked(self._accounts, name, password, self._address())
        except TooManyAttempts:
            self._accounts.record(self._known(name), "sign_in", "too_many")
            return self.sign_in(text(TOO_MANY), 429)
        if account is None:
            self._accounts.record(self._known(name), "sign_in", "refused")
            return self.sign_in(text("El nombre o la contraseña no son correctos."), 401)
        return self._let_in(account, safe_return(request.form.get("siguiente"), here()))

    def sign_in_elsewhere(self) -> Response:
        """Send the browser to the identity provider, and remember in its session what the answer must fit."""
        provider, back = self._provider_or_404(), safe_return(request.args.get("siguiente"), here())
        try:
            address, expected = provider.begin()
        except ProviderError as error:
            self._accounts.record(NOBODY, "sign_in", "failed", detail={"by": "oidc", "reason": error.reason})
            return self.sign_in(language().text("El servicio de identidad no responde."), 502)
        session.clear()
        session[WAITING] = {**expected, "back": back}
        return to(address)

    def back_from_elsewhere(self) -> Response:
        """Take the identity provider's answer. It is looked at once: what it must fit is forgotten first."""
        provider, text = self._provider_or_404(), language().text
        expected = session.pop(WAITING, {})
        address = f"address:{self._address()}"
        try:
            check_attempts(self._accounts, address=address)
            identity = provider.answered(request.args.to_dict(), expected)
        except TooManyAttempts:
            self._accounts.record(NOBODY, "sign_in", "too_many", detail={"by": "oidc"})
            return self.sign_in(text(TOO_MANY), 429)
        except ProviderError as error:
            self._accounts.failed(address)
            self._accounts.record(NOBODY, "sign_in", "refused", detail={"by": "oidc", "reason": error.reason})
            return self.sign_in(text("La respuesta del servicio de identidad no es válida. Vuelva a intentarlo."), 401)
        account = self._accounts.by_identity(identity.issuer, identity.subject)
        if account is None or account.is_disabled:
            return self._unknown(identity)
        return self._let_in(account, safe_return(expected.get("back"), here()), by="oidc")

    def sign_out(self) -> Response:
        """End all sessions of the account."""
        name = signed_in().name
        self._accounts.end_sessions(name)
        logout_user()
        session.clear()
        self._accounts.record(name, "sign_out", "done")
        return to(here("/entrar"))

    def _let_in(self, account: Account, back: str, by: str | None = None) -> Response:
        session.clear()
        session.permanent = True
        login_user(SignedIn(account))
        self._accounts.record(account.name, "sign_in", "done", detail={"by": by} if by else None)
        return to(back)

    def _unknown(self, identity: Identity) -> Response:
        """Nobody registers here: who has no account is told what to give to whoever keeps them."""
        reason = {"by": "oidc", "reason": "no_account", "subject": identity.subject[:200]}
        self._accounts.record(NOBODY, "sign_in", "refused", detail=reason)
        told = language().text(
            "Su identidad no está ligada a ninguna cuenta abierta. Dé este identificador a quien administra el sitio: {id}",
            id=identity.subject,
        )
        return self.sign_in(told, 403)

    def _known(self, name: str) -> str:
        """The name for the log: of an account only, for people type passwords where names belong."""
        return name if self._accounts.by_name(name) is not None else NOBODY

    def _address(self) -> str:
        return caller(request.environ, self._settings.trusted_proxies)

    def _provider_or_404(self) -> Provider:
        if self._provider is None:
            abort(404)
        return self._provider
