"""From the text of one cell to an answer, through the spellings that the instrument declares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from etl.survey.instrument import NONE_OF_THEM, Instrument, Item
from etl.survey.spelling import clean, key

LONGEST_TEXT = 2_000
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
# Excel counts days from the end of 1899; these are the years that a survey can speak of.
_EXCEL_START = date(1899, 12, 30)
_EXCEL_DAYS = range(32_874, 73_416)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_TELEPHONE = re.compile(r"(?<!\d)(\+?\d{1,3}[ .-]?)?\(?\d{2,3}\)?[ .-]?\d{3,4}[ .-]?\d{4}(?!\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("enero ene", "febrero feb", "marzo mar", "abril abr", "mayo may", "junio jun", "julio jul", "agosto ago",
         "septiembre setiembre sep sept", "octubre oct", "noviembre nov", "diciembre dic"), 1
    )
    for name in names.split()
}  # fmt: skip
DATE_FORMS = "2019, 2019-03, 2019-03-15, 15/03/2019 o «15 de marzo de 2019»"


@dataclass(frozen=True)
class Answer:
    """What a cell says: chosen ``codes``, a free ``text``, or why there is no answer. One of the three."""

    codes: tuple[str, ...] = ()
    text: str | None = None
    no_answer: str | None = None


class AnswerError(Exception):
    """A cell that is no answer to its item: ``code`` names the reason, ``message`` and ``right`` are for people."""

    def __init__(self, code: str, message: str, right: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.right = right


class Reader:
    """Reads cells of one instrument. ``states`` gives the code of a state for each spelling of its name."""

    def __init__(self, instrument: Instrument, states: Mapping[str, str]) -> None:
        self._known: dict[tuple[str, str], Answer] = {}
        self._states = {key(name): code for name, code in states.items()}
        self._yes_no = {key(w): "yes" for w in instrument.meaning_yes} | {key(w): "no" for w in instrument.meaning_no}
        self._no_answer = {key(w): reason for reason, words in instrument.no_answer.items() for w in words}
        self._options = {
            item.variable: {
                key(name): option.code
                for option in item.options
                for name in (option.label.es, option.label.en, option.code, *option.spellings)
            }
            for item in instrument.items
        }

    def read(self, item: Item, written: str) -> Answer:
        """The answer in a cell that is not empty; raises ``AnswerError``."""
        known = self._known.get((item.variable, written))
        if known is None:
            known = self._read(item, written)
            # Few are written differently, but for free text.
            if known.text is None:
                self._known[item.variable, written] = known
        return known

    def _read(self, item: Item, written: str) -> Answer:
        text = clean(written)
        compared = key(text)
        if not text:
            raise AnswerError(
                "nothing_seen", "La celda tiene solo marcas que no se ven.", "vaciar la celda o responder"
            )
        # "Ninguno" may be an option and "1" a number: what the item itself offers comes first.
        if compared in self._no_answer and compared not in self._options[item.variable]:
            return Answer(no_answer=self._no_answer[compared])
        if item.answer_type == "yes_no":
            return Answer((self._yes_or_no(compared),))
        if item.answer_type in ("single_choice", "ordinal"):
            return Answer((self._choice(item, text, compared),))
        if item.answer_type == "multiple_choice":
            return Answer(self._choices(item, text, compared))
        return Answer(text=self._free(item, text, compared))

    def is_marked(self, written: str) -> bool | None:
        """Whether an option's own column says yes; None where it says that nobody knows. Raises ``AnswerError``."""
        compared = key(clean(written))
        if compared in self._no_answer:
            return None
        return self._yes_or_no(compared) == "yes"

    def state(self, written: str) -> str:
        """The code of a state from a name or code, also one that lost its zero; raises ``AnswerError``."""
        compared = key(clean(written))
        code = self._states.get(compared) or self._states.get(compared.zfill(2))
        if code is None:
            raise AnswerError(
                "unknown_state",
                "No es ninguna de las 32 entidades.",
                "el nombre de la lista de la plantilla, o su clave",
            )
        return code

    def _yes_or_no(self, compared: str) -> str:
        if compared not in self._yes_no:
            raise AnswerError("not_yes_or_no", "La respuesta no es sí ni no.", "Sí, No, No aplica o No sabe")
        return self._yes_no[compared]

    def _choice(self, item: Item, text: str, compared: str) -> str:
        options = self._options[item.variable]
        if compared in options:
            return options[compared]
        parts = [key(part) for part in re.split(r"[;\n|]", text) if part.strip()]
        if len(parts) > 1 and all(part in options for part in parts):
            raise AnswerError("several_options", "Se eligieron varias opciones y solo cabe una.", _labels(item))
        raise AnswerError("unknown_option", "La pregunta no tiene esta opción.", _labels(item))

    def _choices(self, item: Item, text: str, compared: str) -> tuple[str, ...]:
        options = self._options[item.variable]
        if compared in options:
            return (options[compared],)
        parts = [part for part in re.split(r"[;\n|]", text) if part.strip()]
        if len(parts) == 1:
            parts = [part for part in text.split(",") if part.strip()]
        unknown = [clean(part) for part in parts or [text] if key(part) not in options]
        if unknown:
            raise AnswerError(
                "unknown_option", f"La pregunta no tiene la opción «{'», «'.join(unknown)}».", _labels(item)
            )
        return chosen(item, [options[key(part)] for part in parts])

    def _free(self, item: Item, text: str, compared: str) -> str:
        if item.answer_type == "catalog":
            return self.state(text)
        if item.answer_type == "number":
            return _number(item, compared)
        if item.answer_type == "date":
            return partial_date(text)
        if item.answer_type == "url":
            return _url(text)
        return _plain_text(text)


