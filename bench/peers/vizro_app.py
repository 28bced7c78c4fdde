"""The states as Vizro shows them: a table, a bar chart, a filter. Served by ``gunicorn vizro_app:server``."""

from __future__ import annotations

import os

import pandas as pd
import vizro.models as vm
import vizro.plotly.express as px
from vizro import Vizro
from vizro.tables import dash_ag_grid

states = pd.read_csv(os.environ["STATES_CSV"])
page = vm.Page(
    title="States of Mexico",
    components=[
        vm.Graph(id="chart", figure=px.bar(states, x="name", y="population_2020")),
        vm.Table(figure=dash_ag_grid(states)),
    ],
    controls=[vm.Filter(column="size", selector=vm.RadioItems())],
)
server = Vizro(compress=True).build(vm.Dashboard(pages=[page])).dash.server
