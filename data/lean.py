"""Keeping pandas out of processes that do not need it.

DuckDB and pyarrow import pandas, where it is installed, only to recognise its objects among the values they are given:
70 MB and a second for nothing. Neither the site nor the ETL ever gives them any.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import Any


class _WithoutPandas(MetaPathFinder):
    """Answers for pandas that it is not installed; whoever has it as an option goes on without it."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def keep_pandas_out() -> None:
    """Make pandas look absent to this process, unless it is loaded already."""
    if "pandas" not in sys.modules and not any(isinstance(finder, _WithoutPandas) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WithoutPandas())
