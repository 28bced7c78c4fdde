"""Parser of the state exercises: declarations, secretariats, local plans, their commitments, and opening exercises."""

from __future__ import annotations

from data.schema import VOCABULARIES
from etl.sources.reading import Row, RowError, Source
from etl.sources.state_exercises_organisations import COUNTRY, Part, Place, kind_of, take_part

# The columns of members of a secretariat: role as the pages write it, and the kind of those not declared otherwise.
SEATS = {
    "government_members": ("gobierno", None),
    "civil_society_members": ("sociedad civil", "civil_society"),
    "guarantor_members": ("organismo garante", "guarantor"),
    "autonomous_members": ("órgano autónomo", "autonomous"),
}
POWERS = {
    "executive": "power_executive",
    "legislative": "power_legislative",
    "judicial": "power_judicial",
    "municipal": "municipal_authorities",
}
ENGLISH_TITLE = "Action plan"


def parse(source: Source) -> None:
    """Plans are read before their commitments, which take level and state from them."""
    plans: dict[str, tuple[str, Place]] = {}
    source.each("declaratorias.csv", _declaration)
    source.each("stl.csv", lambda row: _secretariat(source, row))
    source.each("local_plans.csv", lambda row: _plan(source, row, plans))
    source.each("local_commitments.csv", lambda row: _commitment(source, row, plans))
    source.each("exercises.csv", lambda row: _exercise(source, row))


def _declaration(row: Row) -> None:
    row.skip("state_name", "declaratoria_precision")
    state_code = row.state("state_code")
    signatories = row.split("signatories")
    signed = row.dated("signed", "declaratoria_date")
    row.add(
        "declarations",
        state_code=_present(state_code, "state_code"),
        has_evidence=signed["signed_on"] is not None or bool(signatories),
        **signed,
        listed_by_inai=row.yes_no("listed_by_inai_23_states"),
        unsigned_in_press_2017_09=row.yes_no("unsigned_in_press_2017_09"),
        counted_in_exercises_2022=row.yes_no("counted_in_exercises_2022"),
        source_url=row.url("source_url"),
        note=row.text("note"),
    )
    for position, signatory in enumerate(signatories, 1):
        row.add("declaration_signatories", state_code=state_code, position=position, signatory=signatory)


def _secretariat(source: Source, row: Row) -> None:
    row.skip("installed_precision")
    place = _place(row)
    state_code = _present(place.state_code, "state_code")
    seats = {column: row.split(column) for column in SEATS}
    unnamed = source.spec.lookups["unnamed_seats"]
    row.add(
        "technical_secretariats",
        state_code=state_code,
        **row.dated("installed", "installed_date"),
        listed_2017_12=row.code("status_2017_12", "listing"),
        listed_2018_12=row.code("status_2018_12", "listing"),
        seats_government=row.integer("n_government"),
        seats_civil_society=row.integer("n_civil_society"),
        seats_guarantor=row.integer("n_guarantor"),
        seats_autonomous=row.integer("n_autonomous"),
        has_facilitator=row.yes_no("facilitator"),
        **row.dated("composition_as_of", "composition_as_of"),
        source_url=row.url("source_url"),
        note=_notes(
            row.text("note"), *[unnamed[name] for names in seats.values() for name in names if name in unnamed]
        ),
    )
    for column, names in seats.items():
        _members(source, row, place, column, [name for name in names if name not in unnamed])


def _members(source: Source, row: Row, place: Place, column: str, names: list[str]) -> None:
    """The organisations that hold the seats of one column of a secretariat."""
    role, otherwise = SEATS[column]
    part = Part("technical_secretariat", _present(place.state_code, "state_code"), "member", role)
    more = {**row.dated("as_of", "composition_as_of"), "source_url": row.url("source_url")}
    for name in names:
        take_part(source, row, name, kind_of(source, name, column, otherwise), place, part, **more)


def _plan(source: Source, row: Row, plans: dict[str, tuple[str, Place]]) -> None:
    place = _place(row)
    plan_id, level, title = row.need("plan_id"), row.need("level"), row.need("title")
    period = row.text("period")
    row.add(
        "plans",
        plan_id=plan_id,
        scope=row.code("level", "plan_scope"),
        country_code=COUNTRY,
        number=row.integer("generation"),
        **{"name_en" if title.startswith(ENGLISH_TITLE) else "name_es": title},
        **row.dated("starts", "start_year"),
        **row.dated("ends", "end_year"),
        **row.dated("published", "published_date"),
        declared_commitments=row.integer("n_commitments"),
        declared_proactive=row.integer("n_proactive"),
        status=row.code("status", "exercise_status"),
        **row.dated("status_as_of", "status_as_of"),
        has_final_report=row.yes_no("final_report"),
        has_independent_evaluation=row.yes_no("independent_evaluation"),
        same_as_plan_id=source.spec.links["same_plan"].get(plan_id),
        source_url=row.url("source_url"),
        note=_notes(row.text("note"), period and f"period: {period}"),
        warning="article_date" if row.text("published_precision") == "article_date" else None,
    )
    for model in _models(row):
        row.add("plan_models", plan_id=plan_id, model=model)
    _jurisdictions(source, row, plan_id, place)
    plans[plan_id] = (level, place)


