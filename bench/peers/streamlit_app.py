"""The states as Streamlit shows them: a table, a bar chart, a filter. Served by ``streamlit run``."""

from __future__ import annotations

import os

import pandas as pd
import plotly.express as px
import streamlit as st

states = pd.read_csv(os.environ["STATES_CSV"])
st.title("States of Mexico")
size = st.radio("size", ["all", "large"])
shown = states if size == "all" else states[states["size"] == "large"]
st.plotly_chart(px.bar(shown, x="name", y="population_2020"))
st.dataframe(shown)
