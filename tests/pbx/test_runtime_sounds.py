"""What Asterisk plays: copies in A-law of what comes with the project and of what the installation has of its own."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import wave
from array import array
from pathlib import Path

import pytest

from pbx.phone.g711 import PCMA
from pbx.runtime.settings import SwitchSettings
from pbx.runtime.sounds import BadSound, alaw, announcements, convert, music_copies
from tests.pbx.runtime_world import running, settings_for

DEFAULT = Path("/default")
LEVELS = sorted(PCMA.decoded)
OURS = (
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
)
HOW = (
    "is no WAV file of 8 kHz, 16 bit, mono: replace it by what this makes: sox {} -r 8000 -c 1 -b 16 -e signed-integer"
)


def record(file: Path, samples: list[int], *, rate: int = 8000, channels: int = 1) -> Path:
    """A WAV file of 16 bit with these samples."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as wav:
        wav.setparams((channels, 2, rate, 0, "NONE", ""))
        wav.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file


@pytest.fixture
def settings(tmp_path: Path) -> SwitchSettings:
    return SwitchSettings(tmp_path / "home")


def played(settings: SwitchSettings) -> dict[str, bytes]:
    """Everything that Asterisk finds there, by its path."""
    root = settings.played
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_samples_become_alaw() -> None:
    # ITU-T G.711, table 1a: the loudest and the faintest of both signs, even bits inverted.
    assert alaw(array("h", [32767, 8, -8, -32768])).hex() == "aad5552a"
    assert sorted(alaw(array("h", LEVELS))) == list(range(256))


def test_all_that_comes_with_the_project_is_there(settings: SwitchSettings) -> None:
    shelf = settings.played / "moh"
    assert convert(settings, DEFAULT) == {
        "default": DEFAULT, "ringtone": shelf / "ringtone", "silence": shelf / "silence",
    }  # fmt: skip
    names = [f"{language}/{name}.alaw" for language in ("de", "en") for name in sorted(OURS)]
    assert sorted(played(settings)) == sorted([*names, "moh/ringtone/ringtone.alaw", "moh/silence/silence.alaw"])


def test_every_account_may_read_it_whatever_the_umask(settings: SwitchSettings) -> None:
    before = os.umask(0o077)
    try:
        convert(settings, DEFAULT)
    finally:
        os.umask(before)
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in settings.played.rglob("*")}
    assert modes == {(True, 0o755), (False, 0o644)}


def test_own_announcements_win_over_ours_until_they_are_taken_away(settings: SwitchSettings) -> None:
    convert(settings, DEFAULT)
    ours = played(settings)
    own = [record(settings.home / "sounds" / "de" / f"{name}.wav", LEVELS) for name in ("welcome", "Praxis_1")]
    assert sorted(announcements(settings, "de")) == sorted([*OURS, "Praxis_1"])
    convert(settings, DEFAULT)
    every = bytes(PCMA.encode(LEVELS))
    assert played(settings) == ours | {"de/welcome.alaw": every, "de/Praxis_1.alaw": every}
    for file in own:
        file.unlink()
    convert(settings, DEFAULT)
    assert played(settings) == ours


def test_own_music_is_a_class_and_replaces_ours_as_a_whole(settings: SwitchSettings) -> None:
    convert(settings, DEFAULT)
    before, shelf, own = played(settings), settings.played / "moh", settings.home / "music"
    record(own / "harp" / "First piece.wav", [8, -8])
    (own / "harp" / "second.alaw").write_bytes(b"\x00\x01")
    (own / "harp" / ".hidden").write_bytes(b"")
    record(own / "silence" / "rain.wav", [8])
    record(own / "default" / "x.wav", [8])
    assert convert(settings, DEFAULT) == {
        name: shelf / name for name in ("default", "ringtone", "silence", "harp")
    }  # fmt: skip
    del before["moh/silence/silence.alaw"]
    assert played(settings) == before | {
        "moh/default/x.alaw": b"\xd5",
        "moh/harp/First piece.alaw": b"\xd5\x55",
        "moh/harp/second.alaw": b"\x00\x01",
        "moh/silence/rain.alaw": b"\xd5",
    }
    shutil.rmtree(own)
    assert convert(settings, DEFAULT) == {
        "default": DEFAULT, "ringtone": shelf / "ringtone", "silence": shelf / "silence",
    }  # fmt: skip
    assert sorted(path.name for path in shelf.iterdir()) == ["ringtone", "silence"]


