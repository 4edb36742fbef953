"""Makes an announcement of a sound file that somebody has uploaded: a program of its own, for one file.

Rule of this file: what comes in is hostile until it is samples. It is read by a library that knows dozens of formats in
C, so nothing of it happens in the engine's process: this one has no settings and no secrets, may write no file, and is
ended when it has had its seconds or its memory. Standard input is the file; standard output `+` and the sound in
A-law, or `-` and a word of `Fault`.
"""

from __future__ import annotations

import io
import math
import os
import resource
import subprocess
import sys
from array import array
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from pbx.phone.g711 import RATE
from pbx.runtime.shape import active_level, levelled
from pbx.runtime.sounds import alaw

LONGEST = 120
"""Seconds; as long as a call waits for the end of an announcement (`engine.call.sound`)."""
SHORTEST = 0.5
LIMIT = 30.0
"""Seconds that one file may take."""
_CPU = 20
_MEMORY = 2**30
_PATIENCE = 10
"""How nice it is to whoever takes calls (nice(2))."""
_FORMATS = {"WAV", "WAVEX", "MP3", "OGG"}
_UNKNOWN = {1, 4, 18}
"""libsndfile's codes (src/common.h): format not recognised, encoding not supported, not implemented."""
_RATES = range(4_000, 192_001)
_MOST_CHANNELS = 8
_BLOCK = 65_536
"""Frames that are read at once."""
_SILENT = -60.0
"""dBFS; a recording that is not louder anywhere has nothing to hear."""
_WHOLE = 0.9
"""Share of the frames that the file speaks of which must be there; MP3 only estimates them."""


class Fault(StrEnum):
    """Why a file is no announcement."""

    KIND = "kind"
    """No WAV, MP3 or OGG."""
    BROKEN = "broken"
    LONG = "long"
    SHORT = "short"
    SILENT = "silent"


class BadRecording(ValueError):
    """The file is no announcement."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def announcement(file: bytes) -> bytes:
    """The recording in A-law, as loud as every announcement; takes LIMIT seconds at most. Raises BadRecording."""
    command = [sys.executable, "-I", "-m", "pbx.runtime.recording"]
    environment = {"OPENBLAS_NUM_THREADS": "1", "PATH": os.defpath}
    try:
        done = subprocess.run(
            command, input=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/",
            timeout=LIMIT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise BadRecording(Fault.BROKEN) from None
    sign, said = done.stdout[:1], done.stdout[1:]
    if done.returncode or sign not in (b"+", b"-"):
        raise BadRecording(Fault.BROKEN)  # it was ended, or has died of the file
    if sign == b"-":
        raise BadRecording(Fault(said.decode("ascii")))
    return said


def convert(file: bytes) -> bytes:
    """The same in this process, without limits. Raises BadRecording."""
    samples = list(telephone(file))
    if len(samples) < SHORTEST * RATE:
        raise BadRecording(Fault.SHORT)
    middle = math.fsum(samples) / len(samples)  # a cheap sound card's offset would count as loudness
    samples = [sample - middle for sample in samples]
    if active_level(samples) < _SILENT:
        raise BadRecording(Fault.SILENT)
    return alaw(array("h", map(round, levelled(samples))))


def telephone(file: bytes) -> Iterator[float]:
    """What a telephone carries of it: one channel at 8 kHz (16-bit scale). Raises BadRecording."""
    # Here: whoever starts this program needs none of it.
    import numpy
    import soundfile
    import soxr

    try:
        with soundfile.SoundFile(io.BytesIO(file)) as sound:
            if sound.format not in _FORMATS:
                raise BadRecording(Fault.KIND)
            if sound.samplerate not in _RATES or sound.channels > _MOST_CHANNELS:
                raise BadRecording(Fault.BROKEN)
            stream = soxr.ResampleStream(sound.samplerate, RATE, 1, dtype="float32")
            for block, last in _blocks(sound):
                one = numpy.nan_to_num(block.mean(axis=1, dtype="float32"), posinf=1.0, neginf=-1.0)
                yield from (32767 * stream.resample_chunk(one.clip(-1.0, 1.0), last=last)).tolist()
    except soundfile.LibsndfileError as problem:
        raise BadRecording(Fault.KIND if problem.code in _UNKNOWN else Fault.BROKEN) from None


def _blocks(sound: Any) -> Iterator[tuple[Any, bool]]:
    """The frames in blocks, and whether each is the last. Raises BadRecording."""
    read = 0
    while True:
        block = sound.read(_BLOCK, dtype="float32", always_2d=True)
        read += len(block)
        if read > LONGEST * sound.samplerate:
            raise BadRecording(Fault.LONG)
        last = len(block) < _BLOCK
        if last and read < _WHOLE * sound.frames:
            raise BadRecording(Fault.BROKEN)
        yield block, last
        if last:
            return


def main() -> None:
    """Standard input to standard output, within limits."""
    os.nice(_PATIENCE)
    limits = {resource.RLIMIT_CPU: _CPU, resource.RLIMIT_AS: _MEMORY, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))
    try:
        said = b"+" + convert(sys.stdin.buffer.read())
    except BadRecording as refused:
        said = b"-" + refused.fault.encode("ascii")
    sys.stdout.buffer.write(said)


if __name__ == "__main__":
    main()
