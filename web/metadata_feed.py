"""``/cambios.atom``: what the last release changed, row by row, whole or about a state, a plan or a commitment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, request

from data.cutoff import LACKED, lacks_something
from data.database import Database, ReleaseHandle
from data.queries.dataset_changes import CellChange, RowChange, row_changes
from data.queries.dataset_filters import Message, QueryError, require_clean
from data.queries.row_places import RowRef, commitment_places
from data.schema import TABLES, column_info, label, table_info
from layouts.changes import ABOUT
from layouts.i18n import locales
from layouts.row_links import row_path
from settings import Settings
from web.api_problems import language, problem
from web.api_request import CUTOFF, asked_release, described, not_modified, refuse

ATOM = "http://www.w3.org/2005/Atom"
PATH = "/cambios.atom"
ENTRIES = 100
MIMETYPE = "application/atom+xml"
TITLE = {"es": "Apertura: cambios", "en": "Apertura: changes"}
TOO_OLD = Message(
    "Esa versión de los datos es anterior a los canales por entidad, plan y compromiso.",
    "That release of the data is older than the feeds of states, plans and commitments.",
)
NOTHING = {"es": "sin dato", "en": "no data"}
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(settings: Settings, database: Database) -> Blueprint:
    """The routes."""
    routes = Blueprint("feed", __name__)
    refuse(routes)
    host = settings.public_url.rstrip("/")

    @routes.get(PATH)
    @routes.get(f"/en{PATH}")
    def atom() -> Response:
        handle, pinned = asked_release(database)
        about = _about()
        tag = f"{handle.release_id}-atom-{language()}-{quote(':'.join(about or ()))}"
        response = not_modified(tag, handle.built_at, pinned=pinned)
        if response is None:
            try:
                response = Response(_document(handle, host, about, language()), mimetype=MIMETYPE)
            except LACKED:
                if about is None or not lacks_something(handle):
                    raise
                return problem(404, TOO_OLD, parameter=CUTOFF)
        return described(response, tag, handle.built_at, pinned=pinned)

    return routes


def _about() -> tuple[str, str] | None:
    """What the feed is asked to be about: a kind of subject and its id. Raises QueryError."""
    given = [(name, text) for name, text in request.args.items(multi=True) if name != CUTOFF]
    for name, _ in given:
        if name not in ABOUT:
            raise QueryError(
                name[:80], Message("el canal no admite eso", "the feed does not take that"), [*ABOUT, CUTOFF]
            )
    if len(given) > 1:
        raise QueryError(given[1][0], Message("solo uno a la vez", "one at a time"), list(ABOUT))
    return next(((ABOUT[name], require_clean(name, text)) for name, text in given), None)


def _document(handle: ReleaseHandle, host: str, about: tuple[str, str] | None, said: str) -> bytes:
    locale = next(each for each in locales() if each.code == said)
    with handle.connect() as connection:
        rows = row_changes(connection, about, ENTRIES)
        places = commitment_places(connection, [RowRef(row.table_name, row.row_key) for row in rows])
    query = request.query_string.decode("ascii", "ignore")
    itself = f"{host}{request.path}{f'?{query}' if query else ''}"
    root = Element("feed", {"xmlns": ATOM, "xml:lang": locale.tag})
    _text(root, "id", itself)
    _text(root, "title", f"{TITLE[said]} · {about[1]}" if about else TITLE[said])
    _text(root, "updated", rows[0].changed_at if rows else handle.built_at.isoformat())
    SubElement(root, "link", {"rel": "self", "type": MIMETYPE, "href": itself})
    _link(root, f"{host}{locale.link('/cambios')}")
    SubElement(SubElement(root, "author"), "name").text = "Apertura"
    for row in rows:
        path = row_path(RowRef(row.table_name, row.row_key), places)
        page = locale.link(path) if path else locale.link("/cambios", version=row.release_id, tabla=row.table_name)
        _entry(root, row, host, page, said)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _link(parent: Element, address: str) -> None:
    SubElement(parent, "link", {"rel": "alternate", "type": "text/html", "href": address})


def _entry(root: Element, row: RowChange, host: str, page: str, said: str) -> None:
    table = TABLES.get(row.table_name)
    name = table_info(table)["label"][said] if table is not None else row.table_name
    entry = SubElement(root, "entry")
    _text(entry, "id", f"{host}/cambios#{row.release_id}/{row.table_name}/{quote(row.row_key)}")
    _text(entry, "title", f"{name}, {row.row_key}: {label('change_kind', row.kind, said)}")
    _text(entry, "updated", row.changed_at)
    _link(entry, f"{host}{page}")
    if row.kind != "removed":
        data = f"{host}/api/v1/{row.table_name}/{quote(row.row_key, safe='')}"
        SubElement(entry, "link", {"rel": "related", "type": "application/json", "href": data})
    _text(entry, "content", "\n".join(_sentences(row, said)))


def _sentences(row: RowChange, said: str) -> Iterable[str]:
    for cell in row.cells:
        if cell.column:
            yield f"{_column(row.table_name, cell, said)}: {_value(cell.old, said)} → {_value(cell.new, said)}"


def _column(table_name: str, cell: CellChange, said: str) -> str:
    table = TABLES.get(table_name)
    if table is None or cell.column not in table.columns:
        return cell.column
    return column_info(table.c[cell.column])["label"][said]


def _value(value: str | None, said: str) -> str:
    return NOTHING[said] if value is None else f"«{value}»"


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _UNWRITABLE.sub("\ufffd", text)
