"""Keeping pandas out of processes that do not need it.

DuckDB imports pandas, where it is installed, at the first query with a parameter, only to recognise pandas' own nulls
among the values: 50 MB and a second for nothing. The site never needs pandas; a run of the ETL only once it builds.
"""

from __future__ import annotations

import sys


def keep_pandas_out() -> None:
    """Make pandas look absent to this process, unless it is loaded already."""
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]


def let_pandas_in() -> None:
    """Undo ``keep_pandas_out``."""
    if sys.modules.get("pandas", sys) is None:
        del sys.modules["pandas"]
