"""What plans are called and where they hold, for pages that name plans of any scope beside one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from data.schema.places import municipalities, states
from data.schema.plans import plan_jurisdictions, plans

COUNTRY = "MX"


@dataclass(frozen=True)
class PlanTitle:
    """A plan by what tells it from the others.

    `plan_id` is that of its main record: records that are the same plan (``same_as_plan_id``) share one title. `places`
    are the states or municipalities it covers; dates are partial.
    """

    plan_id: str
    scope: str
    country_code: str
    locality_id: str | None
    number: int | None
    name_es: str | None
    name_en: str | None
    starts_on: str | None
    ends_on: str | None
    places: tuple[str, ...]
    state_code: str | None


def plan_titles(connection: Connection) -> Mapping[str, PlanTitle]:
    """The titles of all plans, by every id a plan is recorded under; both records of a plan give the main one's title."""
    places, codes = _places(connection)
    columns = plans.c
    rows = {row.plan_id: row for row in connection.execute(select(*_SHOWN).order_by(columns.plan_id))}
    main = {plan_id: row.same_as_plan_id if row.same_as_plan_id in rows else plan_id for plan_id, row in rows.items()}
    titles = {
        plan_id: PlanTitle(
            plan_id=plan_id,
            scope=row.scope,
            country_code=row.country_code,
            locality_id=row.locality_id,
            number=row.number,
            name_es=row.name_es,
            name_en=row.name_en,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            places=tuple(places[plan_id]),
            state_code=codes.get(plan_id),
        )
        for plan_id, row in rows.items()
        if main[plan_id] == plan_id
    }
    return {plan_id: titles[own] for plan_id, own in main.items() if own in titles}


_SHOWN = (
    plans.c.plan_id,
    plans.c.scope,
    plans.c.country_code,
    plans.c.locality_id,
    plans.c.number,
    plans.c.name_es,
    plans.c.name_en,
    plans.c.starts_on,
    plans.c.ends_on,
    plans.c.same_as_plan_id,
)


def _places(connection: Connection) -> tuple[Mapping[str, list[str]], Mapping[str, str]]:
    """The names of the states or municipalities of each plan, and the code of its first state."""
    columns = plan_jurisdictions.c
    in_state = and_(columns.place_kind == "state", states.c.state_code == columns.place_id)
    in_municipality = and_(columns.place_kind == "municipality", municipalities.c.municipality_code == columns.place_id)
    query = (
        select(columns.plan_id, states.c.name, states.c.state_code, municipalities.c.name, municipalities.c.state_code)
        .select_from(plan_jurisdictions.outerjoin(states, in_state).outerjoin(municipalities, in_municipality))
        .order_by(columns.plan_id, columns.place_kind, columns.place_id)
    )
    names: dict[str, list[str]] = defaultdict(list)
    codes: dict[str, str] = {}
    for plan_id, state, state_code, municipality, municipal_state in connection.execute(query):
        if state or municipality:
            names[plan_id].append(state or municipality)
            codes.setdefault(plan_id, state_code or municipal_state)
    return names, codes
