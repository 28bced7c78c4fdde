"""The commission's desk at ``/comision``: sign-in, uploads, publication, letters and the log of what was done."""

from web.desk.routes import desk

__all__ = ["desk"]
