"""Reads OGP's commitment pages of Mexico: stored texts of both layouts, and English pages fetched live.

Codes come from the English page, because the Spanish one is translated by machine; a commitment of which only a
Spanish page is stored is read in Spanish, its values mapped in the YAML. Every copy of a page is an edition of its own
(``<layout>/<language>/<number or date>``), and where editions of a page disagree a finding quotes them all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from data.schema.vocabularies import VOCABULARIES
from etl.sources.ogp_pages_html import read_page
from etl.sources.reading import Row, RowError, Source

FILE = "ogp_page_snapshots.csv"
COLUMNS = (
    "commitment_id", "url", "lang", "layout", "action_plan_label", "cycle", "status", "lead_institutions_raw",
    "support_institutions_raw", "policy_areas_raw", "irm_reports_raw", "starred_raw", "early_results_raw",
    "verifiable_raw", "relevant_raw", "impact_field", "impact_raw", "completion_raw",
)  # fmt: skip
NO_VALUE = ("ND", "NR", "NA")
DRAWN = ("completion", "potential_impact")
CRITERIA = {"early_results": "early_results_raw", "verifiable": "verifiable_raw", "completion": "completion_raw"}
# What copies of a page may disagree in beside the criteria of the review.
MATTERS = {"policy_areas": ("áreas de política", "policy areas")}
COMMITMENT_ID = re.compile(r"MX\d{4}")


class Said(NamedTuple):
    """What one edition of a page says about one matter."""

    edition: str
    value: str
    url: str | None


def parse(source: Source) -> None:
    """Read the live pages at hand, the newer word, and then the stored texts."""
    reader = Pages(source)
    for file in (entry.name for entry in source.spec.files if entry.name.endswith(".html")):
        if source.has(file):
            source.each_record(file, [("page", _live(source, file))], reader.page)
    source.each(FILE, reader.page, columns=COLUMNS)
    reader.tell()


class Pages:
    """The editions of the pages while they are read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.in_english = {str(id_) for id_, language in self._stored() if language == "en"}
        self.in_english |= {
            entry.name.removesuffix(".html").upper() for entry in source.spec.files if source.has(entry.name)
        }
        self.editions: Counter[str] = Counter()
        self.said: dict[tuple[str, str], list[Said]] = {}

    def _stored(self) -> Iterator[tuple[Any, Any]]:
        _, rows = self.source.csv(FILE)
        return ((values.get("commitment_id"), values.get("lang")) for _, values in rows)

    def page(self, row: Row) -> None:
        """One edition of one page: the commitment, its tags and its ratings."""
        if problem := row.values.get("(problem)"):
            raise RowError(problem)
        row.skip("cycle", "irm_reports_raw", *(name for name in ("(problem)", "title") if name in row.values))
        commitment = row.need("commitment_id")
        if not COMMITMENT_ID.fullmatch(commitment):
            raise RowError(f"column commitment_id: read {commitment!r}; an id such as MX0068 would be right")
        language, address = row.need("lang"), row.url("url")
        layout = str(row.choice("layout", "layout"))
        edition = self._edition(row, commitment, "old" if layout == "cut" else layout, language)
        self._commitment(row, commitment, language, address)
        said = [Said(edition, value, address) for value in (self._tags(row, commitment, language),) if value]
        matters = {"policy_areas": said}
        for criterion, code in self._ratings(row, commitment, layout, edition, address):
            matters[criterion] = [Said(edition, code, address)] if code else []
        for matter, sayings in matters.items():
            self.said.setdefault((commitment, matter), []).extend(sayings)

    def _edition(self, row: Row, commitment: str, layout: str, language: str) -> str:
        if row.file != FILE:
            return f"{layout}/{language}/{self.source.copy(row.file).date}"
        stem = f"{layout}/{language}"
        self.editions[f"{commitment} {stem}"] += 1
        return f"{stem}/{self.editions[f'{commitment} {stem}']}"

    def _read_for_codes(self, commitment: str, language: str) -> bool:
        return language == "en" or commitment not in self.in_english

    def _commitment(self, row: Row, commitment: str, language: str, address: str | None) -> None:
        plan_id, status = row.choice("action_plan_label", "plan"), row.choice("status", "status")
        if plan_id is None:
            raise RowError("column action_plan_label: empty; the plan of the commitment is needed")
        lead, support = _institutions(row, "lead_institutions_raw"), _institutions(row, "support_institutions_raw")
        if not self._read_for_codes(commitment, language):
            lead = support = None
        row.add(
            "commitments", commitment_id=commitment, ogp_id=commitment, plan_id=plan_id, country_code="MX",
            scope="national", title_en=row.values.get("title"), lead_institution=lead,
            supporting_institutions=support, ogp_status=status, source_url=address,
        )  # fmt: skip
        row.add("commitment_ids", commitment_id=commitment, register="ogp", register_id=commitment, basis="read")

    def _tags(self, row: Row, commitment: str, language: str) -> str:
        """Add the policy areas and OGP values; the policy areas in one text, under their English labels."""
        areas = row.split("policy_areas_raw", ",")
        if language != "en":
            areas = [self.source.look_up("policy_area_es", area, "policy_areas_raw") for area in areas]
        tags = {("ogp_page", area) for area in areas}
        if (row.text("relevant_raw") or "").lower() not in self._codes():
            tags |= {
                ("ogp_values", self.source.look_up("ogp_value", value, "relevant_raw"))
                for value in row.split("relevant_raw", ",")
            }
        for vocabulary, tag in sorted(tags):
            if self._read_for_codes(commitment, language):
                row.add("commitment_policy_areas", commitment_id=commitment, vocabulary=vocabulary, policy_area=tag)
        return ", ".join(sorted(set(areas)))

    def _codes(self) -> set[str]:
        return {*self.source.spec.lookups["rating"], *(code.lower() for code in NO_VALUE)}

    def _ratings(
        self, row: Row, commitment: str, layout: str, edition: str, address: str | None
    ) -> list[tuple[str, str | None]]:
        """Add the judgements of the page; ``(criterion, code or None)`` of each."""
        columns = dict(CRITERIA)
        if (impact := row.choice("impact_field", "impact")) is not None:
            columns[impact] = "impact_raw"
        if layout == "old":
            columns["starred"] = "starred_raw"
        if (row.text("relevant_raw") or "").lower() in self._codes():
            columns["relevant"] = "relevant_raw"
        found = []
        for criterion, column in columns.items():
            raw = row.text(column)
            if raw is None and layout == "cut":
                continue
            reason = _no_value_reason(raw, criterion)
            code = None if reason else row.choice(column, "rating")
            row.add(
                "commitment_ratings", commitment_id=commitment, reviewer="irm", report="commitment_page",
                criterion=criterion, edition=edition, value_code=code, value_raw=raw, no_value_reason=reason,
                source_url=address,
            )  # fmt: skip
            found.append((criterion, code))
        for column in {"starred_raw", "impact_raw"} - set(columns.values()):
            if (text := row.text(column)) is not None:
                raise RowError(
                    f"column {column}: read {text!r}, which layout {layout!r} does not show; check the layout"
                )
        return found

    def tell(self) -> None:
        """Quote every edition of a page where they do not all say the same."""
        for (commitment, matter), sayings in sorted(self.said.items()):
            if len({said.value for said in sayings}) > 1:
                spanish, english = MATTERS.get(matter) or VOCABULARIES["criterion"][matter]
                self.source.found(
                    "notice", "page_editions_disagree",
                    f"Las copias de la página de OGP de {commitment} no dicen lo mismo en: {spanish}.",
                    f"The copies of OGP's page of {commitment} do not say the same in: {english}.",
                    table_name="commitments", row_key=commitment,
                    sides=tuple((self.source.source_id, f"{s.edition}: {s.value}", None, s.url) for s in sayings),
                )  # fmt: skip
        only_spanish = sorted({commitment for commitment, _ in self.said} - self.in_english)
        if only_spanish:
            names = ", ".join(only_spanish)
            self.source.found(
                "notice", "machine_translated",
                f"De {names} solo hay página en español, traducida por máquina; sus valores se pasaron a las etiquetas de OGP.",
                f"Of {names} only the Spanish page is at hand, translated by machine; its values were mapped to OGP's labels.",
                table_name="commitments",
            )  # fmt: skip


