"""How a source's rows are read: each is consumed, audited and ends as loaded, rejected or declared ignored.

A parser hands every row of a file to a reader function. The reader takes the columns it knows out of the row and says
which table rows follow from it. Nothing is committed until the reader returns, so a row is loaded whole or not at all,
and ``read = loaded + rejected + ignored`` holds by construction.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from etl.snapshots import Copy
from etl.sources.row import PartialDate, Row, RowError
from etl.sources.spec import SourceError, SourceSpec
from etl.table_rows import TableRows

__all__ = ["FileCount", "Found", "PartialDate", "Reader", "Rejected", "Row", "RowError", "Source", "SourceError"]

LONGEST_CELL = 100_000
_FORMULA = re.compile(r"^=|^[+@-]\s*[A-Za-z_]+\(|^@[A-Z]")


@dataclass(frozen=True)
class Found:
    """Something a parser noticed. ``sides`` quotes the sources that contradict each other, if any do."""

    severity: str
    check_id: str
    message_es: str
    message_en: str
    table_name: str | None = None
    row_key: str | None = None
    state_code: str | None = None
    sides: tuple[tuple[str | None, str, str | None, str | None], ...] = ()


@dataclass(frozen=True)
class Rejected:
    """A source row that could not be loaded. ``raw`` holds the row as read, personal data blanked."""

    source_id: str
    file: str
    position: str
    reason: str
    raw: Mapping[str, Any]


@dataclass
class FileCount:
    """How many rows of a file ended in which way."""

    read: int = 0
    loaded: int = 0
    rejected: int = 0
    ignored: int = 0


Reader = Callable[[Row], None]


@dataclass
class Source:
    """A source while it is parsed: its copies, its lookups, and what came of its rows. ``earlier`` are readings of older
    copies, oldest first, for their history: their rows are in no table."""

    spec: SourceSpec
    copies: Mapping[str, Copy]
    states: Mapping[str, str]
    actor_names: dict[str, str] = field(default_factory=dict)
    tables: dict[str, TableRows] = field(default_factory=dict)
    counts: dict[str, FileCount] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
    ignored: dict[tuple[str, str], int] = field(default_factory=dict)
    earlier: list[Source] = field(default_factory=list)
    _unread: set[tuple[str, str]] = field(default_factory=set)
    _corrected: set[int] = field(default_factory=set)

    @property
    def source_id(self) -> str:
        """The id of the source."""
        return self.spec.source_id

    def has(self, file: str) -> bool:
        """Whether a copy of the file is at hand."""
        return file in self.copies

    def copy(self, file: str) -> Copy:
        """The copy of a file; ``SourceError`` when there is none."""
        if file not in self.copies:
            raise SourceError(
                f"{self.source_id}: no copy of {file}; run `python -m etl run` online or put one in data/snapshots"
            )
        return self.copies[file]

    def each(self, file: str, reader: Reader, *, header_line: int = 1, columns: Iterable[str] = ()) -> None:
        """Hand every row of a CSV file to ``reader``. ``columns`` are those the file must have, else it is refused."""
        if file not in self.copies and not self.spec.file(file).required:
            return
        header, rows = self.csv(file, header_line)
        self.need_columns(file, header, columns)
        self.each_record(file, rows, reader)

    def need_columns(self, file: str, header: Iterable[str], columns: Iterable[str]) -> None:
        """Raise ``SourceError``, which names them, where the header of a file lacks columns."""
        missing = sorted(set(columns) - set(header))
        if missing:
            raise SourceError(
                f"{self._place(file)}: unknown header, missing {', '.join(missing)}; compare it with {self.source_id}.yml"
            )

    def csv(self, file: str, header_line: int = 1) -> tuple[list[str], Iterator[tuple[str, dict[str, Any]]]]:
        """The header of a CSV file and its rows as ``(position, {column: text})``; position is ``line N``.

        Raises ``SourceError`` naming file, line and remedy for an encoding that is not the declared one, a NUL byte, a cell
        longer than ``LONGEST_CELL``, a formula cell, or a row with more or fewer cells than the header.
        """
        text = self.content(file)
        if "\x00" in text:
            line = text.count("\n", 0, text.index("\x00")) + 1
            raise SourceError(
                f"{self._place(file)}, line {line}: a NUL byte; the file is damaged or not a CSV: fetch it again"
            )
        csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            for _ in range(header_line - 1):
                next(reader)
            header = [name.strip() for name in next(reader)]
        except (StopIteration, csv.Error):
            raise SourceError(
                f"{self._place(file)}: no header on line {header_line}; the file is empty or cut: fetch it again"
            ) from None
        names = [name or f"(column {number})" for number, name in enumerate(header, 1)]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise SourceError(
                f"{self._place(file)}, line {header_line}: column {', '.join(doubled)} stands twice; rename one"
            )
        return names, self._csv_rows(file, reader, names)

    def _csv_rows(self, file: str, reader: Any, names: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise SourceError(
                    f"{self._place(file)}, line {line}: {error}; check the quotes around its cells"
                ) from error
            if not cells:
                continue
            if len(cells) != len(names):
                raise SourceError(
                    f"{self._place(file)}, line {line}: {len(cells)} cells under {len(names)} headings; "
                    "a comma or quote is missing, or the file was cut: fetch it again"
                )
            for name, cell in zip(names, cells, strict=True):
                self._check_cell(file, line, name, cell)
            yield f"line {line}", dict(zip(names, cells, strict=True))

    def _check_cell(self, file: str, line: int, name: str, cell: str) -> None:
        if len(cell) > LONGEST_CELL:
            raise SourceError(
                f"{self._place(file)}, line {line}, column {name}: a cell of {len(cell):,} characters; "
                f"at most {LONGEST_CELL:,} are read: check for a missing quote"
            )
        if cell and cell[0] in "=+-@" and _FORMULA.match(cell):
            raise SourceError(
                f"{self._place(file)}, line {line}, column {name}: {cell[:40]!r} looks like a spreadsheet formula; "
                "publish its value instead"
            )

    def content(self, file: str) -> str:
        """The text of a file in its declared encoding, without a byte-order mark. Raises ``SourceError`` for another."""
        encoding = self.spec.file(file).encoding
        data = self.copy(file).path.read_bytes()
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise SourceError(
                f"{self._place(file)}, line {line}: byte {data[error.start]:#04x} is not {encoding}; "
                f"save the whole file as {encoding}, or declare its `encoding` in {self.source_id}.yml"
            ) from error

    def json(self, file: str) -> Any:
        """The parsed JSON of a file; ``SourceError`` with line and column when it is none."""
        try:
            return json.loads(self.content(file))
        except json.JSONDecodeError as error:
            raise SourceError(
                f"{self._place(file)}, line {error.lineno}, column {error.colno}: not JSON ({error.msg}); fetch it again"
            ) from error
        except (RecursionError, ValueError) as error:
            raise SourceError(
                f"{self._place(file)}: JSON nested too deeply, or with a number too long, to be this source; fetch it again"
            ) from error

    def each_record(self, file: str, records: Iterable[tuple[str, dict[str, Any]]], reader: Reader) -> None:
        """Hand every record to ``reader`` and keep what follows from it. ``records`` gives ``(position, values)``."""
        count = self.counts.setdefault(file, FileCount())
        for position, values in records:
            count.read += 1
            self._read(Row(self, file, position, self._correct(file, values)), reader, count)

    def _read(self, row: Row, reader: Reader, count: FileCount) -> None:
        try:
            reader(row)
            if not row.tables and row.ignored is None:
                raise RowError("nothing could be made of this row")
        except RowError as error:
            count.rejected += 1
            self.rejected.append(Rejected(self.source_id, row.file, row.position, str(error), row.raw()))
            return
        self._report_unread(row)
        if row.ignored is not None:
            count.ignored += 1
            key = (row.file, row.ignored)
            self.ignored[key] = self.ignored.get(key, 0) + 1
            return
        count.loaded += 1
        origin = {
            "source_id": self.source_id,
            "snapshot_id": self.copies[row.file].snapshot_id,
            "source_position": row.position,
        }
        for table, columns in row.tables:
            self.tables.setdefault(table, TableRows()).append(columns | origin)

    def _report_unread(self, row: Row) -> None:
        for column in sorted(row.unread()):
            if (row.file, column) not in self._unread:
                self._unread.add((row.file, column))
                self.found(
                    "warning",
                    "unread_column",
                    f"La columna «{column}» de {self.source_id}/{row.file} es nueva y nadie la lee.",
                    f"Column “{column}” of {self.source_id}/{row.file} is new and nothing reads it.",
                )

    def _correct(self, file: str, values: dict[str, Any]) -> dict[str, Any]:
        for number, correction in enumerate(self.spec.corrections):
            if correction.file != file or any(values.get(k) != v for k, v in correction.match.items()):
                continue
            read = values.get(correction.column)
            if read != correction.expect:
                raise SourceError(
                    f"{self.source_id}.yml, correction {number + 1} of {file}: expected {correction.expect!r} in "
                    f"{correction.column}, read {read!r}; the source changed: check it and remove or renew the correction"
                )
            self._corrected.add(number)
            values = {**values, correction.column: correction.value}
        return values

    def finish(self) -> None:
        """Check that every declared correction met its row; ``SourceError`` for one that no longer does."""
        for number, correction in enumerate(self.spec.corrections):
            if number not in self._corrected and correction.file in self.copies:
                raise SourceError(
                    f"{self.source_id}.yml, correction {number + 1} of {correction.file}: no row matches {correction.match}; "
                    "the source changed: remove or renew the correction"
                )

    def refuse(self, reasons: Mapping[tuple[str, str], str]) -> None:
        """Count loaded rows as rejected after all, because what they gave failed a check of its table.

        ``reasons`` is keyed by ``(snapshot_id, position)``. The raw text is long gone by then: what is kept is what the
        parser had made of the row, by table.
        """
        if not reasons:
            return
        made: dict[tuple[str, str], dict[str, Any]] = {key: {} for key in reasons}
        for table, rows in self.tables.items():
            for row in rows:
                key = row["snapshot_id"], row["source_position"]
                if key in made:
                    made[key].setdefault(table, []).append(row)
        files = {copy.snapshot_id: copy.file for copy in self.copies.values()}
        for (snapshot_id, position), reason in reasons.items():
            file = files[snapshot_id]
            self.counts[file].loaded -= 1
            self.counts[file].rejected += 1
            self.rejected.append(Rejected(self.source_id, file, position, reason, made[snapshot_id, position]))

    def look_up(self, lookup: str, text: str, column: str) -> str:
        """The code a YAML lookup gives for a text, as written or in small letters.

        Raises ``RowError`` for a text that it does not know, ``SourceError`` where the YAML has no such lookup.
        """
        table = self.spec.lookups.get(lookup)
        if table is None:
            raise SourceError(f"{self.source_id}.yml: no lookup {lookup!r}; there are {', '.join(self.spec.lookups)}")
        for form in (text, text.lower()):
            if form in table:
                return table[form]
        raise RowError(
            f"column {column}: read {text!r}; known are {', '.join(list(table)[:12])}: "
            f"correct it or add it to lookups.{lookup} in {self.source_id}.yml"
        )

    def state(self, text: str, column: str) -> str:
        """The code of a state from its code or any declared spelling of its name. Raises ``RowError`` for another."""
        code = self.states.get(text) or self.states.get(text.lower())
        if code is None:
            raise RowError(
                f"column {column}: read {text!r}; the name or two-digit code of one of the 32 states would be right: "
                "correct it or add the spelling to lookups.states in reference.yml"
            )
        return code

    def found(self, severity: str, check_id: str, es: str, en: str, **more: Any) -> None:
        """Note something the reader of the data should know; ``more`` are the further fields of ``Found``."""
        self.findings.append(Found(severity, check_id, es, en, **more))

    def _place(self, file: str) -> str:
        return str(self.copies[file].path) if file in self.copies else f"{self.source_id}/{file}"
