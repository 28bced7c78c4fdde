"""Try one parser on its newest copies: ``python -m etl.sources.trial SOURCE_ID`` prints what came of every row."""

from __future__ import annotations

import sys

from etl.snapshots import SnapshotStore
from etl.sources.registry import parse_source
from etl.sources.spec import load_specs
from settings import settings


def main(source_id: str) -> None:
    """Print counts by file, rows by table, rejected and ignored rows, and findings of one source."""
    config = settings()
    (spec,) = load_specs(config.sources_dir, [source_id])
    store = SnapshotStore(config.snapshots_dir)
    copies = [copy for copy in (store.newest(source_id, file.name) for file in spec.files) if copy]
    source = parse_source(spec, copies, config.sources_dir)
    for file, count in source.counts.items():
        print(f"{file}: {count}")
    for table, rows in source.tables.items():
        print(f"  {table}: {len(rows)} rows, e.g. {rows[0]}")
    for rejected in source.rejected[:20]:
        print(f"  rejected {rejected.file} {rejected.position}: {rejected.reason}")
    print("  ignored:", source.ignored)
    for found in source.findings[:20]:
        print(f"  {found.severity} {found.check_id}: {found.message_en}")


if __name__ == "__main__":
    main(sys.argv[1])
