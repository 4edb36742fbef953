"""Customers' own announcements as files that Asterisk plays (`engine.ports.announcements.Shelf`).

Rule of this file: copies, in a directory of their own beside those of the languages; the store has the truth. A copy
has the time of its original, as those of `pbx.runtime.sounds`, and takes the old one's place at once.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.ports.announcements import Announcement
from engine.terms import is_own_sound, is_prompt_sound
from pbx.runtime.settings import SwitchSettings

OWN = "own"
"""The directory's name."""
_ENDING = ".alaw"
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class OwnSounds:
    """Fills `Shelf`."""

    def __init__(self, settings: SwitchSettings) -> None:
        """Touches nothing yet."""
        self._directory = settings.played / OWN

    def put(self, name: str, sound: bytes, made_at: datetime) -> None:
        """See Shelf."""
        self._make_directory()
        with tempfile.NamedTemporaryFile(dir=self._directory, prefix=".", delete=False) as new:
            new.write(sound)
        time = _nanoseconds(made_at)
        os.utime(new.name, ns=(time, time))
        Path(new.name).chmod(0o644)
        Path(new.name).replace(self._file(name))

    def drop(self, name: str) -> None:
        """See Shelf."""
        self._file(name).unlink(missing_ok=True)

    def put_prompt(self, name: str, sound: bytes) -> None:
        """See engine.service.prompts.PromptShelf."""
        self.put(name, sound, _BEGIN)

    def drop_prompt(self, name: str) -> None:
        """See PromptShelf."""
        self.drop(name)

    def drop_prompts(self) -> None:
        """See PromptShelf."""
        for file in self._directory.glob(f"*{_ENDING}"):
            if is_prompt_sound(file.stem):
                file.unlink(missing_ok=True)

    def names(self) -> frozenset[str]:
        """See Shelf."""
        return frozenset(file.stem for file in self._directory.glob(f"*{_ENDING}") if is_own_sound(file.stem))

    def lacking(self, wanted: Sequence[Announcement]) -> Sequence[int]:
        """See Shelf."""
        return [one.id for one in wanted if not self._is_there(one)]

    def _is_there(self, one: Announcement) -> bool:
        try:
            there = self._file(one.sound).stat()
        except FileNotFoundError:
            return False
        return (there.st_mtime_ns, there.st_size) == (_nanoseconds(one.made_at), one.size)

    def _file(self, name: str) -> Path:
        if not (is_own_sound(name) or is_prompt_sound(name)):
            raise ValueError(f"{name!r} is no customer's own announcement, nor a call's question")
        return self._directory / f"{name}{_ENDING}"

    def _make_directory(self) -> None:
        """Make it where it is missing, open to Asterisk's account, whatever the administrator's umask is."""
        if not self._directory.is_dir():
            self._directory.mkdir(parents=True, exist_ok=True)
            for directory in (self._directory.parent, self._directory):
                directory.chmod(0o755)


def _nanoseconds(moment: datetime) -> int:
    return (moment - _BEGIN) // _MICROSECOND * 1000
