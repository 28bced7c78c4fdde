"""What pages do when touched. Most only answer to their filters, which `wiring` does for all of them.

A page that does more has a module of its own here with a function ``register(app, answers)``.
"""

from __future__ import annotations

import importlib
import pkgutil

from dash import Dash

from web.answers import Answers


def register(app: Dash, answers: Answers) -> None:
    """Give `app` the callbacks of every module of this package."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}").register(app, answers)
