"""What a published percentage of whole things can have been."""

from __future__ import annotations


def possible_counts(percent: float, denominator: int) -> tuple[int, ...]:
    """The counts of ``denominator`` that print as ``percent`` (a whole number), halves rounded up; may be none or several.

    ``possible_counts(53, 49)`` is ``(26,)``. Source: the method page, "Survey of the guarantor bodies".
    """
    if denominator <= 0:
        return ()
    return tuple(count for count in range(denominator + 1) if int(100 * count / denominator + 0.5) == percent)
