"""A message as pages of paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.fax import FaxHead, Line, Paper, pages, wrapped
from engine.terms import E164
from tests.notify.parcels import SLIP

PAPER = Paper(width=60, label=18, lines=12)


def test_a_telephone_note() -> None:
    [page] = pages(SLIP, "Muster GmbH", "de", PAPER, len)
    assert page == [
        Line("Jürgen Groß", "Nachricht für:", is_value=True),
        Line("Frau Özdemir", "Anrufer:", is_value=True),
        Line("Blumen & Söhne <Berlin>", "Firma:", is_value=True),
        Line("+491701234567", "Rückrufnummer:", is_value=True),
        Line("Kranz für Freitag", "Betreff:", is_value=True),
        Line("bittet um Rückruf", "Der Anrufer:", is_value=True),
        Line("am 01.12.2026 um 10:30 Uhr von Anna", "Aufgenommen:", is_value=True),
        Line("Lindner", is_value=True),
        Line(),
        Line("Bitte bis 14 Uhr zurückrufen."),
        Line("Es geht um den Kranz."),
    ]


def test_a_label_that_is_too_wide_has_a_line_of_its_own() -> None:
    slip = replace(SLIP, fields=(("Kennzeichen des Fahrzeugs", "B-MX 1"),))
    lines = [line for page in pages(slip, "Muster GmbH", "de", PAPER, len) for line in page]
    at = lines.index(Line(label="Kennzeichen des Fahrzeugs:"))
    assert lines[at + 1] == Line("B-MX 1", is_value=True)


def test_a_long_text_goes_on_on_the_next_page() -> None:
    text = " ".join(f"Wort{n}" for n in range(200))
    found = pages(replace(SLIP, text=text), "Muster GmbH", "de", PAPER, len)
    assert {len(page) for page in found[:-1]} == {PAPER.lines}
    lines = [line.text for page in found for line in page]
    assert " ".join(lines).split()[-200:] == text.split()


def test_of_empty_lines_one_is_kept() -> None:
    found = pages(replace(SLIP, text="Anfang\n" + "\n" * 3000 + "Ende"), "Muster GmbH", "de", PAPER, len)
    assert [line.text for page in found for line in page][-4:] == ["", "Anfang", "", "Ende"]


@pytest.mark.parametrize(("at", "told"), [
    (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "02.07.2026 00:30"),
    (datetime(2026, 12, 1, 22, 30, tzinfo=UTC), "01.12.2026 23:30"),
])  # fmt: skip
def test_the_head_has_wall_time_sender_and_page(at: datetime, told: str) -> None:
    head = FaxHead(at, "Vorzimmer", E164("+4930123450"), "de")
    assert head.line(2, 3) == (told, "Vorzimmer  +4930123450", "Seite 2 von 3")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=300), st.integers(1, 30))
def test_nothing_is_lost_and_nothing_too_wide(text: str, room: int) -> None:
    lines = wrapped(text, room, len)
    assert lines
    assert all(len(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
