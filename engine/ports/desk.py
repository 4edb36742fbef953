"""What an agent's desk sees of the running engine, orders of it, and keeps of the calls at it.

Rule of this file: plain values of one moment; whoever shows them looks again when told that something has changed.
Times are aware.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from engine.acd.agents import HeldOff
from engine.ports.handover import EarlierTalk, Written
from engine.ports.putting_through import DeskTransfer, Wish
from engine.terms import E164, AgentId, AgentState, CallId, CustomerId
from engine.transfer.limits import Refused
from engine.transfer.plan import Order


@dataclass(frozen=True, slots=True)
class DeskCall:
    """A call at an agent's phone: it rings there, they talk, or they have talked a moment ago."""

    id: CallId
    customer: CustomerId
    number: str
    """The customer's, as people use it."""
    name: str
    caller: str | None
    """As the carrier wrote it; None if hidden."""
    line: str | None
    """The forwarded line, where the carrier names it."""
    arrived_at: datetime
    picked_up_at: datetime | None
    ended_at: datetime | None
    """When the agent was free of it; None = it is there."""
    access_number: E164 | None = None
    """That was dialled."""
    transfer: DeskTransfer | None = None
    """None = nobody was dialled to put the caller through."""
    before: tuple[EarlierTalk, ...] = ()
    """Other agents' talks in it before this agent's, in order."""
    back_at: datetime | None = None
    """Since when the caller waits again after a talk; None = he does not."""

    @property
    def waits_since(self) -> datetime:
        """Of a caller who waits."""
        return self.back_at or self.arrived_at


@dataclass(frozen=True, slots=True)
class DeskAgent:
    """One agent at this moment."""

    login: AgentId
    name: str
    state: AgentState
    since: datetime | None
    reason: str | None
    """Of a pause; of offline one of `engine.acd.agents.LEFT`, where the agent has not said so himself."""
    wish: AgentState | None
    """What the agent becomes after the call."""
    reachable: bool | None
    """Whether the phone is there; None = nobody knows."""
    call: DeskCall | None
    """The present one; in wrap-up, and until the next one rings, the last one that was talked."""
    wrap_up_until: datetime | None
    heard_by: str | None = None
    """The name of the supervisor who listens to the conversation, or is about to: both are told just now."""
    listens_to: str | None = None
    """The name of the agent whose conversation this one listens to, or is about to."""
    held_off_until: datetime | None = None
    """Until when no caller comes, after one that was not taken; None = any may come."""
    why_held_off: HeldOff | None = None


@dataclass(frozen=True, slots=True)
class LineNow:
    """The waiting line at this moment."""

    waiting: int
    first_since: datetime | None
    """Since when who waits longest does so."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How often something has changed until a look: to be given back to `Desks.changed`."""

    own: int
    others: int


class NoSuchAgent(LookupError):
    """The engine knows nobody of this login."""


class Desks(Protocol):
    """The running engine."""

    def agent(self, login: AgentId) -> DeskAgent | None:
        """None = the engine does not know of this agent."""

    def team(self) -> Sequence[DeskAgent]:
        """Every agent, by name; without their calls, which are nobody else's."""

    def line(self) -> LineNow:
        """How many wait."""

    def call(self, login: AgentId, call: CallId) -> DeskCall | None:
        """This one, if it is at the agent's phone, or was among the last that he has talked in; else None."""

    def beside(self, login: AgentId, call: CallId) -> Sequence[AgentId]:
        """Who else has this call at the phone, or was a moment ago in it."""

    def wish(self, login: AgentId, state: AgentState, reason: str | None = None) -> None:
        """The agent becomes ready, paused or offline: at once or after the call. Raises NoSuchAgent, ValueError."""

    def end_wrap_up(self, login: AgentId) -> None:
        """The agent is done with the last call; nothing happens outside wrap-up. Raises NoSuchAgent."""

    def put_through(self, login: AgentId, call: CallId, order: Order) -> None:
        """Put the caller at this agent's phone through. Raises NotNow, NotPutThrough."""

    def change(self, login: AgentId, call: CallId, wish: Wish, place: int = 1) -> None:
        """What the agent wants meanwhile; `place`: of `Wish.PICK`, on the list, from 1. Raises NotNow.

        NotPutThrough where the law keeps it off: then it stands in the call's trail, too.
        """

    def refused(self, login: AgentId, call: CallId, why: Refused) -> None:
        """This agent wanted the caller put through, and was told why not: a line in the call's trail."""

    def seen(self, login: AgentId) -> Seen:
        """What a look now has seen."""

    async def changed(self, login: AgentId, seen: Seen) -> Seen:
        """Wait until something is not as it was seen: what is this agent's own at once, the rest after a moment."""


