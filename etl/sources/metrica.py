"""Parser of the Métrica de Gobierno Abierto: indices by place, and the institutions of 2017."""

from __future__ import annotations

from etl.sources.reading import Row, RowError, Source

SCALE = "0-1"
EDITION_BY_INSTITUTION = "2017"
INDICES = {
    "GA": "open_government",
    "T": "transparency",
    "P": "participation",
    "TG": "transparency_government",
    "TC": "transparency_citizen",
    "PG": "participation_government",
    "PC": "participation_citizen",
}


def parse(source: Source) -> None:
    """Read both files of the Metric; a missing value stays missing, it is never 0."""
    source.each("metrica.csv", lambda row: _score(source, row))
    source.each("metrica_institutions_2017.csv", lambda row: _institution(source, row))


def _score(source: Source, row: Row) -> None:
    row.skip("state_name", "indicator_name")
    if row.text("scale") != SCALE:
        row.reject(f"column scale: read {row.text('scale')!r}; {SCALE} would be right: indices are kept from 0 to 1")
    place, scope, state_code = _place(source, row)
    note = "; ".join(filter(None, [row.text("note"), source.spec.lookups["notes"].get(row.need("indicator"))]))
    address = row.url("source_url")
    if address is None:
        row.reject("column source_url: empty; the publication tells apart values of the same index: it is needed")
    row.add(
        "metric_scores",
        edition=row.need("edition"),
        scope=scope,
        place=place,
        indicator=row.choice("indicator", "indicators"),
        reference=address,
        state_code=state_code,
        value=_index(row, "value"),
        rank=row.integer("rank"),
        institution_count=row.integer("n_institutions"),
        source_url=address,
        note=note or None,
    )


def _institution(source: Source, row: Row) -> None:
    place, _, state_code = _place(source, row)
    row.add(
        "metric_institutions",
        edition=EDITION_BY_INSTITUTION,
        institution=row.need("institution"),
        place=place,
        state_code=state_code,
        level=row.code("level", "institution_level"),
        kind=row.choice("institution_type", "kinds"),
        **{name: _index(row, column) for column, name in INDICES.items()},
    )


def _index(row: Row, column: str) -> float | None:
    """An index from 0 to 1."""
    value = row.number(column)
    if value is not None and not 0 <= value <= 1:
        raise RowError(f"column {column}: read {value}; an index from 0 to 1 would be right")
    return value


def _place(source: Source, row: Row) -> tuple[str, str, str | None]:
    """Place, scope and state code: the Metric measures the Federation (00) and the nation (MX) beside the states."""
    place = row.need("state_code")
    scope = source.spec.lookups["scopes"].get(place)
    if scope is not None:
        return place, scope, None
    state_code = source.state(place, "state_code")
    return state_code, "state", state_code
