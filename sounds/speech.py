"""The voices: SVOX Pico (`pico2wave`, Debian's non-free package libttspico-utils), fetched without root.

Rule: needed only to build announcements; what runs never calls it.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pbx.runtime import places
from pbx.runtime.debian import Apt, cache_directory, locked, unpack
from pbx.runtime.mirror import sid_source

VOICES = {"de": "de-DE", "en": "en-GB"}
PACKAGE = "libttspico-utils"
RATE = 16000
_SPEED = 95
"""Percent of the engine's usual speed: an announcement is heard once, over a telephone."""
_VOICES_AT = b"/usr/share/pico/lang/"
_VOICES_HERE = b"./" * 10 + b"/"
"""The same number of bytes, and the same files if the program is started where they are."""


class Voice:
    """A `pico2wave` that is ready to speak."""

    def __init__(self, command: list[str], voices: Path) -> None:
        self._command, self._voices = command, voices

    def say(self, text: str, language: str) -> list[float]:
        """The text as samples at 16 kHz (16-bit scale). `language`: a key of VOICES."""
        spoken = f"<speed level='{_SPEED}'>{text}</speed>"
        with TemporaryDirectory() as directory:
            file = Path(directory) / "spoken.wav"
            arguments = ["-l", VOICES[language], "-w", str(file), spoken]
            subprocess.run([*self._command, *arguments], check=True, cwd=self._voices)
            with wave.open(str(file)) as wav:
                assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, RATE)
                frames = wav.getnframes()
                return list(struct.unpack(f"<{frames}h", wav.readframes(frames)))


@contextmanager
def voice() -> Iterator[Voice]:
    """The voice, fetched first where it is missing. Raises FetchError, or NoAsterisk on an unknown machine."""
    prefix = _fetched()
    triple, loader = places.architecture()
    with TemporaryDirectory() as directory:
        program = Path(directory) / "pico2wave"
        _move(prefix / "usr/bin/pico2wave", program)
        command = [str(prefix / loader), "--library-path", str(prefix / "usr/lib" / triple), str(program)]
        yield Voice(command, prefix / "usr/share/pico/lang")


def _move(original: Path, copy: Path) -> None:
    """Copy the program so that it looks for its voices where it is started, not in the system."""
    code = original.read_bytes()
    if code.count(_VOICES_AT) != 1:
        raise SystemExit(f"{original} does not name {_VOICES_AT.decode()}: this version is not known here")
    copy.write_bytes(code.replace(_VOICES_AT, _VOICES_HERE))


def _fetched() -> Path:
    shelf = cache_directory() / "voices"
    prefix = shelf / PACKAGE
    with locked(shelf, PACKAGE):
        if not prefix.exists():
            machine = Apt(shelf / ".work" / "machine")
            machine.update()
            sources = sid_source(machine).replace(" main", " main non-free")
            apt = Apt(shelf / ".work" / "sid", sources=sources)
            apt.update()
            unpack(apt.download(PACKAGE), prefix)
            shutil.rmtree(shelf / ".work")
    return prefix
