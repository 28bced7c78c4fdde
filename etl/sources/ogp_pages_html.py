"""Reads the labelled fields off an OGP commitment page, by the words on it and not by its markup.

The site changed its markup with its layout, but both layouts write a label and then its value. So the page is taken as
the sequence of its texts after the heading; a text that is a label opens a field, which runs to the next label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from bs4.exceptions import ParserRejectedMarkup

LISTS = {"policy_areas_raw", "relevant_raw", "irm_reports_raw"}
NOT_TEXT = ["script", "style", "noscript", "template", "nav", "footer"]


class Page(NamedTuple):
    """A commitment page: ``title`` is its heading, ``fields`` the texts by label, list items separated by commas."""

    language: str | None
    title: str | None
    fields: dict[str, str]


def read_page(html: str, labels: Mapping[str, str], end_labels: list[str]) -> Page:
    """The fields of a page. ``labels`` maps each label to a column, which says whether its value is a list.

    Raises ``ValueError`` for a text that cannot be taken apart as HTML.
    """
    if "\x00" in html:
        raise ValueError("a NUL byte; the page is damaged: fetch it again")
    try:
        soup = BeautifulSoup(html, "html.parser")
    except (ParserRejectedMarkup, AssertionError, RecursionError) as error:
        raise ValueError(f"not HTML that can be taken apart ({type(error).__name__})") from error
    root = soup.find("html")
    language = str(root.get("lang") or "") if isinstance(root, Tag) else ""
    heading = soup.find("h1")
    title = " ".join(heading.get_text(" ").split()) if isinstance(heading, Tag) else None
    for element in soup.find_all(NOT_TEXT):
        element.decompose()
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for text in _texts(heading if isinstance(heading, Tag) else soup):
        label, value = _label(text, labels, end_labels)
        if label is None:
            current.append(text)
        elif label in end_labels:
            break
        else:
            current = fields.setdefault(label, [])
            current.extend([value] if value else [])
    joined = {label: _joined(texts, labels[label] in LISTS) for label, texts in fields.items()}
    return Page(language.lower() or None, title or None, joined)


def _texts(start: Tag) -> Iterator[str]:
    for node in start.find_all_next(string=True):
        text = " ".join(str(node).split())
        if text and type(node) is NavigableString:  # its subclasses are comments, declarations and the like
            yield text


def _label(text: str, labels: Mapping[str, str], end_labels: list[str]) -> tuple[str | None, str]:
    """The label a text is (``Status``, ``Status:``) or starts with (``Status: Active``), and the value after it."""
    name, colon, value = text.partition(":")
    if name.strip() in labels and (colon or name.strip() == text):
        return name.strip(), value.strip()
    return (name.strip(), "") if name.strip() in end_labels else (None, "")


def _joined(texts: list[str], is_list: bool) -> str:
    if not is_list:
        return " ".join(texts)
    return ", ".join(item for text in texts for item in re.split(r"\s*,\s*", text) if item)
