"""Recordings as customers upload them, and files that are none; made by the library that reads them."""

from __future__ import annotations

import io
from typing import Any

import numpy
import soundfile

FORMS = {
    "wav": (44_100, 1, "WAV", "PCM_16"),
    "wav of a studio": (48_000, 2, "WAV", "PCM_24"),
    "wav of floats": (32_000, 1, "WAV", "FLOAT"),
    "wav of a telephone": (8_000, 1, "WAV", "ULAW"),
    "mp3": (44_100, 2, "MP3", "MPEG_LAYER_III"),
    "mp3 of speech": (16_000, 1, "MP3", "MPEG_LAYER_III"),
    "ogg": (44_100, 2, "OGG", "VORBIS"),
    "opus": (48_000, 1, "OGG", "OPUS"),
}
"""Samples a second, channels, container and coding of what people have."""


def recording(form: str = "wav", seconds: float = 3.0, hz: float = 440.0, level: float = 0.1) -> bytes:
    """A tone in one of FORMS. `level`: its peak, 1.0 is as loud as can be."""
    return written(*FORMS[form], seconds, hz, level)


def written(rate: int, channels: int, kind: str, coding: str, seconds: float, hz: float = 0, level: float = 0) -> bytes:
    """A tone in any form that the library can write; written by the second, for so much it can always take."""
    made: Any = io.BytesIO()
    with soundfile.SoundFile(made, "w", rate, channels, format=kind, subtype=coding) as out:
        for begin in range(0, round(seconds * rate), rate):
            moments = numpy.arange(begin, min(begin + rate, round(seconds * rate))) / rate
            tone = level * numpy.sin(2 * numpy.pi * hz * moments)
            out.write(numpy.stack([tone] * channels, axis=1))
    return bytes(made.getvalue())
