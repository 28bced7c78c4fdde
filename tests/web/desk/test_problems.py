"""Every problem that a report can hold has a name at the desk."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import get_args

from etl.survey.book import Flag
from etl.survey.report import Report
from settings import ROOT
from tests.etl.survey.corpus import corpus
from web.desk.problems import PROBLEMS, folded

# What tells a problem, and the place of its code among the arguments.
TELLING = {"AnswerError": 0, "FileRefusedError": 0, "_problem": 0, "add": 1, "_tell": 2}


def codes_told() -> Iterator[object]:
    """The codes written in the ETL's modules, wherever a problem is told."""
    for path in (ROOT / "etl" / "survey").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                place = TELLING.get(ast.unparse(node.func).rpartition(".")[2])
                if place is not None and len(node.args) > place:
                    told = node.args[place]
                    either = [told.body, told.orelse] if isinstance(told, ast.IfExp) else [told]
                    yield from (part.value for part in either if isinstance(part, ast.Constant))


def test_every_problem_has_a_name() -> None:
    told = {*codes_told(), *get_args(Flag), *(sent.code for sent in corpus() if sent.code), "blank"}
    assert {"macros", "unknown_option", "conflict", "duplicate_exercise"} <= told
    assert told == set(PROBLEMS)


def test_what_is_said_of_several_questions_and_of_no_cell_is_said_once() -> None:
    report = Report()
    for heading in ("Modelo", "Promotores"):
        report.add("warning", "missing_column", "Falta la columna.", heading=heading)
        report.add("error", "impossible_date", "La fecha no existe.", heading=heading, sheet="Hoja", row=2, column="E")
    report.add("warning", "sheet_not_read", "No se cargaría.", sheet="Otra")
    report.add("warning", "sheet_not_read", "No se cargaría.", sheet="Una más")
    shown = [(p["code"], p["headings"], p["sheet"]) for p in folded(report.as_json()["problems"])]
    assert shown == [
        ("impossible_date", ["Modelo"], "Hoja"), ("impossible_date", ["Promotores"], "Hoja"),
        ("missing_column", ["Modelo", "Promotores"], None),
        ("sheet_not_read", [None], "Otra"), ("sheet_not_read", [None], "Una más"),
    ]  # fmt: skip
