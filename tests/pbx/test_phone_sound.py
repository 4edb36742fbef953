"""What the phone measures is what was sent: G.711, levels, windows."""

import math
import struct
import wave
from itertools import repeat
from pathlib import Path

import pytest

from pbx.phone.g711 import FRAME, LAWS, PCMA, PCMU, RATE, Law, dbfs, tone
from pbx.phone.heard import Heard

STEP = 0.0201
"""Seconds between two packets: a little late, so that no packet falls on the border of two windows."""


class Clock:
    """A clock that stands until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def level_of(audio: bytes) -> float:
    return dbfs(PCMA.energy(audio), len(audio))


@pytest.mark.parametrize(
    ("law", "code", "sample"),
    [
        # ITU-T G.711 tables 1a and 2a, scaled to 16 bits: the quietest and the loudest of either sign.
        (PCMA, 0xD5, 8), (PCMA, 0x55, -8), (PCMA, 0xAA, 32256), (PCMA, 0x2A, -32256),
        (PCMU, 0xFF, 0), (PCMU, 0x7F, 0), (PCMU, 0x80, 32124), (PCMU, 0x00, -32124),
    ],
)  # fmt: skip
def test_codes_mean_what_g711_says(law: Law, code: int, sample: int) -> None:
    assert law.decoded[code] == sample


@pytest.mark.parametrize("law", LAWS.values(), ids=lambda law: law.name)
def test_every_level_is_coded_as_itself(law: Law) -> None:
    assert [law.decoded[code] for code in law.encode(law.decoded)] == list(law.decoded)


@pytest.mark.parametrize("level", [-6, -20, -26, -40])
def test_a_tone_has_the_level_it_was_made_with(level: int) -> None:
    assert level_of(PCMA.encode(tone(440, level))) == pytest.approx(level, abs=0.2)


def test_a_tone_is_recognised_among_others() -> None:
    audio = PCMA.encode(tone(425, -20))
    assert PCMA.tone_share(audio, 425) > 0.99
    assert PCMA.tone_share(audio, 440) < 0.01
    assert PCMA.tone_share(bytes([PCMU.silence]) * 0, 425) == 0.0


def test_silence_of_a_law_is_below_minus_65() -> None:
    assert level_of(bytes([PCMA.silence]) * FRAME) < -65


def listen(heard: Heard, clock: Clock, level: float | None, packets: int) -> None:
    """So many packets of 20 ms arrive; None = nothing arrives for as long."""
    loud = PCMA.encode(tone(400, level))[:FRAME] if level is not None else b""
    for payload in repeat(loud, packets):
        if payload:
            heard.take(8, payload)
        clock.now += STEP


def test_levels_per_window_and_of_the_last_seconds() -> None:
    clock = Clock()
    heard = Heard(clock)
    listen(heard, clock, -20, 10)
    listen(heard, clock, None, 10)
    listen(heard, clock, -30, 11)
    assert [None if w is None else round(w) for w in heard.windows] == [-20, -20, None, None, -30, -30]
    assert heard.packets == 21
    assert heard.first_at == 100.0
    assert heard.last_at == pytest.approx(100 + 30 * STEP)
    assert heard.level(0.2) == pytest.approx(-30, abs=0.2)


def test_nothing_heard_is_not_silence() -> None:
    clock = Clock()
    heard = Heard(clock)
    assert (heard.packets, heard.windows, heard.level()) == (0, [], -math.inf)
    listen(heard, clock, -20, 5)
    clock.now += 5
    assert heard.level() == -math.inf


def test_only_windows_after_the_question_count() -> None:
    clock = Clock()
    heard = Heard(clock)
    listen(heard, clock, -20, 8)
    start = heard.next_window()
    listen(heard, clock, -60, 20)
    assert not heard.window_within(start, -30, 0)
    assert heard.window_within(start, -70, -50)


def test_telephone_events_are_no_sound() -> None:
    heard = Heard(Clock())
    heard.take(101, bytes(4))
    assert heard.packets == 0


def test_the_last_minute_is_kept_as_wav(tmp_path: Path) -> None:
    clock = Clock()
    heard = Heard(clock)
    second = PCMA.encode(tone(400, -20))
    for _ in range(130):
        heard.take(8, second)
        clock.now += 1
    heard.save_wav(tmp_path / "heard.wav")
    with wave.open(str(tmp_path / "heard.wav")) as file:
        assert file.getparams()[:4] == (1, 2, RATE, 60 * RATE)
        assert file.readframes(2) == struct.pack("<2h", PCMA.decoded[second[0]], PCMA.decoded[second[1]])
