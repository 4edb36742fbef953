"""A message as pages of paper: what stands in which line of which page, and the head of each (§5.2.3).

Rule of this file: no letters are drawn here, so how wide a text is comes as an argument. A page is never wider than its
paper, whatever somebody has written in one word, and nothing of a message is left out but empty lines after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.message.letter import rows
from engine.message.slip import Slip
from engine.message.words import wording
from engine.terms import E164

Width = Callable[[str], float]
"""How wide a text is, in whatever the page is measured in."""
_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class FaxHead:
    """What stands at the head of every page."""

    at: datetime
    """When it is sent, aware."""
    name: str
    """Whose machine sends it."""
    number: E164
    language: str

    def line(self, page: int, pages: int) -> tuple[str, str, str]:
        """Left, in the middle and right, for page `page` from 1 of `pages`: wall time in Germany."""
        words, at = wording(self.language), self.at.astimezone(_ZONE)
        return (
            f"{at.strftime(words.date)} {at.strftime(words.time)}",
            f"{self.name}  {self.number}",
            words.page.format(page=page, pages=pages),
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """How much room a page has."""

    width: float
    """Of a line."""
    label: float
    """Of that, where a value begins: what stands left of it is its label."""
    lines: int
    """On one page, ≥ 4."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `label` stands at its beginning, and the text then begins where values do."""

    text: str = ""
    label: str = ""
    is_value: bool = False


def pages(
    slip: Slip, customer: str, language: str, paper: Paper, width: Width, spell: Callable[[str], str] = str
) -> list[list[Line]]:
    """The lines of every page, at least one page of at least one line.

    `customer`: its name; `width`: measures every text that the paper is to hold; `spell`: writes it in the letters
    that there are.
    """
    told = [(spell(label), spell(value)) for label, value in rows(slip, customer, language)]
    found = list(_lines(told, wording(language).text, paper, width))
    return [found[at : at + paper.lines] for at in range(0, len(found), paper.lines)]


def _lines(told: Sequence[tuple[str, str]], text: str, paper: Paper, width: Width) -> Iterator[Line]:
    for place, (label, value) in enumerate(told, start=1):
        if label == text and place == len(told):  # the message itself has the whole width
            yield Line()
            yield from map(Line, _paragraphs(value, paper.width, width))
            continue
        fits = width(f"{label}:") < paper.label
        if not fits:
            yield Line(label=f"{label}:")
        for n, line in enumerate(wrapped(value, paper.width - paper.label, width)):
            yield Line(line, f"{label}:" if fits and not n else "", is_value=True)


def _paragraphs(text: str, room: float, width: Width) -> Iterator[str]:
    was_empty = True
    for part in text.splitlines():
        is_empty = not part.strip()
        if not (is_empty and was_empty):
            yield from wrapped(part, room, width)
        was_empty = is_empty


def wrapped(text: str, room: float, width: Width) -> list[str]:
    """The text in lines of whole words, none wider than `room`; a word that is too wide is cut. One line at least."""
    lines, line = [], ""
    for word in text.split():
        if width(longer := f"{line} {word}" if line else word) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _cut(word, room, width)
        lines += whole
    return [*lines, line]


def _cut(word: str, room: float, width: Width) -> list[str]:
    """The word in pieces that fit; a single letter always does."""
    pieces, piece = [], ""
    for letter in word:
        if piece and width(piece + letter) > room:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]
