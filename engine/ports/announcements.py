"""Customers' own announcements: what is kept of them, who makes sounds of files and texts, where the switch finds them.

Rule of this file: a sound is bare A-law, 8000 bytes a second, until somebody wants to listen to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.ports.customers import Author
from engine.terms import CustomerId, own_sound

RATE = 8000
"""Bytes of a sound in one second."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement, without its sound."""

    id: int
    name: str
    """As its customer calls it."""
    size: int
    """Bytes of its sound."""
    made_at: datetime
    """When its sound was made, in UTC."""
    text: str | None = None
    """What is spoken; None = it was uploaded."""
    language: str | None = None
    """Of the voice: `de` or `en`."""
    greets: bool = False
    """It is chosen as greeting announcement."""
    interim: bool = False
    """It is chosen as announcement in between."""

    @property
    def sound(self) -> str:
        """What calls name it by."""
        return own_sound(self.id)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.size / RATE


@dataclass(frozen=True, slots=True)
class Recording:
    """What is to be kept."""

    name: str
    sound: bytes
    made_at: datetime
    text: str | None = None
    language: str | None = None


Check = Callable[[Sequence[Announcement]], None]
"""Told what the customer has; raises what is to be raised, and nothing is changed then."""


class AnnouncementStore(Protocol):
    """Every method raises StoreError if the store cannot be reached. A change is one transaction, and in the audit."""

    async def of_customer(self, customer: CustomerId) -> Sequence[Announcement]:
        """The customer's, by name."""

    async def sound(self, customer: CustomerId, key: int) -> bytes | None:
        """The sound of one of the customer's; None = it has none such."""

    async def put(
        self, customer: CustomerId, key: int | None, recording: Recording, author: Author, check: Check
    ) -> int:
        """Keep it in place of the one with this key, or as a new one; its key."""

    async def drop(self, customer: CustomerId, key: int, author: Author, check: Check) -> None:
        """Forget it."""

    async def everyone(self) -> Sequence[Announcement]:
        """All customers', by their keys; what is chosen is not told."""

    async def recording(self, key: int) -> Recording | None:
        """One of any customer's; None = it is gone."""


class Studio(Protocol):
    """Makes sounds. Raises Wrong for what no announcement can be made of."""

    def can_speak(self) -> bool:
        """Whether there is a voice."""

    async def record(self, file: bytes) -> bytes:
        """The sound of a WAV, MP3 or OGG file."""

    async def speak(self, text: str, language: str) -> bytes:
        """The text, spoken."""

    def playable(self, sound: bytes) -> bytes:
        """The sound as a WAV file that every browser plays."""


class Shelf(Protocol):
    """Where the switch finds them: copies, made anew from the store whenever they are lacking. May raise OSError."""

    def put(self, name: str, sound: bytes, made_at: datetime) -> None:
        """Let the switch find it, at once; in place of an older one of the name."""

    def drop(self, name: str) -> None:
        """Take it away."""

    def names(self) -> frozenset[str]:
        """All that are there."""

    def lacking(self, wanted: Sequence[Announcement]) -> Sequence[int]:
        """The keys of those that are not there as they should be."""
