"""Find the programs of Debian that tests drive; a missing one is a failure that says what installs it."""

from __future__ import annotations

import shutil
from pathlib import Path


class ProgramMissingError(RuntimeError):
    """A program that the tests need is not installed; the message has the command that installs it."""

    def __init__(self, program: str, debian_package: str) -> None:
        super().__init__(f"{program} is missing; install it with:  sudo apt-get install {debian_package}")


def find_program(program: str, *, debian_package: str) -> Path:
    """The path of `program` on the PATH; raises ProgramMissingError naming its Debian package."""
    found = shutil.which(program)
    if found is None:
        raise ProgramMissingError(program, debian_package)
    return Path(found)
