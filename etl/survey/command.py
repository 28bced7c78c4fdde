"""``python -m etl import-survey``: check and publish answers, undo an import, make templates and letters."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.progress import Reporter, reporter_for
from settings import Settings

if TYPE_CHECKING:  # openpyxl takes a third of a second to load: the other commands do without
    from etl.survey.importing import Import
    from etl.survey.instrument import Instrument

DONE, NOT_PUBLISHED, WRONG_USAGE = 0, 1, 2
MOST_SHOWN = 40


def add_import_survey(commands: Any) -> None:
    """Add the command to the parser of ``python -m etl``."""
    parser = commands.add_parser("import-survey", help="cargar respuestas de una ronda de la encuesta")
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="respuestas en XLSX, ODS o CSV")
    parser.add_argument("--round", required=True, metavar="ID", help="ronda, como 2026")
    parser.add_argument("--dry-run", action="store_true", help="revisar y decir qué cambiaría, sin publicar")
    parser.add_argument(
        "--accept-warnings", action="store_true", help="publicar aunque haya advertencias; queda escrito"
    )
    parser.add_argument("--report", metavar="XLSX", type=Path, help="escribir el informe con las celdas marcadas")
    parser.add_argument("--json", action="store_true", help="un objeto JSON en la salida estándar")
    parser.add_argument(
        "--progress", metavar="JSON", type=Path, help="escribir ahí en qué fase va y cuánto lleva, para quien espera"
    )
    parser.add_argument(
        "--expect",
        metavar="SHA256",
        help="solo si la copia más nueva de la ronda es esta (none: ninguna); la revisión la da como «seen»",
    )
    parser.add_argument("--undo", action="store_true", help="deshacer la última importación de la ronda")
    parser.add_argument("--template", metavar="XLSX", type=Path, help="escribir la plantilla de la ronda")
    parser.add_argument("--state", metavar="CLAVE", help="con --template: la de una entidad, con lo que ya respondió")
    parser.add_argument(
        "--letters", metavar="DIR", type=Path, help="escribir las cartas de seguimiento y sus plantillas"
    )
    parser.set_defaults(command=import_survey_command)


def import_survey_command(options: argparse.Namespace, settings: Settings) -> int:
    """``import-survey``: 0 published, or nothing wrong on a dry run; 1 nothing published; 2 wrong usage."""
    from etl.survey.instrument import rounds

    known = rounds()
    if options.round not in known:
        print(f"etl: no hay cuestionario para la ronda {options.round}; hay para: {', '.join(known)}", file=sys.stderr)
        return WRONG_USAGE
    instrument = known[options.round]
    if sum([options.file is not None, options.undo, options.template is not None, options.letters is not None]) != 1:
        print("etl: dé un archivo, o --undo, o --template, o --letters", file=sys.stderr)
        return WRONG_USAGE
    if options.file is None:
        return _other(options, instrument, settings)
    return _import(options, instrument, settings)


def _import(options: argparse.Namespace, instrument: Instrument, settings: Settings) -> int:
    from etl.survey.importing import check, check_apart, publish
    from etl.survey.phases import CHECKING, PUBLISHING, Phases
    from etl.survey.turns import RoundChangedError

    phases = Phases(CHECKING if options.dry_run else PUBLISHING, options.progress)
    with reporter_for(sys.stderr) as reporter:
        asked = options.file, options.round, instrument, settings, options.report, phases
        if options.dry_run:
            result = check(*asked)
            stopped = _stopped(result, options)
        else:
            # What publishes begins with little memory in use: what it took to check is gone with another process.
            result, ahead = check_apart(*asked)
            stopped = _stopped(result, options)
            if stopped is None:
                try:
                    publish(result, settings, reporter, phases, ahead)
                except RoundChangedError:
                    stopped = "changed"
    if options.json:
        print(json.dumps({**result.as_json(), "stopped": stopped}, ensure_ascii=False))
    else:
        _tell(result, stopped)
    return DONE if stopped is None else NOT_PUBLISHED


def _other(options: argparse.Namespace, instrument: Instrument, settings: Settings) -> int:
    """The acts that need no answered file."""
    if options.undo:
        with reporter_for(sys.stderr) as reporter:
            return _undo(options, settings, reporter)
    from etl.survey.importing import reference_of
    from etl.survey.letters import write_letters, write_template

    reference = reference_of(settings)
    if options.letters is not None:
        written = write_letters(options.letters, options.round, instrument, reference, settings)
        print(
            json.dumps(written, ensure_ascii=False) if options.json else f"{len(written)} cartas en {options.letters}."
        )
        return DONE
    state = None
    if options.state is not None:
        state = reference.states.get(options.state.lower())
        if state is None:
            print(f"etl: {options.state!r} no es ninguna de las 32 entidades", file=sys.stderr)
            return WRONG_USAGE
    write_template(options.template, options.round, instrument, reference, settings, state)
    print(json.dumps({"written": str(options.template)}) if options.json else f"Plantilla en {options.template}.")
    return DONE


def _undo(options: argparse.Namespace, settings: Settings, reporter: Reporter) -> int:
    from etl.survey.phases import UNDOING, Phases
    from etl.survey.undo import undo

    phases = Phases(UNDOING, options.progress)
    undone = undo(settings, reporter, options.round, phases, options.expect)
    if options.json:
        print(json.dumps(vars(undone)))
    else:
        print(f"Deshecho. En servicio: {undone.release_id}{' (la de antes)' if undone.is_earlier else ''}.")
    return DONE


def _stopped(result: Import, options: argparse.Namespace) -> str | None:
    """Why nothing may be published, None where it may."""
    if result.report.count("error"):
        return "errors"
    if options.expect not in (None, result.seen):
        return "changed"
    if result.report.count("warning") and not options.accept_warnings and not options.dry_run:
        return "warnings"
    return None


def _tell(result: Import, stopped: str | None) -> None:
    from etl.survey.report import NAMES, SEVERITIES

    report = result.report
    shown = report.ordered()[:MOST_SHOWN]
    for problem in shown:
        print(problem.in_words())
    if len(report.problems) > len(shown):
        print(f"… y {len(report.problems) - len(shown)} más; --report ARCHIVO.xlsx los da todos.")
    counts = ", ".join(f"{report.count(severity)} de {NAMES[severity]}" for severity in SEVERITIES)
    print(f"Leídas {report.rows} filas: {report.exercises} ejercicios de {len(report.states)} organismos. {counts}.")
    if result.preview is not None:
        before, after = result.preview.exercises
        print(
            f"Cambiaría: {len(result.preview.new_states)} organismos nuevos, {len(result.preview.replaced_states)} reemplazados; "
            f"ejercicios {before} → {after}; {len(result.preview.removed)} filas dejarían de existir."
        )
        for lost in result.preview.lost[:MOST_SHOWN]:
            print(f"  {lost.state_code}, ejercicio {lost.position}: {lost.rows} de {lost.of} filas ya no existirían")
        for name, (old, new) in result.preview.indicators.items():
            print(
                f"  {name:<24} {_percent(old.percent)} → {_percent(new.percent)} ({new.numerator} de {new.denominator})"
            )
    if stopped == "errors":
        print("No se publicó nada: corrija los errores y vuelva a cargar el archivo.")
    elif stopped == "warnings":
        print("No se publicó nada: hay advertencias. Revíselas y use --accept-warnings para publicar así.")
    elif stopped == "changed":
        print("No se publicó nada: la ronda cambió mientras tanto. Revise otra vez qué cambiaría.")
    elif result.release_id is not None:
        print(f"Publicada la versión {result.release_id}.")


def _percent(value: float | None) -> str:
    return "sin dato" if value is None else f"{value:.1f} %"
