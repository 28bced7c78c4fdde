"""Raw copies of the sources on disk: ``<root>/<source_id>/<date>/<file>``, with one ``manifest.json`` in each folder.

A copy is what the source gave, byte for byte. The folder's name says when its content was current: ``YYYY-MM-DD``, or
``YYYY-MM-DDTHHMMSSZ`` for a further, different copy of a file on the same day. These names sort as text in the order
of time, so "the newest copy" means the same on every machine, whatever the file system says about dates.
The manifest is the authority: what it does not list is not a copy, and what it lists must be there with that hash.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from etl.manifest import MANIFEST, Entry, Manifest, SnapshotError, Via, flush, hash_of, read_manifest, write_manifest

__all__ = ["Copy", "SnapshotError", "SnapshotStore", "Via"]

INCOMING = ".incoming"
FOLDER_NAME = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{6}Z)?")
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
SOURCE_ID = re.compile(r"[a-z][a-z0-9_]*")
STALE_AFTER_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Copy:
    """One file of a source as kept on disk.

    ``date`` is the folder's name (when the content was current), ``fetched_at`` when we got it, ``bytes`` its size;
    ``etag`` and ``last_modified`` are the validators that ``url`` sent with it.
    """

    source_id: str
    file: str
    path: Path
    date: str
    url: str | None
    via: Via
    fetched_at: str
    sha256: str
    bytes: int
    etag: str | None
    last_modified: str | None

    @property
    def snapshot_id(self) -> str:
        """The key of the copy: ``<source_id>/<date>/<file>``."""
        return f"{self.source_id}/{self.date}/{self.file}"


class SnapshotStore:
    """The copies under one root folder. One writer at a time per source; readers need no care."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def newest(self, source_id: str, file: str) -> Copy | None:
        """The copy in the newest folder that lists the file, its hash checked; None when no folder does.

        Raises ``SnapshotError`` when a manifest or the file it lists is missing, unreadable or altered.
        """
        for folder in reversed(self._folders(source_id)):
            entry = read_manifest(folder).files.get(file)
            if entry is not None:
                return _checked_copy(source_id, folder, file, entry)
        return None

    def copy(self, snapshot_id: str) -> Copy:
        """The copy of that id, its hash checked. Raises ``SnapshotError`` when it is not there or was altered."""
        source_id, _, rest = snapshot_id.partition("/")
        date, _, file = rest.partition("/")
        _check_names(source_id, file)
        for folder in self._folders(source_id):
            if folder.name == date and (entry := read_manifest(folder).files.get(file)) is not None:
                return _checked_copy(source_id, folder, file, entry)
        raise SnapshotError(f"no such copy in {self.root}; restore it with its entry in {MANIFEST}")

    def copies(self, source_id: str, files: Iterable[str]) -> list[Copy]:
        """The newest copy of each named file, in the order given; files without a copy are left out."""
        return [copy for file in files if (copy := self.newest(source_id, file)) is not None]

    def earlier(self, copy: Copy) -> list[Copy]:
        """The copies of the same file that came before, oldest first, each checked. Raises ``SnapshotError``."""
        listed = [(folder, read_manifest(folder).files.get(copy.file)) for folder in self._folders(copy.source_id)]
        return [
            _checked_copy(copy.source_id, folder, copy.file, entry)
            for folder, entry in listed
            if entry is not None and folder.name < copy.date
        ]

    def keep(
        self,
        source_id: str,
        file: str,
        content: bytes | Path,
        *,
        url: str | None,
        via: Via,
        fetched_at: datetime,
        etag: str | None = None,
        last_modified: str | None = None,
        captured_at: datetime | None = None,
    ) -> Copy:
        """Store a copy, whole or not at all, and return it; a path given as content is used up.

        ``captured_at`` is when the content was current, where that is not ``fetched_at`` (a web archive's capture);
        both must carry a time zone. Content equal to the newest copy makes no new one: that copy is returned, its
        validators refreshed when they came from the same address. Raises ``SnapshotError`` when the content is
        dated before the newest copy, or when the disk refuses.
        """
        _check_names(source_id, file)
        with _disk_troubles(self.root / source_id), self.incoming() as place:
            staged = _stage(content, place)
            digest, size = hash_of(staged)
            entry = Entry(
                sha256=digest, bytes=size, url=url, via=via, fetched_at=_iso(fetched_at), etag=etag,
                last_modified=last_modified,
            )  # fmt: skip
            newest = self.newest(source_id, file)
            if newest is not None and newest.sha256 == digest:
                return self._refresh(newest, entry, place)
            folder = self.root / source_id / self._folder_name(source_id, file, captured_at or fetched_at, newest)
            _place(staged, folder, file, entry, place)
            return _copy(source_id, folder, file, entry)

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """An own empty folder on the disk of the copies, removed afterwards: for files on their way in."""
        parent = self.root / INCOMING
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent)
        with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as name:
            yield Path(name)

    def audit(self) -> list[str]:
        """Everything wrong under the root, one sentence each: manifests that lie and files that no manifest lists."""
        problems = []
        for source in sorted(path for path in self.root.iterdir() if not path.name.startswith(".")):
            if not source.is_dir():
                problems.append(f"{source}: a file outside of the source folders; remove it")
                continue
            try:
                folders = self._folders(source.name)
            except SnapshotError as error:
                problems.append(str(error))
                continue
            for folder in folders:
                problems.extend(_audit_folder(source.name, folder))
        return problems

    def _folders(self, source_id: str) -> list[Path]:
        """The dated folders of a source, oldest first."""
        parent = self.root / source_id
        if not parent.is_dir():
            return []
        names = sorted(path.name for path in parent.iterdir() if not path.name.startswith("."))
        for name in names:
            if not (FOLDER_NAME.fullmatch(name) and _is_date(name[:10])):
                raise SnapshotError(f"{parent / name}: not a date; name the folder YYYY-MM-DD or move it away")
        return [parent / name for name in names]

    def _folder_name(self, source_id: str, file: str, moment: datetime, newest: Copy | None) -> str:
        moment = moment.astimezone(UTC)
        day = moment.date().isoformat()
        if newest is None or newest.date < day:
            return day
        if newest.date[:10] > day:
            raise SnapshotError(
                f"{source_id}/{file}: the content is of {day}, older than the copy of {newest.date} on disk; "
                "check the clock of this machine, or remove that copy if its date is wrong"
            )
        while (name := moment.strftime("%Y-%m-%dT%H%M%SZ")) <= newest.date:
            moment += timedelta(seconds=1)  # two different copies within a second still get an order
        return name

    def _refresh(self, newest: Copy, entry: Entry, place: Path) -> Copy:
        """Take over new validators of unchanged content; those of another address would not be asked with."""
        told = (entry.etag, entry.last_modified)
        if entry.url != newest.url or told in {(None, None), (newest.etag, newest.last_modified)}:
            return newest
        folder = self.root / newest.source_id / newest.date
        files = read_manifest(folder).files
        fresh = files[newest.file].model_copy(update={"etag": entry.etag, "last_modified": entry.last_modified})
        write_manifest(folder, Manifest(files={**files, newest.file: fresh}), place)
        return _copy(newest.source_id, folder, newest.file, fresh)


