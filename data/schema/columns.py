"""How a column is declared: type, unit, label, description, vocabulary and source, once, in ``Column.info``."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, MetaData, Table, Text

from data.schema.vocabularies import VOCABULARIES

Kind = Literal["text", "integer", "number", "boolean", "partial_date", "timestamp", "url", "json"]

STATE_CODE = r"^(0[1-9]|[12][0-9]|3[0-2])$"
PARTIAL_DATE = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"

metadata = MetaData()

_TYPES: dict[str, type[Any]] = {"integer": Integer, "number": Float, "boolean": Boolean}


class ColumnInfo(TypedDict):
    """What is known of a column beyond its SQL type. ``unit`` is set where the column is a quantity."""

    kind: Kind
    label: dict[str, str]
    description: dict[str, str]
    unit: str | None
    enum: str | None
    pattern: str | None
    minimum: float | None
    maximum: float | None
    provenance: bool


class TableInfo(TypedDict):
    """What is known of a table: whether readers may take it away, and what one of its rows is."""

    public: bool
    label: dict[str, str]
    one_row: dict[str, str]
    subject: str
    merge: bool


def col(
    name: str,
    es: str,
    en: str,
    about_es: str,
    about_en: str,
    *,
    kind: Kind = "text",
    key: bool = False,
    required: bool = False,
    refers: str | None = None,
    unit: str | None = None,
    enum: str | None = None,
    pattern: str | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
    provenance: bool = False,
) -> Column[Any]:
    """One column. ``refers`` names ``table.column`` of a foreign key, ``enum`` a vocabulary, ``unit`` the quantity's unit.

    ``provenance`` marks where a row came from: it is not part of what the row says, so two releases are not compared on it.
    Raises ValueError for a vocabulary that there is not.
    """
    if enum is not None and enum not in VOCABULARIES:
        raise ValueError(f"column {name}: no vocabulary {enum!r}")
    if kind == "partial_date":
        pattern = PARTIAL_DATE
    info = ColumnInfo(
        kind=kind,
        label={"es": es, "en": en},
        description={"es": about_es, "en": about_en},
        unit=unit,
        enum=enum,
        pattern=pattern,
        minimum=minimum,
        maximum=maximum,
        provenance=provenance,
    )
    constraints = [ForeignKey(refers)] if refers else []
    return Column(
        name, _TYPES.get(kind, Text), *constraints, primary_key=key, nullable=not (key or required), info=dict(info)
    )


def dated(name: str, es: str, en: str, about_es: str, about_en: str) -> list[Column[Any]]:
    """A partial date and its precision: ``<name>_on`` as text (``2017``, ``2017-08``, ``2017-08-31``) and ``<name>_precision``."""
    return [
        col(f"{name}_on", es, en, about_es, about_en, kind="partial_date"),
        col(
            f"{name}_precision",
            f"{es}: precisión",
            f"{en}: precision",
            "Hasta dónde se conoce la fecha: año, mes o día.",
            "How far the date is known: year, month or day.",
            enum="date_precision",
        ),
    ]


def source_url() -> Column[Any]:
    """The address where the fact itself was published."""
    return col(
        "source_url",
        "Dirección de la fuente",
        "Source address",
        "Dirección donde se publicó este hecho; no prueba que siga respondiendo.",
        "Address where this fact was published; no proof that it still answers.",
        kind="url",
    )


def note() -> Column[Any]:
    """What the source says about the row beside its values."""
    return col("note", "Nota", "Note", "Aclaración de la fuente sobre la fila.", "What the source adds about the row.")


def warning() -> Column[Any]:
    """A warning that travels with the row."""
    return col(
        "warning",
        "Advertencia",
        "Warning",
        "Por qué hay que leer esta fila con cuidado.",
        "Why this row must be read with care.",
        enum="row_warning",
    )


def state_code(*, key: bool = False, required: bool = False, refers: str | None = "states.state_code") -> Column[Any]:
    """The INEGI code of a state, always text of two digits."""
    return col(
        "state_code",
        "Clave de entidad",
        "State code",
        "Clave INEGI de la entidad federativa, 01 a 32.",
        "INEGI code of the state, 01 to 32.",
        key=key,
        required=required,
        refers=refers,
        pattern=STATE_CODE,
    )


def commitment_id(*, key: bool = False, required: bool = True) -> Column[Any]:
    """The reference to a commitment."""
    return col(
        "commitment_id",
        "Compromiso",
        "Commitment",
        "Identificador del compromiso en esta base.",
        "Identifier of the commitment in this database.",
        key=key,
        required=required,
        refers="commitments.commitment_id",
    )


def plan_id(*, key: bool = False, required: bool = True) -> Column[Any]:
    """The reference to an action plan."""
    return col(
        "plan_id",
        "Plan de acción",
        "Action plan",
        "Identificador del plan de acción.",
        "Identifier of the action plan.",
        key=key,
        required=required,
        refers="plans.plan_id",
    )


def exercise_id(*, key: bool = False) -> Column[Any]:
    """The reference to an opening exercise."""
    return col(
        "exercise_id",
        "Ejercicio",
        "Exercise",
        "Identificador del ejercicio de apertura.",
        "Identifier of the opening exercise.",
        key=key,
        required=True,
        refers="exercises.exercise_id",
    )


def table(
    name: str,
    es: str,
    en: str,
    row_es: str,
    row_en: str,
    *columns: Column[Any] | list[Column[Any]],
    subject: str,
    public: bool = True,
    facts: bool = True,
    merge: bool = False,
) -> Table:
    """One table. ``facts`` adds where each row came from (source, copy, position in the copy).

    ``merge`` says that several sources may describe one row: the source with the highest priority gives the row, the
    others fill what it leaves open.
    """
    flat: list[Column[Any]] = []
    for item in columns:
        flat.extend(item if isinstance(item, list) else [item])
    info = TableInfo(
        public=public, label={"es": es, "en": en}, one_row={"es": row_es, "en": row_en}, subject=subject, merge=merge
    )
    return Table(name, metadata, *flat, *(_origin() if facts else []), info=dict(info))


def _origin() -> list[Column[Any]]:
    return [
        col(
            "source_id",
            "Fuente",
            "Source",
            "Fuente de la que viene la fila.",
            "Source the row comes from.",
            required=True,
            refers="sources.source_id",
            provenance=True,
        ),
        col(
            "snapshot_id",
            "Copia",
            "Copy",
            "Copia de la fuente de la que se leyó la fila.",
            "Copy of the source the row was read from.",
            refers="snapshots.snapshot_id",
            provenance=True,
        ),
        col(
            "source_position",
            "Posición en la copia",
            "Position in the copy",
            "Línea o registro de la copia donde está la fila.",
            "Line or record of the copy where the row stands.",
            provenance=True,
        ),
    ]
