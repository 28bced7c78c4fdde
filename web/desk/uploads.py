"""Uploaded files: kept by the hash of their content outside of what is served, with what came of each of them."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal

import yaml

from layouts.i18n import N_
from settings import ROOT, Settings

MOST_BYTES = 50_000_000
LONGEST_NAME = 80
FOLLOWS_WITHIN_NS = 2 * 10**9
STALE_AFTER_NS = 24 * 3600 * 10**9
SHA256 = re.compile(r"[0-9a-f]{64}")
FILE, META, RESULT, LOCK, MARKED = "file", "meta.json", "result.json", "lock", "informe.xlsx"
PROGRESS = "progress.json"
INCOMING = ".incoming-"
INSTRUMENTS = ROOT / "etl" / "survey" / "instruments"
Act = Literal["check", "publish", "undo"]


class UploadError(Exception):
    """An upload that is not kept; the message, marked for the catalogues, is for the person who sent it."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


@dataclass(frozen=True)
class Upload:
    """A file that was uploaded for a round, whether an act on it goes on or was interrupted, and what came of the last that
    ended (None: of none)."""

    sha256: str
    round_id: str
    name: str
    account: str
    at: str
    bytes: int
    folder: Path
    is_working: bool
    is_interrupted: bool
    result: Mapping[str, Any] | None

    @property
    def act(self) -> str:
        """The act that goes on, or did last."""
        return (self.folder / LOCK).read_text(encoding="utf-8")

    @property
    def progress(self) -> Mapping[str, Any]:
        """How far that act is: ``phase`` and ``percent``."""
        return progress_in(self.folder)


class Uploads:
    """The uploads of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.root = settings.uploads_dir

    def keep(self, stream: IO[bytes], name: str, round_id: str, account: str, at: str) -> Upload:
        """Keep a file under its hash; the same content is the same upload. Raises ``UploadError``."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.root, prefix=INCOMING, delete=False) as draft:
            try:
                while piece := stream.read(1 << 20):
                    size += len(piece)
                    if size > MOST_BYTES:
                        raise UploadError(N_("El archivo pesa más de {most} MB."), most=MOST_BYTES // 1_000_000)
                    digest.update(piece)
                    draft.write(piece)
                if size == 0:
                    raise UploadError(N_("No llegó ningún archivo, o está vacío."))
            except BaseException:
                os.unlink(draft.name)
                raise
        folder = self.root / digest.hexdigest()
        folder.mkdir(exist_ok=True, mode=0o700)
        os.replace(draft.name, folder / FILE)
        meta = {"round_id": round_id, "name": shown_name(name), "account": account, "at": at, "bytes": size}
        write_json(folder / META, meta)
        found = self.get(digest.hexdigest())
        assert found is not None
        return found

    def _sweep(self) -> None:
        """Remove files of which only a part came: whoever was receiving them was killed, more than a day ago."""
        for path in self.root.glob(f"{INCOMING}*"):
            if _written_at(path) < time.time_ns() - STALE_AFTER_NS:
                path.unlink(missing_ok=True)

    def get(self, sha256: str) -> Upload | None:
        """An upload by its hash; None for what is none, whatever the text says."""
        if SHA256.fullmatch(sha256) is None:
            return None
        folder = self.root / sha256
        meta = _read_json(folder / META)
        if meta is None:
            return None
        # In this order: an act that ends in between has a result.
        is_working = is_locked(folder)
        return Upload(
            sha256, folder=folder, is_working=is_working, is_interrupted=not is_working and was_interrupted(folder),
            result=_read_json(folder / RESULT), **meta,
        )  # fmt: skip

    def all(self) -> list[Upload]:
        """All uploads, newest first."""
        if not self.root.is_dir():
            return []
        found = [upload for path in self.root.iterdir() if (upload := self.get(path.name)) is not None]
        return sorted(found, key=lambda upload: upload.at, reverse=True)

    def act_state(self, folder: Path) -> dict[str, Any]:
        """Whether an act goes on in a folder or was interrupted, how far it is, and what came of the last one there and
        when (UTC)."""
        is_working, result = is_locked(folder), _read_json(folder / RESULT)
        last = RESULT if result and not was_interrupted(folder) else LOCK
        return {
            "is_working": is_working,
            "is_interrupted": not is_working and was_interrupted(folder),
            "result": result,
            "ended": datetime.fromtimestamp(_written_at(folder / last) / 1e9, UTC).isoformat(),
            "progress": progress_in(folder),
        }

    def start(
        self,
        act: Act,
        folder: Path,
        round_id: str,
        account: str,
        *,
        accept_warnings: bool = False,
        expect: str | None = None,
    ) -> bool:
        """Begin an act in a process of its own, which outlives this request; False while another one goes on there. With
        ``expect`` it comes to nothing unless the round is as it was seen then.

        The folder's lock is taken here and handed over, so that from now on, and for as long as that process lives, the
        folder is seen to be at work.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            lock.truncate(0)
            lock.write(act)
            lock.flush()
            (folder / PROGRESS).unlink(missing_ok=True)
            command = [sys.executable, "-m", "web.desk.job", act, str(folder), round_id, account]
            command += ["--accept-warnings"] if accept_warnings else []
            command += ["--expect", expect] if expect else []
            # Through a shell that ends at once: the process is then nobody's child here, and leaves no zombie.
            subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", *command],
                cwd=ROOT,
                env=environment(self._settings),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=[lock.fileno()],
                check=True,
            )
        return True


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a command sees the same settings as this process, but for the secret of the door."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("APERTURA_")}
    told = {
        name: value
        for name, value in settings.model_dump().items()
        if value is not None and not name.startswith("oidc_")
    }
    return kept | {f"APERTURA_{name.upper()}": str(value) for name, value in told.items()}


def known_rounds() -> list[str]:
    """The rounds that answers can be uploaded for, newest first."""
    found: list[str] = []
    for path in INSTRUMENTS.glob("*.yml"):
        found += yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get("rounds", [])
    return sorted(found, reverse=True)


def shown_name(name: str) -> str:
    """A file's name to show, never to open: its last part, without what is not seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if c.isprintable()) or "archivo"
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 1]}…"


def is_locked(folder: Path) -> bool:
    """Whether a living process holds the folder's lock; one that was killed holds nothing."""
    try:
        with (folder / LOCK).open("rb") as lock:
            # Shared, so that those who look at once do not take each other for it.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def is_settled(folder: Path) -> bool:
    """Whether no act that changes what is published goes on in a folder or has just ended: the site follows within a
    second."""
    if not (folder / LOCK).exists() or (folder / LOCK).read_text(encoding="utf-8") == "check":
        return True
    return not is_locked(folder) and time.time_ns() - _written_at(folder / RESULT) > FOLLOWS_WITHIN_NS


def was_interrupted(folder: Path) -> bool:
    """Whether the last act in a folder that is not at work said nothing of what came of it."""
    return _written_at(folder / LOCK) > _written_at(folder / RESULT)


def progress_in(folder: Path) -> Mapping[str, Any]:
    """How far the act in a folder is: ``phase``, empty before the first, and ``percent``."""
    return _read_json(folder / PROGRESS) or {"phase": "", "percent": 0}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        draft.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        os.replace(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _written_at(path: Path) -> int:
    """When a file was last written to, in nanoseconds; 0 for none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
