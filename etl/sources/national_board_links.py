"""What ``national_board.yml`` declares under ``links``: matches, placeholder titles, copied texts and cloned dates."""

from __future__ import annotations

import re

from etl.sources.spec import Strict


class CopiedTexts(Strict):
    """Records started as copies of ``origin``; ``also`` are titles of its text that ``origin`` itself does not have."""

    origin: str
    copies: list[str]
    also: tuple[str, ...] = ()
    warning: str


class ClonedDates(Strict):
    """Pairs of start and end that were entered for ``origin`` and recur in other records."""

    origin: str
    pairs: list[tuple[str, str]]


class BoardLinks(Strict):
    """The ``links`` of the board. Plans and commitments are keyed by the board's own ids."""

    plans: dict[str, str]
    commitments: dict[str, str]
    placeholder_titles: dict[str, list[str]]
    copied_texts: list[CopiedTexts]
    cloned_dates: list[ClonedDates]

    def is_placeholder(self, table: str, title: str | None) -> bool:
        """Whether a title of ``actions`` or ``activities`` says nothing: empty, or a declared template word."""
        return title is None or any(
            re.fullmatch(pattern, title, re.IGNORECASE) for pattern in self.placeholder_titles[table]
        )
