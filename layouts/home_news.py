"""What changed lately, for the front page: the newest release that changed a fact, told in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from data.queries.changes import NO_CHANGES
from data.queries.home import News
from data.queries.row_places import RowRef
from layouts.change_words import change_words, counts_words
from layouts.page import Visit
from layouts.row_links import row_link, table_label

MOST = 5


def news_section(visit: Visit, brought: News | None, commitments: Mapping[str, str], published: int) -> Component:
    """The section; not a view, since it is about the data and not about the country. `commitments` as `row_link`."""
    locale, _ = visit.locale, visit.locale.text
    more = html.P(html.A(_("Todos los cambios entre versiones"), href=locale.link("/cambios")))
    if brought is None:
        date = locale.date(visit.release.built_at)
        said = (
            _("Esta es la primera versión publicada, del {date}: aún no hay con qué compararla.", date=date)
            if published <= 1
            else _("Desde la primera versión no ha cambiado ningún dato; la última es del {date}.", date=date)
        )
        return html.Section([html.H2(_("Qué cambió")), html.P(said), more], className="view", id="cambios")
    heading = _(
        "Qué cambió el {date}: {counts}",
        date=locale.date(brought.changed_at),
        counts=counts_words(sum(brought.tables, NO_CHANGES), locale),
    )
    rows = groupby(brought.first, key=lambda change: RowRef(change.table_name, change.row_key))
    items = [
        html.Li(
            [
                html.P(
                    [table_label(row.table_name, locale), " · ", row_link(row, commitments, locale)], className="about"
                ),
                *(html.P(change_words(change, locale)) for change in told),
            ]
        )
        for row, told in rows
    ]
    where = locale.link("/cambios", version=brought.release_id)
    more = html.P(html.A(_("Todos los cambios de esa versión"), href=where))
    return html.Section([html.H2(heading), html.Ul(items, className="findings"), more], className="view", id="cambios")
