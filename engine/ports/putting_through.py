"""What can be wished for while a caller is put through, and how it stands (§2.3, §5.2.4).

Rule of this file: plain values of one moment. A wish that the call's present state has no use for is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.transfer.plan import Result


class Wish(StrEnum):
    """What an agent may want while a caller is put through."""

    TAKE_BACK = "take_back"
    """The caller back, the target gone."""
    SKIP = "skip"
    """The next target."""
    PICK = "pick"
    """This target and no other."""
    SWAP = "swap"
    """To talk to the other of the two."""
    CONFERENCE = "conference"
    """All three talk."""
    HAND_OVER = "hand_over"
    """The agent leaves; the two talk, or the list is tried on without him."""


class Stage(StrEnum):
    """How far it is."""

    DIALLING = "dialling"
    """The agent waits for a target."""
    CONSULTING = "consulting"
    """Agent and target talk."""
    SWAPPED = "swapped"
    """Agent and caller talk, the target waits."""
    CONFERENCE = "conference"
    FORWARDING = "forwarding"
    """A target is dialled, without the agent."""
    PUT_THROUGH = "put_through"
    """Caller and target talk."""
    BACK = "back"
    """Agent and caller talk again, or are about to."""
    IN_LINE = "in_line"
    """Nobody could be had and the agent has left: the caller waits again."""
    OVER = "over"
    """The call is over."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A target that was dialled, and what came of it."""

    contact: str
    mobile: bool
    result: Result
    seconds: int = 0
    """≥ 0, that it has talked to the caller."""


@dataclass(frozen=True, slots=True)
class DeskTransfer:
    """A caller who is put through, or was; without the numbers, which agents do not see."""

    stage: Stage
    contact: str
    mobile: bool
    place: int
    """Among the contact's numbers, from 1; of the present target, else of the last one."""
    places: tuple[int, ...]
    """Of the targets on the list, in its order; empty = there is none any more."""
    since: datetime
    """When it has come to this: dialled, ringing, answered, over. Aware."""
    rings: bool = False
    """The target's phone is known to ring."""
    asked: bool = False
    """Somebody, or something, has answered there and is asked to press 1."""
    can: frozenset[Wish] = frozenset()
    """What can be wished for now."""
    tried: tuple[Tried, ...] = ()
    """Everything that is over, in this call, in its order."""


class NotNow(Exception):
    """The call is at a point where this cannot be; nothing was changed."""


class NoSuchPlace(NotNow):
    """The list has no number of that place, but those of `places`."""

    def __init__(self, places: tuple[int, ...]) -> None:
        super().__init__(places)
        self.places = places
