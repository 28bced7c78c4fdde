"""``python -m web.catalogues [MODULE]...``: collects the texts of the code into ``locales/<language>/<module>.po``.

One file per module of `layouts`, so that a page brings its own translations; those of components and of the shell lie
in ``components.po`` and so on, those of the commission's desk and its templates in ``desk.po``. Translations made so far are
kept; with ``--check`` nothing is written, and the exit code is 1 when a text has no translation.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from layouts.i18n import CATALOGUES, SOURCE_LANGUAGE, locales

ROOT = Path(__file__).resolve().parent.parent
SOURCES, DESK = ROOT / "layouts", ROOT / "web" / "desk"
# How texts are found in a file, by its ending.
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract"}
_NOT_KEPT = tuple(f'"{name}'.encode() for name in ("POT-", "PO-", "Report-", "Last-", "Language-Team", "Generated-"))
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "text": None, "plural": (1, 2)}


def domains() -> dict[str, list[Path]]:
    """The modules whose texts go into each catalogue: a page's own, a package's together."""
    found: dict[str, list[Path]] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        found.setdefault(path.relative_to(SOURCES).parts[0].removesuffix(".py"), []).append(path)
    found["desk"] = [path for path in sorted(DESK.rglob("*")) if path.suffix in METHODS]
    return found


def template(paths: list[Path]) -> Catalog:
    """The texts of some modules, without translations."""
    catalogue = Catalog(charset="utf-8")
    for path in paths:
        for line, message, _, _ in extract_from_file(METHODS[path.suffix], path, keywords=KEYWORDS):
            catalogue.add(message, locations=[(path.relative_to(ROOT).as_posix(), line)])
    return catalogue


def updated(language: str, domain: str, paths: list[Path]) -> Catalog:
    """A catalogue with the texts of today and the translations made so far; texts that are gone are dropped."""
    path = CATALOGUES / language / f"{domain}.po"
    known = _new(language)
    if path.exists():
        with path.open("rb") as source:
            known = read_po(source, locale=language)
    known.update(template(paths), no_fuzzy_matching=True)
    known.obsolete.clear()
    return known


def _new(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="Apertura",
        version="1",
        header_comment="# Written in Spanish in the code.",
        fuzzy=False,
    )


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts of a catalogue that have no translation."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and not all(message.string if isinstance(message.string, tuple | list) else [message.string])
    ]


def main(arguments: list[str]) -> int:
    """Write the catalogues named, or all; with ``--check`` only say what is missing."""
    checking, problems = "--check" in arguments, 0
    named = {argument for argument in arguments if argument != "--check"}
    for language in [locale.code for locale in locales() if locale.code != SOURCE_LANGUAGE]:
        for domain, paths in domains().items():
            if named and domain not in named:
                continue
            catalogue = updated(language, domain, paths)
            for message in untranslated(catalogue):
                problems += 1
                print(f"{language}/{domain}.po has no translation of: {message}", file=sys.stderr)
            if len(catalogue) and not checking:
                (CATALOGUES / language).mkdir(parents=True, exist_ok=True)
                (CATALOGUES / language / f"{domain}.po").write_bytes(b"".join(_written(catalogue)))
    return 1 if checking and problems else 0


def _written(catalogue: Catalog) -> Iterator[bytes]:
    written = io.BytesIO()
    # No line numbers, no dates and no names of people: a file changes when its texts do.
    write_po(written, catalogue, width=120, sort_output=True, include_lineno=False)
    yield from (line for line in written.getvalue().splitlines(keepends=True) if not line.startswith(_NOT_KEPT))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
