"""Keeping the web process light."""

from __future__ import annotations

import sys


def keep_pandas_out() -> None:
    """Make pandas look absent to this process, unless it is loaded already.

    DuckDB imports pandas, where it is installed, at the first query with a parameter, only to recognise pandas' own
    nulls among the values: 50 MB and a second per worker for nothing. The ETL, which needs pandas, is another process.
    """
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
