"""What a download says of itself besides its rows: dataset, release, query, columns, sources, and whether it is whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.database import ReleaseHandle
from data.queries.dataset_sources import SourceUsed, sources_of
from data.queries.datasets import DatasetQuery, count, in_batches
from data.schema import VOCABULARIES, column_info, table_info

Batches = Iterator[Sequence[Any]]
LONGEST_SLUG = 60


@dataclass(frozen=True)
class ColumnSaid:
    """A column as files describe it, in one language."""

    name: str
    kind: str
    label: str
    description: str
    unit: str | None
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Extract:
    """An answer to be written to a file: from which release, to which query, in which language (``es`` or ``en``)."""

    handle: ReleaseHandle
    query: DatasetQuery
    language: str

    @property
    def dataset(self) -> str:
        """The name of the dataset."""
        return self.query.table.name

    @property
    def release_id(self) -> str:
        """The release that answers."""
        return self.handle.release_id

    @property
    def built_at(self) -> datetime:
        """When that release was built."""
        return self.handle.built_at

    @property
    def title(self) -> str:
        """What the dataset is called."""
        return table_info(self.query.table)["label"][self.language]

    def columns(self) -> list[ColumnSaid]:
        """The columns of the rows, in their order."""
        return [column_said(self.query.table.c[name], self.language) for name in self.query.columns]

    def total(self) -> int | None:
        """How many rows pass the filters, if the query may leave some out."""
        if self.query.limit is None and self.query.place is None:
            return None
        with self.handle.connect() as connection:
            return count(connection, self.query)

    def sources(self) -> list[SourceUsed]:
        """Where the rows come from."""
        with self.handle.connect() as connection:
            return sources_of(connection, self.query)

    def batches(self) -> Batches:
        """The rows, some at a time, never all in memory. The connection is held until the end."""
        with self.handle.connect() as connection:
            yield from in_batches(connection, self.query)

    def etag(self, form: str) -> str:
        """What changes when the bytes of the answer in ``form`` may: release, query, language."""
        asked = f"{self.dataset}?{self.query.canonical()}#{form}.{self.language}"
        return f"{self.release_id}-{hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()}"

    def file_name(self, suffix: str) -> str:
        """``apertura_states_state_code-09_20261123T101500Z-1a2b3c4d.csv``: dataset, filters, cut, release."""
        first = {"es": "primeras", "en": "first"}[self.language]
        parts = ["apertura", self.dataset]
        if self.query.conditions:
            parts.append(
                _slug("_".join(f"{name}-{text}" for one in self.query.conditions for name, text in one.pairs()))
            )
        if self.query.limit is not None:
            parts.append(f"{first}-{self.query.limit}")
        return f"{'_'.join([*parts, self.release_id])}.{suffix}"


def column_said(column: Any, language: str) -> ColumnSaid:
    """A declared column in one language, with the values and labels of its vocabulary."""
    info = column_info(column)
    place = 0 if language == "es" else 1
    values = VOCABULARIES[info["enum"]].items() if info["enum"] else ()
    return ColumnSaid(
        str(column.name),
        info["kind"],
        info["label"][language],
        info["description"][language],
        info["unit"],
        tuple((code, labels[place]) for code, labels in values),
    )


def _slug(text: str) -> str:
    """Filters as part of a file name; where they do not fit, their beginning and a hash."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-.")
    if plain == text and len(plain) <= LONGEST_SLUG:
        return plain
    digest = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
    return f"{plain[:LONGEST_SLUG].strip('-.')}-{digest}"
