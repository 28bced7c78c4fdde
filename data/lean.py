"""Keeping processes small and quick: without pandas where nobody needs it, without memory that nobody uses any more, and
without looking for garbage where there is hardly any.

DuckDB and pyarrow import pandas, where it is installed, only to recognise its objects among the values they are given:
70 MB and a second for nothing. Neither the site nor the ETL ever gives them any.
"""

from __future__ import annotations

import ctypes
import gc
import platform
import sys
from importlib.abc import MetaPathFinder
from typing import Any

_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
_LARGE_BYTES = 128 * 1024


class _WithoutPandas(MetaPathFinder):
    """Answers for pandas that it is not installed; whoever has it as an option goes on without it."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def keep_pandas_out() -> None:
    """Make pandas look absent to this process, unless it is loaded already."""
    if "pandas" not in sys.modules and not any(isinstance(finder, _WithoutPandas) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WithoutPandas())


def give_memory_back() -> None:
    """Have the C library keep little of what is let go. It does nothing where that is not glibc.

    glibc gives each thread a heap of its own, which only grows, and puts ever larger pieces on it, in whose gaps nothing
    else fits. With one heap, and large pieces set apart, they go back to the system at once.
    """
    if platform.libc_ver()[0] == "glibc":
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, 1)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def collect_rarely() -> None:
    """Look for circles of dead objects a hundred times less often.

    For a process that makes millions of objects, nearly none in circles, and soon ends: the search would go through all
    of them again and again, and take a third of the time.
    """
    gc.freeze()
    gc.set_threshold(70_000, 20, 20)
