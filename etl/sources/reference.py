"""Parser of the reference lists: states, municipalities, guarantor bodies and their ending, method catalogues."""

from __future__ import annotations

from dataclasses import dataclass

from etl.identity import slug
from etl.sources.reading import PartialDate, Row, RowError, Source

COUNTRY = "MX"


@dataclass(frozen=True)
class Ending:
    """What the last event read about a guarantor body says of it."""

    status: str
    valid_to: PartialDate
    successor: str | None


def parse(source: Source) -> None:
    """Events first: a guarantor body gets its status and end from them, and stands in ``states.csv``."""
    endings: dict[str, Ending] = {}
    source.each("ogl_transition.csv", lambda row: _event(source, row, endings))
    source.each("states.csv", lambda row: _state(row, endings))
    source.each("mx_municipalities.csv", _municipality)
    source.each("method_catalogs.csv", _method_term)


def _event(source: Source, row: Row, endings: dict[str, Ending]) -> None:
    row.skip("state_name")
    national = row.text("state_code") == COUNTRY
    state_code = None if national else row.state("state_code")
    acronym = _letters(row, "body_acronym")
    body_id = _body_id(state_code, acronym)
    event = row.need("event")
    row.code("event", "body_event")
    day = row.date("date")
    is_article_date = row.text("date_precision") == "article_date"
    successor = row.text("successor")
    row.add(
        "guarantor_body_events",
        body_id=body_id,
        event=event,
        happened_on=day.text,
        happened_precision=day.precision,
        is_article_date=is_article_date,
        successor=successor,
        source_url=row.url("source_url"),
        note=row.text("note"),
    )
    ends = event in source.spec.links["ending_events"] and not is_article_date
    status = source.look_up("body_status", event, "event")
    earlier = endings.get(body_id, Ending(status, PartialDate(None, None), None))
    ending = Ending(status, day if ends else earlier.valid_to, successor or earlier.successor)
    if national:
        _national_body(source, row, body_id, acronym, ending)
    endings[body_id] = ending


def _national_body(source: Source, row: Row, body_id: str, acronym: str, ending: Ending) -> None:
    names = source.spec.links["national_bodies"]
    if acronym not in names:
        row.reject(
            f"column body_acronym: read {acronym!r}; a national body declared under links.national_bodies "
            "in reference.yml would be right"
        )
    row.actor(names[acronym], kind="guarantor", acronym=acronym, country_code=COUNTRY)
    row.add("guarantor_bodies", body_id=body_id, acronym=acronym, name=names[acronym], **_life(ending))


def _state(row: Row, endings: dict[str, Ending]) -> None:
    state_code = row.state("state_code")
    row.add("countries", country_code=COUNTRY, name_es="México", name_en="Mexico")
    row.add(
        "states",
        state_code=state_code,
        iso_code=row.need("iso_3166_2"),
        name=row.need("common_name"),
        official_name=row.need("official_name"),
        abbreviation=row.need("abbreviation"),
        capital=row.need("capital"),
        population_2020=row.integer("population_2020"),
        municipality_count=row.integer("municipalities_count"),
    )
    name, acronym = _letters(row, "ogl_name"), _letters(row, "ogl_acronym")
    body_id = _body_id(state_code, acronym)
    row.actor(name, kind="guarantor", acronym=acronym, state_code=state_code, country_code=COUNTRY)
    row.add(
        "guarantor_bodies",
        body_id=body_id,
        state_code=state_code,
        acronym=acronym,
        name=name,
        **row.dated("name_as_of", "ogl_name_as_of"),
        website=row.url("ogl_website"),
        source_url=row.url("ogl_name_source_url"),
        **_life(endings.get(body_id)),
    )


def _life(ending: Ending | None) -> dict[str, str | None]:
    """The columns of ``guarantor_bodies`` that follow from its events; without any, nothing is known since 2025."""
    if ending is None:
        return {"status": "unknown"}
    return {
        "valid_to_on": ending.valid_to.text,
        "valid_to_precision": ending.valid_to.precision,
        "successor": ending.successor,
        "status": ending.status,
    }


def _municipality(row: Row) -> None:
    row.add(
        "municipalities",
        municipality_code=row.need("municipality_code"),
        state_code=row.state("state_code"),
        name=row.need("name"),
        seat=row.text("seat"),
        population_2020=row.integer("population_2020"),
        longitude=row.number("lon"),
        latitude=row.number("lat"),
    )


def _method_term(row: Row) -> None:
    row.add(
        "method_terms",
        catalog=row.code("catalog", "catalog"),
        code=row.need("code"),
        position=row.integer("seq"),
        label_es=row.need("label_es"),
        plain_label_es=row.text("plain_label_es"),
        reference=row.text("source_ref"),
    )


def _letters(row: Row, column: str) -> str:
    """A name that an id can be made of: it holds a letter or digit."""
    text = row.need(column)
    if not slug(text):
        raise RowError(f"column {column}: read {text!r}; a name with letters would be right")
    return text


def _body_id(state_code: str | None, acronym: str) -> str:
    return f"{(state_code or COUNTRY).lower()}-{slug(acronym)}"
