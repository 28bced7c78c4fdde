"""What a run tells while it works: a bar on a terminal, lines elsewhere, nothing heavy when offline."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

from etl.fetch import fetch_source, open_web
from etl.progress import Bar, Lines, reporter_for
from etl.snapshots import SnapshotStore
from settings import ROOT
from tests.etl.fetching import file, quick, source
from tests.servers import body, serve


def test_a_pipe_gets_one_plain_line_for_each_step(tmp_path: Path) -> None:
    stream = io.StringIO()
    with serve({"/[a].csv": body(b"a,b\r\n1,2\r\n")}) as site, reporter_for(stream) as reporter:
        assert isinstance(reporter, Lines)
        spec = source(file("a.csv", f"{site.url}/[a].csv"), file("b.csv", required=False))
        with open_web(quick(), offline=False) as web:
            fetch_source(spec, SnapshotStore(tmp_path), quick(), reporter, web=web)
    first, second = stream.getvalue().splitlines()
    assert first.startswith("tried/a.csv: live new, 10 bytes, ")
    assert second.startswith("tried/b.csv: snapshot absent (no copy on disk), ")


def test_a_terminal_gets_a_bar_and_the_lines_that_stay() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal, reporter_for(terminal) as reporter:
        assert isinstance(reporter, Bar)
        reporter.begin("tried/[a].csv live")
        reporter.advance(500, None)
        reporter.advance(1_500, 3_000)
        reporter.end("tried/[a].csv: live new")
    assert "tried/[a].csv: live new" in everything_shown(ours)


def everything_shown(terminal: int) -> str:
    """What was written to a terminal whose other end is closed; closes this one.

    A terminal hands over in pieces, as they pass its line discipline, and ends with an error where a pipe ends with nothing.
    """
    pieces = []
    with os.fdopen(terminal, "rb", buffering=0) as end, contextlib.suppress(OSError):
        while piece := end.read(65_536):
            pieces.append(piece)
    return b"".join(pieces).decode()


def test_an_offline_run_does_not_load_the_http_client() -> None:
    program = "import sys, etl.fetch; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