def _check_names(source_id: str, file: str) -> None:
    if not SOURCE_ID.fullmatch(source_id):
        raise SnapshotError(f"{source_id!r} is no source id; use small letters, digits and _")
    if not FILE_NAME.fullmatch(file) or file == MANIFEST:
        raise SnapshotError(f"{source_id}: {file!r} cannot name a copy; use letters, digits, '.', '_' and '-'")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _copy(source_id: str, folder: Path, file: str, entry: Entry) -> Copy:
    return Copy(source_id=source_id, file=file, path=folder / file, date=folder.name, **entry.model_dump())


def _checked_copy(source_id: str, folder: Path, file: str, entry: Entry) -> Copy:
    path = folder / file
    try:
        digest, size = hash_of(path)
    except OSError as error:
        raise SnapshotError(
            f"{path}: listed in {MANIFEST} but cannot be read ({error.strerror}); restore it, or remove its entry"
        ) from error
    if digest != entry.sha256 or size != entry.bytes:
        raise SnapshotError(
            f"{path}: differs from {MANIFEST} ({size} bytes, sha256 {digest[:12]}...; listed {entry.bytes} bytes, "
            f"{entry.sha256[:12]}...); restore the original, or remove the file and its entry"
        )
    return _copy(source_id, folder, file, entry)


def _place(staged: Path, folder: Path, file: str, entry: Entry, place: Path) -> None:
    """Move a staged file and its entry to their folder.

    A new folder appears whole, by one rename. In an existing one the file comes first: without an entry it is no
    copy yet, so a kill in between leaves nothing that a reader would take for one.
    """
    if folder.is_dir():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(staged, target)
        flush(target.parent)
        write_manifest(folder, Manifest(files={**read_manifest(folder).files, file: entry}), place)
        return
    draft = place / "folder"
    (draft / file).parent.mkdir(parents=True)
    os.replace(staged, draft / file)
    write_manifest(draft, Manifest(files={file: entry}), place)
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.rename(draft, folder)
    flush(folder.parent)


def _stage(content: bytes | Path, place: Path) -> Path:
    staged = place / "content"
    if isinstance(content, Path):
        shutil.move(content, staged)
    else:
        staged.write_bytes(content)
    staged.chmod(0o644)
    flush(staged)
    return staged


def _sweep(parent: Path) -> None:
    """Remove what killed runs left behind; what is younger than a day may belong to a run at work."""
    for path in parent.iterdir():
        try:
            if time.time() - path.stat().st_mtime > STALE_AFTER_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
        except FileNotFoundError:
            continue


@contextmanager
def _disk_troubles(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SnapshotError(
            f"{error.filename or place}: cannot be written ({error.strerror}); free space or check the permissions"
        ) from error


def _audit_folder(source_id: str, folder: Path) -> list[str]:
    try:
        manifest = read_manifest(folder)
    except SnapshotError as error:
        return [str(error)]
    problems = []
    for file, entry in manifest.files.items():
        try:
            _checked_copy(source_id, folder, file, entry)
        except SnapshotError as error:
            problems.append(str(error))
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    aliens = sorted(present - set(manifest.files) - {MANIFEST})
    return problems + [f"{folder / name}: not listed in {MANIFEST}; remove it or add its entry" for name in aliens]
