"""A telephone note drawn for fax: TIFF with Group 4, 204 × 196 dpi, 1728 dots wide, as A4 fax machines have it.

Rules of this file: black on white without grey, letters as large as fax needs them (14 points). What no letter of the
font stands for is written as in an SMS rather than as a box. Takes tens of milliseconds a page: call it in a thread.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from engine.message.fax import FaxHead, Line, Paper, pages
from engine.message.letters import LETTERS
from engine.message.slip import Slip

WIDTH, HEIGHT = 1728, 2292
"""Dots of a line, and lines of a page of A4 (297 mm)."""
DPI = (204, 196)
_MARGIN, _HEAD, _TOP, _BOTTOM = 110, 40, 150, 2180
"""Dots: left and right; where the head stands, and where the text begins and ends."""
_SIZE, _SMALL, _STEP = 38, 28, 50
"""Dots: of the text, of the head, and from one line to the next."""
_LABEL = 420
PAPER = Paper(WIDTH - 2 * _MARGIN, _LABEL, (_BOTTOM - _TOP) // _STEP)
_FONTS = "font_source_sans_pro"
_NO_LETTER = "\U0010ffff"
"""What no font has: it is drawn as whatever the font draws for what it has not."""
_ROWS_PER_STRIP = 278


def drawn(slip: Slip, customer: str, head: FaxHead) -> bytes:
    """The message as a TIFF of one page or more. `customer`: its name."""
    text, bold = _font(_SIZE), _font(_SIZE, is_bold=True)

    def width(written: str) -> float:
        return max(text.getlength(written), bold.getlength(written))

    found = pages(slip, customer, head.language, PAPER, width, spelled)
    images = [_page(lines, head.line(number, len(found))) for number, lines in enumerate(found, start=1)]
    return _tiff(images)


def spelled(text: str) -> str:
    """The text in letters that the font has."""
    return "".join(letter if _has(letter) else LETTERS.get(letter, "?") for letter in text)


@cache
def _font(size: int, *, is_bold: bool = False) -> ImageFont.FreeTypeFont:
    name = f"SourceSansPro-{'Semibold' if is_bold else 'Regular'}.ttf"
    return ImageFont.truetype(io.BytesIO((files(_FONTS) / "files" / name).read_bytes()), size)


@cache
def _has(letter: str) -> bool:
    font = _font(_SIZE)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(_NO_LETTER))


def _page(lines: list[Line], head: tuple[str, str, str]) -> Image.Image:
    image = Image.new("1", (WIDTH, HEIGHT), 1)
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    small = _font(_SMALL)
    for place, anchor, written in zip((_MARGIN, WIDTH / 2, WIDTH - _MARGIN), ("la", "ma", "ra"), head, strict=True):
        draw.text((place, _HEAD), spelled(written), 0, small, anchor)
    draw.line([(_MARGIN, _HEAD + 46), (WIDTH - _MARGIN, _HEAD + 46)], 0, 2)
    for n, line in enumerate(lines):
        y = _TOP + n * _STEP
        if line.label:
            draw.text((_MARGIN, y), line.label, 0, _font(_SIZE, is_bold=True))
        draw.text((_MARGIN + (_LABEL if line.is_value else 0), y), line.text, 0, _font(_SIZE))
    return image


def _tiff(images: list[Image.Image]) -> bytes:
    file = io.BytesIO()
    first, *others = images
    first.save(
        file,
        "TIFF",
        compression="group4",
        dpi=DPI,
        save_all=True,
        append_images=others,
        tiffinfo={_ROWS_PER_STRIP: HEIGHT},
    )
    return file.getvalue()
