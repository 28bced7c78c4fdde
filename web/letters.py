"""How wide a text is at most, where no browser is at hand to lay it out: for lines of pictures that stand alone.

Which face a reader's browser takes is not known here. These are the widths of DejaVu, the widest of those that it
chooses from (Debian's; what others bring is narrower), so that a line that fits by them fits everywhere.
"""

from __future__ import annotations

import unicodedata
from enum import Enum

# In parts of the size, rounded up: the width of each letter that stands in the text after it.
_REGULAR = {
    0.3: "ijlIJ'",
    0.35: " .,;:·/|",
    0.4: "ft()[]-",
    0.45: "r!¡",
    0.5: '"–_*',
    0.55: "csz?¿“”",
    0.6: "kvxyFL",
    0.65: "0123456789abdeghnopquEPSTY«»",
    0.7: "ABCKRVXZ",
    0.75: "NU",
    0.8: "DGHOQ&",
    0.85: "w#+=<>",
    0.9: "M",
    0.95: "%",
}
# The wider of sans and serif.
_BOLD = {
    0.35: " '",
    0.4: "ijl.,;:·/|",
    0.45: "f-",
    0.5: "tIJ()[]–!¡_",
    0.55: 'r"*',
    0.6: "sz?¿",
    0.65: "cx«»",
    0.7: "0123456789aekovy“”",
    0.75: "bdghnpquFLSTYZ",
    0.8: "ACEPVX",
    0.85: "BR#+=<>",
    0.9: "DGKOQU",
    0.95: "wHN&",
    1.05: "%",
    1.1: "m",
}


class Face(Enum):
    """A weight of the letters: what each is wide, and those that no list has."""

    REGULAR = ({letter: width for width, letters in _REGULAR.items() for letter in letters}, 1.0)
    BOLD = ({letter: width for width, letters in _BOLD.items() for letter in letters}, 1.15)

    def width(self, text: str, size: float) -> float:
        """Pixels of a text in one line, in letters of `size` pixels."""
        widths, widest = self.value
        # An accent makes no letter wider.
        plain = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
        return size * sum(widths.get(letter, widest) for letter in plain)

    def lines(self, text: str, size: float, room: float) -> list[str]:
        """The text in lines of at most `room` pixels, broken between words; a word that is longer, anywhere."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".lstrip()
            if self.width(longer, size) <= room:
                lines[-1] = longer
                continue
            lines += [""] if lines[-1] else []
            for letter in word:
                if lines[-1] and self.width(lines[-1] + letter, size) > room:
                    lines.append("")
                lines[-1] += letter
        return lines if lines[0] else []
