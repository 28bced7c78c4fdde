"""What both shapes have alike: cleaned texts, tags, values and the reviewers' coding of a commitment."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from etl.countries import country_row
from etl.identity import plain
from etl.sources.ogp_commitments_dates import DayOrder, proves_day_first, read_date
from etl.sources.ogp_commitments_shapes import RatingColumn, Shape
from etl.sources.reading import Row, RowError, Source

NO_VALUE = ("ND", "NR", "NA")
EXAMPLES = 5

_BREAKS = re.compile(r"<br\s*/?>|[\s\xa0\ue000-\uf8ff]+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_SORT_PREFIX = re.compile(r"^[a-f]\. ")
_FLAGS = {"1": True, "0": False, "": False, **dict.fromkeys(NO_VALUE, False)}


def clean(text: str) -> str:
    """A text on one line: without ``<br/>``, line breaks, bullets of a word processor and e-mail addresses."""
    return " ".join(_MAIL.sub("", _BREAKS.sub(" ", text)).split())


@dataclass
class Parts:
    """What is being put together over the rows of one file, and what was noticed on the way."""

    source: Source
    file: str
    shape: Shape
    announced: set[str]
    plans: set[str] = field(default_factory=set)
    doubts: Counter[str] = field(default_factory=Counter)
    disagreeing: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def link(self, name: str) -> Any:
        """A declaration under ``links`` of the YAML."""
        return self.source.spec.links[name]

    def text(self, row: Row, column: str) -> str | None:
        """A cleaned text; None for the words by which the source says that there is none."""
        text = clean(str(row.value(column)))
        return None if not text or text.lower() in self.link("no_text") else text

    def texts(self, row: Row, language: str | None, order: DayOrder) -> dict[str, str | None]:
        """Titles, theme, institutions and promised dates, as ``commitments`` keeps them; what did not fit is in the note."""
        columns = self.shape.columns
        titles, title_note = self._titles(row, language)
        dates, date_note = self._dates(row, order)
        return {
            **titles,
            **dates,
            "theme": self.text(row, columns.theme),
            "lead_institution": self.text(row, columns.lead),
            "supporting_institutions": self.text(row, columns.support),
            "note": "; ".join(note for note in (title_note, date_note) if note) or None,
        }

    def _titles(self, row: Row, language: str | None) -> tuple[dict[str, str | None], str | None]:
        """Titles under their language (None: English); one in a third language stays in the note."""
        columns = self.shape.columns
        title, short = self.text(row, columns.title), self.text(row, columns.short_title)
        if language is None or title is None:
            return {"title_es": None, "title_en": title or short}, None
        english = short if short != title else None
        if language == "es":
            return {"title_es": title, "title_en": english}, None
        return {"title_es": None, "title_en": english or title}, f"{columns.title}: {title}"

    def _dates(self, row: Row, order: DayOrder) -> tuple[dict[str, str | None], str | None]:
        """The promised start and end; a date that could not be kept in full stands in the note as written.

        The newer file has kept some dates of older plans with the day first: one of them makes its row's other doubtful.
        """
        columns = {"starts": self.shape.columns.starts, "ends": self.shape.columns.ends}
        texts = {name: self.text(row, column) for name, column in columns.items()}
        if any(proves_day_first(written) for written in texts.values()):
            order = "unknown"
        dated: dict[str, str | None] = {}
        notes = []
        for name, column in columns.items():
            written, when = texts[name], read_date(texts[name], order)
            dated |= {f"{name}_on": when.text, f"{name}_precision": when.precision}
            if when.doubt:
                self.doubts[when.doubt] += 1
            if written and when.precision != "day" and when.text != written:
                notes.append(f"{column}: {written}")
        return dated, "; ".join(notes) or None

    def country(self, row: Row, code: str, name: str) -> None:
        """Add the country of a row once. Called last, so that a rejected row announces nothing."""
        if code not in self.announced:
            self.announced.add(code)
            row.add("countries", **country_row(code, name))

    def plan(
        self, row: Row, plan_id: str, country: str, number: int, *, published: str | None, **more: str | None
    ) -> None:
        """A plan, once per file, and the country a national one covers, once in all. Called last, as above.

        ``more`` are further columns of ``plans``; without a ``scope`` among them the plan is national.
        """
        if plan_id in self.plans:
            return
        self.plans.add(plan_id)
        row.add(
            "plans",
            plan_id=plan_id,
            country_code=country,
            number=number,
            **{"scope": "national", "name_es": f"Plan de acción {number}", "name_en": f"Action plan {number}", **more},
            **year_of("published", published),
        )
        if more.get("scope", "national") != "national" or country in self.link("places_of_plans_elsewhere"):
            return
        if plan_id not in self.announced:
            self.announced.add(plan_id)
            row.add("plan_jurisdictions", plan_id=plan_id, place_kind="country", place_id=country)

    def tags(self, row: Row, commitment_id: str) -> None:
        """The policy tags: flag columns that say 1."""
        for column in self.shape.tags:
            if flag(row, column):
                row.add(
                    "commitment_policy_areas",
                    commitment_id=commitment_id,
                    vocabulary=self.shape.name,
                    policy_area=column,
                )

    def ratings(self, row: Row, commitment_id: str, source_url: str | None = None) -> None:
        """One rating for every column of judgement, also where the source says that there is no value."""
        years = {report: self._year(row, column) for report, column in self.shape.report_years.items()}
        for rating in self.shape.ratings:
            raw = str(row.value(rating.column)).strip()
            code = None if raw in NO_VALUE or not raw else self._code(rating, raw)
            self._compare(row, rating, raw, code, commitment_id)
            row.add(
                "commitment_ratings",
                commitment_id=commitment_id,
                reviewer="explorer_coding",
                report=rating.report,
                criterion=rating.criterion,
                edition=self.shape.name,
                value_code=code,
                value_raw=raw or None,
                no_value_reason=None if code else raw or "blank",
                report_year=years.get(rating.report),
                source_url=source_url,
            )

    @staticmethod
    def _year(row: Row, column: str) -> int | None:
        """The year in which a report was published; None for what is no year, or in a file without the column."""
        if column not in row.values:
            return None
        year = year_of("published", row.text(column))["published_on"]
        return int(year) if year else None

    def _code(self, rating: RatingColumn, raw: str) -> str:
        return self.source.look_up(rating.lookup, _SORT_PREFIX.sub("", raw), rating.column)

    def _compare(self, row: Row, rating: RatingColumn, raw: str, code: str | None, commitment_id: str) -> None:
        if rating.twin is None or rating.scale is None:
            return
        twin = str(row.value(rating.twin)).strip()
        expected = raw if code is None else self.source.spec.lookups[rating.scale].get(code)
        if expected is None or twin == expected:
            return
        self.disagreeing[rating.column] += 1
        shown = self.examples.setdefault(rating.column, [])
        if len(shown) < EXAMPLES:
            shown.append(f"{commitment_id} ({raw} / {twin})")

    def close(self) -> None:
        """Turn what was noticed into findings of the file."""
        if self.disagreeing:
            total = sum(self.disagreeing.values())
            listed = "; ".join(f"{c}: {n}, {', '.join(self.examples[c])}" for c, n in self.disagreeing.items())
            self.source.found(
                "warning",
                "numeric_twin_disagrees",
                f"En {self.file}, {total} valores de texto no concuerdan con su copia numérica; se usa el texto. {listed}",
                f"In {self.file}, {total} text values disagree with their numeric copy; the text is used. {listed}",
                table_name="commitment_ratings",
            )
        for doubt, count in sorted(self.doubts.items()):
            es, en = _DOUBTS[doubt]
            self.source.found("notice", doubt, es.format(count, self.file), en.format(count, self.file))


_DOUBTS = {
    "ambiguous_date": (
        "{} fechas de {} pueden leerse con el día o el mes primero: solo se conserva el año.",
        "{} dates of {} can be read day first or month first: only the year is kept.",
    ),
    "impossible_date": (
        "{} fechas de {} no existen en el calendario: se conserva el mes o el año.",
        "{} dates of {} do not exist in the calendar: the month or year is kept.",
    ),
}


def flag(row: Row, column: str) -> bool:
    """Whether a flag column says 1; ``RowError`` for what is no flag."""
    raw = str(row.value(column)).strip()
    if raw not in _FLAGS:
        raise RowError(f"column {column}: read {raw!r}; 1, 0, ND, NR, NA or empty would be right")
    return _FLAGS[raw]


def values_of(row: Row, shape: Shape) -> list[str]:
    """The OGP values a commitment is relevant to, by the names they have in this warehouse."""
    return [name for column, name in shape.values.items() if flag(row, column)]


def add_values(row: Row, commitment_id: str, values: list[str]) -> None:
    """The OGP values as policy tags of their own vocabulary."""
    for name in values:
        row.add("commitment_policy_areas", commitment_id=commitment_id, vocabulary="ogp_values", policy_area=name)


def pass_over(row: Row, shape: Shape) -> None:
    """Consume the columns that are declared as not used, and blank those that hold personal data or prose."""
    row.drop(*(column for column in shape.drop if column in row.values))
    row.skip(*(column for column in shape.skip if column in row.values))


def bare_title(texts: dict[str, str | None], number: str) -> str:
    """The title by which two files are compared: plain, without the number that the 2017 file puts before it.

    ``Commitment 2.1: Reuse of data``, ``2.1) Reuse of data`` and ``Reuse of data`` give ``reuse of data``.
    """
    label = re.compile(rf"(?:commitment |action |o)?{re.escape(plain(number))}[\s.):–-]+")
    title = plain(texts["title_es"] or texts["title_en"] or "")
    return label.sub("", title, count=1) if label.match(title) else title


def plan_number(row: Row, column: str) -> int:
    """The number of the plan of a row, 1 or more. Raises ``RowError`` for anything else."""
    number = row.integer(column)
    if number is None or number < 1:
        raise RowError(f"column {column}: read {number}; 1 or more would be right")
    return number


def year_of(name: str, text: str | None) -> dict[str, str | None]:
    """``{<name>_on, <name>_precision}`` of a year; both None for what is no year."""
    year = text if text is not None and re.fullmatch(r"(19|20)[0-9]{2}", text) else None
    return {f"{name}_on": year, f"{name}_precision": "year" if year else None}
