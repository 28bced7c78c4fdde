"""Names of countries in the languages of the site, from the Unicode CLDR."""

from __future__ import annotations

from functools import cache

from babel import Locale


@cache
def country_names(country_code: str) -> dict[str, str] | None:
    """``{name_es, name_en}`` of a two-letter ISO 3166-1 code; None for a code that CLDR does not know."""
    names = {f"name_{language}": Locale(language).territories.get(country_code) for language in ("es", "en")}
    known = {column: name for column, name in names.items() if name is not None}
    return known if len(known) == len(names) else None


def country_row(country_code: str, name_in_source: str) -> dict[str, str]:
    """A row of ``countries``. A code without a name in CLDR keeps the name of the source in both languages."""
    names = country_names(country_code) or {"name_es": name_in_source, "name_en": name_in_source}
    return {"country_code": country_code, **names, "name_in_source": name_in_source}
