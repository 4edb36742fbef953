"""One call as the rules know it: a value, replaced at every step.

Rule of this file: facts only; what follows from them is decided in the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.call.plan import Plan
from engine.terms import E164, AgentId, CallId, HangupCause, LegId, PlayId
from engine.transfer.plan import Attempt
from engine.transfer.walk import Walk, transferred_ms


class State(StrEnum):
    """Where a call is on its way."""

    ARRIVING = "arriving"
    """Offered; whose number it is is being looked up."""
    CLOSED = "closed"
    """Rings outside the service hours and is never answered (§3.2)."""
    WAITING = "waiting"
    """In the line."""
    RINGING = "ringing"
    """In the line, and an agent's phone rings for it."""
    TALKING = "talking"
    """An agent has picked up."""
    DIALLING = "dialling"
    """A target's phone rings, the agent waits for it and the caller hears music."""
    CONSULTING = "consulting"
    """Agent and target talk, the caller hears music."""
    SWAPPED = "swapped"
    """Agent and caller talk, the target hears music."""
    CONFERENCE = "conference"
    """All three talk."""
    FORWARDING = "forwarding"
    """A target's phone rings and the caller hears music; no agent waits."""
    PUT_THROUGH = "put_through"
    """Caller and target talk."""
    DISMISSING = "dismissing"
    """Waited too long after an answer: hears that all agents are busy, then the call is released."""
    CLEARING = "clearing"
    """Over; waiting for the channels that still end."""
    ENDED = "ended"
    """Nothing of it is left on the switch."""


class Outcome(StrEnum):
    """How a call came out, for its record."""

    OPEN = "open"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    MAX_WAIT = "max_wait"
    CLOSED = "closed"
    UNKNOWN_NUMBER = "unknown_number"
    BLOCKED = "blocked"
    LIMITED = "limited"
    FAILED = "failed"
    CALLER_BLOCKED = "caller_blocked"


class TalkEnd(StrEnum):
    """How an agent's talk has ended, for its record."""

    AGENT_LEFT = "agent_left"
    """He has hung up."""
    CALLER_LEFT = "caller_left"
    PHONE_LOST = "phone_lost"
    PUT_THROUGH = "put_through"
    """He has left the caller to a transfer target, or to the list of them."""
    NOT_JOINED = "not_joined"
    """He has picked up, but the two could not be connected."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One agent's part of a call, from his pick-up on."""

    agent: AgentId
    began_at: datetime
    waited_ms: int
    """Of the wait before it: from the arrival, or from when the caller came back into the line."""
    ended_at: datetime | None = None
    end: TalkEnd | None = None
    """None = it goes on."""


@dataclass(frozen=True)  # without slots: see `replace`
class Call:
    """Everything that the next step of a call depends on, and what its record will say."""

    id: CallId
    dialled: str
    caller: str | None
    line: str | None
    arrived_at: datetime
    order: int = 0
    rank: int = 0
    """In the line: negative = before those who have come earlier (`engine.acd.waiting`)."""
    state: State = State.ARRIVING
    outcome: Outcome = Outcome.OPEN
    access_number: E164 | None = None
    plan: Plan | None = None
    first_media_at: datetime | None = None
    picked_up_at: datetime | None = None
    """For the first time."""
    answered_at: datetime | None = None
    agent_left_at: datetime | None = None
    """The end of the last talk."""
    ended_at: datetime | None = None
    cause: HangupCause | None = None
    agent: AgentId | None = None
    """The agent reserved, ringing or talking."""
    answered_by: AgentId | None = None
    """The agent who has talked last."""
    talk_began_at: datetime | None = None
    """The pick-up of the talk that is, or was last; None from the next agent's ring on until he picks up."""
    talked_ms: int = 0
    """Milliseconds of the talks before that one."""
    talks: tuple[Talk, ...] = ()
    """Every agent's in their order, the present one included (`engine.call.talks`)."""
    back_at: datetime | None = None
    """Since when the caller waits again after a talk; None = he does not."""
    waited_again_ms: int = 0
    """The longest wait after a talk that is over."""
    lost_again: bool = False
    """He has given up in such a wait, or was dismissed at its end."""
    leg: LegId | None = None
    legs: int = 0
    playing: PlayId | None = None
    plays: int = 0
    announced: int = 0
    """Interim announcements played so far."""
    music: bool = False
    overdue: bool = False
    """The longest wait ran out while an agent's phone rang: that ring is the last chance."""
    target: LegId | None = None
    """The leg to a transfer target."""
    walk: Walk | None = None
    """Where on the ordered list the present transfer stands."""
    attempts: tuple[Attempt, ...] = ()
    """Everything that was dialled, in its order; the last is the target's leg as long as there is one."""
    failed: bool = False
    """Caller and agent could not be connected: nothing is charged."""
    trunk: str = ""
    sip_call_id: str = ""

    @property
    def settings(self) -> Plan:
        """The customer's plan; only asked for after the customer is known."""
        if self.plan is None:
            raise ValueError(f"call {self.id} has no customer yet")
        return self.plan

    @property
    def connected_ms(self) -> int:
        """Milliseconds that caller and agent were connected: from each pick-up until one of them left (§2.2).

        0 without an agent, without an answer to the caller before the agent left, or if they could not be joined.
        """
        if self.failed or not (self.talk_began_at and self.answered_at and self.agent_left_at):
            return self.talked_ms
        if self.answered_at > self.agent_left_at:
            return self.talked_ms
        return self.talked_ms + max(0, round((self.agent_left_at - self.talk_began_at).total_seconds() * 1000))

    def talked_ms_in(self, talk: Talk) -> int:
        """Milliseconds of one talk that is over, by the same rule: all of them make up `connected_ms`."""
        is_none = talk.ended_at is None or talk.end is TalkEnd.NOT_JOINED
        if is_none or not (talk.ended_at and self.answered_at) or self.answered_at > talk.ended_at:
            return 0
        return round((talk.ended_at - talk.began_at).total_seconds() * 1000)

    @property
    def transferred_ms(self) -> int:
        """Milliseconds that transfer targets have talked to the caller."""
        return transferred_ms(self.attempts)

    @property
    def waited_ms(self) -> int:
        """Milliseconds from arrival to the first pick-up, or to the end where nobody picked up."""
        until = self.picked_up_at or self.ended_at or self.arrived_at
        return max(0, round((until - self.arrived_at).total_seconds() * 1000))


if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(call, **changes):
        """A call with some of its facts changed: `dataclasses.replace` in a tenth of its time, at every step."""
        changed = object.__new__(Call)
        changed.__dict__.update(call.__dict__, **changes)
        return changed


__all__ = ["Call", "Outcome", "State", "Talk", "TalkEnd", "replace"]
