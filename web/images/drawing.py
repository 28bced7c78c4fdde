"""A page as one picture of 1200 by 630: its sentence, its first figure, where it stands and from which release.

Sentence and figure come from the page's own view, so the picture cannot say anything else than the page. The fonts are
known (`web.images.rendering`), but not measured: lines are broken by the mean width of their letters.
"""

from __future__ import annotations

from textwrap import wrap

from markupsafe import Markup

from layouts.components.island import element, plain_text
from layouts.shell import SITE
from web.answers import Answer
from web.assets import FOLDER, resolved
from web.images.figures import figure
from web.images.names import HEIGHT, WIDTH

EDGE, TOP, BOTTOM = 64, 132, 556
FIGURE_WIDTH, BETWEEN = 440, 56
# Sizes of the sentence, largest first; a line is 1.18 of its size, a letter about half of it.
SIZES = (76, 68, 62, 56, 50, 45, 40, 36, 32, 28, 25)
LEADING, LETTER = 1.18, 0.465
LARGEST_BESIDE_FIGURE = 62
_STYLE = """
text { font-family: "Source Sans 3"; fill: var(--ink); font-size: 22px; }
.brand { font-family: "Source Serif 4"; font-weight: 700; font-size: 34px; }
.kicker { font-weight: 600; font-size: 20px; fill: var(--ink-3); }
.sentence { font-family: "Source Serif 4"; font-weight: 600; }
.name { fill: var(--ink-2); } .value { font-weight: 600; text-anchor: end; } .place { fill: var(--ink-3); }
.date { fill: var(--ink-3); text-anchor: end; }
.verified, .here { fill: var(--verified); } .completed { fill: var(--completed); } .started { fill: var(--started); }
.not-started { fill: var(--not-started); } .elsewhere { fill: var(--not-started); } .no-data { fill: url(#hatched); }
.level-1 { fill: var(--level-1); } .level-2 { fill: var(--level-2); } .level-3 { fill: var(--level-3); }
.level-4 { fill: var(--level-4); }
use { stroke: var(--surface); stroke-width: 3; }
.hatching-ground { fill: var(--surface); } .hatching-line { fill: var(--line-2); }
"""
_HATCHED = Markup(
    '<pattern id="hatched" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="8" height="8" style="fill:var(--surface)"/><rect width="2" height="8" style="fill:var(--line-2)"/>'
    "</pattern>"
)


def drawn(now: Answer, host: str) -> str:
    """The SVG of an answer, complete: its colours are those of the light scheme."""
    beside = figure(now, FIGURE_WIDTH)
    width = WIDTH - 2 * EDGE - (FIGURE_WIDTH + BETWEEN if beside else 0)
    built = now.locale.date(now.release.built_at) if now.release else ""
    parts = [
        _brand(),
        *([element("text", {"x": EDGE, "y": TOP + 14, "class": "kicker"}, _kicker(now))] if now.view.kicker else []),
        _sentence(plain_text(now.view.sentence), width),
        element("g", {"transform": f"translate({WIDTH - EDGE - FIGURE_WIDTH} {TOP + 40})"}, beside),
        element("text", {"x": EDGE, "y": 596, "class": "place"}, f"{_bare(host)}{now.address}"),
        element("text", {"x": WIDTH - EDGE, "y": 596, "class": "date"}, built),
    ]
    return _framed(Markup("").join(parts))


def site_picture(tagline: str) -> str:
    """The SVG of the site as a whole, for pages without a picture of their own."""
    return _framed(_brand() + _sentence(tagline, WIDTH - 2 * EDGE))


def _framed(inside: Markup) -> str:
    ground = element("rect", {"width": WIDTH, "height": HEIGHT, "style": "fill:var(--paper)"})
    stripe = element("rect", {"y": HEIGHT - 10, "width": WIDTH, "height": 10, "style": "fill:var(--accent)"})
    content = element("style", html=Markup(_STYLE)) + element("defs", html=_HATCHED) + ground + stripe + inside
    return resolved(element("svg", {"xmlns": "http://www.w3.org/2000/svg", "width": WIDTH, "height": HEIGHT}, content))


def _brand() -> Markup:
    icon = Markup((FOLDER / "icon.svg").read_text(encoding="utf-8"))
    return element("svg", {"x": EDGE, "y": 44, "width": 44, "height": 44}, icon) + element(
        "text", {"x": EDGE + 60, "y": 78, "class": "brand"}, SITE
    )


def _kicker(now: Answer) -> str:
    return plain_text(now.view.kicker).upper()


def _sentence(text: str, width: float) -> Markup:
    """The sentence in the largest size at which it fits; cut with an ellipsis where it does in none."""
    sizes = [size for size in SIZES if size <= LARGEST_BESIDE_FIGURE or width == WIDTH - 2 * EDGE]
    size, lines = next(
        ((size, lines) for size in sizes if len(lines := _lines(text, width, size)) <= _room(size)),
        (SIZES[-1], _lines(text, width, SIZES[-1])),
    )
    if len(lines) > _room(size):
        lines = lines[: _room(size)]
        lines[-1] = f"{lines[-1][:-1].rstrip(' ,;:')}…"
    first = TOP + 40 + size
    return Markup("").join(
        element(
            "text",
            {
                "x": EDGE,
                "y": f"{first + number * size * LEADING:.0f}",
                "class": "sentence",
                "style": f"font-size:{size}px",
            },
            line,
        )
        for number, line in enumerate(lines)
    )


def _lines(text: str, width: float, size: int) -> list[str]:
    return wrap(" ".join(text.split()), int(width / (size * LETTER)), break_long_words=False, break_on_hyphens=False)


def _room(size: int) -> int:
    """How many lines of a size there is room for."""
    return int((BOTTOM - TOP - 40) / (size * LEADING))


def _bare(host: str) -> str:
    return host.partition("://")[2] or host