def _jurisdictions(source: Source, row: Row, plan_id: str, place: Place) -> None:
    """The places a plan covers: its state, and the municipalities of its row or declared for it."""
    municipalities = [_municipality(source, place, name) for name in row.split("municipality")]
    municipalities += source.spec.links["municipalities_of_plans"].get(plan_id, [])
    for kind, place_id in [("state", place.state_code), *[("municipality", code) for code in municipalities]]:
        if place_id is not None:
            row.add("plan_jurisdictions", plan_id=plan_id, place_kind=kind, place_id=place_id)


def _commitment(source: Source, row: Row, plans: dict[str, tuple[str, Place]]) -> None:
    commitment_id = row.need("commitment_id")
    plan_id, scope, place = _plan_of(row, plans)
    responsible = row.text("responsible")
    kind = kind_of(source, responsible, "responsible") if responsible else None
    row.add(
        "commitments",
        commitment_id=commitment_id,
        plan_id=plan_id,
        number=row.text("number"),
        title_es=row.need("label"),
        country_code=COUNTRY,
        # Some state plans hold promises of municipalities.
        scope="municipal" if kind == "municipal" else scope,
        is_proactive=row.yes_no("proactive"),
        lead_institution=responsible,
        source_url=row.url("source_url"),
        warning=row.choice("label_kind", "label_kinds") or None,
    )
    ids = {"commitment_id": commitment_id, "register_id": commitment_id}
    row.add("commitment_ids", register="cocreation", basis="given", **ids)
    if responsible and kind:
        part = Part("commitment", commitment_id, "responsible")
        take_part(source, row, responsible, kind, place, part, source_url=row.url("source_url"))


def _plan_of(row: Row, plans: dict[str, tuple[str, Place]]) -> tuple[str, str, Place]:
    """Id, scope and place of the plan of a commitment, which must be one read before and of the same state."""
    plan_id = row.need("plan_id")
    if plan_id not in plans:
        raise RowError(f"column plan_id: read {plan_id!r}; the plan_id of a plan in local_plans.csv would be right")
    scope, place = plans[plan_id]
    if row.state("state_code") != place.state_code:
        read = row.text("state_code")
        raise RowError(f"column state_code: read {read!r}; {place.state_code}, as of its plan, would be right")
    return plan_id, scope, place


def _exercise(source: Source, row: Row) -> None:
    place = _place(row)
    exercise_id = row.need("exercise_id")
    groups = {role: row.split(column) for role, column in (("convener", "conveners"), ("promoter", "promoters"))}
    phrases = source.spec.links["descriptions"]
    row.add(
        "exercises",
        exercise_id=exercise_id,
        state_code=place.state_code,
        level=_present(row.code("level", "exercise_level"), "level"),
        name=row.need("name"),
        **row.dated("starts", "start_date"),
        **row.dated("ends", "end_date"),
        status=row.code("status", "exercise_status"),
        **row.dated("status_as_of", "status_as_of"),
        has_secretariat=row.yes_no("stl"),
        plan_presence=row.code("pal", "plan_presence"),
        guarantor_role=row.text("ogl_role"),
        source_url=row.url("source_url"),
        note=_notes(row.text("note"), *[f"{role}s: {n}" for role, ns in groups.items() for n in ns if n in phrases]),
    )
    _exercise_parts(source, row, exercise_id, place)
    for role, names in groups.items():
        for name in names:
            if name not in phrases:
                part = Part("exercise", exercise_id, role)
                kind = kind_of(source, name, f"{role}s")
                take_part(source, row, name, kind, place, part, source_url=row.url("source_url"))


def _exercise_parts(source: Source, row: Row, exercise_id: str, place: Place) -> None:
    """Municipalities, models and powers of an exercise; a power of which the source says nothing is unknown."""
    for name in row.split("municipality"):
        row.add(
            "exercise_municipalities",
            exercise_id=exercise_id,
            municipality=name,
            municipality_code=_municipality(source, place, name),
        )
    for model in _models(row):
        row.add("exercise_models", exercise_id=exercise_id, model=model)
    for power, column in POWERS.items():
        took_part = row.code(column, "yes_no_unknown") or "unknown"
        row.add("exercise_powers", exercise_id=exercise_id, power=power, took_part=took_part)


def _place(row: Row) -> Place:
    national = row.text("state_code") == COUNTRY
    return Place(None if national else _present(row.state("state_code"), "state_code"), row.need("state_name"))


def _models(row: Row) -> list[str]:
    models = row.split("model")
    for model in models:
        if model not in VOCABULARIES["opening_model"]:
            known = ", ".join(VOCABULARIES["opening_model"])
            raise RowError(f"column model: read {model!r}; one or more of {known} would be right")
    return models


def _municipality(source: Source, place: Place, name: str) -> str | None:
    """The INEGI code of a municipality; None where the YAML declares the name ambiguous within its state."""
    return source.look_up("municipalities", f"{place.state_code} {name.lower()}", "municipality") or None


def _present(value: str | None, column: str) -> str:
    if value is None:
        raise RowError(f"column {column}: empty; a value is needed")
    return value


def _notes(*parts: str | None) -> str | None:
    return "; ".join(part for part in parts if part) or None
