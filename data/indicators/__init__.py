"""Indicators: pure functions, each with its formula and where the formula comes from. No SQL, no page."""
