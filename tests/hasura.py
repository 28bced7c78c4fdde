"""The national board's API as Hasura serves it, over a document of the board: a real GraphQL schema, snake case names,
``order_by`` arguments, ``jsonb`` columns, and errors as Hasura tells them (status 200, an ``errors`` list)."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NewType

import strawberry
from strawberry.schema.config import StrawberryConfig

from tests.servers import Call, Reply

Uuid = NewType("Uuid", str)
Jsonb = NewType("Jsonb", object)
Date = NewType("Date", str)
Numeric = NewType("Numeric", float)


@strawberry.enum(name="order_by")
class OrderBy(enum.Enum):
    """The orders that Hasura knows."""

    asc = "asc"
    asc_nulls_first = "asc_nulls_first"
    asc_nulls_last = "asc_nulls_last"
    desc = "desc"
    desc_nulls_first = "desc_nulls_first"
    desc_nulls_last = "desc_nulls_last"


@strawberry.input(name="orden_order_by")
class Ordering:
    """By which column, and how."""

    orden: OrderBy | None = None
    titulo: OrderBy | None = None


Orderings = Annotated[list[Ordering] | None, strawberry.argument(name="order_by")]


def _ordered(rows: Sequence[dict[str, Any]], order_by: list[Ordering] | None) -> list[Any]:
    """Rows as SQL orders them: the first criterion weighs most, nulls last when ascending unless told otherwise."""
    ordered = list(rows)
    criteria = [(name, how) for one in order_by or [] for name, how in vars(one).items() if how is not None]
    for name, how in reversed(criteria):
        descending = how.value.startswith("desc")
        nulls_first = how.value.endswith("first") or (descending and not how.value.endswith("last"))
        known = sorted((r for r in ordered if r[name] is not None), key=lambda r: r[name], reverse=descending)
        unknown = [row for row in ordered if row[name] is None]
        ordered = unknown + known if nulls_first else known + unknown
    return ordered


@strawberry.type(name="actividad")
class Activity:
    """An activity of an action."""

    id: Uuid
    orden: int | None
    titulo: str | None
    fecha_inicial: Date | None
    fecha_final: Date | None
    metadatos: Jsonb | None


@strawberry.type(name="accion")
class Action:
    """An action of a commitment."""

    id: Uuid
    orden: int | None
    titulo: str | None
    ponderacion: Numeric | None
    fecha_inicial: Date | None
    fecha_final: Date | None
    metadatos: Jsonb | None

    @strawberry.field
    @staticmethod
    def actividades(parent: strawberry.Parent[Any], order_by: Orderings = None) -> list[Activity]:
        """The activities of the action."""
        return _ordered(parent["actividades"], order_by)


@strawberry.type(name="compromiso")
class Commitment:
    """A commitment of a plan."""

    id: Uuid
    orden: int | None
    titulo: str | None
    slug: str | None
    metadatos: Jsonb | None

    @strawberry.field
    @staticmethod
    def acciones(parent: strawberry.Parent[Any], order_by: Orderings = None) -> list[Action]:
        """The actions of the commitment."""
        return _ordered(parent["acciones"], order_by)


@strawberry.type(name="plan")
class Plan:
    """A plan."""

    id: Uuid
    metadatos: Jsonb | None

    @strawberry.field
    @staticmethod
    def compromisos(parent: strawberry.Parent[Any], order_by: Orderings = None) -> list[Commitment]:
        """The commitments of the plan."""
        return _ordered(parent["compromisos"], order_by)


@strawberry.type(name="query_root")
class Query:
    """What can be asked."""

    @strawberry.field
    @staticmethod
    def plan(info: strawberry.Info) -> list[Plan]:
        """All plans."""
        plans: list[Plan] = info.context["plan"]
        return plans


SCHEMA = strawberry.Schema(
    query=Query,
    config=StrawberryConfig(
        auto_camel_case=False,
        default_resolver=lambda row, name: row[name],
        scalar_map={
            Uuid: strawberry.scalar(name="uuid"),
            Jsonb: strawberry.scalar(name="jsonb", serialize=lambda value: value),
            Date: strawberry.scalar(name="date"),
            Numeric: strawberry.scalar(name="numeric"),
        },
    ),
)


def hasura(document: Mapping[str, Any]) -> dict[str, Reply]:
    """The routes of a board that holds ``document``, the ``data`` of an answer of the real one."""

    def reply(call: Call) -> None:
        question = json.loads(call.seen.body)
        result = SCHEMA.execute_sync(question["query"], question.get("variables"), context_value=dict(document))
        if result.errors:
            code = {"path": "$", "code": "validation-failed"}
            answer: dict[str, Any] = {"errors": [{"extensions": code, "message": e.message} for e in result.errors]}
        else:
            answer = {"data": result.data}
        call.answer(200, json.dumps(answer, ensure_ascii=False).encode(), {"Content-Type": "application/json"})

    return {"/v1/graphql": reply}
