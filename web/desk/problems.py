"""The problems of an answered file as the desk shows them, and what each is called, by code: in the log, and above its
Spanish text in other languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from layouts.i18n import N_

PROBLEMS = {
    # The file.
    "no_file": N_("no hay archivo"),
    "empty_file": N_("archivo vacío"),
    "too_large": N_("archivo demasiado grande"),
    "password": N_("archivo con contraseña"),
    "old_xls": N_("Excel de antes de 2007"),
    "not_a_spreadsheet": N_("no es una hoja de cálculo"),
    "zip_bomb": N_("archivo que se expande demasiado"),
    "xml_entities": N_("archivo con entidades XML"),
    "macros": N_("archivo con macros"),
    "binary_workbook": N_("libro binario (.xlsb)"),
    "damaged": N_("archivo dañado"),
    "too_expensive": N_("archivo que pide demasiada memoria o tiempo"),
    "too_many_cells": N_("demasiadas filas o columnas"),
    "no_answers": N_("ninguna respuesta"),
    "windows_1252": N_("CSV en Windows-1252"),
    # Sheets and columns.
    "sheet_not_read": N_("hoja sin los encabezados del cuestionario"),
    "no_header": N_("ninguna hoja con los encabezados del cuestionario"),
    "unknown_column": N_("columna que el cuestionario no tiene"),
    "duplicate_column": N_("dos columnas para la misma pregunta"),
    "column_without_heading": N_("columna sin encabezado"),
    "missing_column": N_("falta una columna"),
    "merged_cells": N_("celdas combinadas"),
    "hidden": N_("filas o columnas ocultas"),
    "numbered_by_order": N_("ejercicios numerados por su orden"),
    # Cells.
    "nothing_seen": N_("celda con marcas que no se ven"),
    "unknown_state": N_("entidad desconocida"),
    "not_yes_or_no": N_("ni sí ni no"),
    "unknown_option": N_("opción que la pregunta no tiene"),
    "several_options": N_("varias opciones donde cabe una"),
    "none_and_another": N_("«ninguno» junto con otra opción"),
    "not_a_date": N_("no se entiende como fecha"),
    "impossible_date": N_("fecha imposible"),
    "date_as_number": N_("fecha escrita como número"),
    "not_a_number": N_("no es un número admitido"),
    "not_an_address": N_("no es una dirección de internet"),
    "personal_data": N_("dato personal"),
    "formula_as_text": N_("texto que empieza como fórmula"),
    "too_long": N_("texto demasiado largo"),
    "formula": N_("fórmula"),
    "formula_without_value": N_("fórmula sin valor"),
    "cell_error": N_("error de la hoja de cálculo"),
    # Answers beside each other.
    "blank": N_("sin respuesta"),
    "required_blank": N_("falta un dato necesario"),
    "contradiction": N_("respuestas que se contradicen"),
    "condition_open": N_("falta la respuesta de la que depende"),
    "conflict": N_("dos respuestas distintas a lo mismo"),
    "dates_reversed": N_("termina antes de empezar"),
    "exercise_not_listed": N_("ejercicio sin nombre en ninguna fila"),
    "duplicate_exercise": N_("ejercicio repetido"),
    "same_name": N_("dos ejercicios con el mismo nombre"),
    "duplicate_return": N_("el organismo responde dos veces"),
}


def kinds(problems: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """How many problems there are of each code, most first."""
    return Counter(problem["code"] for problem in problems).most_common()


def folded(problems: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The problems, each with its ``headings``: those that say the same of several questions and of no cell are one."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for number, problem in enumerate(problems):
        is_general = problem["row"] is None and problem["heading"]
        same = tuple(problem[name] for name in ("code", "message", "sheet", "right")) if is_general else (number,)
        found.setdefault(same, {**problem, "headings": []})["headings"].append(problem["heading"])
    return list(found.values())
