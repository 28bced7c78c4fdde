"""Numbers, dates, links and texts in the reader's language; and that no text is left in Spanish."""

from __future__ import annotations

import re

import pytest

from layouts.i18n import locales, split_language
from web.catalogues import domains, untranslated, updated

ES, EN, *_ = locales()
PLACE = re.compile(r"\{(\w+)\}")


def test_numbers_are_written_as_mexico_writes_them() -> None:
    assert ES.number(1234.5) == "1,234.5"
    assert ES.number(126014024) == "126,014,024"
    assert ES.number(0.449, 2) == "0.45"
    assert ES.percent(21 / 62) == "34%"
    assert ES.percent(0.1234, 1) == "12.3%"
    # Halves go up, as on every calculator: 4 of 32 is 13 %, also where a binary fraction falls short (57 of 200).
    assert [ES.percent(share) for share in (4 / 32, 57 / 200, 0.5 / 100)] == ["13%", "29%", "1%"]
    assert ES.number(0.385, 2) == "0.39"


@pytest.mark.parametrize(
    ("written", "es", "en"),
    [
        ("2017", "2017", "2017"),
        ("2017-08", "agosto de 2017", "August 2017"),
        ("2016-06-20", "20 de junio de 2016", "June 20, 2016"),
        ("2016-06-20T10:00:00Z", "20 de junio de 2016", "June 20, 2016"),
        (None, "sin dato", "no data"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(written: str | None, es: str, en: str) -> None:
    assert (ES.date(written), EN.date(written)) == (es, en)


@pytest.mark.parametrize("written", ["", "ayer", "2017-13", "17-08-2017"])
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"YYYY|month must be"):
        ES.date(written)


@pytest.mark.parametrize(
    ("path", "code", "bare"),
    [
        ("/", "es", "/"),
        ("/en", "en", "/"),
        ("/en/", "en", "/"),
        ("/en/estados/14/", "en", "/estados/14"),
        ("/entidades", "es", "/entidades"),
    ],
)
def test_the_path_tells_the_language(path: str, code: str, bare: str) -> None:
    locale, rest = split_language(path)
    assert (locale.code, rest) == (code, bare)


def test_links_stay_in_the_language() -> None:
    assert (ES.link("/"), EN.link("/")) == ("/", "/en/")
    assert EN.link("/estados", capa="a b", anio=2018, q=None) == "/en/estados?capa=a+b&anio=2018"
    assert ES.link("/a b/ñ") == "/a%20b/%C3%B1"


def test_bilingual_data_fall_back_to_the_language_they_have() -> None:
    assert (ES.pick("uno", "one"), EN.pick("uno", "one")) == ("uno", "one")
    assert (ES.pick(None, "one"), EN.pick("uno", "")) == ("one", "uno")
    assert EN.pick(None, None) is None


@pytest.mark.parametrize("domain", sorted(domains()))
def test_every_text_has_its_translation(domain: str) -> None:
    assert untranslated(updated("en", domain, domains()[domain])) == []


def test_translations_keep_the_places_to_fill() -> None:
    for domain, paths in domains().items():
        for message in updated("en", domain, paths):
            # The form for one may leave the number out: "the other one", "the other {n}".
            forms = [message.id] if isinstance(message.id, str) else message.id
            places = [set(PLACE.findall(form)) for form in forms]
            for translated in [message.string] if isinstance(message.string, str) else message.string or ():
                assert not translated or set(PLACE.findall(translated)) in places, message.id


def test_counts_choose_their_form() -> None:
    assert [ES.plural("Fuente:", "Fuentes:", count) for count in (0, 1, 2)] == ["Fuentes:", "Fuente:", "Fuentes:"]
    assert [EN.plural("Fuente:", "Fuentes:", count) for count in (0, 1, 2)] == ["Sources:", "Source:", "Sources:"]
