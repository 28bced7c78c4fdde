"""Findings for readers: what was found, how grave it is, and what each side says, with the source of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from data.queries.findings import Finding, RejectedRow, Side
from data.queries.row_places import RowRef
from data.schema import label
from layouts.components.island import Node
from layouts.components.tables import Column, table
from layouts.i18n import Locale
from layouts.row_links import row_path, table_label

# How many of a long list are open to the eye.
UNFOLDED = 8


def finding_list(
    found: Sequence[Finding], commitments: Mapping[str, str], titles: Mapping[str, str], locale: Locale
) -> Component:
    """The findings as a list, a long one with its end folded away.

    `commitments` as `commitment_places` gives them, `titles` the names of sources by id.
    """
    items = [_finding(finding, commitments, titles, locale) for finding in found]
    first = html.Ul(items[:UNFOLDED], className="findings")
    if len(items) <= UNFOLDED + 1:
        return html.Ul(items, className="findings")
    words = locale.text("Ver los otros {n}", n=locale.number(len(items) - UNFOLDED))
    rest = html.Details([html.Summary(words), html.Ul(items[UNFOLDED:], className="findings")], className="rest")
    return html.Div([first, rest])


def rejected_table(rows: Sequence[RejectedRow], locale: Locale) -> Component:
    """Rejected rows, each with its place, its reason, and the row as it was read."""
    _ = locale.text
    columns = [Column(_("Archivo"), "row"), Column(_("Lugar")), Column(_("Motivo")), Column(_("La fila como se leyó"))]
    cells: list[list[Node]] = [
        [row.file, row.position, html.Span(row.reason, lang="en"), html.Code(row.raw)] for row in rows
    ]
    return table(_("Filas rechazadas"), columns, cells, locale, cards=True)


def _finding(finding: Finding, commitments: Mapping[str, str], titles: Mapping[str, str], locale: Locale) -> Component:
    said: list[Node] = [html.P(locale.pick(finding.message_es, finding.message_en))]
    if finding.sides:
        said.append(html.Ul([_side(side, titles, locale) for side in finding.sides], className="sides"))
    mark = html.Span(label("severity", finding.severity, locale.code), className=f"severity {finding.severity}")
    return html.Li([html.P([mark, *_about(finding, commitments, titles, locale)], className="about"), *said])


def _about(finding: Finding, commitments: Mapping[str, str], titles: Mapping[str, str], locale: Locale) -> list[Node]:
    """Which row of which table, or else which sources."""
    if finding.table_name is None or finding.row_key is None:
        names = [titles.get(source_id, source_id) for source_id in finding.source_ids]
        about = [*([table_label(finding.table_name, locale)] if finding.table_name else []), *names]
        return [" ", "; ".join(dict.fromkeys(about))]
    name = table_label(finding.table_name, locale)
    path = row_path(RowRef(finding.table_name, finding.row_key), commitments)
    key = html.A(finding.row_key, href=locale.link(path)) if path is not None else html.Code(finding.row_key)
    return [" ", name, " · ", key]


def _side(side: Side, titles: Mapping[str, str], locale: Locale) -> Component:
    name = titles.get(side.source_id or "", side.source_id or locale.text("sin fuente"))
    where: Node = html.A(name, href=side.source_url, rel="nofollow") if side.source_url else name
    said = locale.date(side.as_of) if side.as_of and side.as_of[:4].isdigit() else side.as_of
    dated = [f" ({said})"] if said else []
    return html.Li([html.Q(locale.pick(side.says_es, side.says_en)), " — ", where, *dated])
