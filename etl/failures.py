"""Why a command of the ETL came to nothing, as a code for other programs beside the message for people."""

from __future__ import annotations

from typing import Literal

from data.published import ReleaseError
from etl.manifest import SnapshotError
from etl.survey.turns import NothingToUndoError, RoundChangedError

Reason = Literal["busy", "changed", "nothing_to_undo", "disk", "release", "sources"]


def reason_of(error: Exception) -> Reason:
    """``busy``: another run publishes; ``changed``: the round is not as it was looked at; ``disk``: files cannot be read,
    trusted or written; ``release``: the release cannot be built, checked or written; ``sources``: a source is not there, or
    says what cannot be."""
    from etl.stores.publication import RunInProgressError

    reasons: list[tuple[type[Exception], Reason]] = [
        (RunInProgressError, "busy"),
        (RoundChangedError, "changed"),
        (NothingToUndoError, "nothing_to_undo"),
        (SnapshotError, "disk"),
        (OSError, "disk"),
        (ReleaseError, "release"),
    ]
    return next((reason for kind, reason in reasons if isinstance(error, kind)), "sources")
