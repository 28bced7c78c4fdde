"""The installations of both engines, for the tests of the way from sources to releases."""

from tests.both_engines import installation, store

__all__ = ["installation", "store"]
