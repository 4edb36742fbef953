"""A telephone note as a fax machine gets it."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image, ImageSequence

from engine.message.fax import FaxHead
from engine.message.slip import Slip
from engine.notify.fax_page import DPI, HEIGHT, PAPER, WIDTH, drawn, spelled
from engine.terms import E164
from tests.notify.parcels import NOW, SLIP

HEAD = FaxHead(NOW, "Sekretariat Süd", E164("+4930123450"), "de")


def pages(slip: Slip, head: FaxHead = HEAD) -> list[Image.Image]:
    """White is 255; as a machine would print it."""
    with Image.open(io.BytesIO(drawn(slip, "Muster GmbH", head))) as image:
        assert image.info["compression"] == "group4"
        assert image.info["dpi"] == DPI
        return [page.convert("L") for page in ImageSequence.Iterator(image)]


def black(page: Image.Image, top: int, bottom: int) -> int:
    """Dots between two lines."""
    return page.crop((0, top, page.width, bottom)).histogram()[0]


def test_one_page_of_a_fax_machines_size_in_black_on_white() -> None:
    [page] = pages(SLIP)
    assert page.size == (WIDTH, HEIGHT)
    assert sum(page.histogram()[1:255]) == 0
    assert 0.002 < black(page, 0, HEIGHT) / (WIDTH * HEIGHT) < 0.05
    assert page.crop((0, 0, 100, HEIGHT)).histogram()[0] == 0
    assert page.crop((WIDTH - 100, 0, WIDTH, HEIGHT)).histogram()[0] == 0


def test_the_head_is_on_every_page_and_tells_them_apart() -> None:
    first, second = pages(replace(SLIP, text="\n".join("Zeile" for _ in range(PAPER.lines))))
    assert black(first, 0, 110) > 1000
    assert black(second, 0, 110) > 1000
    assert first.crop((0, 0, WIDTH // 2, 110)).tobytes() == second.crop((0, 0, WIDTH // 2, 110)).tobytes()
    assert first.crop((WIDTH // 2, 0, WIDTH, 110)).tobytes() != second.crop((WIDTH // 2, 0, WIDTH, 110)).tobytes()


def test_the_longest_message_has_room_on_two_pages() -> None:
    assert len(pages(replace(SLIP, text="Bitte um Rückruf. " * 222))) == 2


def test_what_the_font_lacks_is_spelled() -> None:
    assert spelled("Ünïcödé € → Привет Ωμέγα") == "Ünïcödé € → Привет Ωμέγα"
    assert spelled("☎ 😀 漢字") == "Tel. :-) ??"
