"""Balance of a technical secretariat between government and civil society."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT = 1 / 3


@dataclass(frozen=True)
class Balance:
    """The imbalance, from 0 (as many seats on both sides) to 1 (one side has them all)."""

    value: float

    @property
    def is_balanced(self) -> bool:
        """Whether no side has more than twice the seats of the other: an imbalance of at most one third."""
        # 2 against 1 is one third exactly, but not in binary fractions.
        return self.value <= LIMIT + 1e-9


def balance(government: int | None, civil_society: int | None) -> Balance | None:
    """Balance = |government - civil society| / (government + civil society), of seats; None where no seats are known.

    The guarantor's seats and those of other autonomous bodies stay out of it and are reported apart. A side that no
    source counts gives no value, since a seat not counted is not a seat that is not there. Source: the method page,
    "Balance of a technical secretariat".
    """
    if government is None or civil_society is None or government + civil_society == 0:
        return None
    return Balance(abs(government - civil_society) / (government + civil_society))
