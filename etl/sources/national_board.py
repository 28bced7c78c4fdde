"""Reads the national board of plan 4: commitments, actions and activities, as the board's GraphQL interface gives them.

Status: ``metadatos.estatus`` where there is one. An activity whose ``metadatos`` carry none keeps an empty status,
because a draft that says nothing is not a report of "not started"; the rule of progress then counts it as not started.

Warnings: ``warning`` holds the gravest thing to know of a row (text of another record before impossible dates before
cloned dates), ``date_warning`` what is wrong with its dates, whatever else is wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from etl.sources.national_board_links import BoardLinks
from etl.sources.reading import Row, RowError, Source, SourceError

FILE = "board.json"
CHILDREN = {"compromisos": "acciones", "acciones": "actividades"}
NAMES = {"compromisos": "commitment", "acciones": "action", "actividades": "activity"}

Record = tuple[str, dict[str, Any]]


def parse(source: Source) -> None:
    """Read every commitment, action and activity of the board; each is one record of the source.

    Raises ``SourceError`` for another shape than ``data.plan[].compromisos[].acciones[].actividades[]``.
    """
    board = Board(source, _plans(source))
    source.each_record(FILE, board.records["compromisos"], board.commitment)
    source.each_record(FILE, board.records["acciones"], board.action)
    source.each_record(FILE, board.records["actividades"], board.activity)
    board.tell()


class Board:
    """The board while it is read: its records by level, and which of them were loaded."""

    def __init__(self, source: Source, plans: list[dict[str, Any]]) -> None:
        try:
            self.links = BoardLinks.model_validate(source.spec.links)
        except ValidationError as error:
            raise SourceError(f"{source.source_id}.yml, links: {error}") from error
        self.source = source
        self.url = source.copy(FILE).url
        self.records: dict[str, list[Record]] = {"compromisos": [], "acciones": [], "actividades": []}
        self.loaded: set[str] = set()
        self.titles: dict[str, dict[str, set[str]]] = {}
        self.statuses = 0
        self.copied: Counter[tuple[str, str, str]] = Counter()
        self.cloned_dates: Counter[tuple[str, str]] = Counter()
        for number, plan in enumerate(plans, 1):
            self._collect("compromisos", plan, f"plan {number}", None)

    def _collect(self, level: str, parent: dict[str, Any], where: str, commitment: str | None) -> None:
        """Flatten a level into records that know their parent's id, and note the titles each commitment has."""
        for number, record in enumerate(self._children(level, parent, where), 1):
            position = f"{where}, {NAMES[level]} {number}".removeprefix("plan 1, ")
            below = CHILDREN.get(level)
            own = str(record.get("id")) if level == "compromisos" else str(commitment)
            fields = {key: value for key, value in record.items() if key != below}
            self.records[level].append((position, {**fields, "(parent)": str(parent.get("id")), "(commitment)": own}))
            if level != "compromisos" and isinstance(title := record.get("titulo"), str) and title.strip():
                self.titles.setdefault(own, {}).setdefault(level, set()).add(title.strip())
            if below:
                self._collect(below, record, position, own)

    def _children(self, level: str, parent: dict[str, Any], where: str) -> Iterator[dict[str, Any]]:
        children = parent.get(level)
        if not isinstance(children, list) or not all(isinstance(child, dict) for child in children):
            old = " (it has `hitos`: the board's shape until June 2020)" if "hitos" in parent else ""
            raise SourceError(
                f"{self.source.source_id}/{FILE}, {where}: no list `{level}`{old}; expected "
                "data.plan[].compromisos[].acciones[].actividades[]: ask for it with the query in national_board.yml"
            )
        yield from children

    def commitment(self, row: Row) -> None:
        """A commitment of the board, under the OGP id declared for it."""
        _forget(row, "metadatos")
        uuid = str(_words(row, "id", required=True))
        row.skip("(parent)", "(commitment)", "orden", "slug")
        plan_id = self.links.plans.get(row.values["(parent)"])
        identity = self.links.commitments.get(uuid)
        if plan_id is None or identity is None:
            raise RowError(
                f"column id: read {uuid!r} in plan {row.values['(parent)']!r}; a record declared in links.plans and "
                "links.commitments of national_board.yml would be right: match it by topic and add it there"
            )
        origin, warning = self._wholly_copied(uuid)
        row.add(
            "commitments", commitment_id=identity, ogp_id=identity, plan_id=plan_id, country_code="MX",
            scope="national", title_board=_words(row, "titulo"), source_url=self.url, warning=warning,
        )  # fmt: skip
        row.add("commitment_ids", commitment_id=identity, register="board4", register_id=uuid, basis="matched_by_topic")
        if origin is not None:
            row.add(
                "commitment_links", commitment_id=identity, other_commitment_id=origin, link="copied_from", note=None
            )
        self.loaded.add(uuid)

    def action(self, row: Row) -> None:
        """An action (milestone) of a commitment."""
        _forget(row, "metadatos")
        uuid, commitment = self._place(row)
        title = _words(row, "titulo")
        dates = {**row.dated("starts", "fecha_inicial"), **row.dated("ends", "fecha_final")}
        placeholder = self.links.is_placeholder("actions", title)
        row.add(
            "actions", action_id=uuid, commitment_id=self.links.commitments[commitment],
            position=row.integer("orden"), title=title, weight=row.number("ponderacion"), **dates,
            responsible=None, is_placeholder=placeholder, source_url=self.url,
            **self._warnings(commitment, "acciones", None if placeholder else title, dates),
        )  # fmt: skip
        self.loaded.add(uuid)

    def activity(self, row: Row) -> None:
        """An activity of an action."""
        status = self._status(row)
        uuid, commitment = self._place(row)
        title = _words(row, "titulo")
        dates = {**row.dated("starts", "fecha_inicial"), **row.dated("ends", "fecha_final")}
        placeholder = self.links.is_placeholder("activities", title)
        row.add(
            "activities", activity_id=uuid, action_id=row.values["(parent)"], position=row.integer("orden"),
            title=title, **dates, deadline_in_text_on=None, deadline_in_text_precision=None, status=status,
            evidence_url=None, is_placeholder=placeholder, source_url=self.url,
            **self._warnings(commitment, "actividades", None if placeholder else title, dates),
        )  # fmt: skip
        self.statuses += status is not None

    def _place(self, row: Row) -> tuple[str, str]:
        """The ids of a record and of its commitment; refused where the record it belongs to was."""
        uuid = str(_words(row, "id", required=True))
        row.skip("(parent)", "(commitment)")
        parent = row.values["(parent)"]
        if parent not in self.loaded:
            raise RowError(f"column id: belongs to {parent!r}, which could not be loaded; mend that record first")
        return uuid, row.values["(commitment)"]

    def _status(self, row: Row) -> str | None:
        metadata = row.value("metadatos") or {}
        row.drop("metadatos")
        if not isinstance(metadata, dict):
            raise RowError("column metadatos: neither an object nor empty; an object such as {} would be right")
        estatus = metadata.get("estatus")
        return None if estatus in (None, "") else self.source.look_up("status", str(estatus), "metadatos.estatus")

    def _warnings(
        self, commitment: str, level: str, title: str | None, dates: dict[str, str | None]
    ) -> dict[str, str | None]:
        text = self._copied_text(commitment, level, title)
        about_dates = self._date_warning(commitment, dates["starts_on"], dates["ends_on"])
        return {"warning": text or about_dates, "date_warning": about_dates}

    def _copied_text(self, commitment: str, level: str, title: str | None) -> str | None:
        for entry in self.links.copied_texts:
            titles = self.titles.get(entry.origin, {}).get(level, set())
            if commitment in entry.copies and title is not None and (title in titles or title in entry.also):
                self.copied[(commitment, entry.origin, entry.warning)] += 1
                return entry.warning
        return None

    def _date_warning(self, commitment: str, starts: str | None, ends: str | None) -> str | None:
        if starts is None or ends is None:
            return None
        if ends < starts[: len(ends)]:
            return "ends_before_start"
        for entry in self.links.cloned_dates:
            if commitment != entry.origin and (starts, ends) in entry.pairs:
                self.cloned_dates[(commitment, entry.origin)] += 1
                return "template_dates"
        return None

    def _wholly_copied(self, commitment: str) -> tuple[str | None, str | None]:
        """The commitment that all titled actions of this one were copied from, and the warning that goes with it."""
        titles = self.titles.get(commitment, {}).get("acciones", set())
        real = {title for title in titles if not self.links.is_placeholder("actions", title)}
        for entry in self.links.copied_texts:
            known = self.titles.get(entry.origin, {}).get("acciones", set()) | set(entry.also)
            if commitment in entry.copies and real and real <= known:
                return self.links.commitments.get(entry.origin), entry.warning
        return None, None

    def tell(self) -> None:
        """Say what the reader of the board should know: missing statuses, copied texts and cloned dates."""
        if not self.statuses:
            self.source.found(
                "warning", "board_without_status",
                "Ninguna actividad del tablero trae estado: es un borrador y no dice qué se cumplió.",
                "No activity of the board carries a status: it is a draft and does not say what was achieved.",
                table_name="activities",
            )  # fmt: skip
        for (commitment, origin, warning), count in sorted(self.copied.items()):
            copy, original = self.links.commitments[commitment], self.links.commitments[origin]
            self.source.found(
                "warning", warning,
                f"El registro de {copy} en el tablero repite el texto de {original} en {count} {'acción o actividad' if count == 1 else 'acciones y actividades'}.",
                f"The record of {copy} on the board repeats the text of {original} in {count} {'action or activity' if count == 1 else 'actions and activities'}.",
                table_name="commitments", row_key=copy,
            )  # fmt: skip
        for (commitment, origin), count in sorted(self.cloned_dates.items()):
            copy, original = self.links.commitments[commitment], self.links.commitments[origin]
            self.source.found(
                "notice", "template_dates",
                f"El registro de {copy} en el tablero repite las fechas de {original} en {count} {'periodo' if count == 1 else 'periodos'} de inicio y fin.",
                f"The record of {copy} on the board repeats the dates of {original} in {count} {'period' if count == 1 else 'periods'} from start to end.",
                table_name="commitments", row_key=copy,
            )  # fmt: skip


