"""Parser of the published national figures: one indicator with its date, scope and publication a row."""

from __future__ import annotations

from etl.sources.reading import Row, Source


def parse(source: Source) -> None:
    """Read the only file; figures are kept as published, never corrected against each other."""
    source.each("national_aggregates.csv", lambda row: _figure(source, row))


def _figure(source: Source, row: Row) -> None:
    indicator, publication, note = row.need("indicator"), row.need("source_ref"), row.text("note")
    lookups = source.spec.lookups
    value = row.number("value")
    if value is None:
        row.reject("column value: empty; a published figure is needed")
    row.add(
        "indicators",
        indicator=indicator,
        as_of=row.text("as_of") or "",
        scope=_scope(source, row),
        reference=publication,
        value=value,
        unit=row.need("unit"),
        numerator=row.number("numerator"),
        denominator=row.number("denominator"),
        qualifier=lookups["qualifiers"].get(note or ""),
        source_url=row.url("source_url"),
        note=note,
        warning=lookups["warnings_by_indicator"].get(indicator) or lookups["warnings_by_publication"].get(publication),
    )


def _scope(source: Source, row: Row) -> str:
    """``national``, ``world`` or the ISO code of a state, which must be one of the 32."""
    scope = row.need("scope")
    if scope not in source.spec.lookups["scopes"]:
        source.state(scope, "scope")
    return scope