def _institutions(row: Row, column: str) -> str | None:
    """The institutions as the page writes them, free text; ``NA`` is how it writes none."""
    text = row.text(column)
    return None if text in NO_VALUE else text


def _no_value_reason(raw: str | None, criterion: str) -> str | None:
    if raw is None:
        return "not_readable" if criterion in DRAWN else "blank"
    return raw if raw in NO_VALUE else None


def _live(source: Source, file: str) -> dict[str, Any]:
    """A live page in the columns of the stored texts; under ``(problem)`` why it is not one that can be read."""
    commitment = file.removesuffix(".html").upper()
    labels: dict[str, str] = source.spec.links["labels"]
    values: dict[str, Any] = {**dict.fromkeys(COLUMNS, ""), "commitment_id": commitment, "lang": "en"}
    values["url"] = source.copy(file).url
    try:
        page = read_page(source.content(file), labels, source.spec.links["end_labels"])
    except ValueError as error:
        return {**values, "(problem)": str(error)}
    values |= {labels[label]: text for label, text in page.fields.items()}
    values["layout"] = "new" if "Ambition" in page.fields else "old"
    values["impact_field"] = next((name for name in ("Ambition", "Potential Impact") if name in page.fields), "")
    named = COMMITMENT_ID.search(page.title or "")
    problem = None
    if page.language and not page.language.startswith("en"):
        problem = f"page in {page.language!r}; the English page would be right, the others are translated by machine"
    elif named and named.group() != commitment:
        problem = f"page of {named.group()}; the page of {commitment} would be right"
    elif "Action Plan" not in page.fields or not values["impact_field"]:
        problem = "no label Action Plan, or neither Ambition nor Potential Impact: neither of the two known layouts"
    title = re.sub(rf"\s*\(?\b{commitment}\b\)?", "", page.title or "").strip()
    return {**values, "title": title or None, "(problem)": problem}
