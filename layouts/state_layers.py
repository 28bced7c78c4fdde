"""The layers of the map of the states: how each shows every state, its key, and its reading in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.indicators.coverage import Occurrence, class_limits, class_of, standing
from data.queries.states import METRIC_EDITION, StateAtAGlance
from data.schema import label
from layouts.components.tables import Key
from layouts.components.view import Data
from layouts.first_dates import since_date
from layouts.i18n import N_, Locale

STEPS = 13
LAYERS = {
    "cobertura": N_("Los cuatro hechos"),
    "declaratoria": N_("Declaratoria firmada"),
    "ejercicio": N_("Ejercicio de apertura"),
    "secretariado": N_("Secretariado técnico"),
    "plan": N_("Plan de acción"),
    "pasos": N_("Los 13 pasos"),
    "ogp-local": N_("OGP Local"),
    "multi-city": N_("Multi-City Challenge 2020"),
    "metrica": N_("Métrica 2017"),
}
# Those of which sources give dates state by state.
DATED = ("declaratoria", "secretariado", "plan")
INDICES = ("GA", "T", "P", "TG", "TC", "PG", "PC")


@dataclass(frozen=True)
class Shown:
    """How a layer shows a state: a status class, and a detail such as a date or a count."""

    status: str
    detail: str | None = None


@dataclass(frozen=True)
class Layer:
    """One layer over all states: what it says of the country, and of each state.

    `names` are the classes in the order of the legend; `reading` is the second sentence, by default of how many states
    nothing is known.
    """

    sentence: str
    names: Mapping[str, str]
    shown: Mapping[str, Shown]
    sources: Sequence[str]
    text: str | None = None
    data: Data | None = None
    proofs: Sequence[Data] = ()
    reading: str | None = None

    @property
    def keys(self) -> list[Key]:
        """The legend: each class that some state is in, and how many are."""
        return [Key(status, f"{words} ({n})") for status, words in self.names.items() if (n := self.counts.get(status))]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many states are in each class."""
        return Counter(shown.status for shown in self.shown.values())

    def words(self, state_code: str) -> str:
        """What the layer says of a state: the name of its class, and the detail."""
        shown = self.shown[state_code]
        return self.names[shown.status] + (f" ({shown.detail})" if shown.detail else "")


@dataclass(frozen=True)
class Asked:
    """What a layer is drawn from: the states, the end of a year (None: today), the index of the Metric, the language."""

    states: Sequence[StateAtAGlance]
    year: int | None
    index: str
    locale: Locale


def layer(name: str, asked: Asked) -> Layer:
    """The layer `name` (one of `LAYERS`)."""
    return _DRAWN[name](asked)


def _coverage(asked: Asked) -> Layer:
    _ = asked.locale.text
    levels = {state.state_code: state.coverage.level for state in asked.states}
    return Layer(
        _(
            "Los cuatro hechos de la apertura están documentados en {n} de {of} entidades; en {none}, ninguno.",
            n=sum(level == 4 for level in levels.values()),
            of=len(levels),
            none=sum(level == 0 for level in levels.values()),
        ),
        {
            "level-4": _("los cuatro"),
            "level-3": _("tres"),
            "level-2": _("dos"),
            "level-1": _("uno"),
            "no-data": _("sin dato: ninguno documentado"),
        },
        {code: Shown(f"level-{level}" if level else "no-data") for code, level in levels.items()},
        ["state_exercises"],
        _(
            "Firmar la declaratoria, tener un ejercicio, instalar un secretariado técnico y publicar un plan son cuatro "
            "hechos distintos. Se cuenta lo que tiene fuente por entidad; que falte el registro no prueba que no ocurrió."
        ),
        proofs=[
            Data("declarations"),
            Data("exercises"),
            Data("technical_secretariats"),
            Data("plans", {"scope": "state", "country_code": "MX"}),
        ],
    )


def _declaration(asked: Asked) -> Layer:
    locale, _ = asked.locale, asked.locale.text

    def show(state: StateAtAGlance) -> Shown:
        found = state.declaration
        signed = (Occurrence(found.signed_on),) if found.has_evidence else ()
        if not signed and found.listed_by_inai:
            return Shown("started", _("en la lista de participantes del INAI"))
        if not signed and found.unsigned_in_press:
            return Shown("no-data", _("sin firma en septiembre de 2017, según la prensa"))
        return _dated(signed, asked, locale)

    shown = {state.state_code: show(state) for state in asked.states}
    return Layer(
        _counted(
            asked,
            shown,
            N_("{n} de {of} entidades tienen una firma documentada de la declaratoria."),
            N_("Al cierre de {year} habían firmado la declaratoria {n} de {of} entidades, hasta donde hay fecha."),
        ),
        {
            "verified": _("firma documentada"),
            "completed": _("firmada, sin fecha"),
            "not-started": _("firmó después"),
            "started": _("participante, sin fecha de firma"),
            "no-data": _("sin dato de la firma"),
        },
        shown,
        ["state_exercises"],
        data=Data("declarations"),
    )


