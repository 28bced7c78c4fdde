"""How the pages about sources say things: ages, dates, ways, what became of rows, and the list of what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.indicators.freshness import Freshness
from data.queries.findings import SEVERITIES
from data.queries.sources import Rows, SourceAtAGlance
from data.schema import label
from layouts.components.island import Children
from layouts.components.texts import no_data
from layouts.i18n import N_, Locale

DAYS_OF_MONTH, DAYS_OF_YEAR = 30.44, 365.25
OUTCOMES = {
    "new": N_("copia nueva"),
    "same": N_("igual a la copia que ya se tenía"),
    "not_modified": N_("sin cambios, según el sitio"),
    "used": N_("se leyó la copia guardada"),
    "older": N_("lo archivado no es más reciente que la copia guardada"),
    "absent": N_("no hay copia"),
    "failed": N_("falló"),
}


def age(days: int, locale: Locale) -> str:
    """An age in the unit that people would use: days up to two months, months up to two years, then years."""
    if days < 2 * DAYS_OF_MONTH:
        return locale.plural("{n} día", "{n} días", days)
    if days < 2 * DAYS_OF_YEAR:
        return locale.plural("{n} mes", "{n} meses", round(days / DAYS_OF_MONTH))
    return locale.text("{n} años", n=locale.number(days / DAYS_OF_YEAR, 1))


def via_words(source: SourceAtAGlance, locale: Locale) -> str:
    """By which ways the copies of a source came; says so when this release's run found them to be what is published."""
    ways = ", ".join(label("via", via, locale.code) for via in source.vias)
    if not ways:
        return locale.text("sin dato")
    return locale.text("{ways}; confirmada en línea", ways=ways) if source.confirmed else ways


def cadence_standing(found: Freshness, locale: Locale) -> str:
    """Whether a copy is in time for the cadence of its source."""
    _ = locale.text
    return {
        "on_time": _("a tiempo"),
        "overdue": _("vencida"),
        "no_deadline": _("sin plazo"),
        "ended": _("ya no se renueva"),
    }[found.standing]


def fate_words(rows: Rows, locale: Locale) -> str:
    """What became of rows: ``7,657 cargadas, 1,280 fuera por regla declarada, ninguna rechazada``."""
    _ = locale.text
    if rows.read == rows.loaded:
        return _("todas cargadas")
    fates = [locale.plural("{n} cargada", "{n} cargadas", rows.loaded)]
    if rows.ignored:
        fates.append(locale.plural("{n} fuera por regla declarada", "{n} fuera por regla declarada", rows.ignored))
    fates.append(
        locale.plural("{n} rechazada", "{n} rechazadas", rows.rejected) if rows.rejected else _("ninguna rechazada")
    )
    return ", ".join(fates)


def read_words(rows: Rows, locale: Locale) -> str:
    """``8,937 filas leídas``."""
    return locale.plural("{n} fila leída", "{n} filas leídas", rows.read)


def finding_words(counts: Mapping[str, int], locale: Locale) -> str:
    """``2 advertencias, 1 aviso``; "ninguno" where there is none."""
    written = {
        "error": lambda count: locale.plural("{n} error", "{n} errores", count),
        "warning": lambda count: locale.plural("{n} advertencia", "{n} advertencias", count),
        "notice": lambda count: locale.plural("{n} aviso", "{n} avisos", count),
    }
    said = [written[severity](counts[severity]) for severity in SEVERITIES if counts.get(severity)]
    return ", ".join(said) or locale.text("ninguno")


def size(count: int, locale: Locale) -> str:
    """A size in bytes as people say it: kB and MB of thousands."""
    if count < 1_000_000:
        return f"{locale.number(count / 1000, 1)} kB"
    return f"{locale.number(count / 1_000_000, 1)} MB"


def record(entries: Sequence[tuple[str, Children]], locale: Locale) -> Component:
    """What is known of something, as names and values; None is "sin dato"."""
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(no_data(locale) if value is None else value)]) for name, value in entries],
        className="record",
    )
