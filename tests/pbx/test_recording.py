"""Files that people upload become announcements, or are refused with one word; none can hold anything up."""

from __future__ import annotations

import random
import subprocess
import time

import pytest

from pbx.phone.g711 import PCMA, RATE
from pbx.runtime import recording as module
from pbx.runtime.recording import BadRecording, Fault, announcement
from pbx.runtime.shape import LEVEL, active_level
from tests.recordings import FORMS, recording, written

WAV = recording("wav of a telephone")
MP3 = recording("mp3")


def levels(sound: bytes) -> list[float]:
    return [float(PCMA.decoded[byte]) for byte in sound]


@pytest.mark.parametrize(("form", "level"), [*((form, 0.9) for form in FORMS), ("wav", 0.004)])
def test_every_form_becomes_the_same_sound_as_loud_as_every_announcement(form: str, level: float) -> None:
    sound = announcement(recording(form, level=level))
    assert len(sound) == pytest.approx(3 * RATE, rel=0.03)
    middle = sound[RATE : RATE + RATE // 5]
    assert PCMA.tone_share(middle, 440) > 0.99
    assert active_level(levels(sound)) == pytest.approx(LEVEL, abs=0.5)


def test_what_a_telephone_cannot_carry_does_not_come_back_as_another_tone() -> None:
    """Folded at 4 kHz it would be 2 kHz; where it begins and ends there is a click of every pitch."""
    sound = list(module.telephone(recording(hz=6000, level=0.9)))
    assert max(map(abs, sound[RATE : 2 * RATE])) < 32767 / 1000


BAD = {
    "nothing": (b"", Fault.KIND),
    "a text": (b"Guten Tag, hier ist die Bank.\n" * 50, Fault.KIND),
    "a page": (b"<html><script>alert(1)</script></html>", Fault.KIND),
    "a zip": (b"PK\3\4" + bytes(500), Fault.KIND),
    "a program": (b"\x7fELF" + bytes(500), Fault.KIND),
    "half a header": (WAV[:20], Fault.BROKEN),
    "an Ogg of something else": (b"OggS" + bytes(500), Fault.KIND),
    "another format of sound": (written(8_000, 1, "FLAC", "PCM_16", 3, 440, 0.3), Fault.KIND),
    "half an MP3": (MP3[: len(MP3) // 2], Fault.BROKEN),
    "a hole in an MP3": (MP3[:2000] + bytes(5000) + MP3[4000:], Fault.BROKEN),
    "no channel": (WAV[:22] + bytes(2) + WAV[24:], Fault.BROKEN),
    "a thousand channels": (WAV[:22] + (1000).to_bytes(2, "little") + WAV[24:], Fault.BROKEN),
    "two thousand million samples a second": (WAV[:24] + (2**31 - 1).to_bytes(4, "little") + WAV[28:], Fault.BROKEN),
    "one sample a second": (WAV[:24] + (1).to_bytes(4, "little") + WAV[28:], Fault.BROKEN),
    "silence": (recording(level=0), Fault.SILENT),
    "next to nothing": (recording(level=0.0001), Fault.SILENT),
    "a click": (recording(seconds=0.3), Fault.SHORT),
    "a second too much": (recording("wav of a telephone", seconds=121), Fault.LONG),
    "an hour in 240 kB": (written(8_000, 1, "OGG", "VORBIS", 3600), Fault.LONG),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_announcement_is_refused_with_its_reason(what: str) -> None:
    file, fault = BAD[what]
    began = time.monotonic()
    with pytest.raises(BadRecording) as refused:
        announcement(file)
    assert refused.value.fault is fault
    assert time.monotonic() - began < module.LIMIT / 2


def test_two_minutes_are_just_right() -> None:
    assert len(announcement(recording("wav of a telephone", seconds=120))) == 120 * RATE


def test_whatever_is_broken_in_a_file_it_is_a_sound_or_refused() -> None:
    chance = random.Random(4)
    originals = [recording(form, seconds=1) for form in ("wav", "mp3", "ogg", "opus")]
    for n in range(12):
        file = bytearray(originals[n % len(originals)])
        for _ in range(30):
            file[chance.randrange(len(file) if n % 2 else 200)] = chance.randrange(256)
        try:
            assert announcement(bytes(file))
        except BadRecording as refused:
            assert refused.fault in Fault


def test_a_file_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 0.01)
    with pytest.raises(BadRecording) as refused:
        announcement(WAV)
    assert refused.value.fault is Fault.BROKEN


def test_the_program_has_no_secrets_and_ends_by_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}

    def run(command: list[str], **how: object) -> object:
        asked.update(how)
        return type("Done", (), {"stdout": b"", "returncode": -9})()

    monkeypatch.setenv("VORZIMMER_DATABASE_URL", "postgresql://user:secret@host/name")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(BadRecording) as refused:
        announcement(WAV)
    assert refused.value.fault is Fault.BROKEN
    assert set(asked["env"]) == {"OPENBLAS_NUM_THREADS", "PATH"}  # type: ignore[call-overload]
