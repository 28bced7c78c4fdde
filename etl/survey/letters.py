"""Letters of follow-up and templates with what a body answered so far, for the bodies that still owe something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.indicators.survey import MISSING
from etl.snapshots import SnapshotStore
from etl.sources.reading import Source
from etl.survey.instrument import HAS_EXERCISES, NAME, NUMBER, RESPONDENT, Instrument
from etl.survey.rounds import RESPONDENT_BODY, read_round
from etl.survey.template import DOES_NOT_KNOW, NO, NOT_APPLICABLE, YES, Filled, template
from settings import Settings


@dataclass(frozen=True)
class Owed:
    """What a body still owes: the whole return, or some items by exercise (name of exercise, headings of items)."""

    state_code: str
    state: str
    body: str
    answered: bool
    open_items: tuple[tuple[str, tuple[str, ...]], ...] = ()


def owed(survey_round: Mapping[str, Any] | None, instrument: Instrument, reference: Source) -> list[Owed]:
    """The bodies that did not answer or left items open, by state code."""
    returned = {body["state_code"]: body for body in (survey_round or {}).get("returns", [])}
    bodies = {row["state_code"]: row["name"] for row in reference.tables["guarantor_bodies"] if row.get("state_code")}
    found = []
    for state in sorted(reference.tables["states"], key=lambda row: str(row["state_code"])):
        code = state["state_code"]
        answered = returned.get(code)
        name = (answered or {}).get("respondent_name") or bodies.get(code) or "Organismo garante"
        open_items = _open_items(answered, instrument) if answered else ()
        if answered is None or open_items:
            found.append(Owed(code, state["name"], name, answered is not None, open_items))
    return found


def letter(debt: Owed, round_id: str, instrument: Instrument, template_name: str) -> str:
    """The text of the letter, in Spanish; names and dates of people are left to whoever signs."""
    if debt.answered:
        prefilled = "con lo que ya respondió su entidad"
        missing = "\n".join(f"  - {exercise}: {'; '.join(headings)}." for exercise, headings in debt.open_items)
        asked = (
            "Agradecemos su respuesta. Quedaron sin contestar las preguntas siguientes; «No sabe» y «No aplica» son también "
            f"respuestas válidas:\n\n{missing}\n"
        )
    else:
        prefilled = "con el nombre de su entidad"
        asked = (
            "A la fecha no hemos recibido su respuesta. Si el organismo no tiene ejercicios de apertura, basta una fila con "
            "su entidad y «No» en «¿Tiene ejercicios?».\n"
        )
    return (
        f"{debt.body}\n{debt.state}\nPresente\n\n"
        f"Asunto: {instrument.title.es} (ronda {round_id})\n\n"
        "La Comisión de Gobierno Abierto pregunta a los 32 organismos garantes, o a quienes tomaron sus funciones, por los "
        f"ejercicios de apertura en su entidad.\n\n{asked}\n"
        f"La plantilla {prefilled} está en el archivo «{template_name}». Complétela sin cambiar los "
        "encabezados y devuélvala por el mismo medio. No se piden datos de personas.\n\nAtentamente\n\n"
        "Comisión de Gobierno Abierto\n"
    )


def write_letters(
    folder: Path, round_id: str, instrument: Instrument, reference: Source, settings: Settings
) -> list[dict[str, Any]]:
    """Write a letter and a template for each body that owes something; what was written, by state."""
    folder.mkdir(parents=True, exist_ok=True)
    survey_round = read_round(SnapshotStore(settings.snapshots_dir), round_id)
    written = []
    for debt in owed(survey_round, instrument, reference):
        sheet = f"plantilla_{round_id}_{debt.state_code}.xlsx"
        text = f"carta_{round_id}_{debt.state_code}.txt"
        (folder / text).write_text(letter(debt, round_id, instrument, sheet), encoding="utf-8")
        write_template(folder / sheet, round_id, instrument, reference, settings, debt.state_code)
        written.append(
            {
                "state_code": debt.state_code,
                "state": debt.state,
                "body": debt.body,
                "answered": debt.answered,
                "open_items": sum(len(headings) for _, headings in debt.open_items),
                "letter": text,
                "template": sheet,
            }
        )
    return written


def write_template(
    path: Path, round_id: str, instrument: Instrument, reference: Source, settings: Settings, state_code: str | None
) -> None:
    """Write the template of a round; for one state, with its name and what it answered so far."""
    names = {row["state_code"]: row["name"] for row in reference.tables["states"]}
    filled: list[Filled] = []
    if state_code is not None:
        survey_round = read_round(SnapshotStore(settings.snapshots_dir), round_id) or {"returns": []}
        body = next((body for body in survey_round["returns"] if body["state_code"] == state_code), None)
        filled = _filled(body, names[state_code], instrument) if body else [{RESPONDENT: names[state_code]}]
    template(instrument, [names[code] for code in sorted(names)], filled).save(path)


def _open_items(body: Mapping[str, Any], instrument: Instrument) -> tuple[tuple[str, tuple[str, ...]], ...]:
    headings = {item.variable: item.heading.es for item in instrument.items}
    found = []
    for exercise in body["exercises"]:
        blank = [v for v, answer in exercise["answers"].items() if answer.get("no_answer") == MISSING[0]]
        if blank:
            ordered = tuple(headings[item.variable] for item in instrument.items if item.variable in blank)
            found.append((f"{exercise['position']}. {exercise['name']}", ordered))
    return tuple(found)


def _filled(body: Mapping[str, Any], state: str, instrument: Instrument) -> list[Filled]:
    """What a body answered, as the rows of its template."""
    about = {RESPONDENT: state, RESPONDENT_BODY: body["respondent_name"] or ""}
    if body["declares_no_exercise"]:
        return [{**about, HAS_EXERCISES: NO}]
    rows: list[Filled] = []
    for exercise in body["exercises"]:
        row = {**about, HAS_EXERCISES: YES, NUMBER: str(exercise["position"]), NAME: exercise["name"]}
        for variable, answer in exercise["answers"].items():
            row |= _written(variable, answer, instrument)
        rows.append(row)
    return rows


def _written(variable: str, answer: Mapping[str, Any], instrument: Instrument) -> dict[str, str]:
    item = instrument.by_variable[variable]
    if (reason := answer.get("no_answer")) is not None:
        shown = {"not_applicable": NOT_APPLICABLE, "does_not_know": DOES_NOT_KNOW}.get(reason)
        places = [f"{variable}:{code}" for code in item.codes] if item.answer_type == "multiple_choice" else [variable]
        return dict.fromkeys(places, shown) if shown else {}
    if "text" in answer:
        return {variable: answer["text"]}
    if item.answer_type == "multiple_choice":
        return {f"{variable}:{code}": YES if code in answer["codes"] else NO for code in item.codes}
    labels = {"yes": YES, "no": NO} | {option.code: option.label.es for option in item.options}
    return {variable: labels[answer["codes"][0]]}