def _exercise(asked: Asked) -> Layer:
    locale, _ = asked.locale, asked.locale.text

    def show(state: StateAtAGlance) -> Shown:
        if state.state_exercises:
            words = locale.plural("{n} ejercicio estatal", "{n} ejercicios estatales", state.state_exercises)
            return Shown("verified", words)
        if state.municipal_exercises:
            words = locale.plural("{n} ejercicio municipal", "{n} ejercicios municipales", state.municipal_exercises)
            return Shown("completed", words)
        return Shown("no-data")

    shown = {state.state_code: show(state) for state in asked.states}
    return Layer(
        _counted(asked, shown, N_("{n} de {of} entidades tienen o tuvieron un ejercicio estatal documentado.")),
        {
            "verified": _("con ejercicio estatal"),
            "completed": _("solo municipal"),
            "no-data": _("sin dato: ninguno documentado"),
        },
        shown,
        ["state_exercises"],
        data=Data("exercises"),
    )


def _secretariat(asked: Asked) -> Layer:
    locale, _ = asked.locale, asked.locale.text
    shown = {state.state_code: _dated(state.secretariat, asked, locale) for state in asked.states}
    return Layer(
        _counted(
            asked,
            shown,
            N_("{n} de {of} entidades tienen documentado un secretariado técnico local."),
            N_("Al cierre de {year} había secretariado técnico en {n} de {of} entidades, hasta donde hay fecha."),
        ),
        {
            "verified": _("instalado"),
            "completed": _("instalado, sin fecha"),
            "not-started": _("instalado después"),
            "no-data": _("sin dato: ninguno documentado"),
        },
        shown,
        ["state_exercises"],
        data=Data("technical_secretariats"),
    )


def _plan(asked: Asked) -> Layer:
    locale, _ = asked.locale, asked.locale.text

    def show(state: StateAtAGlance) -> Shown:
        if not state.plans and state.plans_in_preparation:
            return Shown("started")
        return _dated(state.plans, asked, locale)

    shown = {state.state_code: show(state) for state in asked.states}
    return Layer(
        _counted(
            asked,
            shown,
            N_("{n} de {of} entidades tienen documentado al menos un plan de acción."),
            N_("Al cierre de {year} tenían un plan de acción {n} de {of} entidades, hasta donde hay fecha."),
        ),
        {
            "verified": _("con plan"),
            "completed": _("con plan, sin fecha"),
            "not-started": _("su primer plan con fecha es posterior"),
            "started": _("solo en elaboración"),
            "no-data": _("sin dato: ninguno documentado"),
        },
        shown,
        ["state_exercises", "ogp_local"],
        data=Data("plans", {"scope": "state", "country_code": "MX"}),
    )


def _steps(asked: Asked) -> Layer:
    _ = asked.locale.text
    most = max(state.steps for state in asked.states)
    shown = {
        state.state_code: Shown(
            f"level-{min(state.steps, 4)}" if state.steps else "no-data",
            _("{n} de {of}", n=state.steps, of=STEPS) if state.steps else None,
        )
        for state in asked.states
    }
    return Layer(
        _("Ninguna entidad tiene evidencia de más de {n} de los {of} pasos de la cocreación.", n=most, of=STEPS),
        {
            "level-4": _("cuatro o más pasos"),
            "level-3": _("tres"),
            "level-2": _("dos"),
            "level-1": _("uno"),
            "no-data": _("sin evidencia de ninguno"),
        },
        shown,
        ["state_exercises", "ogp_local"],
        _("Ausencia de evidencia no es evidencia de ausencia: de varios pasos ninguna fuente reunida deja constancia."),
        data=Data("exercise_steps", {"state": "evidence"}),
    )


def _members(asked: Asked) -> Layer:
    locale, _ = asked.locale, asked.locale.text

    def show(state: StateAtAGlance) -> Shown:
        municipalities = ", ".join(state.member_municipalities) or None
        if state.is_member is not None:
            return Shown("verified" if state.is_member else "not-started", municipalities)
        return Shown("completed" if municipalities else "no-data", municipalities)

    shown = {state.state_code: show(state) for state in asked.states}
    municipalities = sum(len(state.member_municipalities) for state in asked.states)
    members = _count(shown, "verified")
    return Layer(
        _(
            "En OGP Local se encontraron {states} y {municipalities}.",
            states=locale.plural("{n} entidad", "{n} entidades", members),
            municipalities=locale.plural("{n} municipio", "{n} municipios", municipalities),
        ),
        {
            "verified": _("la entidad es miembro"),
            "completed": _("solo municipios miembros"),
            "not-started": _("se retiró"),
            "no-data": _("sin dato: no aparece en lo reunido"),
        },
        shown,
        ["ogp_local"],
        data=Data("localities", {"country_code": "MX"}),
    )


