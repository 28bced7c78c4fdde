"""What is wrong with an answered file, cell by cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "notice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "notice")
NAMES = {"error": "error", "warning": "advertencia", "notice": "aviso"}
MASK = "…"


@dataclass(frozen=True)
class Problem:
    """Something to mend or to know, in Spanish. Where it is about one cell, ``row`` counts from 1 and ``column`` is
    its letter; ``read`` is what stands there and ``right`` what would be right, as far as that can be said."""

    severity: Severity
    code: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    heading: str | None = None
    read: str | None = None
    right: str | None = None

    def in_words(self) -> str:
        """One line for a terminal."""
        place = ", ".join(
            part
            for part in (
                f"hoja «{self.sheet}»" if self.sheet else "",
                f"fila {self.row}" if self.row else "",
                f"columna {self.column}" if self.column else "",
                f"«{self.heading}»" if self.heading else "",
            )
            if part
        )
        read = f" Se leyó: «{self.read}»." if self.read else ""
        right = f" Correcto: {self.right}." if self.right else ""
        return f"{NAMES[self.severity]}: {f'{place}: ' if place else ''}{self.message}{read}{right}"


@dataclass
class Report:
    """The problems of one file and what was found in it. ``states`` are the codes of the bodies that answered in it."""

    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    exercises: int = 0
    states: list[str] = field(default_factory=list)

    def add(self, severity: Severity, code: str, message: str, **more: Any) -> None:
        """Note a problem; ``more`` are the further fields of ``Problem``."""
        self.problems.append(Problem(severity, code, message, **more))

    def count(self, severity: Severity) -> int:
        """How many problems of a severity there are."""
        return sum(problem.severity == severity for problem in self.problems)

    @property
    def warnings(self) -> dict[str, int]:
        """How many warnings of each code: what somebody accepts when publishing all the same."""
        return dict(sorted(Counter(p.code for p in self.problems if p.severity == "warning").items()))

    def as_json(self) -> dict[str, Any]:
        """The report for another program."""
        return {
            "rows": self.rows,
            "exercises": self.exercises,
            "states": self.states,
            "counts": {severity: self.count(severity) for severity in SEVERITIES},
            "problems": [vars(problem) for problem in self.ordered()],
        }

    def ordered(self) -> list[Problem]:
        """Errors first; within a severity as they were found, which is sheet by sheet and row by row."""
        return sorted(self.problems, key=lambda problem: SEVERITIES.index(problem.severity))
