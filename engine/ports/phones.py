"""What a browser needs to be an agent's phone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from engine.ports import Phone
from engine.terms import AgentId

DOMAIN = "vorzimmer.invalid"
"""In a browser phone's SIP addresses: there must be one, nobody looks it up (RFC 2606 § 2), the user part counts."""


@dataclass(frozen=True, slots=True)
class PhoneAccount:
    """With what a browser logs in at the switch."""

    user: str
    password: str = field(repr=False)
    domain: str = DOMAIN
    ice: tuple[str, ...] = ()
    """URLs of STUN servers (RFC 7064) that the browser asks for its own address."""


class PhoneStore(Protocol):
    """The store's view of one phone."""

    async def phone(self, agent: AgentId) -> Phone | None:
        """This agent's; None = there is no such agent."""
