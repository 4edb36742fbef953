"""What a browser needs to be an agent's phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.ports import Phone
from engine.terms import AgentId, AgentState, CallId

DOMAIN = "vorzimmer.invalid"
"""In a browser phone's SIP addresses: there must be one, nobody looks it up (RFC 2606 § 2), the user part counts."""

RELAY = "127.80.49.1"
"""From where browsers' SIP reaches the switch on its own machine: an address of the loopback net that nobody else has.
A trunk or phone that is known by 127.0.0.1 stays somebody else than a browser that has not shown a password yet, and
its password is worth nothing from anywhere else."""


@dataclass(frozen=True, slots=True)
class IceServer:
    """A STUN server (RFC 7064), or a TURN server (RFC 7065) with what it wants to know."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PhoneAccount:
    """With what a browser logs in at the switch."""

    user: str
    password: str = field(repr=False)
    domain: str = DOMAIN
    ice: tuple[IceServer, ...] = ()
    """Which the browser asks for ways to the switch."""


class PhoneStore(Protocol):
    """The store's view of agents' phones."""

    async def phone(self, agent: AgentId) -> Phone | None:
        """This agent's; None = there is no such agent."""

    async def phones(self) -> Sequence[Phone]:
        """Everybody's."""


class PhoneLine(Protocol):
    """What the running engine is told of browsers that are phones."""

    away_after: float
    """Seconds after which an agent whose page does not come back is signed off."""

    def state(self, agent: AgentId) -> AgentState | None:
        """What the agent does at this moment; None = the engine does not know of him."""

    def call(self, agent: AgentId) -> CallId | None:
        """Which call the agent has at this moment; None = none."""

    def opened(self, agent: AgentId) -> None:
        """The page is there: it may be rung as soon as it has registered."""

    def closed(self, agent: AgentId) -> None:
        """The page is gone: the next caller must not be sent there. A call that is there is not touched."""

    def listens(self, agent: AgentId) -> bool:
        """Whether the agent's phone is in use, or about to be, for listening in to somebody else."""

    def lost(self, agent: AgentId) -> None:
        """The page does not come back, nor does what it had: its ring is another agent's, its talk is over, and nobody
        listens with it."""

    def leaves(self, agent: AgentId, why: str) -> None:
        """The agent is gone without having said so: offline, after the call and its wrap-up; nothing if he is.

        `why`: one of `engine.acd.agents.LEFT`.
        """
