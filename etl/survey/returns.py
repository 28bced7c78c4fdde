"""From answered rows to the return of each body: exercises put together from all sheets, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from etl.survey.answers import Answer
from etl.survey.instrument import HAS_EXERCISES, NAME, NUMBER, RESPONDENT, Instrument, Item
from etl.survey.report import Report, Severity
from etl.survey.rows import AnsweredRow, Given
from etl.survey.spelling import key

BLANK, SKIPPED = "blank", "skipped"


@dataclass
class Exercise:
    """One exercise as a body answered it: its number, its name, and an answer or a reason for none by variable."""

    position: int
    name: str
    answers: dict[str, Answer] = field(default_factory=dict)


@dataclass
class BodyReturn:
    """What the body of a state returned: what it says of itself, and its exercises by number."""

    state_code: str
    declares_no_exercise: bool
    answers: dict[str, Answer] = field(default_factory=dict)
    exercises: list[Exercise] = field(default_factory=list)


@dataclass
class _Gathered:
    """The rows of one exercise, from all sheets: what is given of each variable, and by which row."""

    rows: list[AnsweredRow] = field(default_factory=list)
    given: dict[str, tuple[Given, AnsweredRow]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


def body_returns(rows: Iterable[AnsweredRow], instrument: Instrument, report: Report) -> list[BodyReturn]:
    """The returns of all states in the file, by state code; duplicates and contradictions go to ``report``."""
    by_state: dict[str, list[AnsweredRow]] = {}
    for row in rows:
        by_state.setdefault(row.state_code, []).append(row)
    returns = [_Body(state, by_state[state], instrument, report).returned() for state in sorted(by_state)]
    found = [body for body in returns if body is not None]
    report.states = [body.state_code for body in found]
    report.exercises = sum(len(body.exercises) for body in found)
    return found


class _Body:
    """The rows of one state while they are put together."""

    def __init__(self, state_code: str, rows: list[AnsweredRow], instrument: Instrument, report: Report) -> None:
        self._state_code = state_code
        self._rows = rows
        self._instrument = instrument
        self._report = report

    def returned(self) -> BodyReturn | None:
        """The return; None where it says too little to be one, which has been reported."""
        answers = self._about_itself()
        has = answers.get(HAS_EXERCISES)
        denials = [row for row in self._rows if _says_no(row)]
        if denials:
            return self._without_exercises(denials, answers)
        gathered = self._gathered()
        exercises = [self._exercise(number, rows) for number, rows in sorted(gathered.items())]
        self._report_same_names(exercises, gathered)
        if has is None and not any(HAS_EXERCISES in row.broken for row in self._rows):
            self._tell(
                self._rows[0],
                HAS_EXERCISES,
                "required_blank",
                "No se dice si el organismo tiene ejercicios.",
                right="Sí o No",
            )
        if not exercises and has is not None:
            self._tell(
                self._rows[0],
                NAME,
                "required_blank",
                "Dice tener ejercicios y no nombra ninguno.",
                right="una fila por ejercicio",
            )
        return BodyReturn(self._state_code, False, answers, exercises)

    def _without_exercises(self, denials: list[AnsweredRow], answers: dict[str, Answer]) -> BodyReturn:
        for row in denials[1:]:
            self._tell(
                row,
                HAS_EXERCISES,
                "duplicate_return",
                "El organismo ya respondió que no tiene ejercicios.",
                right="una sola fila",
            )
        about_exercises = [
            (row, variable)
            for row in self._rows
            for variable, given in row.given.items()
            if self._instrument.by_variable[variable].about == "exercise" and given.answer.no_answer is None
        ]
        if about_exercises:
            row, variable = about_exercises[0]
            self._tell(
                row, variable, "contradiction", "El organismo dice no tener ejercicios y responde sobre uno.",
                right="«Sí» en «¿Tiene ejercicios?», o nada sobre ejercicios",
            )  # fmt: skip
        return BodyReturn(self._state_code, True, answers)

    def _about_itself(self) -> dict[str, Answer]:
        """What the body says of itself, the same on all its rows; the first answer stands where they differ."""
        answers: dict[str, Answer] = {}
        for row in self._rows:
            for variable, given in row.given.items():
                if self._instrument.by_variable[variable].about != "body" or variable == RESPONDENT:
                    continue
                first = answers.setdefault(variable, given.answer)
                if first != given.answer:
                    self._tell(
                        row, variable, "conflict", "Otra fila del mismo organismo responde otra cosa.",
                        right=f"lo mismo en todas: «{self._shown(variable, first)}»",
                    )  # fmt: skip
        return answers

    def _gathered(self) -> dict[int, _Gathered]:
        gathered: dict[int, _Gathered] = {}
        listed = {row.exercise for row in self._rows if NAME in row.given or NAME in row.broken}
        order = 0
        for row in self._rows:
            order += 1
            if row.exercise is None and NUMBER in row.broken:
                continue
            number = row.exercise if row.exercise is not None else self._numbered(row, order)
            if number is None:
                continue
            if row.exercise is not None and number not in listed:
                self._tell(
                    row, NUMBER, "exercise_not_listed", "Ninguna fila da el nombre del ejercicio con este número.",
                    read=str(number), right="el número que tiene en la primera hoja",
                )  # fmt: skip
                continue
            self._gather(gathered.setdefault(number, _Gathered()), row)
        return gathered

    def _numbered(self, row: AnsweredRow, order: int) -> int | None:
        """The number of a row without one: its order, where no row of the body has any; else that is reported."""
        if all(other.exercise is None and NUMBER not in other.broken for other in self._rows):
            return order
        self._tell(
            row,
            NUMBER,
            "required_blank",
            "Falta el número del ejercicio.",
            right="el mismo número que en las otras hojas",
        )
        return None

    def _gather(self, exercise: _Gathered, row: AnsweredRow) -> None:
        twin = next((other for other in exercise.rows if other.sheet == row.sheet), None)
        if twin is not None:
            self._tell(
                row, NUMBER, "duplicate_exercise", f"El mismo ejercicio está ya en la fila {twin.number}.",
                read=str(row.exercise or ""), right="una fila por ejercicio, o su propio número",
            )  # fmt: skip
            return
        exercise.rows.append(row)
        exercise.broken |= row.broken
        for variable, given in row.given.items():
            first, other = exercise.given.setdefault(variable, (given, row))
            if first.answer != given.answer and self._instrument.by_variable[variable].about == "exercise":
                self._tell(
                    row, variable, "conflict", f"La hoja «{other.sheet}», fila {other.number}, responde otra cosa.",
                    right="la misma respuesta en las dos, o en una sola",
                )  # fmt: skip

    def _exercise(self, number: int, gathered: _Gathered) -> Exercise:
        name = gathered.given.get(NAME)
        exercise = Exercise(number, (name[0].answer.text or "") if name else "")
        for item in self._instrument.items:
            if item.about == "body" or item.variable in (NUMBER, NAME):
                if item.variable == NAME and not exercise.name and NAME not in gathered.broken:
                    self._tell(
                        gathered.rows[0], NAME, "required_blank", "Falta el nombre del ejercicio.", right="el nombre"
                    )
                continue
            answer = self._answer(item, gathered, exercise)
            if answer is not None:
                exercise.answers[item.variable] = answer
        self._report_reversed(gathered)
        return exercise

    def _answer(self, item: Item, gathered: _Gathered, exercise: Exercise) -> Answer | None:
        """The answer to an item, or why there is none; None where nothing was asked to be filled in."""
        given = gathered.given.get(item.variable)
        if item.variable in gathered.broken:
            return None
        if not self._is_asked(item, exercise):
            if given is not None and given[0].answer.no_answer is None:
                self._report_unasked(item, given, exercise)
                return given[0].answer
            return Answer(no_answer=SKIPPED)
        if given is not None:
            return given[0].answer
        if item.optional:
            return None
        sheet = self._instrument.part_of(item).sheet
        row = next((row for row in gathered.rows if row.sheet == sheet), gathered.rows[0])
        self._tell(row, item.variable, BLANK, "Sin respuesta.", severity="notice")
        return Answer(no_answer=BLANK)

    def _is_asked(self, item: Item, exercise: Exercise) -> bool:
        condition = item.asked_if
        if condition is None or condition.variable == HAS_EXERCISES:
            return True
        answer = exercise.answers.get(condition.variable)
        return answer is not None and bool(set(answer.codes) & set(condition.codes))

    def _report_unasked(self, item: Item, given: tuple[Given, AnsweredRow], exercise: Exercise) -> None:
        assert item.asked_if is not None
        governing = self._instrument.by_variable[item.asked_if.variable]
        answer = exercise.answers.get(governing.variable)
        said = self._shown(governing.variable, answer) if answer is not None else ""
        is_contradiction = answer is not None and answer.no_answer is None
        self._tell(
            given[1],
            item.variable,
            "contradiction" if is_contradiction else "condition_open",
            f"«{governing.heading.es}» dice «{said}», y aquí hay una respuesta."
            if is_contradiction
            else f"Hay respuesta aquí y no en «{governing.heading.es}», de la que depende.",
            severity="error" if is_contradiction else "warning",
            read=self._shown(item.variable, given[0].answer),
            right=f"vaciar esta celda, o corregir «{governing.heading.es}»",
        )

    def _report_reversed(self, gathered: _Gathered) -> None:
        for item in self._instrument.items:
            end, start = gathered.given.get(item.variable), gathered.given.get(item.not_before or "")
            if end is None or start is None or end[0].answer.text is None or start[0].answer.text is None:
                continue
            known = min(len(end[0].answer.text), len(start[0].answer.text))
            if end[0].answer.text[:known] < start[0].answer.text[:known]:
                self._tell(
                    end[1], item.variable, "dates_reversed", f"Termina antes de empezar ({start[0].answer.text}).",
                    read=end[0].answer.text, right="una fecha posterior al inicio",
                )  # fmt: skip

    def _report_same_names(self, exercises: Iterable[Exercise], gathered: Mapping[int, _Gathered]) -> None:
        seen: dict[str, Exercise] = {}
        for exercise in exercises:
            twin = seen.setdefault(key(exercise.name), exercise)
            if twin is exercise or not exercise.name:
                continue
            same_start = twin.answers.get("starts_on") == exercise.answers.get("starts_on")
            self._tell(
                gathered[exercise.position].rows[0], NAME, "duplicate_exercise" if same_start else "same_name",
                f"El ejercicio {twin.position} se llama igual" + (" y empieza el mismo día." if same_start else "."),
                severity="error" if same_start else "warning", read=exercise.name,
                right="una fila por ejercicio, o un nombre que los distinga",
            )  # fmt: skip

    def _shown(self, variable: str, answer: Answer) -> str:
        """An answer as a person wrote it: labels, not codes."""
        item = self._instrument.by_variable[variable]
        labels = {"yes": "Sí", "no": "No"} | {option.code: option.label.es for option in item.options}
        return answer.text or "; ".join(labels[code] for code in answer.codes) or "sin respuesta"

    def _tell(
        self, row: AnsweredRow, variable: str, code: str, message: str, *, severity: Severity = "error", **more: Any
    ) -> None:
        given = row.given.get(variable)
        item = self._instrument.by_variable[variable]
        self._report.add(
            severity,
            code,
            message,
            sheet=row.sheet,
            row=row.number,
            column=given.column if given else None,
            heading=item.heading.es,
            **more,
        )


def _says_no(row: AnsweredRow) -> bool:
    given = row.given.get(HAS_EXERCISES)
    return given is not None and given.answer.codes == ("no",)
