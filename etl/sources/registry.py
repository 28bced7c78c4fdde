"""From a source's name to its parsed rows: finds the parser beside the YAML and runs it over the copies."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import cast

from etl.snapshots import Copy
from etl.sources.reading import Source
from etl.sources.spec import SourceError, SourceSpec, load_spec

REFERENCE = "reference"


def parser_of(spec: SourceSpec, folder: Path) -> Callable[[Source], None]:
    """The ``parse`` function of ``<folder>/<source_id>.py``; ``SourceError`` when there is none."""
    path = folder / f"{spec.source_id}.py"
    if not path.is_file():
        raise SourceError(f"{path}: missing; a source is two files, {spec.source_id}.yml and {spec.source_id}.py")
    module = _module(spec.source_id, path)
    if not callable(getattr(module, "parse", None)):
        raise SourceError(f"{path}: no function parse(source); see docs/adding-a-source.md")
    return cast(Callable[[Source], None], module.parse)


def parse_source(spec: SourceSpec, copies: Iterable[Copy], folder: Path, earlier: Iterable[Copy] = ()) -> Source:
    """Run the parser of a source over its copies; the result holds its rows, counts, rejections and findings.

    ``earlier`` are older copies, read one by one into ``Source.earlier``. One that today's parser cannot read stays
    empty, and a finding says so: history begins later then, and the release does not depend on it.
    """
    source = _parsed(spec, copies, folder)
    for copy in earlier:
        try:
            source.earlier.append(_parsed(spec, [copy], folder))
        except SourceError:
            source.earlier.append(_unread(spec, copy))
            source.found(
                "notice",
                "earlier_copy_not_read",
                f"La copia anterior {copy.snapshot_id} tiene otra forma y no cuenta en el historial.",
                f"The earlier copy {copy.snapshot_id} has another shape and does not count in the history.",
            )
    return source


def _parsed(spec: SourceSpec, copies: Iterable[Copy], folder: Path) -> Source:
    shared = load_spec(folder / f"{REFERENCE}.yml")
    source = Source(
        spec=spec,
        copies={copy.file: copy for copy in copies},
        states=shared.lookups.get("states", {}),
        actor_names=dict(shared.links.get("actors", {})),
    )
    parser_of(spec, folder)(source)
    source.finish()
    return source


def _unread(spec: SourceSpec, copy: Copy) -> Source:
    return Source(spec=spec, copies={copy.file: copy}, states={})


def _module(source_id: str, path: Path) -> ModuleType:
    if path.parent == Path(__file__).resolve().parent:
        return importlib.import_module(f"etl.sources.{source_id}")
    name = f"apertura_source_{source_id}"
    found = importlib.util.spec_from_file_location(name, path)
    if found is None or found.loader is None:
        raise SourceError(f"{path}: not a Python module")
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module
