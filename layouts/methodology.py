"""``/metodologia``: how the figures are made."""

from __future__ import annotations

from dash import html

from layouts.components.texts import note
from layouts.i18n import N_
from layouts.page import Page, PageView, Visit


def show(visit: Visit) -> PageView:
    """The method page."""
    _ = visit.locale.text
    rules = [
        (
            _("«Sin dato» es un valor"),
            _("Nunca es cero y nunca se esconde; cada proporción dice su denominador y su fecha."),
        ),
        (
            _("Lo reportado no es lo verificado"),
            _(
                "Lo que dice una institución, lo que verificó el tablero y lo que encontró la revisión independiente son tres columnas distintas."
            ),
        ),
        (_("Nada se pierde"), _("Filas leídas = filas cargadas + rechazadas + ignoradas, por fuente y por corrida.")),
    ]
    content = html.Section(
        [
            html.H2(_("Tres reglas")),
            html.Dl([html.Div([html.Dt(name), html.Dd(rule)]) for name, rule in rules], className="rules"),
        ],
        className="view",
    )
    return PageView(
        title=_("Metodología"),
        kicker=_("Metodología"),
        sentence=_("Cada número se puede rehacer: aquí está cómo."),
        text=_("Qué mide cada indicador, con qué fórmula y dónde están sus límites."),
        content=[content, note(_("Ausencia de evidencia no es evidencia de ausencia."))],
    )


PAGES = (Page("/metodologia", show, nav=N_("Metodología"), order=90),)
