"""Where on the site the row of a table is shown: from table and key to the page of a commitment, a state, a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data.schema import TABLES, key_columns
from data.schema.commitments import commitments
from data.schema.plans import plan_jurisdictions

SEPARATOR = "|"


@dataclass(frozen=True)
class RowRef:
    """A row by its table and key: the values of the key's columns, joined by ``|`` (as `findings` and `changes` do)."""

    table_name: str
    row_key: str

    @property
    def key(self) -> Mapping[str, str]:
        """The key by column; empty where table or key are not of this schema."""
        table = TABLES.get(self.table_name)
        values = self.row_key.split(SEPARATOR)
        names = key_columns(table) if table is not None else []
        return dict(zip(names, values, strict=True)) if len(names) == len(values) else {}


def commitment_places(connection: Connection, rows: Iterable[RowRef]) -> Mapping[str, str]:
    """The page of each commitment that the rows are about, by id, as a path; commitments without a page are left out.

    National commitments of Mexico have a page of their own, those of a member of OGP Local stand on the member's page,
    those of a local plan on that of the state.
    """
    wanted = {row.key["commitment_id"] for row in rows if "commitment_id" in row.key}
    if not wanted:
        return {}
    query = (
        select(commitments.c.commitment_id, commitments.c.country_code, commitments.c.scope, commitments.c.locality_id)
        .add_columns(plan_jurisdictions.c.place_id)
        .outerjoin(
            plan_jurisdictions,
            (plan_jurisdictions.c.plan_id == commitments.c.plan_id) & (plan_jurisdictions.c.place_kind == "state"),
        )
        .where(commitments.c.commitment_id.in_(sorted(wanted)))
        .order_by(commitments.c.commitment_id, plan_jurisdictions.c.place_id)
    )
    found: dict[str, str] = {}
    for commitment_id, country, scope, locality_id, state_code in connection.execute(query):
        if scope == "national" and country == "MX":
            found[commitment_id] = f"/plan-nacional/{commitment_id}"
        elif locality_id is not None:
            found[commitment_id] = f"/ogp-local/{locality_id}"
        elif state_code is not None:
            found.setdefault(commitment_id, f"/estados/{state_code}")
    return found
