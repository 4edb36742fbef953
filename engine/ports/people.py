"""What the administrators' pages need: agents, their groups and the trunks in the store, and what they do just now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.ports.customers import AuditEntry, Author
from engine.terms import AgentId, AgentState

if TYPE_CHECKING:
    from engine.entries import Catalogue, Changes


@dataclass(frozen=True, slots=True)
class Login:
    """The user who signs in as an agent."""

    login: str
    disabled: bool


class PeopleStore(Protocol):
    """The store's view of trunks, groups and agents."""

    async def load(self) -> Catalogue:
        """All of them as they stand now, passwords included; no tariffs and no customers."""

    async def change(self, author: Author, decide: Callable[[Catalogue], Changes]) -> None:
        """Load them, ask `decide`, write what it says and who did it: one transaction, no other change in between.

        What `decide` raises is raised, and nothing is written.
        """

    async def logins(self) -> Mapping[AgentId, Login]:
        """Who signs in as which agent."""

    async def history(self, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
        """The last `limit` changes of trunks, groups and agents, or the last ones before that id; the latest first."""


@dataclass(frozen=True, slots=True)
class AgentNow:
    """What an agent does at this moment. `reachable`: whether the phone is there; None = nobody knows."""

    state: AgentState
    reason: str | None
    reachable: bool | None


@dataclass(frozen=True, slots=True)
class TrunkNow:
    """How a trunk stands at this moment."""

    registration: str | None
    """`Registered`, `Rejected` or `Unregistered`; None = it does not register, or nobody knows."""
    calls: int


class Switchboard(Protocol):
    """The running engine and its switch."""

    @property
    def is_ours(self) -> bool:
        """Whether the switch is under our care; else phones and trunks are set up where it runs."""

    @property
    def sip_server(self) -> tuple[str, int]:
        """Address and port that telephones sign in at; `0.0.0.0` or `::` = every address of the machine."""

    def agent(self, login: AgentId) -> AgentNow | None:
        """None = the engine does not know of this agent."""

    def trunk(self, name: str) -> TrunkNow:
        """The trunk of that name."""

    async def take_over(self) -> None:
        """Let engine and switch work with what is stored now; calls go on. Raises whatever stands against it."""
