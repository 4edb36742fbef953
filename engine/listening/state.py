"""One listening as the rules know it: a value, replaced at every step.

Rule of this file: facts only. The ids of what the switch makes follow from the listening's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from engine.terms import AgentId, CallId, LegId, PlayId

ListeningId = NewType("ListeningId", str)
"""One listening: `ear-<call id>-<n>`; none is ever used again."""
PREFIX = "ear-"
"""What every id of a listening begins with, and no id of a call."""


class State(StrEnum):
    """How far it has come."""

    RINGING = "ringing"
    """The supervisor's phone rings; nobody has been told, nothing is heard."""
    TELLING = "telling"
    """The supervisor has picked up and hears nothing; caller and agent are being told."""
    TAPPING = "tapping"
    """Both have been told; the switch makes what is listened with."""
    JOINING = "joining"
    """The supervisor's phone is joined with it."""
    HEARING = "hearing"
    CLEARING = "clearing"
    """Over; waiting for the channels that still end."""
    ENDED = "ended"
    """Nothing of it is left on the switch."""


TOLD = frozenset({State.TELLING, State.TAPPING, State.JOINING, State.HEARING})
"""The states in which caller and agent are told, or have been."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Everything that the next step of a listening depends on, and what the trail will say."""

    id: ListeningId
    call: CallId
    agent: AgentId
    """Whose conversation it is."""
    agent_leg: LegId
    """The agent's phone in it."""
    supervisor: AgentId
    by: str
    """The login of who has ordered it."""
    state: State = State.RINGING
    has_leg: bool = True
    """Whether the supervisor's phone may still be on the switch."""
    has_snoop: bool = False
    """The same of what is listened with."""
    since: datetime | None = None
    """When the supervisor began to hear."""

    @property
    def leg(self) -> LegId:
        """The supervisor's phone."""
        return LegId(f"{self.id}-leg")

    @property
    def snoop(self) -> str:
        """What is listened with."""
        return f"{self.id}-snoop"

    @property
    def play(self) -> PlayId:
        """The announcement."""
        return PlayId(f"{self.id}-play")


def listening_id(call: CallId, n: int) -> ListeningId:
    """The id of a listening to this call; `n` is never used again for it."""
    return ListeningId(f"{PREFIX}{call}-{n}")
