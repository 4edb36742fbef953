"""What a supervisor sees of the whole floor, and orders of it.

Rule of this file: plain values of one moment, as in `engine.ports.desk`; an order that cannot be carried out is refused
with its reason and changes nothing. Times are aware.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from engine.ports.desk import DeskAgent, DeskCall, Desks
from engine.terms import AgentId, CallId, Treatment

NOBODY = AgentId("")
"""No agent's login: who watches under this name is told of everything as of others'."""


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A caller in the line."""

    call: DeskCall
    treatment: Treatment
    max_wait: float | None
    """The longest wait, in seconds from the arrival, also of a caller who comes back; None = no limit."""
    to_front: bool
    """Is served before those who have come earlier: a supervisor wants it, or the caller comes back from an agent
    whose phone was lost."""
    rings_at: AgentId | None
    """Whose phone rings for the caller."""
    kept_for: AgentId | None
    """The agent whom a supervisor has chosen, and who is not free yet."""
    could_answer: int
    """Agents at work (ready, ringing, talking, wrap-up; not without a phone) who may answer, now or after the overflow
    time: 0 = nobody who is there ever will."""


class Refusal(StrEnum):
    """Why an order of a supervisor was not carried out."""

    NOT_WAITING = "not_waiting"
    """The caller is gone, or talks to somebody."""
    NO_SUCH_AGENT = "no_such_agent"
    AWAY = "away"
    """The agent is paused or signed off, or will be after the present call."""
    UNREACHABLE = "unreachable"
    """The agent's phone is not there."""
    BUSY = "busy"
    """The supervisor's own phone rings or talks. Or the chosen agent's does, and the caller's longest wait is over: the
    ring that there is is the last."""
    NO_PHONE = "no_phone"
    """The supervisor is no agent, so there is no phone to ring."""
    NOT_TALKING = "not_talking"
    """There is no conversation to listen to."""
    ON_HOLD = "on_hold"
    """Caller or agent holds the conversation, and would not hear that somebody listens."""
    NOT_ALLOWED = "not_allowed"
    """Listening in is switched off in this installation."""
    CUSTOMER_FORBIDS = "customer_forbids"
    LAW_FORBIDS = "law_forbids"
    """A caller on a line that is paid per minute would pay for the announcement."""
    ALREADY = "already"
    """Somebody listens to this conversation, or this supervisor listens to another one."""
    NO_SWITCH = "no_switch"
    """The telephone system cannot be reached."""


class NotDone(Exception):
    """An order was refused; nothing was changed."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Listener:
    """A supervisor who listens in."""

    supervisor: AgentId
    agent: AgentId
    """Whose conversation it is."""
    call: CallId
    since: datetime | None
    """When both had been told and the supervisor began to hear; None = not yet."""


class ListeningIn(Protocol):
    """Lets supervisors hear conversations; each as `Supervision` has it."""

    async def listen(self, supervisor: AgentId, agent: AgentId, by: str) -> None:
        """See Supervision."""

    def stop_listening(self, supervisor: AgentId) -> None:
        """See Supervision."""

    def listeners(self) -> Sequence[Listener]:
        """See Supervision."""

    def heard_by(self, agent: AgentId) -> AgentId | None:
        """Who hears this agent, or is about to."""


class Supervision(Desks, Protocol):
    """The running engine, for who leads the agents. Who is no agent himself watches as `NOBODY` (`seen`, `changed`)."""

    def staff(self) -> Sequence[DeskAgent]:
        """Every agent, by name, with their calls (`Desks.team` has them without, which costs a tenth)."""

    def waiting(self) -> Sequence[WaitingCall]:
        """Everybody in the line, in the order in which they will be served."""

    def may_answer(self, call: CallId) -> frozenset[AgentId]:
        """Every agent, at work or not, who may answer this caller at this moment; nobody if the call does not wait."""

    def to_front(self, call: CallId, by: str) -> None:
        """Serve this caller before all others who wait; `by` (a login) goes into the trail. Raises NotDone."""

    def assign(self, call: CallId, agent: AgentId, by: str) -> None:
        """Let this agent take this caller, whatever the agent's skills: at once, or as the next one. `by`: as above.

        An agent who talks, rings or wraps up gets the caller next, before everybody else; until then nobody else gets
        the caller. Should the agent go away, miss the ring or be no longer reachable, the caller is at the old place
        again as if nothing had been. If another phone rings for the caller, it stops. Raises NotDone.
        """

    def pick_up(self, call: CallId, agent: AgentId, by: str) -> None:
        """The supervisor's own phone (`agent`) rings for this caller at once, also in a pause or offline.

        Afterwards the supervisor is what he was before. Nothing happens if it rings for this caller already. Raises
        NotDone.
        """

    async def listen(self, supervisor: AgentId, agent: AgentId, by: str) -> None:
        """Ring the supervisor's phone; once picked up both in the conversation are told, then it can be heard.

        The supervisor must be paused or signed off, so that no caller is sent there. Raises NotDone.
        """

    def stop_listening(self, supervisor: AgentId) -> None:
        """Hang up; nothing happens if nobody listens."""

    def listeners(self) -> Sequence[Listener]:
        """Who listens, or is about to."""
