"""The command line: ``python -m etl run | status | releases | rollback | diff | verify | export | import-survey``.

Exit codes: 0 done; 1 not done, the last release is still served, the reason is printed; 2 wrong usage. ``verify`` ends
with 1 also when what it built differs. With ``--json`` a failure is an object too: ``{"failure": {"reason", "message"}}``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from data.lean import collect_rarely
from data.published import ReleaseError, require_release_id
from etl.failures import reason_of
from etl.fetch import SourceUnavailableError
from etl.progress import reporter_for
from etl.snapshots import SnapshotError
from etl.sources.spec import SourceError, UnknownSourceError, load_specs
from etl.survey.command import add_import_survey
from settings import Settings

DONE, FAILED, WRONG_USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    settings = Settings()
    try:
        return int(options.command(options, settings))
    except UnknownSourceError as error:
        return _fail(error, WRONG_USAGE, options)
    # ValueError: a parser or the schema gave what cannot be. The run stops, and nothing was published.
    except (SourceError, SnapshotError, SourceUnavailableError, ReleaseError, OSError, ValueError) as error:
        return _fail(error, FAILED, options)


def run_command(options: argparse.Namespace, settings: Settings) -> int:
    """``run``: fetch, check, build and publish; one JSON object on standard output with ``--json``."""
    from etl.run import run

    with reporter_for(sys.stderr) as reporter:
        if options.if_none and _has_release(settings):
            return DONE
        result = run(settings, reporter, only=options.source, offline=options.offline)
    if options.json:
        print(json.dumps(result.as_json(), ensure_ascii=False))
        return DONE
    rows = sum(result.tables.values())
    if result.published:
        print(f"Publicada la versión {result.release_id}: {rows:,} filas en {result.seconds:.1f} s.")
    else:
        print(f"Nada cambió: sigue la versión {result.release_id} ({result.seconds:.1f} s).")
    for source in result.sources:
        print(
            f"  {source.source_id:<20} {source.via:<8} leídas {source.read:>6,} = cargadas {source.loaded:>6,}"
            f" + rechazadas {source.rejected:>4,} + fuera {source.ignored:>5,}"
        )
    print("  hallazgos: " + ", ".join(f"{count} {severity}" for severity, count in sorted(result.findings.items())))
    return DONE


def status_command(options: argparse.Namespace, settings: Settings) -> int:
    """``status``: the release served, and each source with its newest copies."""
    from etl.release import open_store
    from etl.snapshots import SnapshotStore

    current = open_store(settings).current()
    print(f"versión en servicio: {current.release_id if current else 'ninguna; ejecute python -m etl run --offline'}")
    snapshots = SnapshotStore(settings.snapshots_dir)
    for spec in load_specs(settings.sources_dir):
        copies = snapshots.copies(spec.source_id, [file.name for file in spec.files])
        newest = max((copy.date for copy in copies), default="sin copia")
        print(f"  {spec.source_id:<20} {spec.cadence:<12} copia más nueva {newest} ({len(copies)} archivos)")
    return DONE


def releases_command(options: argparse.Namespace, settings: Settings) -> int:
    """``releases``: the releases kept, newest first; the one served is marked."""
    from etl.release import open_store

    store = open_store(settings)
    current = store.current()
    for info in store.releases():
        mark = "*" if current and info.release_id == current.release_id else " "
        print(f"{mark} {info.release_id}  {sum(info.rows.values()):>8,} filas  contenido {info.content_hash[:12]}")
    return DONE


def rollback_command(options: argparse.Namespace, settings: Settings) -> int:
    """``rollback ID``: serve an earlier release again."""
    from etl.release import open_store

    open_store(settings).rollback(options.release)
    print(f"En servicio: {options.release}.")
    return DONE


def diff_command(options: argparse.Namespace, settings: Settings) -> int:
    """``diff A B``: the rows added and removed and the cells changed from one release to the other, by table."""
    from etl.diff import diff
    from etl.release import open_store

    count = 0
    with closing(open_store(settings)) as store:
        for change in diff(store, options.older, options.newer):
            count += 1
            cell = f" {change.column}: {change.old!r} -> {change.new!r}" if change.column else ""
            print(f"{change.kind:<8} {change.table} [{change.key}]{cell}")
    print(f"{count} cambios de {options.older} a {options.newer}.")
    return DONE


def verify_command(options: argparse.Namespace, settings: Settings) -> int:
    """``verify RELEASE``: build a release again from its copies, unpublished; 0 when it says the same, 1 when not."""
    from etl.verify import verify

    done = verify(settings, options.release)
    if options.json:
        print(json.dumps(done.as_json(), ensure_ascii=False))
    else:
        print("\n".join(done.in_words()))
    return DONE if done.same else FAILED


def export_command(options: argparse.Namespace, settings: Settings) -> int:
    """``export DIR``: every public table of the current release as raw CSV."""
    from data.database import Database
    from data.export import export_tables

    folder = Path(options.folder)
    handle = Database(settings).current()
    if handle is None:
        raise ReleaseError("no release to export; run `python -m etl run --offline` first")
    written = export_tables(handle, folder)
    print(f"{written} tablas de {handle.release_id} en {folder}.")
    return DONE


def _has_release(settings: Settings) -> bool:
    """Whether a release is served that was built under the schema of this code; the site cannot read another."""
    from data.schema import schema_version
    from etl.release import open_store

    current = open_store(settings).current()
    return current is not None and current.schema_version == schema_version()


def _release_id(text: str) -> str:
    """The id of a release; what has another form is wrong usage."""
    try:
        return require_release_id(text)
    except ReleaseError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _fail(error: Exception, code: int, options: argparse.Namespace) -> int:
    print(f"etl: {error}", file=sys.stderr)
    if getattr(options, "json", False):
        print(json.dumps({"failure": {"reason": reason_of(error), "message": str(error)}}, ensure_ascii=False))
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="De las fuentes a una versión publicada.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="obtener, verificar, construir y publicar")
    run.add_argument("--source", action="append", default=[], help="solo esta fuente en línea (repetible)")
    run.add_argument("--offline", action="store_true", help="solo copias en disco; no abre conexiones")
    run.add_argument("--json", action="store_true", help="un objeto JSON en la salida estándar")
    run.add_argument(
        "--if-none", action="store_true", help="nada que hacer si ya hay una versión en servicio, de este esquema"
    )
    run.set_defaults(command=run_command)
    commands.add_parser("status", help="versión en servicio y fuentes").set_defaults(command=status_command)
    commands.add_parser("releases", help="versiones conservadas").set_defaults(command=releases_command)
    rollback = commands.add_parser("rollback", help="volver a una versión anterior")
    rollback.add_argument("release")
    rollback.set_defaults(command=rollback_command)
    diff = commands.add_parser("diff", help="qué cambió entre dos versiones")
    diff.add_argument("older")
    diff.add_argument("newer")
    diff.set_defaults(command=diff_command)
    verify = commands.add_parser("verify", help="rehacer una versión desde sus copias y comparar su contenido")
    verify.add_argument("release", type=_release_id)
    verify.add_argument("--json", action="store_true", help="un objeto JSON en la salida estándar")
    verify.set_defaults(command=verify_command)
    export = commands.add_parser("export", help="todas las tablas públicas como CSV")
    export.add_argument("folder", metavar="DIR")
    export.set_defaults(command=export_command)
    add_import_survey(commands)
    return parser


if __name__ == "__main__":
    collect_rarely()
    sys.exit(main())
