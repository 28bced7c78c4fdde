"""The states as plain Dash shows them: a table, a bar chart, a filter. Served by ``gunicorn dash_app:server``."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd
import plotly.express as px
from dash import Dash, Input, Output, dash_table, dcc, html

states = pd.read_csv(os.environ["STATES_CSV"])
app = Dash(__name__, compress=True)
server = app.server
app.layout = html.Div(
    [
        html.H1("States of Mexico"),
        dcc.RadioItems(["all", "large"], "all", id="size"),
        dcc.Graph(id="chart"),
        dash_table.DataTable(  # type: ignore[attr-defined]  # Dash finds it when it runs
            id="table", columns=[{"name": name, "id": name} for name in states.columns]
        ),
    ]
)


@app.callback(Output("chart", "figure"), Output("table", "data"), Input("size", "value"))
def show(size: str) -> tuple[Any, Any]:
    """The chart and the rows for a choice."""
    shown = states if size == "all" else states[states["size"] == "large"]
    return px.bar(shown, x="name", y="population_2020"), shown.to_dict("records")
