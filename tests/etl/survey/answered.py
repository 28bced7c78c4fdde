"""A round answered by a made-up generator: what each body says, as plain data, and the files that say it."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from etl.__main__ import main
from settings import Settings

STATES = {
    "01": "Aguascalientes", "02": "Baja California", "03": "Baja California Sur", "04": "Campeche", "05": "Coahuila",
    "06": "Colima", "07": "Chiapas", "08": "Chihuahua", "09": "Ciudad de México", "10": "Durango", "11": "Guanajuato",
    "12": "Guerrero", "13": "Hidalgo", "14": "Jalisco", "15": "Estado de México", "16": "Michoacán", "17": "Morelos",
    "18": "Nayarit", "19": "Nuevo León", "20": "Oaxaca", "21": "Puebla", "22": "Querétaro", "23": "Quintana Roo",
    "24": "San Luis Potosí", "25": "Sinaloa", "26": "Sonora", "27": "Tabasco", "28": "Tamaulipas", "29": "Tlaxcala",
    "30": "Veracruz", "31": "Yucatán", "32": "Zacatecas",
}  # fmt: skip
ROLES = ("Convocante", "Facilitador", "Observador", "Ninguno")
PROMOTERS = (
    "Organizaciones de la sociedad civil", "Organismo garante", "Gobierno estatal", "Poder Legislativo local",
    "Poder Judicial", "Autoridades municipales", "Academia", "Sector privado", "Otros", "Ninguno",
)  # fmt: skip
STATUSES = ("Activo", "En proceso de implementación", "Concluido", "Suspendido")
YES_NO = (
    "Participa el Poder Judicial", "Participa el Poder Legislativo", "Participan municipios",
    "Participa el gobierno estatal", "Medidas de verificación", "Compromiso con los principios",
    "Incidencia en la agenda", "Espacio cívico seguro", "Reglas documentadas", "Compromisos cocreados",
    "Seguimiento publicado", "Alineación a los ODS", "Desigualdades y grupos vulnerables",
)  # fmt: skip


@dataclass
class SaidExercise:
    """What a body says of one exercise, by heading; the choices of the two multiple choices apart."""

    number: int
    cells: dict[str, str]
    roles: list[str] = field(default_factory=list)
    promoters: list[str] = field(default_factory=list)


@dataclass
class SaidReturn:
    """What a body says; without exercises it says that it has none."""

    state_code: str
    exercises: list[SaidExercise]


def made_up_round(exercises: int, answering: int, without: int, seed: int = 2026) -> list[SaidReturn]:
    """``answering`` bodies, ``without`` of them without exercises, and ``exercises`` spread over the others."""
    chance = random.Random(seed)
    codes = sorted(chance.sample(sorted(STATES), answering))
    empty = set(chance.sample(codes, without))
    active = [code for code in codes if code not in empty]
    counts = dict.fromkeys(active, 1)
    for _ in range(exercises - len(active)):
        counts[chance.choice(active)] += 1
    return [
        SaidReturn(code, [_exercise(chance, number) for number in range(1, counts.get(code, 0) + 1)]) for code in codes
    ]


def _exercise(chance: random.Random, number: int) -> SaidExercise:
    year = chance.randint(2015, 2026)
    cells = {
        "Nombre del ejercicio": f"Ejercicio {number} de {year}",
        "Estatus": chance.choice(STATUSES),
        "Inicio": f"{year}-{chance.randint(1, 12):02}",
        "Modelo de apertura": chance.choice(("OGP Local", "Parlamento abierto", "Estado abierto")),
        "Participa el organismo garante": chance.choice(("Sí", "Sí", "Sí", "No")),
        "Involucramiento de la sociedad": chance.choice(("Alto", "Medio", "Bajo", "No sabe")),
        "Compromisos en plan de acción": chance.choice(("Sí", "No")),
    }
    cells |= {heading: chance.choice(("Sí", "No", "No", "No sabe", "")) for heading in YES_NO}
    if cells["Compromisos en plan de acción"] == "Sí":
        cells |= {
            "Título del plan": f"Plan {year}",
            "Inicio del plan": str(year),
            "Término del plan": str(year + 2),
            "Número de compromisos": str(chance.randint(1, 12)),
            "Compromisos de planes nacionales": chance.choice(("Sí", "No")),
        }
    said = SaidExercise(number, cells, promoters=sorted(chance.sample(PROMOTERS[:-1], chance.randint(1, 3))))
    if cells["Participa el organismo garante"] == "Sí":
        said.roles = sorted(chance.sample(ROLES[:-1], chance.randint(1, 2)))
    return said


def all_cells(state_code: str, said: SaidExercise | None) -> dict[str, str]:
    """The row of an exercise, or of a body without any, by heading of the template."""
    row = {"Entidad": STATES[state_code]}
    if said is None:
        return {**row, "¿Tiene ejercicios?": "No"}
    row |= {"¿Tiene ejercicios?": "Sí", "Ejercicio núm.": str(said.number), **said.cells}
    if said.roles:
        row |= {f"Papel del organismo garante: {role}": "Sí" if role in said.roles else "No" for role in ROLES}
    return row | {f"Promotores: {who}": "Sí" if who in said.promoters else "No" for who in PROMOTERS}


def rows_of(returns: Sequence[SaidReturn]) -> list[dict[str, str]]:
    """All rows of a round, one per exercise."""
    return [all_cells(body.state_code, said) for body in returns for said in _said(body)]


def _said(body: SaidReturn) -> Sequence[SaidExercise | None]:
    return body.exercises or [None]


def fill_template(path: Path, returns: Sequence[SaidReturn]) -> None:
    """Fill a template as a person would: sheet by sheet, below the example, under its own headings."""
    workbook = load_workbook(path)
    for sheet in workbook.worksheets:
        if not sheet.title[0].isdigit():
            continue
        columns = {cell.value: cell.column for cell in sheet[4] if cell.value}
        line = 6
        for body in returns:
            for said in _said(body) if sheet.title[0] == "1" else body.exercises:
                for heading, text in all_cells(body.state_code, said).items():
                    if heading in columns and text:
                        value: Any = int(text) if heading in ("Ejercicio núm.", "Número de compromisos") else text
                        sheet.cell(line, columns[heading], value)
                line += 1
    workbook.save(path)


def as_csv(rows: Sequence[dict[str, str]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    """The rows as a CSV, every heading a column."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    written = io.StringIO()
    writer = csv.DictWriter(written, headings, delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode(encoding)


def make_template(path: Path, *more: str) -> None:
    """Write the template of 2026 with the command."""
    assert main(["import-survey", "--round", "2026", "--template", str(path), *more]) == 0


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables by which a command finds an installation."""
    return {"APERTURA_RELEASES_DIR": str(settings.releases_dir), "APERTURA_SNAPSHOTS_DIR": str(settings.snapshots_dir)}
