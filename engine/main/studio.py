"""Makes announcements of files and texts (`engine.ports.announcements.Studio`), away from what serves calls.

Rule of this file: at most two at a time, each in a program of its own that has its limits, and a few more that wait.
"""

from __future__ import annotations

import asyncio
import io
import sys
import wave
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from engine.terms import Wrong
from pbx.runtime.sounds import RATE
from pbx.runtime.speech import NoVoice, Voice, is_there

_AT_ONCE = 2
_MOST = 10
"""Under way and waiting; each holds its whole file."""
_SAID = {
    "kind": "this is no WAV, MP3 or OGG file: save the recording as one of these",
    "broken": "this file is broken or cut off: save the recording anew",
    "long": "this takes longer than 120 seconds: shorten it",
    "short": "this takes less than half a second: is it the right one?",
    "silent": "there is nothing to be heard in it: record it louder",
}
"""By `pbx.runtime.recording.Fault`."""
log = structlog.get_logger()


class PlainStudio:
    """Fills `Studio`."""

    def __init__(self) -> None:
        """Nothing is under way."""
        self._threads = ThreadPoolExecutor(_AT_ONCE, "studio")
        self._busy = 0

    def can_speak(self) -> bool:
        """See Studio."""
        return is_there()

    async def record(self, file: bytes) -> bytes:
        """See Studio."""
        return await self._do(lambda: _recorded(file))

    async def speak(self, text: str, language: str) -> bytes:
        """See Studio."""
        return await self._do(lambda: _recorded(_spoken(text, language)))

    def playable(self, sound: bytes) -> bytes:
        """See Studio."""
        return wav_of(sound)

    async def _do(self, work: Callable[[], bytes]) -> bytes:
        if self._busy >= _MOST:
            raise Wrong("announcement.busy", "too many announcements are being made just now: try again in a minute")
        self._busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._busy -= 1


def _recorded(file: bytes) -> bytes:
    from pbx.runtime.recording import BadRecording, announcement  # here: as below

    try:
        return announcement(file)
    except BadRecording as refused:
        raise Wrong(f"announcement.{refused.fault}", _SAID[refused.fault]) from None


def _spoken(text: str, language: str) -> bytes:
    try:
        return Voice().say(text, language)
    except NoVoice as problem:
        log.error("cannot_speak", problem=str(problem))
        raise Wrong("announcement.voice", "this cannot be spoken just now: upload a recording instead") from None


def wav_of(sound: bytes) -> bytes:
    """A-law as 16 bit linear, which every browser plays."""
    from pbx.phone.g711 import PCMA  # here: seldom needed, and the whole telephone comes with it

    linear = array("h", map(PCMA.decoded.__getitem__, sound))
    if sys.byteorder == "big":
        linear.byteswap()
    made = io.BytesIO()
    with wave.open(made, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes(linear.tobytes())
    return made.getvalue()
