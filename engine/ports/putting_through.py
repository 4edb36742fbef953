"""What can be wished for while a caller is put through, and how it stands (§2.3, §5.2.4).

Rule of this file: plain values of one moment. A wish that the call's present state has no use for is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.terms import E164
from engine.transfer.plan import Kind, Result


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
    CONSULTING = "consulting"
    """Agent and target talk."""
    SWAPPED = "swapped"
    """Agent and caller talk, the target waits."""
    CONFERENCE = "conference"
    FORWARDING = "forwarding"
    """Dialled on without the agent."""
    PUT_THROUGH = "put_through"
    """Caller and target talk."""
    BACK_IN_LINE = "back_in_line"
    """Nobody could be had, the agent had gone; the caller waits again, or talks to an agent again."""
    FAILED = "failed"
    """Nobody could be had; agent and caller talk again. Or the call is over and nobody was had."""
    DONE = "done"
    """A target has talked to the caller, and has left."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One leg to a target that was dialled."""

    place: int
    """From 1, in the order in which they were dialled."""
    contact: str
    number: E164 | None
    """None = it is not released."""
    result: Result
    seconds: int = 0
    """≥ 0, that it has talked to the caller."""


@dataclass(frozen=True, slots=True)
class DeskTransfer:
    """A caller who is put through, or was, by one agent."""

    stage: Stage
    kind: Kind
    contact: str
    place: int
    """On the list, from 1."""
    of: int
    """Targets on the list; 0 = it is over."""
    since: datetime
    """When this stage, or this target's dialling, has begun; aware."""
    rings: bool
    """The target's phone is known to ring."""
    accepts: bool
    """Somebody has answered there and is asked to press 1."""
    number: E164 | None = None
    """As in `Tried`."""
    can: frozenset[Wish] = frozenset()
    """What can be wished for now."""
    tried: tuple[Tried, ...] = ()
    """Everything that is over, of this transfer and those before in the same call."""


class NotNow(Exception):
    """The call is at a point where this cannot be; nothing was changed."""
