"""Whether a release can be made again: built anew from the copies that it names, unpublished, and compared by hash.

A difference means one of two things. When the rules and the schema are those of the release, the same inputs gave
another content, and something is wrong. When they have changed since, a difference is what one would expect, and
the commit that the release records is where to make it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from data.published import ReleaseError, ReleaseInfo
from data.schema import schema_version
from etl.build import build
from etl.fetch import FetchOutcome
from etl.inputs import input_hash
from etl.release import Store, compared_tables, content_hash, open_store, table_hash
from etl.snapshots import Copy, SnapshotError, SnapshotStore
from etl.sources.registry import parse_source
from etl.sources.spec import SourceError, load_specs
from etl.stores.rows import Rows
from settings import Settings


class VerifyError(ReleaseError):
    """The release cannot be built again; the message says what is missing or stands in the way."""


@dataclass(frozen=True)
class Verification:
    """What came of building a release again. `differing` are the tables whose rows are not those of the release.

    `rules_changed` says that the rules or the schema are others than those it was built with, `schema_changed` that
    the schema is; `git_commit` is the commit it was built at, None where it was not built in a checkout.
    """

    release_id: str
    recorded_hash: str
    rebuilt_hash: str
    differing: Sequence[str]
    rules_changed: bool
    schema_changed: bool
    git_commit: str | None

    @property
    def same(self) -> bool:
        """Whether the content is that of the release, by its hash and table by table."""
        return self.rebuilt_hash == self.recorded_hash and not self.differing

    def in_words(self) -> list[str]:
        """The result as the command prints it, one line each."""
        if self.same:
            return [f"Igual: {self.release_id} se rehízo desde sus copias, contenido {self.recorded_hash[:12]}."]
        lines = [
            f"Distinta: {self.release_id} registró {self.recorded_hash[:12]} y se rehízo con {self.rebuilt_hash[:12]}.",
            f"  tablas distintas: {', '.join(self.differing) or 'ninguna; el contenido publicado no es el registrado'}",
        ]
        if self.rules_changed:
            what = "El esquema cambió" if self.schema_changed else "Las reglas cambiaron"
            at = f" Se construyó con el commit {self.git_commit}." if self.git_commit else ""
            return [*lines, f"  {what} desde entonces: eso explica la diferencia.{at}"]
        return [*lines, "  Las reglas y las copias son las mismas: esta diferencia no debería existir."]

    def as_json(self) -> dict[str, Any]:
        """The result as the command prints it with ``--json``."""
        return {**vars(self), "differing": list(self.differing), "same": self.same}


def verify(settings: Settings, release_id: str) -> Verification:
    """Build a release again from the copies it names and compare what it says with what was published.

    Nothing is written and no lock is held. Raises ReleaseError for a release that does not open, VerifyError for one
    whose copies or sources are no longer there as they were, or that today's rules cannot build.
    """
    with closing(open_store(settings)) as store:
        info = _recorded(store, release_id)
        listed = store.read_table(release_id, "snapshots").to_pylist()
        copies = _copies(SnapshotStore(settings.snapshots_dir), listed)
        rules_changed = input_hash(copies, settings.sources_dir) != info.input_hash
        rebuilt = _rebuilt(copies, settings, info, rules_changed=rules_changed)
        return Verification(
            release_id,
            info.content_hash,
            content_hash(rebuilt),
            _differing(store, release_id, rebuilt),
            rules_changed,
            schema_version() != info.schema_version,
            info.git_commit,
        )


def _recorded(store: Store, release_id: str) -> ReleaseInfo:
    opened = store.published.open(release_id)
    opened.close()
    return opened.info


def _copies(snapshots: SnapshotStore, listed: Sequence[Mapping[str, Any]]) -> list[Copy]:
    """The copies that a release names, in its order; VerifyError telling of all that are gone or altered."""
    copies, problems = [], []
    for row in listed:
        try:
            copy = snapshots.copy(row["snapshot_id"])
        except SnapshotError as error:
            problems.append(f"{row['snapshot_id']}: {error}")
            continue
        if copy.sha256 == row["sha256"]:
            copies.append(copy)
        else:
            problems.append(
                f"{row['snapshot_id']}: another content than the release was built from "
                f"(sha256 {copy.sha256[:12]}..., recorded {row['sha256'][:12]}...); restore the original"
            )
    if problems:
        raise VerifyError(
            "The release cannot be built again, its copies are not all there:\n  " + "\n  ".join(problems)
        )
    return copies


def _rebuilt(
    copies: Sequence[Copy], settings: Settings, info: ReleaseInfo, *, rules_changed: bool
) -> Mapping[str, Rows]:
    specs = {spec.source_id: spec for spec in load_specs(settings.sources_dir)}
    by_source: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        by_source[copy.source_id].append(copy)
    try:
        if gone := sorted(set(by_source) - set(specs)):
            raise SourceError(f"no source {', '.join(gone)} in {settings.sources_dir}")
        # In the order in which a run takes them: among sources of equal weight the first comes first.
        outcomes = [_outcome(name, by_source[name]) for name in specs if name in by_source]
        sources = [parse_source(specs[o.source_id], o.copies, settings.sources_dir, o.earlier) for o in outcomes]
        return build(sources, outcomes).tables
    except (SourceError, ValueError) as error:
        hint = (
            f" The rules have changed since; try at commit {info.git_commit or '(unknown)'}." if rules_changed else ""
        )
        raise VerifyError(f"Today's rules cannot build {info.release_id} again: {error}.{hint}") from error


def _outcome(source_id: str, copies: Sequence[Copy]) -> FetchOutcome:
    """The copies of a source as its release read them: of each file the newest, and those before for their history."""
    in_time = sorted(copies, key=lambda copy: copy.date)
    newest = {copy.file: copy for copy in in_time}
    earlier = tuple(copy for copy in in_time if newest[copy.file] is not copy)
    return FetchOutcome(source_id, tuple(newest.values()), (), earlier)


def _differing(store: Store, release_id: str, rebuilt: Mapping[str, Rows]) -> list[str]:
    """The tables that say something else in the release than built again, in order of name."""
    return sorted(
        table.name
        for table in compared_tables()
        if not _equal(table, store.read_table(release_id, table.name), rebuilt.get(table.name, []))
    )


def _equal(table: Table, published: Rows, rebuilt: Rows) -> bool:
    try:
        return table_hash(table, published) == table_hash(table, rebuilt)
    except ReleaseError:
        return False  # the release has columns that the schema no longer knows