def _challenge(asked: Asked) -> Layer:
    locale, _ = asked.locale, asked.locale.text
    shown = {
        state.state_code: Shown("verified", ", ".join(state.challenge_cities))
        if state.challenge_cities
        else Shown("not-started")
        for state in asked.states
    }
    cities = sum(len(state.challenge_cities) for state in asked.states)
    return Layer(
        _(
            "En el Multi-City Challenge México 2020 participaron {cities} de {states}.",
            cities=locale.plural("{n} ciudad", "{n} ciudades", cities),
            states=locale.plural("{n} entidad", "{n} entidades", _count(shown, "verified")),
        ),
        {"verified": _("con ciudad participante"), "not-started": _("ninguna en la lista de participantes")},
        shown,
        ["ogp_local"],
        data=Data("multicity_facts", {"kind": "participating_city"}),
    )


def _metric(asked: Asked) -> Layer:
    locale, _ = asked.locale, asked.locale.text
    values = {s.state_code: s.metric[asked.index] for s in asked.states if asked.index in s.metric}
    index = label("metric_index", asked.index, locale.code)
    sources, data = ["metrica"], metric_rows(asked.index)
    if not values:
        nothing = {state.state_code: Shown("no-data") for state in asked.states}
        return Layer(_("Sin dato de {index}.", index=index), {"no-data": _("sin dato")}, nothing, sources, data=data)
    limits = class_limits(list(values.values()))
    first, last = max(asked.states, key=_by(values, -1.0)), min(asked.states, key=_by(values, 2.0))
    names = {f"level-{n}": _range(values.values(), limits, n, locale) for n in (4, 3, 2, 1)}
    return Layer(
        _(
            "{first} obtuvo {high} de 1 en {index}, la cifra más alta de {year}; {last}, {low}, la más baja.",
            first=first.name,
            high=locale.number(values[first.state_code], 2),
            last=last.name,
            low=locale.number(values[last.state_code], 2),
            index=index,
            year=METRIC_EDITION,
        ),
        {**names, "no-data": _("sin dato")},
        {
            state.state_code: Shown(
                f"level-{class_of(values[state.state_code], limits)}", locale.number(values[state.state_code], 2)
            )
            if state.state_code in values
            else Shown("no-data")
            for state in asked.states
        },
        sources,
        _("Índices de 0 a 1. Cuatro clases con el mismo número de entidades."),
        data=data,
        reading=_("{index}, por entidad, en la Métrica de {year}", index=index.capitalize(), year=METRIC_EDITION),
    )


_DRAWN: Mapping[str, Callable[[Asked], Layer]] = {
    "cobertura": _coverage,
    "declaratoria": _declaration,
    "ejercicio": _exercise,
    "secretariado": _secretariat,
    "plan": _plan,
    "pasos": _steps,
    "ogp-local": _members,
    "multi-city": _challenge,
    "metrica": _metric,
}


def _dated(occurrences: Sequence[Occurrence], asked: Asked, locale: Locale) -> Shown:
    """How something that happens once is shown at the end of the asked year, or today."""
    if asked.year is None:
        is_dated = any(found.happened_on for found in occurrences)
        status = "no-data" if not occurrences else "verified" if is_dated else "completed"
    else:
        classes = {"yes": "verified", "undated": "completed", "later": "not-started", "none": "no-data"}
        status = classes[standing(occurrences, asked.year)]
    return Shown(status, since_date(occurrences, locale))


def _counted(asked: Asked, shown: Mapping[str, Shown], today: str, then: str | None = None) -> str:
    """The sentence of a layer with the states that have it: today with or without date, at the end of a year with."""
    if asked.year is None or then is None:
        found = _count(shown, "verified") + (_count(shown, "completed") if then else 0)
        return asked.locale.text(today, n=found, of=len(shown))
    return asked.locale.text(then, n=_count(shown, "verified"), of=len(shown), year=asked.year)


def _count(shown: Mapping[str, Shown], status: str) -> int:
    return sum(one.status == status for one in shown.values())


def _by(values: Mapping[str, float], missing: float) -> Callable[[StateAtAGlance], float]:
    return lambda state: values.get(state.state_code, missing)


def _range(values: Iterable[float], limits: Sequence[float], number: int, locale: Locale) -> str:
    within = [value for value in values if class_of(value, limits) == number]
    if not within:
        return locale.text("sin entidades")
    return locale.text("de {low} a {high}", low=locale.number(min(within), 2), high=locale.number(max(within), 2))


def metric_rows(index: str) -> Data:
    """The rows of one index of the Metric, state by state."""
    return Data("metric_scores", {"edition": METRIC_EDITION, "scope": "state", "indicator": index})
