"""Bytes of any kind in place of a file of a source: the parser must end in counted rows or in a ``SourceError``."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from etl.snapshots import Copy, SnapshotStore
from etl.sources.reading import Source
from etl.sources.registry import parse_source
from etl.sources.spec import SourceError, load_spec
from settings import ROOT

SOURCES = ROOT / "etl" / "sources"
SNAPSHOTS = ROOT / "data" / "snapshots"


def parse_with(source_id: str, file: str, content: bytes) -> Source:
    """Parse a source with ``content`` as its ``file`` and the newest bundled copies of its other files.

    Raises whatever the parser raises; a ``SourceError`` is the only clean way to refuse a file.
    """
    spec = load_spec(SOURCES / f"{source_id}.yml")
    copies = {copy.file: copy for copy in SnapshotStore(SNAPSHOTS).copies(source_id, [f.name for f in spec.files])}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "content"
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        if file in copies:
            copies[file] = replace(copies[file], path=path, sha256=digest, bytes=len(content))
        else:
            copies[file] = Copy(
                source_id=source_id, file=file, path=path, date="2026-11-23", url=None, via="live",
                fetched_at="2026-11-23", sha256=digest, bytes=len(content), etag=None, last_modified=None,
            )  # fmt: skip
        return parse_source(spec, copies.values(), SOURCES)


def end_cleanly(source_id: str, file: str, content: bytes) -> Source | None:
    """Parse as ``parse_with`` and assert the law of rows; None when the file was refused with a ``SourceError``."""
    try:
        source = parse_with(source_id, file, content)
    except SourceError:
        return None
    for name, count in source.counts.items():
        assert count.read == count.loaded + count.rejected + count.ignored, f"{name}: {count}"
    assert len(source.rejected) == sum(count.rejected for count in source.counts.values())
    return source


def bundled(source_id: str, file: str) -> bytes:
    """The bytes of the newest bundled copy of a file."""
    copy = SnapshotStore(SNAPSHOTS).newest(source_id, file)
    assert copy is not None, f"no bundled copy of {source_id}/{file}"
    return copy.path.read_bytes()


@st.composite
def damaged(draw: st.DrawFn, original: bytes) -> bytes:
    """A file after an accident: a stretch of it cut out, replaced by any bytes, or repeated."""
    start = draw(st.integers(0, len(original)))
    end = draw(st.integers(start, min(len(original), start + 400)))
    filling = draw(st.one_of(st.binary(max_size=40), st.just(original[start:end] * 2), st.text(max_size=20)))
    return (
        original[:start]
        + (filling.encode("utf-8", "surrogatepass") if isinstance(filling, str) else filling)
        + original[end:]
    )


@st.composite
def tables(draw: st.DrawFn, header: list[str]) -> bytes:
    """A CSV with the given header and cells of any text: well formed, but of any content."""
    cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\x00"'), max_size=12)
    rows = draw(st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=4))
    lines = [",".join(header), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    return "\r\n".join(lines).encode()
