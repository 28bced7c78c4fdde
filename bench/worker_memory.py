"""What a worker of the site needs in memory after a thousand requests, as production serves it.

    python -m bench.worker_memory [--requests 1000] [--workers 2]

RSS counts each page of memory that a worker uses, PSS shares those that master and workers have in common: the sum of
the PSS is what the machine spends. The requests are half `/` and half `/estados`, with every layer of its map.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from itertools import cycle, islice
from pathlib import Path

import httpx

from layouts.state_layers import LAYERS
from tests.site import running_site

MEGABYTE = 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    environment = {"WEB_CONCURRENCY": str(options.workers)}
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder), environment) as site:
        print(f"{'':<24}{'RSS MB':>8}{'PSS MB':>8}")
        report("at start", site.process_id)
        # A connection for each request, so that the workers take turns.
        with httpx.Client(trust_env=False, timeout=30, headers={"Connection": "close"}) as client:
            for address in islice(cycle(addresses()), options.requests):
                client.get(site.url + address).raise_for_status()
        report(f"after {options.requests} requests", site.process_id)


def addresses() -> list[str]:
    """As many visits to the home page as to the states."""
    return [address for layer in LAYERS for address in ("/", f"/estados?capa={layer}")]


def report(when: str, master: int) -> None:
    """Print the memory of the master and of each worker, and what they spend together."""
    print(when)
    together = 0
    for name, process in [("master", master), *((f"worker {n}", child) for n, child in enumerate(children(master), 1))]:
        rss, pss = memory(process, "Rss"), memory(process, "Pss")
        together += pss
        print(f"  {name:<22}{rss / MEGABYTE:>8.0f}{pss / MEGABYTE:>8.0f}")
    print(f"  {'together':<30}{together / MEGABYTE:>8.0f}")


def children(process: int) -> list[int]:
    """The ids of the processes that this one started."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def memory(process: int, kind: str) -> int:
    """The memory of a process in kB: ``Rss`` or ``Pss``."""
    found = re.search(rf"^{kind}:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    if found is None:
        raise LookupError(f"The system does not tell {kind} of process {process}")
    return int(found[1])


if __name__ == "__main__":
    main()