class NoMessage(StrEnum):
    """Why a call ends without a message."""

    WRONG_NUMBER = "wrong_number"
    SALES = "sales"
    """Somebody wants to sell something."""
    INFORMATION = "information"
    """Everything was told at once."""
    PUT_THROUGH = "put_through"
    TAKEN_DOWN = "taken_down"
    """Who has talked to the caller before has taken a message already."""
    WILL_CALL_AGAIN = "will_call_again"
    HUNG_UP = "hung_up"
    """The caller said nothing, or was gone."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Closing:
    """How an agent has closed a call that has no message."""

    call: CallId
    customer: CustomerId
    agent: AgentId
    reason: NoMessage
    spam: bool
    """Proposed for the list of callers that are not put into the line."""
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnCall:
    """One of an agent's calls, in the list of the day."""

    call: CallId
    customer: CustomerId
    name: str
    """The customer's."""
    caller: str | None
    arrived_at: datetime
    talked_ms: int
    """By this agent."""
    message: int | None
    """The last message that he has taken in it."""
    closing: NoMessage | None
    began_at: datetime
    """His first pick-up."""
    is_lost: bool = False
    """Whether the message was not delivered on one of its ways, and nobody has sent it again."""
    has_left: bool = False
    """Whether something of the message has been handed over, or was tried to be: it cannot be taken back."""

    @property
    def is_open(self) -> bool:
        """Whether it has neither a message nor a reason for having none."""
        return self.message is None and self.closing is None


class Done(NamedTuple):
    """How an agent has closed a call; all false where he has not. The rest as `OwnCall` has it."""

    message: int | None
    closing: NoMessage | None
    is_lost: bool = False
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier call of the same caller to the same customer, with what was taken in it."""

    call: CallId
    at: datetime
    agent_name: str | None
    """Of all who have talked in it, in order."""
    outcome: str
    closing: NoMessage | None
    message: int | None
    contact: str | None
    subject: str
    text: str


class DeskStore(Protocol):
    """What is kept of the calls at desks. Every method raises StoreError if the store cannot be reached."""

    async def close(self, closing: Closing) -> None:
        """Keep it; of the same call and agent the last word counts."""

    async def calls_of(self, agent: AgentId, since: datetime) -> Sequence[OwnCall]:
        """Those that the agent has talked in since then, with his own talks, messages and reasons; the latest first."""

    async def done_with(self, customer: CustomerId, call: CallId, agent: AgentId) -> Done:
        """The agent's last message of a call, or why he has taken none; also before its record is there."""

    async def written_by(self, customer: CustomerId, call: CallId, agent: AgentId) -> Written:
        """What this agent has written down in the call."""

    async def earlier(self, customer: CustomerId, caller: str, but: CallId, limit: int) -> Sequence[Earlier]:
        """This number's calls to this customer and what was taken in them, the latest first; without that call."""

    async def keep_draft(self, agent: AgentId, call: CallId, values: Mapping[str, Any], at: datetime) -> None:
        """What the agent has typed so far for this call; the last word counts. Nothing in it = forget it."""

    async def draft(self, agent: AgentId, call: CallId) -> Mapping[str, Any]:
        """It, as it was kept; empty if nothing."""

    async def forget_closings(self, before: datetime, most: int) -> int:
        """Forget at most so many of the older ones; how many it were."""

    async def forget_drafts(self, before: datetime, most: int) -> int:
        """Forget at most so many of calls that arrived, or that nobody has written for, before; how many it were."""
