"""Makes the pictures of a release, all or none: drawn page by page, turned into PNG by two processes, put in one file."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import layouts
from data.database import Database, ReleaseHandle
from data.queries.dataset_tables import tables_of
from data.queries.national_plan import national_plans, plan_commitments
from data.queries.ogp_local import COUNTRY, members
from data.queries.states import states_at_a_glance
from layouts.i18n import locales
from settings import Settings
from web.answers import Answers
from web.images.drawing import drawn
from web.images.names import ARCHIVE, archive_of, picture_name
from web.images.rendering import png
from web.metadata import ASKING

PROCESSES = 2
_DRAFT = ".pictures-"


def make_pictures(settings: Settings, database: Database) -> Path | None:
    """The file with the pictures of the current release, made unless it is there; None where nothing is published.

    Those of releases that are gone are removed. Raises OSError.
    """
    release = database.current()
    if release is None:
        return None
    folder = settings.releases_dir
    target = archive_of(folder, release.release_id)
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        answers = Answers(layouts.pages(), database, settings.public_url.rstrip("/"))
        _write(target, _drawings(answers, release))
    _prune(folder, database.release_ids())
    return target


def addresses(release: ReleaseHandle) -> Sequence[str]:
    """The pages with a picture of their own, without language: the main ones, and those of each thing of Mexico."""
    main = [page.path for page in layouts.pages() if "<" not in page.path and page.path not in ASKING]
    with release.connect() as connection:
        states = [f"/estados/{state.state_code}" for state in states_at_a_glance(connection)]
        plans = [f"/plan-nacional?plan={plan.plan_id}" for plan in national_plans(connection)]
        promised = [f"/plan-nacional/{item.commitment_id}" for item in plan_commitments(connection)]
        local = [f"/ogp-local/{m.locality_id}" for m in members(connection) if m.country_code == COUNTRY]
    data = [f"/datos/{name}" for name in tables_of(release)]
    return [*main, *states, *plans, *promised, *local, *data]


def _drawings(answers: Answers, release: ReleaseHandle) -> Iterator[tuple[str, str]]:
    """Name and SVG of every picture, in each language; of pages that share one, the first gives it."""
    done = set()
    for address in addresses(release):
        for locale in locales():
            now = answers.at(f"{locale.prefix}{address}")
            if now.view.status != 200 or now.release is None or now.release.release_id != release.release_id:
                continue
            if (name := picture_name(now)) not in done:
                done.add(name)
                yield name, drawn(now, answers.host)


def _write(target: Path, drawings: Iterable[tuple[str, str]]) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=_DRAFT, delete=False) as draft:
        try:
            with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool, zipfile.ZipFile(draft, "w") as pictures:
                # Rendered while the next pages are drawn: each takes about half of the time.
                for name, made in [(name, pool.submit(png, svg)) for name, svg in drawings]:
                    pictures.writestr(f"{name}.png", made.result())
            os.fchmod(draft.fileno(), 0o644)
            draft.flush()
            os.fsync(draft.fileno())
            os.replace(draft.name, target)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


def _prune(folder: Path, published: Sequence[str]) -> None:
    kept = {archive_of(folder, release_id).name for release_id in published}
    for path in folder.glob(f"*{ARCHIVE}"):
        if path.name not in kept:
            path.unlink(missing_ok=True)
