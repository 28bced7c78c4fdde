"""The sources of a view from what the release says of them: names, their entry on the site, and the date of the copy."""

from __future__ import annotations

from collections.abc import Sequence

from data.queries.citations import Citation
from layouts.components.view import Source
from layouts.i18n import Locale


def cited(citations: Sequence[Citation], locale: Locale) -> list[Source]:
    """The sources as a view takes them, each leading to its entry among all sources."""
    return [
        Source(
            locale.pick(citation.title_es, citation.title_en) or citation.source_id,
            f"{locale.link('/fuentes')}#{citation.source_id}",
        )
        for citation in citations
    ]


def cut_off(citations: Sequence[Citation], locale: Locale) -> str | None:
    """The date of the newest copy, in words; None where no source has one."""
    dates = [citation.as_of for citation in citations if citation.as_of]
    return locale.date(max(dates)) if dates else None
