"""The installations of both engines, for the tests of the warehouse."""

from tests.both_engines import installation, store

__all__ = ["installation", "store"]