def chosen(item: Item, codes: Sequence[str]) -> tuple[str, ...]:
    """The chosen codes in the order of the questionnaire; "none" beside another raises ``AnswerError``."""
    ordered = tuple(code for code in item.codes if code in codes)
    if NONE_OF_THEM in ordered and len(ordered) > 1:
        raise AnswerError("none_and_another", "Se marcó «ninguno» junto con otra opción.", "una de las dos cosas")
    return ordered


@lru_cache(maxsize=10_000)
def partial_date(text: str) -> str:
    """A date as far as it is known, in ISO order, from the ways of writing one in Mexico (day before month).

    Raises ``AnswerError`` for a day that does not exist, a year that cannot be meant, or a bare number of days.
    """
    year, month, day = _date_parts(text)
    try:
        whole = date(year, month or 1, day or 1)
    except ValueError:
        raise AnswerError("impossible_date", "La fecha no existe.", DATE_FORMS) from None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise AnswerError("impossible_date", f"El año {year} no puede ser el de un ejercicio de apertura.", DATE_FORMS)
    return whole.isoformat()[: 10 if day else 7 if month else 4]


def _date_parts(text: str) -> tuple[int, int | None, int | None]:
    bare = text.strip().rstrip(".")
    bare = re.sub(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$", "", bare)
    if bare.isdecimal() and int(bare) in _EXCEL_DAYS:
        meant = _EXCEL_START + timedelta(days=int(bare))
        raise AnswerError(
            "date_as_number",
            "Es el número con que Excel guarda una fecha.",
            f"{meant.isoformat()}, con formato de fecha",
        )
    if match := re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", bare):
        return int(match[1]), _int(match[2]), _int(match[3])
    if match := re.fullmatch(r"(?:(\d{1,2})[-/. ])?(\d{1,2})[-/. ](\d{4})", bare):
        return int(match[3]), int(match[2]), _int(match[1])
    if (
        match := re.fullmatch(r"(?:(\d{1,2})(?: de |[-/ ]))?([a-z]+)\.?(?: de | del |[-/ ])(\d{4})", key(bare))
    ) and match[2] in _MONTHS:
        return int(match[3]), _MONTHS[match[2]], _int(match[1])
    raise AnswerError("not_a_date", "No se entiende como fecha.", DATE_FORMS)


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def _number(item: Item, compared: str) -> str:
    if not re.fullmatch(r"\d{1,6}", compared):
        raise AnswerError("not_a_number", "No es un número entero.", "solo cifras, como 5")
    if item.minimum is not None and int(compared) < item.minimum:
        raise AnswerError("not_a_number", f"El número es menor que {item.minimum}.", f"{item.minimum} o más")
    return str(int(compared))


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"[\s\"'<>\\]", text):
        raise AnswerError(
            "not_an_address", "No es una dirección de internet.", "una que empiece con https:// o http://"
        )
    if "@" in parts.netloc:
        raise AnswerError(
            "personal_data", "La dirección contiene un usuario.", "la dirección sin usuario ni contraseña"
        )
    return text


def _plain_text(text: str) -> str:
    if _MAIL.search(text) or _TELEPHONE.search(text):
        raise AnswerError(
            "personal_data",
            "El texto contiene un correo o un teléfono, que no se guardan.",
            "el texto sin datos de contacto",
        )
    if text.startswith(("=", "+", "@")):
        raise AnswerError(
            "formula_as_text", "El texto empieza como una fórmula.", "el texto sin el signo del principio"
        )
    if len(text) > LONGEST_TEXT:
        raise AnswerError("too_long", f"El texto tiene más de {LONGEST_TEXT:,} caracteres.", "un texto más corto")
    return text


def _labels(item: Item) -> str:
    return "; ".join(option.label.es for option in item.options)
