"""The sounds that come with the project: complete, up to date with their texts, and as loud as they should be."""

import math
import struct
import wave
from pathlib import Path

import pytest

from pbx.phone.g711 import FRAME, PCMA, RATE, dbfs, tone
from pbx.runtime import shape
from pbx.runtime.sounds import read_alaw
from sounds import build

SOUNDS = Path(build.__file__).parent
ANNOUNCEMENTS = sorted(build.texts())
NAMES = [
    "all-busy",
    "apology",
    "fixed-price",
    "goodbye",
    "listening-in",
    "please-wait",
    "please-wait-2",
    "press-1",
    "waiting-is-free",
    "welcome",
]


def frames(audio: bytes) -> list[float]:
    """dBFS of each 20 ms."""
    return [dbfs(PCMA.energy(part), FRAME) for part in (audio[n : n + FRAME] for n in range(0, len(audio), FRAME))]


def read(name: str) -> bytes:
    """As callers hear it."""
    return read_alaw(SOUNDS / f"{name}.wav")


def test_every_text_is_spoken_in_both_languages_and_nothing_else_is_there() -> None:
    assert [f"{language}/{name}" for language in ("de", "en") for name in NAMES] == ANNOUNCEMENTS
    there = sorted(file.relative_to(SOUNDS).as_posix() for place in ("??/*", "moh/*/*") for file in SOUNDS.glob(place))
    names = (*ANNOUNCEMENTS, "moh/ringtone/ringtone", "moh/silence/silence")
    assert there == sorted(f"{name}.wav" for name in names)


def test_every_file_speaks_the_text_that_it_has_now() -> None:
    assert build.outdated() == []
    assert sorted(build.built()) == ANNOUNCEMENTS


@pytest.mark.parametrize("name", ANNOUNCEMENTS)
def test_level_margins_and_length_of_an_announcement(name: str) -> None:
    audio = read(name)
    levels = frames(audio)
    spoken = [10 ** (level / 10) for level in levels if level > -45]
    assert 10 * math.log10(sum(spoken) / len(spoken)) == pytest.approx(-19, abs=1)
    assert max(abs(PCMA.decoded[byte]) for byte in audio) < 32768 * 10 ** (-3 / 20)
    assert {byte for byte in audio[: shape.MARGIN] + audio[-shape.MARGIN :]} == {PCMA.silence}
    seconds = (len(audio) - 2 * shape.MARGIN) / RATE
    assert 10 <= len(build.texts()[name]) / seconds <= 20, "characters a second"


def test_nothing_is_lost_when_a_file_becomes_alaw() -> None:
    for file in SOUNDS.rglob("*.wav"):
        with wave.open(str(file)) as wav:
            assert wav.getparams()[:3] == (1, 2, RATE)
            levels = struct.unpack(f"<{wav.getnframes()}h", wav.readframes(wav.getnframes()))
        assert levels == tuple(PCMA.decoded[byte] for byte in read_alaw(file)), file


def test_the_ring_tone_rings_one_second_in_five() -> None:
    audio = read("moh/ringtone/ringtone")
    assert len(audio) == 5 * RATE
    assert dbfs(PCMA.energy(audio[:RATE]), RATE) == pytest.approx(-20, abs=0.2)
    assert PCMA.tone_share(audio[:RATE], 425) > 0.99
    assert set(audio[RATE:]) == {PCMA.silence}


def test_silence_is_silence() -> None:
    assert set(read("moh/silence/silence")) == {PCMA.silence}


def at_16_khz(hz: int, level: float) -> list[float]:
    """One second of a tone, with half a second of silence before and after."""
    silence = [0.0] * RATE
    peak = 32768 * 10 ** (level / 20) * math.sqrt(2)
    return [*silence, *(peak * math.sin(math.pi * hz * n / RATE) for n in range(2 * RATE)), *silence]


def test_what_is_spoken_loses_its_silence_and_gets_the_level() -> None:
    shaped = shape.telephone(at_16_khz(1000, -40))
    audio = PCMA.encode(shaped)
    assert len(audio) == pytest.approx(RATE + 2 * shape.MARGIN, abs=2 * FRAME)
    assert shape.active_level(shaped) == pytest.approx(shape.LEVEL, abs=0.3)
    assert PCMA.tone_share(audio[2 * shape.MARGIN : 3 * shape.MARGIN], 1000) > 0.99


def test_what_a_telephone_cannot_carry_does_not_come_back_as_another_tone() -> None:
    """4.7 kHz would fold to 3.3 kHz at 8000 samples a second: it is filtered out, 60 dB and more."""
    mixed = [a + b for a, b in zip(at_16_khz(1000, -20), at_16_khz(4700, -20), strict=True)]
    audio = PCMA.encode(shape.telephone(mixed))[2 * shape.MARGIN : 3 * shape.MARGIN]
    assert PCMA.tone_share(audio, 1000) > 0.99
    assert PCMA.tone_share(audio, 3300) < 1e-6


def test_peaks_stay_below_minus_3() -> None:
    quiet = tone(500, -40, seconds=2)
    clicks = [30000.0 if n % 2000 == 0 else sample for n, sample in enumerate(quiet)]
    assert max(abs(sample) for sample in shape.telephone(clicks)) <= shape.PEAK
