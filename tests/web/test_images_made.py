"""Making the pictures of a release: all that were announced, of the right size, once, whole or not at all."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from data.database import Database
from data.queries.datasets import datasets
from etl.run import RunResult
from settings import ROOT, Settings
from web.images import making
from web.images.__main__ import TAGLINE, main
from web.images.drawing import site_picture
from web.images.making import make_pictures
from web.images.names import archive_of
from web.images.rendering import png

PNG = b"\x89PNG\r\n\x1a\n"


def size(picture: bytes) -> tuple[int, int]:
    """Width and height by the header of a PNG."""
    assert picture.startswith(PNG)
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


@pytest.fixture
def copied(built: tuple[Settings, RunResult], tmp_path: Path) -> Settings:
    """An installation with the release of the bundled copies, and no picture."""
    folder = tmp_path / "releases"
    folder.mkdir()
    for path in built[0].releases_dir.iterdir():
        if path.suffix != ".zip":
            (folder / path.name).write_bytes(path.read_bytes())
    return built[0].model_copy(update={"releases_dir": folder})


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three pages instead of all, one of them without a picture of its own."""
    monkeypatch.setattr(making, "addresses", lambda release: ["/", "/fuentes", "/fuentes/metrica"])


def names(archive: Path) -> set[str]:
    with zipfile.ZipFile(archive) as pictures:
        return set(pictures.namelist())


@pytest.mark.slow
def test_every_state_plan_commitment_and_local_member_of_mexico_has_its_picture(copied: Settings) -> None:
    made = make_pictures(copied, Database(copied))
    assert made is not None
    found = {name for name in names(made) if name.startswith("es")}
    assert {f"es-estados-{number:02d}.png" for number in range(1, 33)} <= found
    assert {f"es-plan-nacional-MX-P{plan}.png" for plan in ("1E", "2", "3", "4")} <= found
    # 37 commitments of the first plan, 26 of the second, 8 of the third and 13 of the fourth.
    assert len([n for n in found if n.startswith("es-plan-nacional-M") and "-MX-P1E" not in n]) >= 37 + 26 + 8 + 13
    assert {f"es-datos-{name.replace('_', '-')}.png" for name in datasets()} <= found
    assert {"es-ogp-local-mx-jalisco.png", "es.png", "es-estados.png", "es-metodologia.png"} <= found
    assert {name.replace("es", "en", 1) for name in found} == names(made) - found
    with zipfile.ZipFile(made) as pictures:
        assert {size(pictures.read(name)) for name in pictures.namelist()} == {(1200, 630)}


@pytest.mark.usefixtures("few")
def test_pictures_are_made_once_and_one_for_pages_that_share_it(copied: Settings) -> None:
    database = Database(copied)
    made = make_pictures(copied, database)
    assert made is not None
    assert names(made) == {"es.png", "en.png", "es-fuentes.png", "en-fuentes.png"}
    before = made.stat()
    assert make_pictures(copied, database) == made
    assert (made.stat().st_ino, made.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert made.stat().st_mode & 0o777 == 0o644


@pytest.mark.usefixtures("few")
def test_pictures_of_a_release_that_is_gone_are_removed(copied: Settings) -> None:
    gone = archive_of(copied.releases_dir, "20261123T101500Z-1a2b3c4d")
    gone.write_bytes(b"")
    make_pictures(copied, Database(copied))
    assert not gone.exists()


@pytest.mark.usefixtures("few")
def test_a_page_that_cannot_be_drawn_leaves_nothing_behind(copied: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name for path in copied.releases_dir.iterdir()}

    def fail(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(making, "drawn", fail)
    with pytest.raises(ZeroDivisionError):
        make_pictures(copied, Database(copied))
    assert {path.name for path in copied.releases_dir.iterdir()} == before


def test_without_a_release_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APERTURA_RELEASES_DIR", str(tmp_path))
    assert main([]) == 1
    assert "no hay versión publicada" in capsys.readouterr().err


def test_text_is_drawn_with_the_fonts_of_the_packages_whatever_the_machine_has() -> None:
    empty = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60"></svg>'
    for family in ("Source Serif 4", "Source Sans 3"):
        text = f"""<text x="5" y="40" font-size="30" font-family="'{family}'">Ñandú 21</text>"""
        assert png(empty.replace("></svg>", f">{text}</svg>")) != png(empty)


def test_the_picture_of_the_site_is_the_one_in_assets() -> None:
    assert png(site_picture(TAGLINE)) == (ROOT / "assets" / "share.png").read_bytes()
