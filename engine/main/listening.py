"""The sounds of this installation, to listen to in the portal (`engine.ports.sounds`).

Rule of this file: names are looked up among what is there, never joined to a path. Read anew each time, for files may
be laid down while the engine runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from ruamel.yaml import YAML

from engine.main.studio import wav_of
from engine.settings import Settings
from pbx.runtime.settings import SwitchSettings
from pbx.runtime.sounds import RATE, announcements, music, read_alaw

DEFAULT = "default"
SAMPLE_SECONDS = 30
"""How much of a piece of music is played: enough to choose by."""


class InstalledSounds:
    """Fills `engine.ports.sounds.Sounds`. Raises BadSound while a file of the installation cannot be used."""

    def __init__(self, settings: Settings, default: Path | None) -> None:
        """`default`: the directory of the usual music in A-law; None where only an external switch has it."""
        self._switch = SwitchSettings(settings.home, sounds=settings.sounds)
        self._language, self._default = settings.language, default

    def music(self) -> Sequence[str]:
        """See Sounds."""
        return [DEFAULT, *sorted(name for name in self._music() if name != DEFAULT)]

    def announcements(self) -> Mapping[str, str]:
        """See Sounds."""
        there = announcements(self._switch, self._language)
        ours = self._switch.sounds / self._language
        return {name: self._texts.get(name, "") if there[name].parent == ours else "" for name in sorted(there)}

    def play_music(self, name: str) -> bytes | None:
        """See Sounds."""
        files = self._music().get(name)
        return wav_of(read_alaw(files[min(files)])[: SAMPLE_SECONDS * RATE]) if files else None

    def play_announcement(self, name: str) -> bytes | None:
        """See Sounds."""
        file = announcements(self._switch, self._language).get(name)
        return wav_of(read_alaw(file)) if file else None

    def _music(self) -> Mapping[str, Mapping[str, Path]]:
        usual = {file.stem: file for file in self._default.glob("*.alaw")} if self._default else {}
        return {DEFAULT: usual} | music(self._switch)

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        file = self._switch.sounds / "texts.yaml"
        if not file.exists():
            return {}
        return {name: said[self._language] for name, said in YAML(typ="safe", pure=True).load(file).items()}
