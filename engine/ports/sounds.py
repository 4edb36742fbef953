"""What the installation lets customers choose for their callers, and what it sounds like.

Rule of this file: only what is offered has a sound; a name that is not offered has none, whatever file there may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Sounds(Protocol):
    """Music classes and announcements by their names. A sound is a WAV file; None = it is not offered."""

    def music(self) -> Sequence[str]:
        """The classes of wait music, the usual one first."""

    def announcements(self) -> Mapping[str, str]:
        """Every announcement, with what it says; an empty text where nobody has written that down."""

    def play_music(self, name: str) -> bytes | None:
        """The beginning of the class's first piece."""

    def play_announcement(self, name: str) -> bytes | None:
        """All of it."""