def test_only_what_has_changed_is_converted_again(settings: SwitchSettings) -> None:
    same, other = (record(settings.home / "sounds" / "de" / f"{name}.wav", [8]) for name in ("same", "other"))
    convert(settings, DEFAULT)
    copies = {path: path.stat().st_ino for path in settings.played.rglob("*.alaw")}
    time = other.stat().st_mtime_ns
    record(other, [8, 8])  # longer
    os.utime(other, ns=(time, time))
    record(same, [-8])  # as long, but at another time
    os.utime(same, ns=(time - 10**9, time - 10**9))
    convert(settings, DEFAULT)
    changed = [path.name for path, inode in copies.items() if path.stat().st_ino != inode]
    assert sorted(changed) == ["other.alaw", "same.alaw"]
    assert [played(settings)[f"de/{name}.alaw"] for name in ("other", "same")] == [b"\xd5\xd5", b"\x55"]


@pytest.mark.parametrize(
    ("name", "rate", "channels"), [("wide.wav", 16000, 1), ("cd.wav", 44100, 2), ("it's stereo.wav", 8000, 2)]
)
def test_another_form_is_refused_with_the_way_to_mend_it(
    settings: SwitchSettings, name: str, rate: int, channels: int
) -> None:
    convert(settings, DEFAULT)
    before = played(settings)
    file = record(settings.home / "music" / "m" / name, [1, 2], rate=rate, channels=channels)
    shown = f"'{file.parent}/it'\"'\"'s stereo.wav'" if "'" in name else str(file)
    with pytest.raises(BadSound) as refused:
        convert(settings, DEFAULT)
    assert str(refused.value) == f"{file} {HOW.format(shown)} NEW.wav"
    assert played(settings) == before


def test_what_is_no_wav_or_cut_off_is_refused(settings: SwitchSettings) -> None:
    whole = record(settings.home / "whole.wav", [8, 8]).read_bytes()
    file = settings.home / "sounds" / "en" / "a.wav"
    file.parent.mkdir(parents=True)
    for content in (
        b"",
        b"ID3 is MP3",
        whole[:20],
        whole[:-3],
        whole.replace(b"\x01\x00\x01\x00", b"\x06\x00\x01\x00"),
    ):
        file.write_bytes(content)
        with pytest.raises(BadSound, match="is no WAV file of 8 kHz, 16 bit, mono"):
            convert(settings, DEFAULT)
    record(file, [])
    with pytest.raises(BadSound, match=r"a\.wav is empty: remove it"):
        convert(settings, DEFAULT)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("sounds/de/a b.wav", "name it with 1 to 40 letters"),
        ("sounds/de/_a.wav", "name it with 1 to 40 letters"),
        ("sounds/de/own-7.wav", "names like 'own-1' are for customers' own announcements"),
        ("sounds/de/a..wav", "name it with 1 to 40 letters"),
        (f"sounds/de/{'a' * 41}.wav", "name it with 1 to 40 letters"),
        ("music/a]b/x.wav", "name it with 1 to 40 letters"),
        ("music/General/x.wav", "'general' means something else to Asterisk"),
    ],
)
def test_a_name_is_refused(settings: SwitchSettings, path: str, problem: str) -> None:
    record(settings.home / path, [8])
    with pytest.raises(BadSound, match=problem):
        convert(settings, DEFAULT)


def test_without_music_it_says_how_to_mend(settings: SwitchSettings) -> None:
    with pytest.raises(BadSound, match="install the package asterisk-moh-opsound-wav"):
        music_copies(settings.home, settings.played)
    (settings.home / "music" / "harp").mkdir(parents=True)
    with pytest.raises(BadSound, match=r"no music in .*/music/harp: lay WAV files of 8 kHz, 16 bit, mono in it or"):
        convert(settings, DEFAULT)


async def test_a_running_asterisk_takes_new_music_over(tmp_path: Path) -> None:
    home = settings_for(tmp_path)
    shelf = home.played / "moh"
    async with running(home) as asterisk:
        record(tmp_path / "music" / "harp" / "a-piece.wav", [8] * 8000)
        await asterisk.reload([], [])
        record(tmp_path / "music" / "harp" / "another.wav", [8] * 8000)
        await asterisk.reload([], [])
        said = await asterisk.command("moh show files")
        found = {line.split()[-1] for line in said.splitlines() if str(shelf) in line}
        assert sorted(found) == [
            f"{shelf}/harp/a-piece", f"{shelf}/harp/another", f"{shelf}/ringtone/ringtone", f"{shelf}/silence/silence",
        ]  # fmt: skip
        (tmp_path / "music" / "harp" / "a-piece.mp3").write_bytes(b"ID3")
        with pytest.raises(BadSound, match=r"a-piece\.mp3 is no WAV file"):
            await asterisk.reload([], [])
        assert await asterisk.command("moh show files") == said
