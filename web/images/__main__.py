"""``python -m web.images``: make the pictures of the current release, where they are not there yet."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

TAGLINE = "Gobierno abierto en México: lo que se prometió, quién lo prometió y qué quedó."


def main(arguments: Sequence[str] | None = None) -> int:
    """0: they are there; 1: they are not, with the reason."""
    # Not above: the processes that only render load this module too.
    from data.database import Database
    from settings import Settings
    from web.images.drawing import site_picture
    from web.images.making import make_pictures
    from web.images.rendering import png

    parser = argparse.ArgumentParser(prog="python -m web.images", description="Imágenes de las páginas para compartir.")
    parser.add_argument("--site", metavar="PNG", type=Path, help="escribir solo la imagen del sitio entero")
    options = parser.parse_args(arguments)
    if options.site is not None:
        options.site.write_bytes(png(site_picture(TAGLINE)))
        return 0
    settings = Settings()
    database = Database(settings)
    try:
        made = make_pictures(settings, database)
    except OSError as error:
        print(f"web.images: {error}", file=sys.stderr)
        return 1
    finally:
        database.close()
    if made is None:
        print("web.images: no hay versión publicada", file=sys.stderr)
        return 1
    print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
