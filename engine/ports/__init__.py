"""What the services need from outside, as Protocols, and the records that pass through them.

Inside imports these words; `engine.store`, `engine.notify` and `pbx` fill them. Nothing here does anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from engine.acd.agents import Agent
from engine.acd.need import Need
from engine.call.commands import SwitchCommand
from engine.call.limits import UNLIMITED, Limits
from engine.call.plan import WaitPlan
from engine.call.state import Call
from engine.hours.service import ServiceHours
from engine.ports.records import CallAttempt as CallAttempt
from engine.ports.records import CallRecord as CallRecord
from engine.ports.records import CallTalk as CallTalk
from engine.ports.records import TrailEntry as TrailEntry
from engine.terms import E164, AgentId, AgentState, CallId, CustomerId, Group, NumberClass, PhoneKind, Skill
from engine.transfer.ways import Outbound

if TYPE_CHECKING:  # pydantic is slow to load, and the safety net loads this file for each of its calls
    from engine.entries import Catalogue, Changes


@dataclass(frozen=True, slots=True)
class Line:
    """A customer's own number that forwards to us."""

    number: E164
    number_class: NumberClass


@dataclass(frozen=True, slots=True)
class CustomerSettings:
    """A customer as the call path reads it, in one look-up by access number."""

    id: CustomerId
    number: str
    name: str
    blocked: bool
    wait: WaitPlan
    need: Need
    hours: ServiceHours
    ring_time: float | None = None
    """Seconds that one agent's phone rings; None = the installation's."""
    lines: tuple[Line, ...] = ()
    limits: Limits = UNLIMITED
    listening_in: bool = False
    """Whether the customer has agreed that supervisors listen in."""
    blocked_callers: Mapping[E164, str] = field(default_factory=dict)
    """Whose calls are refused, and why: since when, by whom and with which note, as far as it is known."""


class Customers(Protocol):
    """The store's view of the customers."""

    async def by_access_number(self, number: E164) -> CustomerSettings | None:
        """The customer who has this access number, as it stands in the store now; None if nobody has it."""


@dataclass(frozen=True, slots=True)
class AgentProfile:
    """An agent as the ACD needs it."""

    id: AgentId
    name: str
    skills: frozenset[Skill]
    groups: frozenset[Group]
    state: AgentState
    """As last written down: offline, ready or paused."""
    pause_reason: str | None = None
    phone: PhoneKind = PhoneKind.BROWSER


@dataclass(frozen=True, slots=True)
class Phone:
    """An agent's phone. `uri` for static phones, `password` for the others."""

    agent: AgentId
    name: str
    kind: PhoneKind
    uri: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Trunk:
    """A carrier's line. `match`: addresses or networks that it calls from."""

    name: str
    match: tuple[str, ...] = ()
    registrar: str | None = None
    """`sip:` URI of the carrier's registrar, for trunks that register."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    number_from: str = "request_uri"
    """Where the carrier puts the dialled number: `request_uri`, `to` or `p_called_party_id`."""
    limits: Limits = UNLIMITED
    """Without `max_rate` the installation's holds."""
    outbound: Outbound | None = None
    """How it dials out; None = it does not."""


class Agents(Protocol):
    """The store's view of the agents and of what the switch must know about them."""

    async def profiles(self) -> Sequence[AgentProfile]:
        """Every agent, in no particular order."""

    async def phones(self) -> Sequence[Phone]:
        """Every agent's phone."""

    async def trunks(self) -> Sequence[Trunk]:
        """Every trunk."""


class CatalogueStore(Protocol):
    """The store's view of everything that an administrator writes down."""

    async def load(self) -> Catalogue:
        """Everything as it stands in the store now, passwords included."""

    async def change(self, decide: Callable[[Catalogue], Changes]) -> None:
        """Load everything, ask `decide`, write what it says: one transaction, no other change in between.

        What `decide` raises is raised, and nothing is written.
        """


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call as it stands, with all that another engine needs to go on with it."""

    call: Call
    due: dict[str, datetime]
    """When its timers run out."""
    entries: int
    """Of its trail so far."""
    wide: bool = False
    """The overflow time is over."""
    kept_for: AgentId | None = None
    """The agent whom a supervisor has chosen."""


@dataclass(frozen=True, slots=True)
class LiveAgent:
    """An agent as he stands."""

    agent: Agent
    due: dict[str, datetime]
    """When his timers run out."""


class Journal(Protocol):
    """Writes down what happened. Never waits: entries are queued and stored in order, in the background."""

    def opened(self, record: CallRecord) -> None:
        """A call has arrived."""

    def noted(self, entry: TrailEntry) -> None:
        """Something happened in a call."""

    def closed(self, record: CallRecord) -> None:
        """A call is over; `record` is final."""

    def tried(self, attempt: CallAttempt) -> None:
        """A leg to a transfer target is over; told with the end of its call."""

    def talked(self, talk: CallTalk) -> None:
        """An agent's talk is over; said twice, the last word counts."""

    def agent_state(self, agent: AgentId, state: AgentState, reason: str | None) -> None:
        """An agent has become offline, ready or paused (others pass by themselves and are not kept)."""

    def call_stands(self, live: LiveCall) -> None:
        """How a call stands now, for the engine that comes after this one should it be killed."""

    def agent_stands(self, live: LiveAgent) -> None:
        """The same for an agent; to be written down at once, for the agent changes."""


class Switch(Protocol):
    """The telephone switch. Orders are carried out in the order given; what came of them arrives as events."""

    def perform(self, call: CallId, commands: Sequence[SwitchCommand]) -> None:
        """Carry out the commands for one call. Never waits, never raises for what the switch does."""


class Timers(Protocol):
    """Runs timers; each fires once, through the callback that the implementation was made with."""

    def start(self, owner: str, name: str, seconds: float) -> None:
        """Fire after `seconds` (> 0); a running timer of that owner and name starts anew."""

    def stop(self, owner: str, name: str) -> None:
        """Forget the timer; no error if it does not run."""

    def stop_all(self, owner: str) -> None:
        """Forget every timer of the owner."""


class Clock(Protocol):
    """The time of day that calls are measured with: UTC, never stepping back."""

    def now(self) -> datetime:
        """This moment."""

    def set(self) -> None:
        """Take over the machine's time of day; only asked for while no call is being measured."""
