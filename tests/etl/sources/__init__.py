"""Tests of the parsers, on the bundled copies and on bytes of any kind."""
