"""The voices: SVOX Pico (`pico2wave`, Debian's non-free package libttspico-utils), fetched without root.

Rule of this file: fetched by set-up alone. What is spoken is text and nothing else: Pico's markup can play and write
files, so no sign of it gets through.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pbx.runtime import places
from pbx.runtime.debian import Apt, FetchError, cache_directory, locked, unpack
from pbx.runtime.mirror import sid_source

VOICES = {"de": "de-DE", "en": "en-GB"}
PACKAGE = "libttspico-utils"
LIMIT = 30.0
"""Seconds that a text may take to be spoken; ours take a tenth of one."""
_SPEED = 95
"""Percent of the engine's usual speed: an announcement is heard once, over a telephone."""
_MARKUP = re.compile(r"[\x00-\x1f\x7f-\x9f<>]+")
_VOICES_AT = b"/usr/share/pico/lang/"
_VOICES_HERE = b"./" * 10 + b"/"
"""The same number of bytes, and the same files if the program is started where they are."""


class NoVoice(RuntimeError):
    """Nothing can be spoken; the text says why and how to mend it."""


class Voice:
    """A `pico2wave` that is ready to speak."""

    def __init__(self) -> None:
        """Raises NoVoice where set-up has not fetched it."""
        if not is_there():
            raise NoVoice(f"the package {PACKAGE} is not there: run `make setup`")
        triple, loader = places.architecture()
        prefix = _prefix()
        self._loader = (str(prefix / loader), "--library-path", str(prefix / "usr/lib" / triple))
        self._original, self._voices = prefix / "usr/bin/pico2wave", prefix / "usr/share/pico/lang"

    def say(self, text: str, language: str) -> bytes:
        """The text as a WAV file of 16 kHz, 16 bit, mono. `language`: a key of VOICES. Raises NoVoice.

        Takes LIMIT seconds at most.
        """
        spoken = f"<speed level='{_SPEED}'>{_MARKUP.sub(' ', text)}</speed>"
        with TemporaryDirectory() as directory:
            program, file = Path(directory) / "pico2wave", Path(directory) / "spoken.wav"
            _move(self._original, program)
            command = [*self._loader, str(program), "-l", VOICES[language], "-w", str(file), spoken]
            try:
                subprocess.run(
                    command, check=True, cwd=self._voices, env={}, timeout=LIMIT,
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                return file.read_bytes()
            except (OSError, subprocess.SubprocessError) as problem:
                raise NoVoice(f"pico2wave cannot speak this ({type(problem).__name__}): write it otherwise") from None


def is_there() -> bool:
    """Whether set-up has fetched the voices."""
    return _prefix().exists()


def fetch() -> None:
    """Fetch them where they are missing. Raises FetchError, or NoAsterisk on an unknown machine."""
    shelf = _prefix().parent
    with locked(shelf, PACKAGE):
        if not is_there():
            places.architecture()
            machine = Apt(shelf / ".work" / "machine")
            machine.update()
            sources = sid_source(machine).replace(" main", " main non-free")
            apt = Apt(shelf / ".work" / "sid", sources=sources)
            apt.update()
            unpack(apt.download(PACKAGE), _prefix())
            shutil.rmtree(shelf / ".work")


def main() -> int:
    """Set-up's part. Without voices all else works, so what is missing is said and stops nothing."""
    try:
        fetch()
    except (FetchError, places.NoAsterisk, OSError) as error:
        print(f"Announcements cannot be spoken, only uploaded, until this is mended: {error}", file=sys.stderr)
    return 0


def _prefix() -> Path:
    return cache_directory() / "voices" / PACKAGE


def _move(original: Path, copy: Path) -> None:
    """Copy the program so that it looks for its voices where it is started, not in the system. Raises NoVoice."""
    code = original.read_bytes()
    if code.count(_VOICES_AT) != 1:
        raise NoVoice(f"{original} does not name {_VOICES_AT.decode()}: this version is not known here")
    copy.write_bytes(code.replace(_VOICES_AT, _VOICES_HERE))


if __name__ == "__main__":
    sys.exit(main())
