"""The declaration of a state in words: whether it was signed, when, by whom, and what two lists of the time say of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.queries.state import Declaration
from layouts.i18n import N_, Locale

# Who signed, as the source counts them: "2 state government".
SIGNED_BY = {
    "state government": N_("{n} por el gobierno del estado"),
    "municipal government": N_("{n} por gobiernos municipales"),
    "civil society": N_("{n} por la sociedad civil"),
    "state powers": N_("{n} por los poderes del estado"),
}
# Those that are not counted.
ALONE = {
    "OGL": N_("el organismo garante"),
    "Governor": N_("la persona titular del gobierno del estado"),
    "state comptroller": N_("la contraloría del estado"),
    "mayor of Pátzcuaro": N_("la presidencia municipal de Pátzcuaro"),
}
_COUNTED = re.compile(r"(\d+) (.+)")


def declared(found: Declaration | None, locale: Locale) -> str:
    """One or two sentences; what is not known is said."""
    _ = locale.text
    if found is not None and found.has_evidence:
        said = _("Firmó la declaratoria de gobierno abierto; la fecha, sin dato.")
        if found.signed_on:
            said = _("Firmó la declaratoria de gobierno abierto: {date}.", date=locale.date(found.signed_on))
        return f"{said} {_signatories(found.signatories, locale)}".rstrip()
    if found is not None and found.listed_by_inai:
        return _("El INAI la contaba entre las entidades participantes; la fecha de la firma, sin dato.")
    if found is not None and found.unsigned_in_press:
        return _("En septiembre de 2017 la prensa la daba por no firmante; de después no hay dato.")
    return _("De la firma de la declaratoria no hay dato.")


def counted(found: Declaration | None, locale: Locale) -> str | None:
    """Whether the slides of 2022 count the state among those with an exercise; None where they do not say."""
    if found is None or found.counted_in_2022 is None:
        return None
    if found.counted_in_2022:
        return locale.text("Las láminas de mayo de 2022 la cuentan entre las entidades con ejercicio, sin decir cuál.")
    return locale.text("Las láminas de mayo de 2022 no la cuentan entre las entidades con ejercicio.")


def _signatories(names: Sequence[str], locale: Locale) -> str:
    """Who signed, as the source tells it; nothing where no source does."""
    if not names:
        return ""
    return locale.text("Firmaron: {names}.", names="; ".join(_signatory(name, locale) for name in names))


def _signatory(written: str, locale: Locale) -> str:
    counted = _COUNTED.fullmatch(written)
    if counted and counted[2] in SIGNED_BY:
        return locale.text(SIGNED_BY[counted[2]], n=counted[1])
    return locale.text(ALONE[written]) if written in ALONE else written
