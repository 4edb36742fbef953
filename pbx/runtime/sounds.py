"""What callers hear, in A-law: announcements and wait music, converted so that Asterisk never transcodes them.

Rule of this file: Asterisk plays copies. The originals may lie where it must not look, and be replaced at any time;
a copy is made anew when its original has another time or length, at once for whoever reads it. `format_pcm` reads the
bare bytes from `.alaw` files. An original is a WAV file of 8 kHz, 16 bit, mono, or bare A-law as well.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
import wave
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from engine.terms import is_own_sound
from pbx.runtime.settings import SwitchSettings

RATE = 8000
"""Samples a second (G.711)."""
LANGUAGES = ("de", "en")
MUSIC_CLASSES = ("ringtone", "silence")
"""Classes of wait music that come with the project; `default` comes with Asterisk."""
_BARE = ".alaw"
_HEADER = 44
"""Bytes that a WAV file of PCM has besides its samples, at least."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class BadSound(RuntimeError):
    """A sound that callers could not hear; the text says how to mend it."""


def announcements(settings: SwitchSettings, language: str) -> dict[str, Path]:
    """Every announcement by name; one in `<home>/sounds/<language>` wins over ours. Raises BadSound."""
    own = settings.home / "sounds" / language
    found = _originals(settings.sounds / language) | (_originals(own) if own.is_dir() else {})
    for name, file in found.items():
        _check_name(name, file)
    return found


def music(settings: SwitchSettings) -> dict[str, dict[str, Path]]:
    """The files of every music class; one in `<home>/music` wins over ours as a whole. Raises BadSound."""
    ours = {name: settings.sounds / "moh" / name for name in MUSIC_CLASSES}
    own = {path.name: path for path in sorted((settings.home / "music").glob("[!.]*")) if path.is_dir()}
    for name, path in own.items():
        _check_name(name, path)
        if name.lower() == "general":
            raise BadSound(f"{path}: 'general' means something else to Asterisk, give the class another name")
    classes = {name: _originals(path) for name, path in (ours | own).items()}
    for name, files in classes.items():
        if not files:
            raise BadSound(f"no music in {(ours | own)[name]}: lay WAV files of 8 kHz, 16 bit, mono in it or remove it")
    return classes


def convert(settings: SwitchSettings, default: Path) -> dict[str, Path]:
    """Bring `settings.played` up to date; the directories of all music classes.

    `default`: music in A-law, for the class of that name where the home has none. Raises BadSound, and nothing has
    changed then.
    """
    spoken = {settings.played / language: announcements(settings, language) for language in LANGUAGES}
    shelf = settings.played / "moh"
    classes = {shelf / name: files for name, files in music(settings).items()}
    for directory in (settings.played, shelf):
        _make_directory(directory)
    for directory, files in (spoken | classes).items():
        alaw_copies(files, directory)
    for stray in set(shelf.iterdir()) - classes.keys():
        shutil.rmtree(stray, ignore_errors=True)
    return {"default": default} | {directory.name: directory for directory in classes}


def music_copies(source: Path, target: Path) -> Path:
    """`target`, holding every WAV file of `source` in A-law. Raises BadSound, also if there is none."""
    files = {file.stem: file for file in sorted(source.glob("*.wav"))}
    if not files:
        raise BadSound(f"no wait music in {source}: install the package asterisk-moh-opsound-wav")
    alaw_copies(files, target)
    return target


def alaw_copies(originals: Mapping[str, Path], target: Path) -> None:
    """Make the directory `target` hold these sounds in A-law under these names, and no others. Raises BadSound."""
    _make_directory(target)
    copies = {target / f"{name}{_BARE}": original for name, original in originals.items()}
    for copy, original in copies.items():
        if not _is_copy(copy, original):
            _copy(original, copy)
    for stray in set(target.glob(f"*{_BARE}")) - copies.keys():
        stray.unlink(missing_ok=True)


def read_alaw(file: Path) -> bytes:
    """The sound as A-law, one byte a sample, 8000 a second. Raises BadSound."""
    if file.suffix.lower() == _BARE:
        return file.read_bytes()
    with _opened(file) as wav:
        samples = array("h", wav.readframes(wav.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    return alaw(samples)


def alaw(samples: array[int]) -> bytes:
    """Linear samples (signed 16 bit) as A-law, one byte each."""
    return bytes(map(_table().__getitem__, samples))


@cache
def _table() -> bytes:
    """Codes by sample; negative samples are found from the end, as Python counts."""
    from pbx.phone.g711 import PCMA  # here: seldom needed, and the whole telephone comes with it

    return PCMA.encode([*range(32768), *range(-32768, 0)])


def _originals(directory: Path) -> dict[str, Path]:
    """The sounds of the directory by name, each looked into; a WAV file wins over bare A-law of its name."""
    try:
        files = sorted(path for path in directory.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as problem:
        raise BadSound(f"{directory} cannot be read ({problem.strerror}): mend it") from None
    for file in files:
        if not _length(file):
            raise BadSound(f"{file} is empty: remove it")
    return {file.stem: file for file in files}


def _check_name(name: str, path: Path) -> None:
    if not _NAME.fullmatch(name):
        raise BadSound(f"{path}: name it with 1 to 40 letters, digits, '_' and '-', beginning with a letter or digit")
    if is_own_sound(name):
        raise BadSound(f"{path}: names like 'own-1' are for customers' own announcements, give it another name")


def _length(file: Path) -> int:
    """Samples in the file."""
    if file.suffix.lower() == _BARE:
        return file.stat().st_size
    with _opened(file) as wav:
        return wav.getnframes()


@contextmanager
def _opened(file: Path) -> Iterator[wave.Wave_read]:
    try:
        with wave.open(str(file), "rb") as wav:
            if wav.getparams()[:3] != (1, 2, RATE) or _HEADER + 2 * wav.getnframes() > file.stat().st_size:
                raise wave.Error("another form, or cut off")
            yield wav
    except (wave.Error, EOFError):
        mend = f"sox {shlex.quote(str(file))} -r {RATE} -c 1 -b 16 -e signed-integer NEW.wav"
        raise BadSound(f"{file} is no WAV file of 8 kHz, 16 bit, mono: replace it by what this makes: {mend}") from None
    except OSError as problem:
        raise BadSound(f"{file} cannot be read ({problem.strerror}): mend it") from None


def _is_copy(copy: Path, original: Path) -> bool:
    try:
        there = copy.stat()
    except FileNotFoundError:
        return False
    return (there.st_mtime_ns, there.st_size) == (original.stat().st_mtime_ns, _length(original))


def _copy(original: Path, copy: Path) -> None:
    time, sound = original.stat().st_mtime_ns, read_alaw(original)
    with tempfile.NamedTemporaryFile(dir=copy.parent, prefix=".", delete=False) as new:
        new.write(sound)
    os.utime(new.name, ns=(time, time))
    Path(new.name).chmod(0o644)
    Path(new.name).replace(copy)


def _make_directory(directory: Path) -> None:
    """Make it where it is missing, open to Asterisk's account, whatever the administrator's umask is."""
    if not directory.is_dir():
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o755)
