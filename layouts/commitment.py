"""``/plan-nacional/<commitment_id>``: one commitment, with everything that any source says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from data.indicators.completion import REVIEWER, Coding, final_coding
from data.indicators.smart import Fields, Mark, smart_marks
from data.queries.citations import Citation, citations
from data.queries.commitment import (
    Action,
    Commitment,
    DeadlineChange,
    Linked,
    Participant,
    Rating,
    RegisterId,
    also_called,
    board_actions,
    board_was_compared,
    deadline_changes,
    linked,
    national_commitment,
    participants,
    policy_areas,
    ratings,
    register_ids,
    warnings_about,
)
from data.queries.national_plan import (
    BoardProgress,
    NationalPlan,
    board_progress,
    national_plans,
    own_copies,
)
from data.schema.vocabularies import label
from layouts.commitment_board import board_section, slippage_section
from layouts.commitment_facts import RESPONSIBLE, areas_section, ids_section, people_section, smart_view
from layouts.commitment_ratings import ratings_view
from layouts.components.island import Children, Node
from layouts.components.texts import Fact, facts, note
from layouts.page import Missing, Page, PageView, Visit
from layouts.plan_names import (
    commitment_title,
    grade_name,
    in_language,
    outside,
    plan_name,
    plan_years,
    title_language,
)
from layouts.plan_reviews import report_named

SOURCES = ("national_plans", "national_board", "ogp_commitments", "ogp_pages")
# A longer title would make a headline that nobody reads; it then stands below.
LONGEST_HEADLINE = 90


@dataclass(frozen=True)
class File:
    """Everything that the release holds about a commitment."""

    commitment: Commitment
    plan: NationalPlan | None
    progress: BoardProgress | None
    actions: Sequence[Action]
    ratings: Sequence[Rating]
    ids: Sequence[RegisterId]
    areas: Sequence[tuple[str, str]]
    participants: Sequence[Participant]
    linked: Sequence[Linked]
    warnings: Sequence[tuple[str, str, str]]
    changes: Sequence[DeadlineChange]
    compared: bool
    sources: Sequence[Citation]

    @property
    def grading(self) -> Coding | None:
        """The coding of its completion that counts."""
        return final_coding(
            Coding(rating.report, rating.edition, rating.value_code, rating.read_on, rating.report_year)
            for rating in self.ratings
            if rating.criterion == "completion" and rating.reviewer == REVIEWER
        )


def show(visit: Visit) -> PageView:
    """The file of a commitment; one of another scope, or none, is missing."""
    file = _read(visit)
    locale, _ = visit.locale, visit.locale.text
    title = commitment_title(file.commitment.commitment_id, file.commitment.title_es, file.commitment.title_en, locale)
    return PageView(
        title=title if len(title) <= LONGEST_HEADLINE else file.commitment.commitment_id,
        kicker=_kicker(visit, file),
        sentence=_sentence(visit, file, title),
        text=_text(visit, file, title),
        content=[
            *_notes(visit, file),
            _facts(visit, file),
            people_section(visit, file.commitment, file.participants, file.linked, file.sources),
            *([board_section(visit, file.actions, file.progress, file.sources)] if file.actions else []),
            slippage_section(visit, file.actions, file.changes, file.compared, file.sources),
            ratings_view(visit, file.commitment.commitment_id, file.ratings, file.sources),
            smart_view(visit, marks(file), file.sources),
            ids_section(visit, file.ids, file.commitment, file.sources),
            *([areas_section(visit, file.commitment, file.areas, file.sources)] if file.areas else []),
        ],
    )


def marks(file: File) -> Sequence[Mark]:
    """The five SMART marks, from the structured fields of the file."""
    real = [activity for action in file.actions for activity in action.activities]
    values: dict[str, set[str]] = {}
    for rating in file.ratings:
        if rating.value_code is not None:
            values.setdefault(rating.criterion, set()).add(rating.value_code)
    named = next((person.name for person in file.participants if person.role in RESPONSIBLE), None)
    return smart_marks(
        Fields(
            responsible=file.commitment.lead_institution or named,
            starts_on=file.commitment.starts_on,
            ends_on=file.commitment.ends_on,
            # A criterion on which reports disagree decides nothing.
            ratings={criterion: next(iter(found)) for criterion, found in values.items() if len(found) == 1},
            activities=len(real),
            with_deadline=sum(activity.deadline is not None for activity in real),
            with_evidence=sum(activity.evidence_url is not None for activity in real),
        )
    )


def _read(visit: Visit) -> File:
    asked = visit.place["commitment_id"]
    with visit.release.connect() as connection:
        commitment = national_commitment(connection, asked)
        if commitment is None:
            raise _missing(visit, asked, also_called(connection, asked))
        key = commitment.commitment_id
        return File(
            commitment,
            next((plan for plan in national_plans(connection) if plan.plan_id == commitment.plan_id), None),
            next(iter(board_progress(connection, key)), None),
            board_actions(connection, key),
            ratings(connection, key),
            register_ids(connection, key),
            policy_areas(connection, key),
            participants(connection, key),
            linked(connection, key),
            warnings_about(connection, key),
            deadline_changes(connection, key),
            board_was_compared(connection),
            citations(connection, SOURCES, own_copies(key)),
        )


def _missing(visit: Visit, asked: str, others: Sequence[RegisterId]) -> Missing:
    """The 404 for an id that is no national commitment here, with those that a register calls by it."""
    locale, _ = visit.locale, visit.locale.text
    links = [
        (
            locale.link(f"/plan-nacional/{other.commitment_id}"),
            _(
                "{id}: así lo llama otro registro ({register}, {basis})",
                id=other.commitment_id,
                register=label("id_register", other.register, locale.code),
                basis=label("id_basis", other.basis, locale.code),
            ),
        )
        for other in others
    ]
    return Missing(
        _("No hay un compromiso de los planes nacionales con la clave {id}.", id=asked[:60]),
        [
            *links,
            (locale.link("/plan-nacional"), _("Ver todos los compromisos nacionales")),
            (locale.link("/buscar", q=asked[:60]), _("Buscarlo en el sitio")),
        ],
    )


def _kicker(visit: Visit, file: File) -> Children:
    locale, _ = visit.locale, visit.locale.text
    above: list[Node] = [html.A(_("Plan nacional"), href=locale.link("/plan-nacional"))]
    if file.plan is not None:
        name = f"{plan_name(file.plan, locale)}, {plan_years(file.plan, locale)}"
        above += [" › ", html.A(name, href=locale.link("/plan-nacional", plan=file.plan.plan_id))]
    number = file.commitment.number
    return [*above, " › ", _("Compromiso {n}", n=number) if number else file.commitment.commitment_id]


def _sentence(visit: Visit, file: File, title: str) -> Children:
    locale, _ = visit.locale, visit.locale.text
    language = title_language(file.commitment.title_es, file.commitment.title_en, locale)
    if len(title) > LONGEST_HEADLINE:
        before, named = _("Compromiso {id}", id=file.commitment.commitment_id), None
    else:
        before, named = None, in_language(title, language)
    grading = file.grading
    if grading is None or grading.value_code is None:
        after = _(": sin dato de cuánto se cumplió")
    else:
        after = _(
            ": {grade}, según el {report} de la revisión independiente",
            grade=label("rating_value", grading.value_code, locale.code),
            report=label("report", grading.report, locale.code),
        )
    return [before, named, after]


def _text(visit: Visit, file: File, title: str) -> Children:
    if len(title) <= LONGEST_HEADLINE:
        return None
    return in_language(title, title_language(file.commitment.title_es, file.commitment.title_en, visit.locale))


def _notes(visit: Visit, file: File) -> list[Node]:
    """What a reader must know before anything else: the warning of the row, and what checks found."""
    locale = visit.locale
    said: list[Node] = []
    if file.commitment.warning:
        said.append(
            locale.text(
                "Léase con cuidado: {warning}.", warning=label("row_warning", file.commitment.warning, locale.code)
            )
        )
    said += [locale.pick(es, en) for severity, es, en in file.warnings]
    if not said:
        return []
    inside = said[0] if len(said) == 1 else html.Ul([html.Li(line) for line in said])
    return [html.Div(inside, className="note", role="note")] if len(said) > 1 else [note(inside)]


def _facts(visit: Visit, file: File) -> Component:
    locale, _ = visit.locale, visit.locale.text
    grading = file.grading
    found = file.progress
    verified = found.shares["verified"] if found and found.shares and found.with_status else None
    real = sum(len(action.activities) for action in file.actions)
    placeholders = sum(action.placeholders for action in file.actions)
    activities = real + placeholders
    listed = [
        Fact(
            _("Cumplimiento, según el IRM"),
            grade_name(grading.value_code, locale) if grading else None,
            None,
            report_named(grading.report, [grading.report_year], locale) if grading else None,
            html.A(_("evaluaciones"), href="#evaluaciones") if grading else None,
        ),
        Fact(
            _("Avance verificado, según el tablero"),
            locale.percent(verified / 100) if verified is not None else None,
            None,
            locale.date(found.as_of) if found else None,
            html.A(_("tablero"), href="#acciones") if found and file.actions else None,
        ),
        Fact(
            _("Actividades con contenido en el tablero"),
            locale.number(real) if activities else None,
            _("de {n}", n=locale.number(activities)) if activities else None,
            locale.plural("{n} marcador de posición", "{n} marcadores de posición", placeholders)
            if placeholders
            else None,
        ),
        Fact(
            _("Plazo comprometido"),
            locale.date(file.commitment.ends_on) if file.commitment.ends_on else None,
            None,
            None,
            outside(_("página del compromiso"), file.commitment.source_url) if file.commitment.source_url else None,
        ),
    ]
    return facts(listed, locale)


PAGES = (Page("/plan-nacional/<commitment_id>", show),)