def _plans(source: Source) -> list[dict[str, Any]]:
    """The plans of the answer; ``SourceError`` for an answer that reports errors or has another shape."""
    answer = source.json(FILE)
    if isinstance(answer, dict) and answer.get("errors"):
        raise SourceError(f"{source.source_id}/{FILE}: the board answered with errors: {str(answer['errors'])[:200]}")
    data = answer.get("data") if isinstance(answer, dict) else None
    plans = data.get("plan") if isinstance(data, dict) else None
    if not isinstance(plans, list) or not all(isinstance(plan, dict) for plan in plans):
        raise SourceError(
            f"{source.source_id}/{FILE}: no list data.plan; ask for it with the query in {source.source_id}.yml"
        )
    return plans


def _words(row: Row, column: str, *, required: bool = False) -> str | None:
    """The text of a JSON field; the row is rejected where it is another type, or text that no database can hold."""
    value = row.value(column)
    if value is not None and not isinstance(value, str):
        raise RowError(f"column {column}: read {type(value).__name__}; a text would be right")
    if value and re.search("[\x00\ud800-\udfff]", value):
        raise RowError(f"column {column}: holds a broken character; a text in UTF-8 would be right")
    return row.text(column, required=required)


def _forget(row: Row, column: str) -> None:
    """Consume and blank a field that is not read and may name people; the documented query does not ask for all."""
    if column in row.values:
        row.drop(column)
